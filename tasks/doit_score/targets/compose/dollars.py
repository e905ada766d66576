"""What Compose makes of dollars: it replaces ``$NAME`` and ``${...}`` in every text; ``$$`` is one."""

from __future__ import annotations

import re

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_VARIABLE = re.compile(rf"\$\{{{_NAME}(?::?[-?+].*)?\}}", re.DOTALL)
_UNREADABLE = re.compile(rf"\$(?!{_NAME}|\{{{_NAME}(?:\}}|:?[-?+]))")


def literal(text: str) -> str:
    """A text of a Score file, in which ``$`` and ``$$`` are one dollar each, so that Compose leaves that."""
    return re.sub(r"\$\$?", "$$", text)


def kept(text: str) -> str:
    """``text`` so that Compose leaves every dollar in it."""
    return text.replace("$", "$$")


def has_variable(text: str) -> bool:
    """Whether there is something like ``${NAME:-default}`` in ``text``."""
    return _VARIABLE.search(text) is not None


def is_readable(text: str) -> bool:
    """Whether Compose takes every dollar of ``text``: it refuses one that begins no variable."""
    return _UNREADABLE.search(text.replace("$$", "")) is None
