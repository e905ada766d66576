"""What Compose makes of dollars: it replaces ``$NAME`` and ``${...}`` in every text; ``$$`` is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_VARIABLE = re.compile(rf"\$\{{{_NAME}(?::?[-?+].*)?\}}", re.DOTALL)
_UNREADABLE = re.compile(rf"\$(?!{_NAME}|\{{{_NAME}(?:\}}|:?[-?+][^}}]*\}}))")


def literal(text: str) -> str:
    """A text of a Score file, in which ``$`` and ``$$`` are one dollar each, so that Compose leaves that."""
    return re.sub(r"\$\$?", "$$", text)


def kept(text: str) -> str:
    """``text`` so that Compose leaves every dollar in it."""
    return text.replace("$", "$$")


def without(text: str) -> str | None:
    """What Compose makes of ``text``; None if that depends on a variable."""
    return None if "$" in text.replace("$$", "") else text.replace("$$", "$")


def has_variable(text: str) -> bool:
    """Whether there is something like ``${NAME:-default}`` in ``text``."""
    return _VARIABLE.search(text) is not None


def is_readable(text: str) -> bool:
    """Whether Compose takes every dollar of ``text``: it refuses one that begins no variable."""
    return _UNREADABLE.search(text.replace("$$", "")) is None


def unreadable(value: object, at: str = "") -> Iterator[str]:
    """Where in ``value`` there are texts with a dollar that Compose refuses."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from unreadable(one, f"{at}.{key}" if at else str(key))
    elif isinstance(value, (list, tuple)):
        for index, one in enumerate(value):
            yield from unreadable(one, f"{at}[{index}]")
    elif isinstance(value, str) and "$" in value and not is_readable(value):
        yield at
