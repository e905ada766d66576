"""What those see who look at a stream: how many columns there are, and whether in colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import pairwise

from doit_score.text.light import Any

AUTO, ALWAYS, NEVER = "auto", "always", "never"

RED, GREEN, YELLOW, CYAN, BOLD, DIM = "31", "32", "33", "36", "1", "2"
"""What a terminal takes for them, between ``ESC [`` and ``m``."""

_NARROWEST = 40
_chosen = AUTO


def choose(when: str) -> None:
    """Whether this process prints in colour from here on: ``auto``, ``always`` or ``never``."""
    global _chosen
    _chosen = when


def said(words: Sequence[str]) -> str:
    """What the words of a command say of colour, whatever else is wrong with them."""
    found = [after for word, after in pairwise(words) if word == "--color"]
    found += [word.partition("=")[2] for word in words if word.startswith("--color=")]
    return next((one for one in found if one in (ALWAYS, NEVER)), AUTO)


def has_colour(stream: Any) -> bool:
    """Whether what is printed on ``stream`` may be in colour.

    ``auto`` is where somebody looks, and neither NO_COLOR (https://no-color.org) nor TERM=dumb is said.
    """
    if _chosen != AUTO:
        return _chosen == ALWAYS
    return not os.environ.get("NO_COLOR") and obeys() and is_seen(stream)


def obeys() -> bool:
    """Whether a terminal, if there is one, can write over a line."""
    return os.environ.get("TERM") != "dumb"


def painted(text: str, colour: str) -> str:
    """``text`` in a colour, without its end of line; none for the empty colour."""
    line = text.rstrip("\n")
    return f"\x1b[{colour}m{line}\x1b[0m{text[len(line) :]}" if colour and line else text


def width(stream: Any) -> int:
    """How many columns those have who look at ``stream``, 0 if nobody does.  COLUMNS counts if it is said."""
    if stream is None or not is_seen(stream):
        return 0
    said = os.environ.get("COLUMNS", "")
    try:
        found = int(said) if said.isdecimal() and int(said) else os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return 0
    return max(found, _NARROWEST) if found else 0


def is_seen(stream: Any) -> bool:
    """Whether somebody looks at ``stream``."""
    try:
        return stream is not None and os.isatty(stream.fileno())
    except (OSError, ValueError):
        return False  # closed, or not a file at all


def stdout_width() -> int:
    """How many columns those have who look at standard output, 0 if nobody does."""
    return width(sys.__stdout__)


def stdout_has_colour() -> bool:
    """Whether standard output is in colour."""
    return has_colour(sys.__stdout__)
