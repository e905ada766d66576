"""Whether there is something to take over: asked at each command, so it costs next to nothing."""

from __future__ import annotations

import os

from doit_score.moving.places import MOUNTS, STATE
from doit_score.store.state import exists, open_state
from doit_score.text.errors import ScoreError


def pending(state_dir: str) -> bool:
    """Whether score-compose left something in this directory, and no state of ours is in ``state_dir``."""
    if not os.path.exists(STATE) and not os.path.isdir(MOUNTS):
        return False
    if not exists(state_dir):
        return True
    try:
        with open_state(state_dir) as state:
            return not state.meta().project
    except ScoreError:
        return False  # of an older version, or damaged: whoever opens it next sees to that
