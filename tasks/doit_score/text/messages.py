"""What is told to the user on the way: to stderr, so that stdout is for what was asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from doit_score.text import words

Say = Callable[[str, str], None]
"""Tells the user something: (level, text); level is one of debug, info, warn."""

_PREFIX = {"debug": "DEBUG", "info": "INFO", "warn": "WARN"}
_RANK = {"debug": 0, "info": 1, "warn": 2}


def printer(least: str = "info") -> Say:
    """A function that prints what is at least of level ``least``; ``none`` prints nothing."""
    rank = _RANK.get(least, 3)

    def say(level: str, text: str) -> None:
        if _RANK[level] >= rank:
            print(f"{_PREFIX[level]}: {words.harmless(text)}", file=sys.stderr)

    return say


def terminal() -> bool:
    """Whether somebody looks at stderr."""
    try:
        return os.isatty(sys.__stderr__.fileno()) if sys.__stderr__ else False
    except (OSError, ValueError):
        return False  # closed, or not a file at all
