"""Defaults and flow: what counts as not set, and stopping with a message."""

from __future__ import annotations

from ..errors import GoError
from .conversion import is_empty


def default(fallback: object, *given: object) -> object:
    return given[0] if given and not is_empty(given[0]) else fallback


def coalesce(*values: object) -> object:
    return next((value for value in values if not is_empty(value)), None)


def all_(*values: object) -> bool:
    return not any(map(is_empty, values))


def any_(*values: object) -> bool:
    return not all(map(is_empty, values))


def ternary(if_true: object, if_false: object, condition: bool) -> object:
    return if_true if condition else if_false


def fail(message: str) -> object:
    raise GoError(message)


def hello() -> str:
    return "Hello!"
