"""Arguments of functions: what a parameter's Go type accepts, and what it makes of constants.

The rules are those of text/template: an untyped constant adapts to the parameter, any other value must
have its very type, an absent value is nil where the type has nil.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from ..errors import GoError
from ..values import (
    INT64_MAX,
    INT64_MIN,
    Int32,
    Int64,
    TypedList,
    TypedMap,
    Uint8,
    Uint32,
    Uint64,
    type_name,
)
from .nodes import Bool, Nil, Number, String
from .run import INVALID

Check = Callable[[object], object]

_PLAIN: dict[str, type] = {
    "string": str,
    "bool": bool,
    "float64": float,
    "[]interface {}": list,
    "int64": Int64,
}
_SIGNED: dict[str, Callable[[int], object]] = {"int": int, "int64": Int64, "int32": Int32}
_UNSIGNED: dict[str, Callable[[int], object]] = {"uint8": Uint8, "uint32": Uint32, "uint64": Uint64}


def go_type(parameter: str) -> str:
    """The parameter type of a ``Function`` in Go's words: ``any`` becomes ``interface {}``."""
    return parameter.replace("any", "interface {}") if "any" in parameter else parameter


@lru_cache(maxsize=128)
def check(wanted: str) -> Check:
    """Gives back a value that a parameter of Go type ``wanted`` accepts, or raises GoError."""
    if wanted == "interface {}":
        return _any
    if wanted == "int":
        return _int
    if wanted == "map[string]interface {}":
        return _map
    plain = _PLAIN.get(wanted)

    def checked(value: object) -> object:
        if type(value) is plain:
            return value
        if value is None or value is INVALID or type_name(value) != wanted:
            return _refused(value, wanted)
        return value

    return checked


def _any(value: object) -> object:
    return None if value is INVALID else value


def _int(value: object) -> object:
    if type(value) is int and INT64_MIN <= value <= INT64_MAX:
        return value
    return _refused(value, "int")


def _map(value: object) -> object:
    if type(value) is dict and (not value or isinstance(next(iter(value)), str)):
        return value
    if isinstance(value, dict) and type_name(value) == "map[string]interface {}":
        return value
    return _refused(value, "map[string]interface {}")


def _refused(value: object, wanted: str) -> object:
    if value is INVALID:
        if has_nil(wanted):
            return nil(wanted)
        raise GoError(f"expected {wanted}, found no value")
    raise GoError(f"expected {wanted}, found {'nil' if value is None else type_name(value)}")


def has_nil(wanted: str) -> bool:
    """Whether the Go type has a nil."""
    return wanted.startswith(("interface", "map[", "[]", "*", "func"))


def nil(wanted: str) -> object:
    """The nil of a Go type that has one."""
    if wanted.startswith("[]"):
        return TypedList(wanted[2:], nil=True)
    if wanted.startswith("map["):
        return TypedMap(wanted.partition("]")[2], nil=True)
    return None


def constant(node: Bool | String | Number | Nil, wanted: str) -> object:
    """What the constant ``node`` is for a parameter of Go type ``wanted``; GoError when it does not fit."""
    if isinstance(node, Nil):
        if not has_nil(wanted):
            raise GoError(f"expected {wanted}, found nil")
        return nil(wanted)
    if wanted == "interface {}":
        return ideal(node) if isinstance(node, Number) else node.value
    value: object = None
    if wanted == "string" and isinstance(node, String):
        return node.value
    if wanted == "bool" and isinstance(node, Bool):
        return node.value
    if isinstance(node, Number):
        if wanted in _SIGNED and node.integer is not None:
            value = _SIGNED[wanted](node.integer)
        elif wanted in _UNSIGNED and node.unsigned is not None:
            value = _UNSIGNED[wanted](node.unsigned)
        elif wanted == "float64":
            value = node.floating
        elif wanted == "complex128":
            value = node.complex
    if value is None:
        other = "a string" if isinstance(node, String) else "a bool"
        found = node.text if isinstance(node, Number) else other
        raise GoError(f"expected {wanted}, found {found}")
    return value


def ideal(node: Number) -> object:
    """The value of an untyped constant where nothing asks for a type: int, float64 or complex128."""
    text = node.text
    if node.complex is not None:
        return node.complex
    hexadecimal = text[:2] in ("0x", "0X") and "p" not in text and "P" not in text
    if node.floating is not None and text[0] != "'" and not hexadecimal and any(c in ".eEpP" for c in text):
        return node.floating
    if node.integer is None:
        raise GoError(f"{text} does not fit into an int")
    return node.integer
