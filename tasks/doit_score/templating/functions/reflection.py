"""Questions about Go types."""

from __future__ import annotations

from ..values import kind_of, type_name
from . import Function
from .conversion import deep_equal


def type_is(name: str, value: object) -> bool:
    return type_name(value) == name


def type_is_like(name: str, value: object) -> bool:
    """Whether ``value`` has the type ``name`` or is a pointer to it."""
    return type_name(value) in (name, f"*{name}")


def kind_is(name: str, value: object) -> bool:
    return kind_of(value) == name


FUNCTIONS = (
    Function("deepEqual", deep_equal, ("any", "any")),
    Function("kindIs", kind_is, ("string", "any")),
    Function("kindOf", kind_of, ("any",)),
    Function("typeIs", type_is, ("string", "any")),
    Function("typeIsLike", type_is_like, ("string", "any")),
    Function("typeOf", type_name, ("any",)),
)
