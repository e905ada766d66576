"""Arithmetic: int64 that wraps around, decimals for the functions that end in ``f``, ranges."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from doit_score.text.light import TYPE_CHECKING

from ..errors import GoError
from ..printing import to_text
from ..values import INT64_MAX, INT64_MIN, Int64, TypedList
from .conversion import check_items, decimal, to_float64, to_int64, wrap64

if TYPE_CHECKING:
    from fractions import Fraction

_DECIMAL = r"[+-]?[0-9]+\Z"
_OCTAL = r"[+-]?[0-7]+\Z"
_DIVISION_PLACES = 16
"""Decimal places that a quotient of ``divf`` is rounded to."""


def atoi(text: str) -> int:
    """``text`` as an int; 0 when it is none, the nearest int64 when it is too large."""
    if not re.match(_DECIMAL, text):
        return 0
    number = decimal(text.lstrip("+-"))
    return max(INT64_MIN, -number) if text[0] == "-" else min(INT64_MAX, number)


def as_int(value: object) -> int:
    return to_int64(value)


def as_int64(value: object) -> Int64:
    return Int64(to_int64(value))


def to_decimal(value: object) -> Int64:
    """The octal number that ``value`` prints as."""
    text = to_text(value)
    number = int(text, 8) if re.match(_OCTAL, text) else 0
    return Int64(number if INT64_MIN <= number <= INT64_MAX else 0)


def add(*values: object) -> Int64:
    return Int64(wrap64(sum(map(to_int64, values))))


def add1(value: object) -> Int64:
    return Int64(wrap64(to_int64(value) + 1))


def sub(left: object, right: object) -> Int64:
    return Int64(wrap64(to_int64(left) - to_int64(right)))


def mul(first: object, *values: object) -> Int64:
    result = to_int64(first)
    for value in values:
        result = wrap64(result * to_int64(value))
    return Int64(result)


def _divided(left: object, right: object) -> tuple[int, int]:
    """Quotient and remainder, the quotient rounded towards zero."""
    dividend, divisor = to_int64(left), to_int64(right)
    if divisor == 0:
        raise GoError("integer division by zero")
    quotient = abs(dividend) // abs(divisor)
    if (dividend < 0) != (divisor < 0):
        quotient = -quotient
    return quotient, dividend - quotient * divisor


def div(left: object, right: object) -> Int64:
    return Int64(wrap64(_divided(left, right)[0]))


def mod(left: object, right: object) -> Int64:
    return Int64(_divided(left, right)[1])


def largest(first: object, *values: object) -> Int64:
    return Int64(max(map(to_int64, (first, *values))))


def smallest(first: object, *values: object) -> Int64:
    return Int64(min(map(to_int64, (first, *values))))


def _extreme(limit: float, first: object, values: tuple[object, ...]) -> float:
    """The value nearest to ``limit`` (an infinity), which wins over NaN, which wins over the rest."""
    result = to_float64(first)
    for value in values:
        other = to_float64(value)
        if limit in (result, other):
            result = limit
        elif math.isnan(result) or math.isnan(other):
            result = math.nan
        else:
            result = (max if limit > 0 else min)(result, other, key=_order)
    return result


def maxf(first: object, *values: object) -> float:
    return _extreme(math.inf, first, values)


def minf(first: object, *values: object) -> float:
    return _extreme(-math.inf, first, values)


def _order(value: float) -> tuple[float, float]:
    """Sorts -0 before 0."""
    return value, math.copysign(1.0, value)


def _decimal(value: object) -> Fraction:
    from fractions import Fraction

    number = to_float64(value)
    if not math.isfinite(number):
        raise GoError(f"expected finite numbers, found {to_text(number)}")
    return Fraction(repr(number))


def _from_decimal(number: Fraction) -> float:
    try:
        return number.numerator / number.denominator
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _folded(
    operation: Callable[[Fraction, Fraction], Fraction],
    first: object,
    values: tuple[object, ...],
) -> float:
    result = _decimal(first)
    for value in values:
        result = operation(result, _decimal(value))
    return _from_decimal(result)


def addf(*values: object) -> float:
    return _folded(lambda a, b: a + b, 0.0, values)


def add1f(value: object) -> float:
    return _folded(lambda a, b: a + b, value, (1,))


def subf(first: object, *values: object) -> float:
    return _folded(lambda a, b: a - b, first, values)


def mulf(first: object, *values: object) -> float:
    return _folded(lambda a, b: a * b, first, values)


def divf(first: object, *values: object) -> float:
    return _folded(_quotient, first, values)


def _quotient(left: Fraction, right: Fraction) -> Fraction:
    """``left / right`` to 16 decimal places, halves away from zero."""
    from fractions import Fraction

    if not right:
        raise GoError("decimal division by zero")
    scale = 10**_DIVISION_PLACES
    exact = abs(left / right) * scale
    rounded = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return Fraction(rounded if (left < 0) == (right < 0) else -rounded, scale)


def _whole(value: object, towards: Callable[[float], int]) -> float:
    number = to_float64(value)
    if not math.isfinite(number):
        return number
    return math.copysign(float(towards(number)), number) if number else number


def ceil(value: object) -> float:
    return _whole(value, math.ceil)


def floor(value: object) -> float:
    return _whole(value, math.floor)


def round_(value: object, places: int, *options: float) -> float:
    """``value`` to ``places`` decimals, up from a fraction of ``options[0]`` (or one half) on."""
    threshold = options[0] if options else 0.5
    try:
        power = math.pow(10, places)
    except OverflowError:
        power = math.inf
    scaled = power * to_float64(value)
    fraction = math.copysign(0.0, scaled) if math.isinf(scaled) else math.modf(scaled)[0]
    result = ceil(scaled) if fraction >= threshold else floor(scaled)
    return _float_quotient(result, power)


def _float_quotient(dividend: float, divisor: float) -> float:
    if divisor:
        return dividend / divisor
    if not dividend or math.isnan(dividend):
        return math.nan
    return math.copysign(math.inf, dividend)


def until_step(start: int, stop: int, step: int) -> TypedList:
    if (step >= 0) if stop < start else (step <= 0):
        return TypedList("int")
    numbers = range(start, stop, step)
    check_items(abs(stop - start) // abs(step))
    return TypedList("int", numbers)


def until(count: int) -> TypedList:
    return until_step(0, count, -1 if count < 0 else 1)


def seq(*params: int) -> str:
    """Numbers as the command seq prints them: to the last; from, to; from, step, to."""
    if not 1 <= len(params) <= 3:
        return ""
    start = params[0] if len(params) > 1 else 1
    end = params[-1]
    towards = -1 if end < start else 1
    step = params[1] if len(params) == 3 else towards
    if end < start and step > 0:
        return ""
    return " ".join(map(str, until_step(start, end + towards, step)))
