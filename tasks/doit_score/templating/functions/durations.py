"""Go's durations: nanoseconds as an int, and their text (``1h15m30.918s``)."""

from __future__ import annotations

import re

from ..errors import GoError
from ..values import INT64_MAX, Int64
from . import Function
from .conversion import Enumeration, decimal

NANOSECOND = 1
MICROSECOND = 1000
MILLISECOND = 1000 * MICROSECOND
SECOND = 1000 * MILLISECOND
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

UNITS = {
    "ns": NANOSECOND, "us": MICROSECOND, "µs": MICROSECOND, "μs": MICROSECOND,
    "ms": MILLISECOND, "s": SECOND, "m": MINUTE, "h": HOUR,
}  # fmt: skip
_PART = re.compile(r"([0-9]*)(\.[0-9]*)?([^0-9.]*)")
_WITH_FRACTION = {"Hours": HOUR, "Minutes": MINUTE, "Seconds": SECOND}
_WHOLE = {"Milliseconds": MILLISECOND, "Microseconds": MICROSECOND, "Nanoseconds": NANOSECOND}


class Duration(Enumeration):
    """A ``time.Duration``: nanoseconds that print as hours, minutes and seconds."""

    __slots__ = ()

    def __init__(self, nanoseconds: int) -> None:
        super().__init__("time.Duration", nanoseconds, text(nanoseconds))

    def method(self, name: str) -> Function | None:
        if name in _WITH_FRACTION:
            return Function(name, lambda: self.number / _WITH_FRACTION[name], ())
        if name in _WHOLE:
            return Function(name, lambda: Int64(toward_zero(self.number, _WHOLE[name])), ())
        return Function(name, lambda: self.name, ()) if name == "String" else None


def toward_zero(dividend: int, divisor: int) -> int:
    """The whole quotient, rounded towards zero; ``divisor`` is positive."""
    return dividend // divisor if dividend >= 0 else -(-dividend // divisor)


def parse(source: str) -> int:
    """The nanoseconds of a text such as ``-1.5h`` or ``2h45m``.

    Raises:
        GoError: it is no duration, or longer than 290 years.
    """
    rest = source.lstrip("+-") if source[:1] in ("+", "-") and source[1:2] not in ("+", "-") else source
    if rest == "0":
        return 0
    total = 0
    if not rest:
        raise GoError(f"{source!r} is no duration; expected one such as 1h30m")
    while rest:
        match = _PART.match(rest)
        assert match is not None  # every part of the pattern may be empty
        whole, fraction, unit = match.groups()
        if not whole and fraction in (None, "."):
            raise GoError(f"{source!r} is no duration; expected one such as 1h30m")
        if unit not in UNITS:
            problem = f"the unit {unit!r} is not known" if unit else "a unit is missing"
            raise GoError(f"in the duration {source!r} {problem}; units are ns, us, ms, s, m, h")
        size = UNITS[unit]
        total += decimal(whole) * size
        if fraction and len(fraction) > 1:
            digits = fraction[1:19]
            total += int(digits) * size // 10 ** len(digits)
        rest = rest[match.end() :]
    negative = source.startswith("-")
    if total > INT64_MAX + negative:
        raise GoError(f"the duration {source!r} is too long; at most 290 years are possible")
    return -total if negative else total


def text(nanoseconds: int) -> str:
    """The duration as Go prints it."""
    if nanoseconds == 0:
        return "0s"
    sign, size = ("-" if nanoseconds < 0 else ""), abs(nanoseconds)
    if size < SECOND:
        units = ((MILLISECOND, "ms"), (MICROSECOND, "µs"), (NANOSECOND, "ns"))
        unit, name = next((unit, name) for unit, name in units if size >= unit)
        return f"{sign}{_with_fraction(size, unit)}{name}"
    hours, rest = divmod(size, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    out = f"{hours}h" if hours else ""
    out += f"{minutes}m" if hours or minutes else ""
    return f"{sign}{out}{_with_fraction(rest, SECOND)}s"


def _with_fraction(size: int, unit: int) -> str:
    whole, rest = divmod(size, unit)
    if not rest:
        return str(whole)
    return f"{whole}.{str(unit + rest)[1:].rstrip('0')}"
