"""Arithmetic; whole values are those of Go's sprig (conformance group sprig:numeric)."""

from __future__ import annotations

import math

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import numbers
from doit_score.templating.values import INT64_MAX, INT64_MIN, Int64, TypedList


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("42", 42),
        ("+5", 5),
        ("-08", -8),
        ("x", 0),
        ("", 0),
        ("-", 0),
        (" 1", 0),
        ("1_0", 0),
        ("0x10", 0),
        ("9" * 5000, INT64_MAX),
        ("-" + "9" * 30, INT64_MIN),
    ],
)
def test_atoi_reads_decimal_digits_only(text: str, expected: int) -> None:
    assert numbers.atoi(text) == expected


def test_int_is_a_plain_int_and_int64_is_not() -> None:
    assert type(numbers.as_int("42")) is int
    assert type(numbers.as_int64("42")) is Int64


def test_arithmetic_gives_int64_and_wraps_around() -> None:
    assert type(numbers.add(1, 2)) is Int64
    assert numbers.add(INT64_MAX, 1) == INT64_MIN
    assert numbers.add1("5") == 6
    assert numbers.sub(INT64_MIN, 1) == INT64_MAX
    assert numbers.mul(INT64_MAX, 2) == -2
    assert numbers.div(INT64_MIN, -1) == INT64_MIN


def test_arithmetic_reads_its_arguments_leniently() -> None:
    assert numbers.add() == 0
    assert numbers.add("1", 2.9, True, None) == 4
    assert numbers.mul("3", 2) == 6
    assert numbers.mul(2) == 2
    assert numbers.sub(None, None) == 0


@pytest.mark.parametrize(
    ("left", "right", "quotient", "rest"), [(-7, 2, -3, -1), (7, -2, -3, 1), (-7, 3, -2, -1), (10, 4, 2, 2)]
)
def test_division_rounds_towards_zero(left: int, right: int, quotient: int, rest: int) -> None:
    assert (numbers.div(left, right), numbers.mod(left, right)) == (quotient, rest)


def test_division_by_zero_is_an_error() -> None:
    for divide in (numbers.div, numbers.mod):
        with pytest.raises(GoError) as error:
            divide(1, "x")
        assert str(error.value) == "integer division by zero"
    with pytest.raises(GoError) as error:
        numbers.divf(1, 0)
    assert str(error.value) == "decimal division by zero"


def test_largest_and_smallest() -> None:
    assert numbers.largest(1, 5, "3") == 5
    assert numbers.largest(None, -1) == 0
    assert numbers.smallest(3) == 3
    assert numbers.smallest("a", 1) == 0
    assert numbers.maxf(1, 2.5) == 2.5
    assert numbers.minf(1, "0.5") == 0.5


def test_float_extremes_follow_go_for_nan_infinity_and_minus_zero() -> None:
    assert math.isnan(numbers.maxf(math.nan, 1))
    assert numbers.maxf(math.nan, math.inf) == math.inf
    assert numbers.minf(1, -math.inf) == -math.inf
    assert math.copysign(1, numbers.minf(0.0, -0.0)) == -1
    assert math.copysign(1, numbers.maxf(-0.0, 0.0)) == 1


def test_decimal_arithmetic_has_no_binary_noise() -> None:
    assert numbers.addf(0.1, 0.2) == 0.3
    assert numbers.addf() == 0
    assert numbers.add1f(1.5) == 2.5
    assert numbers.subf(0.3, 0.1) == 0.2
    assert numbers.mulf(1.1, 1.1) == 1.21
    assert numbers.mulf(1e300, 1e300) == math.inf
    assert numbers.mulf(1e300, -1e300) == -math.inf


def test_quotients_have_sixteen_places() -> None:
    assert numbers.divf(1, 3) == 0.3333333333333333
    assert numbers.divf(2, 3) == 0.6666666666666667
    assert numbers.divf(-2, 3) == -0.6666666666666667
    assert numbers.divf(1, 1e20) == 0
    assert numbers.divf(1, 2, 4) == 0.125


def test_decimal_arithmetic_needs_finite_numbers() -> None:
    with pytest.raises(GoError) as error:
        numbers.addf(1, math.inf)
    assert str(error.value) == "expected finite numbers, found +Inf"


def test_ceil_and_floor_keep_the_sign_of_zero() -> None:
    assert [numbers.ceil(1.1), numbers.floor(1.9), numbers.floor(-0.5), numbers.floor("x")] == [2, 1, -1, 0]
    assert math.copysign(1, numbers.ceil(-0.5)) == -1
    assert math.copysign(1, numbers.floor(-0.0)) == -1
    assert numbers.ceil(1e300) == 1e300
    assert numbers.floor(math.inf) == math.inf


@pytest.mark.parametrize(
    ("value", "places", "options", "expected"),
    [
        (123.5, 0, (), 124),
        (-2.5, 0, (), -3),
        (2.5, 0, (), 3),
        (123.456, -1, (), 120),
        (123.5555, 3, (), 123.556),
        (2.55, 1, (0.6,), 2.5),
        ("3.7", 0, (), 4),
        (10, -1, (), 10),
        (math.inf, 0, (), math.inf),
    ],
)
def test_round(value: object, places: int, options: tuple[float, ...], expected: float) -> None:
    assert numbers.round_(value, places, *options) == expected


def test_round_to_absurd_places_is_no_failure() -> None:
    assert math.isnan(numbers.round_(1.5, 400))
    assert math.isnan(numbers.round_(1.5, -400))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("777", 511), (777, 511), ("8", 0), ("0o17", 0), (None, 0), (-7, -7), ("7" * 30, 0)],
)
def test_to_decimal_reads_octal(value: object, expected: int) -> None:
    assert numbers.to_decimal(value) == expected


def test_until() -> None:
    result = numbers.until(3)
    assert isinstance(result, TypedList)
    assert (result, result.elem) == ([0, 1, 2], "int")
    assert numbers.until(-3) == [0, -1, -2]
    assert numbers.until(0) == []


@pytest.mark.parametrize(
    ("start", "stop", "step", "expected"),
    [
        (0, 10, 3, [0, 3, 6, 9]),
        (10, 0, -3, [10, 7, 4, 1]),
        (0, 3, -1, []),
        (3, 0, 1, []),
        (0, 10, 0, []),
        (5, 5, -1, []),
    ],
)
def test_until_step(start: int, stop: int, step: int, expected: list[int]) -> None:
    assert numbers.until_step(start, stop, step) == expected


def test_until_refuses_lists_that_are_too_long() -> None:
    with pytest.raises(GoError) as error:
        numbers.until(2_000_000)
    assert str(error.value) == "the result would have 2000000 elements; at most 1000000 are allowed"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ((), ""),
        ((3,), "1 2 3"),
        ((0,), "1 0"),
        ((-1,), "1 0 -1"),
        ((2, 5), "2 3 4 5"),
        ((5, 2), "5 4 3 2"),
        ((1, 2, 10), "1 3 5 7 9"),
        ((10, -3, 0), "10 7 4 1"),
        ((10, 2, 1), ""),
        ((0, 0, 5), ""),
        ((1, -1, 5), ""),
        ((1, 2, 3, 4), ""),
    ],
)
def test_seq(params: tuple[int, ...], expected: str) -> None:
    assert numbers.seq(*params) == expected
