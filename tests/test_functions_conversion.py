"""How functions read numbers and lists, what is empty, what is equal."""

from __future__ import annotations

import math
from datetime import datetime, timezone

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import conversion
from doit_score.templating.values import INT64_MAX, INT64_MIN, Int64, Struct, TypedList, TypedMap


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("42", 42),
        ("+7", 7),
        ("-1", -1),
        ("", 0),
        ("x", 0),
        ("-", 0),
        (" 5", 0),
        ("5 ", 0),
        ("1e3", 0),
        ("1_000", 1000),
        ("1__0", 0),
        ("_1", 0),
        ("0x1F", 31),
        ("0X_1f", 31),
        ("0b11", 3),
        ("0o17", 15),
        ("017", 15),
        ("08", 0),
        ("0x", 0),
        ("1.9", 1),
        ("-1.9", -1),
        ("1.", 1),
        (".5", 0),
        ("-.5", 0),
        ("1.2.3", 0),
        ("٣", 0),
        ("9223372036854775807", INT64_MAX),
        ("9223372036854775808", 0),
        ("-9223372036854775808", INT64_MIN),
        ("9" * 5000, 0),
        (1.9, 1),
        (-1.9, -1),
        (1e21, INT64_MIN),
        (math.nan, INT64_MIN),
        (-math.inf, INT64_MIN),
        (True, 1),
        (False, 0),
        (None, 0),
        ([1], 0),
        ({}, 0),
        (1j, 0),
        (1 << 63, INT64_MIN),
        (Int64(7), 7),
        (conversion.Enumeration("time.Month", 12, "December"), 12),
    ],
)
def test_to_int64(value: object, expected: int) -> None:
    assert conversion.to_int64(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("x", 0.0),
        ("", 0.0),
        (" 1", 0.0),
        ("1.", 1.0),
        (".5", 0.5),
        (".", 0.0),
        ("1_0.5", 10.5),
        ("1__0", 0.0),
        ("0x1p4", 16.0),
        ("0x1", 0.0),
        ("inf", math.inf),
        ("-Infinity", -math.inf),
        ("1e400", 0.0),
        ("0x1p99999", 0.0),
        ("٣", 0.0),
        (True, 1.0),
        (None, 0.0),
        ([1], 0.0),
        (3, 3.0),
        (conversion.Enumeration("time.Month", 12, "December"), 12.0),
    ],
)
def test_to_float64(value: object, expected: float) -> None:
    assert conversion.to_float64(value) == expected


def test_to_float64_reads_nan() -> None:
    assert math.isnan(conversion.to_float64("NaN"))


def test_wrap64_wraps_around() -> None:
    assert conversion.wrap64(INT64_MAX + 1) == INT64_MIN
    assert conversion.wrap64(INT64_MIN - 1) == INT64_MAX
    assert conversion.wrap64(-5) == -5


@pytest.mark.parametrize(
    "value",
    [None, 0, 0.0, "", False, [], {}, 0j, Int64(0), TypedList("string"), TypedMap("string", nil=True)],
)
def test_zero_values_are_empty(value: object) -> None:
    assert conversion.is_empty(value) is True


@pytest.mark.parametrize(
    "value", [1, -1, 0.5, math.nan, "0", True, [0], {"a": None}, Struct("main.S", {}), datetime(1, 1, 1)]
)
def test_other_values_and_structs_are_not_empty(value: object) -> None:
    assert conversion.is_empty(value) is False


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (None, None, True),
        (None, [], False),
        (1, 1, True),
        (1, 1.0, False),
        (1, True, False),
        (1, Int64(1), False),
        ("1", 1, False),
        (math.nan, math.nan, False),
        ([1, [2]], [1, [2]], True),
        ([1], [1, 2], False),
        ([], TypedList("interface {}", nil=True), False),
        ([1], TypedList("int", [1]), False),
        ({"a": {"b": 1}}, {"a": {"b": 1}}, True),
        ({"a": 1}, {"b": 1}, False),
        ({}, TypedMap("string"), False),
        (Struct("main.S", {"A": 1}), Struct("main.S", {"A": 1}), True),
        (Struct("main.S", {"A": 1}), Struct("main.T", {"A": 1}), False),
        (Struct("main.S", {}), 1, False),
        (datetime(2020, 1, 1, tzinfo=timezone.utc), datetime(2020, 1, 1, tzinfo=timezone.utc), True),
    ],
)
def test_deep_equal(left: object, right: object, expected: bool) -> None:
    assert conversion.deep_equal(left, right) is expected
    assert conversion.deep_equal(right, left) is expected


@pytest.mark.parametrize(
    ("value", "found"), [(None, "nil (is the value set?)"), ("x", "string"), (1, "int"), ({}, "map")]
)
def test_the_list_says_what_it_found(value: object, found: str) -> None:
    with pytest.raises(GoError) as error:
        conversion.the_list(value)
    assert str(error.value) == f"expected a list, found {found}"


def test_too_many_elements_are_refused() -> None:
    with pytest.raises(GoError) as error:
        conversion.check_items(1_000_001)
    assert str(error.value) == "the result would have 1000001 elements; at most 1000000 are allowed"
