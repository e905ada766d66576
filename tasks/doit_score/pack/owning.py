"""A project has one who says what it is: a dodo.py does not take over that of a doit-score.toml."""

from __future__ import annotations

import os
from contextlib import suppress

from doit_score.engine.settings import Settings
from doit_score.options import said
from doit_score.store.state import exists, open_state
from doit_score.text.errors import ScoreError


def refuse(settings: Settings) -> None:
    """Raises ScoreError if the state is of an environment that a file says, as it is now."""
    config = ""
    if exists(settings.state_dir):
        with (
            suppress(ScoreError),
            open_state(settings.state_dir) as state,
        ):  # who makes it tells what is wrong
            config = state.meta().config
    if not config or not os.path.isfile(config):
        return
    from doit_score.configuring import toml

    places = [os.path.normpath(other.state_dir) for other in toml.read(config).environments.values()]
    if os.path.normpath(settings.state_dir) in places:
        raise ScoreError(
            f"the state in '{settings.state_dir}' is of a project that '{config}' says, not of this dodo.py",
            hint=f"name other places, {said('state_dir')} and {said('output')}, or take it out of '{config}'",
        )
