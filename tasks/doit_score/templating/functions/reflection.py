"""Questions about Go types."""

from __future__ import annotations

from ..values import kind_of, type_name


def type_is(name: str, value: object) -> bool:
    return type_name(value) == name


def type_is_like(name: str, value: object) -> bool:
    """Whether ``value`` has the type ``name`` or is a pointer to it."""
    return type_name(value) in (name, f"*{name}")


def kind_is(name: str, value: object) -> bool:
    return kind_of(value) == name
