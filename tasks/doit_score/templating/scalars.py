"""Text of single strings and numbers, as Go's strconv writes them."""

from __future__ import annotations

import math

from doit_score.text import words

from .limits import step_by_letter

_ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\",
}  # fmt: skip


def quote(text: str, *, ascii_only: bool = False) -> str:
    """``text`` in double quotes with Go's escapes (``%q``, ``%+q`` when ``ascii_only``)."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    step_by_letter(len(text))
    return '"' + "".join([_escaped(char, '"', ascii_only) for char in text]) + '"'


def quote_rune(code: int, *, ascii_only: bool = False) -> str:
    """The character ``code`` in single quotes with Go's escapes; no character gives U+FFFD."""
    return f"'{_escaped(rune(code), chr(39), ascii_only)}'"


def rune(code: int) -> str:
    """The character ``code``; U+FFFD when there is none."""
    return chr(code) if 0 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def _escaped(char: str, quotation: str, ascii_only: bool) -> str:
    if char == quotation:
        return "\\" + char
    known = _ESCAPES.get(char)
    if known is not None:
        return known
    if char.isprintable() and (char.isascii() or not ascii_only):
        return char
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8, see values.py
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# The powers of ten that need no exponent.
_POSITIONAL = {"e": (0, 0), "f": (-400, 400), "g": (-4, 6)}


def float_text(value: float, verb: str = "g", precision: int = -1) -> str:
    """``value`` in the format ``verb`` (one of ``eEfFgGxXb``); precision -1 means as few digits as needed."""
    if (verb == "g" and precision < 0) or not math.isfinite(value):
        return words.number(value)
    if verb in "xX":
        text = _hexadecimal(value, precision)
        return text.upper() if verb == "X" else text
    if verb == "b":
        return _binary(value)
    verb = "f" if verb == "F" else verb
    if precision >= 0:
        return f"%.{precision}{verb}" % value
    text = words.decimal(value, *_POSITIONAL[verb.lower()])
    return text.upper() if verb.isupper() else text


def _hexadecimal(value: float, precision: int) -> str:
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    mantissa, exponent = math.frexp(abs(value))
    power = exponent - 1 if mantissa else 0
    bits = int(mantissa * (1 << 53))  # one bit before the point, 52 after it
    lead, rest, places = bits >> 52, bits & ((1 << 52) - 1), 13
    if 0 <= precision < places:
        shift = 4 * (places - precision)
        kept, lost, half = bits >> shift, bits & ((1 << shift) - 1), 1 << (shift - 1)
        if lost > half or (lost == half and kept & 1):
            kept += 1
        if kept >> (4 * precision + 1):
            kept, power = kept >> 1, power + 1
        lead, rest, places = kept >> (4 * precision), kept & ((1 << (4 * precision)) - 1), precision
    fraction = f"{rest:0{places}x}" if places else ""
    fraction = fraction.rstrip("0") if precision < 0 else fraction.ljust(precision, "0")
    return f"{sign}0x{lead}{'.' if fraction else ''}{fraction}p{'-' if power < 0 else '+'}{abs(power):02d}"


def _binary(value: float) -> str:
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    mantissa, exponent = math.frexp(abs(value))
    if mantissa == 0.0:
        return f"{sign}0p-1074"
    power = max(exponent - 53, -1074)
    whole = int(math.ldexp(mantissa, exponent - power))
    return f"{sign}{whole}p{power:+d}"
