"""How sprig reads a value as a number, a text, a list, and when it takes two values as equal.

The number rules are those of spf13/cast 1.10, which sprig calls for every arithmetic argument.
"""

from __future__ import annotations

import math
import re

from .. import limits
from ..errors import GoError
from ..printing import to_text
from ..values import INT64_MAX, INT64_MIN, NamedString, Struct, TypedList, is_nil, is_time, kind_of, type_name

# Compiled when they are first needed, which most templates never do.
_INTEGER = (
    r"[+-]?(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)\Z"
)
"""What Go's ``ParseInt(s, 0, 64)`` accepts."""
_DECIMAL_POINT = r"([+-]?[0-9]*)\.[0-9]*\Z"
_DIGITS = r"[0-9](?:_?[0-9])*"
_FLOAT = rf"(?i:[+-]?(?:(?:{_DIGITS}\.?(?:{_DIGITS})?|\.{_DIGITS})(?:e[+-]?{_DIGITS})?|(inf|infinity)|nan))\Z"
_HEX_FLOAT = r"[+-]?0[xX]_?(?:[0-9a-fA-F_]+\.?[0-9a-fA-F_]*|\.[0-9a-fA-F_]+)[pP][+-]?[0-9]+\Z"
"""What Go's ``ParseFloat`` accepts."""
_MOST_DIGITS = 20
"""As many as the largest uint64 has; Python refuses to read thousands of them."""


class Enumeration(Struct):
    """A Go integer whose values have names, such as ``time.Month``: prints the name, casts to the number."""

    __slots__ = ("name", "number")

    def __init__(self, go_type: str, number: int, name: str) -> None:
        super().__init__(go_type, {})
        self.number = number
        self.name = name

    def string(self) -> str:
        return self.name


def wrap64(number: int) -> int:
    """``number`` as int64 arithmetic gives it: overflow wraps around."""
    if INT64_MIN <= number <= INT64_MAX:
        return number
    return (number - INT64_MIN) % (1 << 64) + INT64_MIN


def to_int64(value: object) -> int:
    """``value`` as an int64: text with Go's base prefixes, floats truncated, what cannot be read is 0."""
    if isinstance(value, int):  # bool too
        return wrap64(int(value))
    if isinstance(value, float):
        return _truncated(value)
    if isinstance(value, str):
        return _integer(value)
    return value.number if isinstance(value, Enumeration) else 0


def _truncated(value: float) -> int:
    if not math.isfinite(value):
        return INT64_MIN
    number = int(value)
    return number if INT64_MIN <= number <= INT64_MAX else INT64_MIN  # what amd64 gives


def _integer(text: str) -> int:
    if "." in text:
        match = re.match(_DECIMAL_POINT, text)
        if match is None or match[1] in ("", "+", "-"):
            return 0
        text = match[1]
    if not re.match(_INTEGER, text):
        return 0
    digits = text.replace("_", "").lstrip("+-")
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
        number = int(digits, 8)
    else:
        number = decimal(digits) if digits.isdigit() else int(digits, 0)
    if text[0] == "-":
        number = -number
    return number if INT64_MIN <= number <= INT64_MAX else 0


def decimal(digits: str) -> int:
    """The number that ``digits`` spell; of too many, some number above the range of uint64."""
    significant = digits.lstrip("0")
    return int(significant or "0") if len(significant) <= _MOST_DIGITS else 10**_MOST_DIGITS


def to_float64(value: object) -> float:
    """``value`` as a float64; what cannot be read is 0."""
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str):
        return _float(value)
    return float(value.number) if isinstance(value, Enumeration) else 0.0


def _float(text: str) -> float:
    match = re.match(_FLOAT, text)
    if match is None:
        if re.match(_HEX_FLOAT, text) and "__" not in text:
            return _hex_float(text.replace("_", ""))
        return 0.0
    number = float(text)
    return 0.0 if math.isinf(number) and not match[1] else number


def _hex_float(text: str) -> float:
    try:
        return float.fromhex(text)
    except OverflowError:
        return 0.0


def is_empty(value: object) -> bool:
    """Whether sprig takes ``value`` as not set: nil, 0, false, "", an empty list or map; never a struct."""
    return not value and not isinstance(value, Struct)


def text_of_value(value: object) -> str:
    """``value`` as text, as ``toString`` gives it."""
    if isinstance(value, str):
        return str(value)
    return to_text(value)


def texts(value: object) -> list[str]:
    """The elements of ``value`` as text, nil ones left out; a value that is no list is a list of one."""
    if isinstance(value, list):
        limits.step(len(value) >> 2)
        return [text_of_value(item) for item in value if item is not None]
    return [] if value is None else [text_of_value(value)]


def string_list(items: list[str], *, nil: bool = False) -> TypedList:
    """A Go ``[]string``."""
    return TypedList("string", items, nil=nil)


def the_list(value: object) -> list[object]:
    """``value`` as a list.

    Raises:
        GoError: it is none; nil is none either, as sprig panics on it.
    """
    if isinstance(value, list):
        return value
    found = "nil (is the value set?)" if value is None else kind_of(value)
    raise GoError(f"expected a list, found {found}")


def deep_equal(left: object, right: object) -> bool:
    """Go's ``reflect.DeepEqual``: types must agree, a nil list differs from an empty one, NaN from itself."""
    if left is None or right is None:
        return left is right
    if isinstance(left, (list, dict)):
        limits.step(len(left))
    elif isinstance(left, str):
        limits.weigh(left)
    if isinstance(left, (list, dict)) and isinstance(right, (list, dict)):
        if (len(left), type_name(left), is_nil(left)) != (len(right), type_name(right), is_nil(right)):
            return False
        if isinstance(left, dict) and isinstance(right, dict):
            return all(key in right and deep_equal(left[key], right[key]) for key in left)
        return all(deep_equal(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, Struct) and isinstance(right, Struct):
        return left is right or (
            left.go_type == right.go_type
            and left.string() == right.string()
            and deep_equal(dict(left.fields), dict(right.fields))
        )
    if is_time(left) and is_time(right):
        return left == right
    return type_name(left) == type_name(right) and left == right


def is_plain_string(value: object) -> bool:
    """Whether the Go type of ``value`` is ``string``, which a named string type is not."""
    return isinstance(value, str) and not isinstance(value, NamedString)


def check_text(length: int) -> None:
    """Refuse to build a text of ``length`` characters when that is more than a template may have."""
    if length > limits.TEXT:
        raise GoError(f"the result would have {length} characters; at most {limits.TEXT} are allowed")


def check_items(count: int) -> None:
    """Refuse to build a list of ``count`` elements when that is more than a template may have."""
    if count > limits.ITEMS:
        raise GoError(f"the result would have {count} elements; at most {limits.ITEMS} are allowed")
    limits.step_by_letter(count)
