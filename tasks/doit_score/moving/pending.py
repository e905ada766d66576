"""Whether there is something to take over: asked at each command, so it costs next to nothing."""

from __future__ import annotations

import os

from doit_score.moving.places import TOOLS, Tool
from doit_score.store.state import exists, open_state
from doit_score.text.errors import ScoreError


def pending(state_dir: str, target: str | None = None) -> Tool | None:
    """The tool that left something in this directory, if no state of ours is in ``state_dir``.

    It is one for ``target``, if that was said.
    """
    left = (
        tool
        for tool in TOOLS
        if target in (None, tool.target)
        and (os.path.exists(tool.state) or (tool.has_mounts and os.path.isdir(tool.mounts)))
    )
    found = next(left, None)
    if found is None or not exists(state_dir):
        return found
    try:
        with open_state(state_dir) as state:
            return None if state.meta().project else found
    except ScoreError:
        return None  # of an older version, or damaged: whoever opens it next sees to that
