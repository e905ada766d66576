"""Other projects of the same tree, which have a state of their own beside ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

from doit_score.store.rows import OutputRow
from doit_score.store.state import exists, open_state
from doit_score.text.errors import ScoreError

_USUAL = "state"


def owner_of(path: str, state_dir: str) -> str | None:
    """The state directory of the other project that has written ``path``; None if no such is found.

    Those are looked at that are where ours is, or where they usually are.
    """
    real = os.path.realpath(path)
    for other in _states(state_dir):
        # One that cannot be read says nothing of what is written here.
        with suppress(ScoreError), open_state(other) as state:
            if any(os.path.realpath(row.path) == real for row in state.rows(OutputRow) if row.what == "file"):
                return other
    return None


def _states(state_dir: str) -> Iterator[str]:
    seen = {os.path.realpath(state_dir)}
    for folder in (os.path.dirname(state_dir) or ".", _USUAL, "."):
        below = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        for name in (folder, *(os.path.join(folder, one) for one in below)):
            directory = os.path.normpath(name)
            if os.path.realpath(directory) not in seen and exists(directory):
                seen.add(os.path.realpath(directory))
                yield directory
