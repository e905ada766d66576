"""Constants: quoted strings and numbers, by the rules of Go's strconv."""

from __future__ import annotations

import math
import re

from ..values import INT64_MAX, INT64_MIN, UINT64_MAX, text_of, utf8
from .nodes import Number

_SIMPLE = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92}
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))|\\", re.DOTALL
)
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F_]+)|0[oO]?([0-7_]+)|0[bB]([01_]+)|(0|[1-9][0-9_]*))")
_DECIMAL = re.compile(r"[-+]?(?:[0-9_]+\.?[0-9_]*|\.[0-9_]+)(?:[eE][-+]?[0-9_]+)?")
_HEXADECIMAL = re.compile(r"[-+]?0[xX](?:[0-9a-fA-F_]+\.?[0-9a-fA-F_]*|\.[0-9a-fA-F_]+)[pP][-+]?[0-9_]+")
_BASES = (16, 8, 2, 10)
_LONGEST = 400  # digits; none of uint64 has so many, and Python refuses to read very long ones


class LiteralError(ValueError):
    """A constant that Go does not read; the message says why."""


def unquote(text: str) -> str:
    """The string that a quoted or raw constant (with its quotes) stands for."""
    body = text[1:-1]
    if text[0] == "`":
        return body.replace("\r", "")
    if "\\" not in body:
        return body
    parts: list[bytes] = []
    position = 0
    for match in _ESCAPE.finditer(body):
        parts.append(utf8(body[position : match.start()]))
        code, is_byte = _code(match, '"')
        parts.append(bytes((code,)) if is_byte else utf8(chr(code)))
        position = match.end()
    parts.append(utf8(body[position:]))
    return text_of(b"".join(parts))


def _code(match: re.Match[str], quotation: str) -> tuple[int, bool]:
    """The number of an escaped character, and whether it is a byte rather than a character."""
    byte, short, long, octal, simple = match.groups()
    if byte is not None:
        return int(byte, 16), True
    if octal is not None:
        if int(octal, 8) > 255:
            raise LiteralError(f"the escape {match.group()} is no byte")
        return int(octal, 8), True
    if short is not None or long is not None:
        code = int(short or long, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise LiteralError(f"the escape {match.group()} is no character")
        return code, False
    if simple == quotation:
        return ord(simple), False
    if simple in _SIMPLE:
        return _SIMPLE[simple], False
    raise LiteralError(f"unknown escape {match.group()}")


def character(text: str) -> int:
    """The number of a character constant (with its quotes)."""
    body = text[1:-1]
    if len(body) == 1 and body != "\\":
        return ord(body)
    match = _ESCAPE.fullmatch(body)
    if match is None:
        raise LiteralError(f"{text} is not one character")
    return _code(match, "'")[0]


def number(text: str, at: int) -> Number:
    """The constant ``text`` with every type that it can take; LiteralError when it is none."""
    node = Number(at, at + len(text), text)
    if text[0] == "'":
        code = character(text)
        node.integer = node.unsigned = code
        node.floating = float(code)
        return node
    if text[-1] == "i":
        _imaginary(node, text)
        return node
    value = _integer(text)
    if value is not None:
        if 0 <= value <= UINT64_MAX and text[0] not in "+-":
            node.unsigned = value
        if INT64_MIN <= value <= INT64_MAX:
            node.integer = value
            if value == 0:
                node.unsigned = 0
        if node.integer is not None or node.unsigned is not None:
            node.floating = float(value)
            return node
    floating = _floating(text)
    if floating is None:
        raise LiteralError(f"{text} is no number")
    if not any(char in ".eEpP" for char in text):
        raise LiteralError(f"{text} is {'too large for an integer' if value is not None else 'no number'}")
    node.floating = floating
    if floating.is_integer():
        if INT64_MIN <= floating <= INT64_MAX:
            node.integer = int(floating)
        if 0 <= floating <= UINT64_MAX:
            node.unsigned = int(floating)
    return node


def _integer(text: str) -> int | None:
    match = _INTEGER.fullmatch(text)
    if match is None or ("_" in text and not _underscores_fit(text)):
        return None
    for base, digits in zip(_BASES, match.groups()[1:], strict=True):
        if digits is not None:
            digits = digits.replace("_", "")
            if not digits or len(digits) > _LONGEST:
                return None
            value = int(digits, base)
            return -value if match.group(1) == "-" else value
    return None


def _floating(text: str) -> float | None:
    if "_" in text and not _underscores_fit(text):
        return None
    plain = text.replace("_", "")
    try:
        if _DECIMAL.fullmatch(text):
            value = float(plain)
        elif _HEXADECIMAL.fullmatch(text):
            value = float.fromhex(plain)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return None if math.isinf(value) else value


def _underscores_fit(text: str) -> bool:
    """Whether every underscore stands between two digits, or between the base's prefix and a digit."""
    body = text.lstrip("+-")
    hexadecimal = body[:2] in ("0x", "0X")
    before_digit = body[:2] in ("0x", "0X", "0o", "0O", "0b", "0B")
    body = body[2:] if before_digit else body
    previous = "0" if before_digit else "^"
    for char in body:
        if char.isdigit() or (hexadecimal and char in "abcdefABCDEF"):
            previous = "0"
        elif char == "_":
            if previous != "0":
                return False
            previous = "_"
        else:
            if previous == "_":
                return False
            previous = "!"
    return previous != "_"


def _imaginary(node: Number, text: str) -> None:
    cut = max(text.rfind("+"), text.rfind("-"))
    if cut > 0 and text[cut - 1] in "eE" and not text[:cut].startswith(("0x", "0X")):
        cut = max(text.rfind("+", 0, cut), text.rfind("-", 0, cut))
    real = _floating(text[:cut]) if cut > 0 else 0.0
    imaginary = _floating(text[cut:-1] if cut > 0 else text[:-1])
    if real is None or imaginary is None:
        raise LiteralError(f"{text} is no number")
    node.complex = complex(real, imaginary)
    if imaginary == 0:
        node.floating = real
        if real.is_integer() and INT64_MIN <= real <= INT64_MAX:
            node.integer = int(real)
