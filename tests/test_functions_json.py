"""JSON as Go's encoding/json has it."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import json
from doit_score.templating.functions.conversion import Enumeration
from doit_score.templating.functions.semver import parsed
from doit_score.templating.values import Func, Int64, NamedString, Struct, TypedList, TypedMap


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (9007199254740993, "9007199254740993"),
        (Int64(-1), "-1"),
        ("héllo ☃", '"héllo ☃"'),
        (NamedString("TCP", "main.Proto"), '"TCP"'),
        ('a"b\\c\n\r\t\b\f\x00\x1f\x7f', '"a\\"b\\\\c\\n\\r\\t\\b\\f\\u0000\\u001f\x7f"'),
        ("<a&b>\u2028\u2029", '"\\u003ca\\u0026b\\u003e\\u2028\\u2029"'),
        ("\udcc3", '"\\ufffd"'),
        ([], "[]"),
        ({}, "{}"),
        ([1, "a", None, True, 1.5, [1], {"x": 1}], '[1,"a",null,true,1.5,[1],{"x":1}]'),
        ([("a", 1), ()], '[["a",1],[]]'),
        ({"b": 1, "é": 2, "a": [], "Z": 0}, '{"Z":0,"a":[],"b":1,"é":2}'),
        (TypedList("interface {}", nil=True), "null"),
        (TypedMap("interface {}", nil=True), "null"),
        (Struct("main.S", {"Name": "n", "Ports": None}), '{"Name":"n","Ports":null}'),
        (parsed("v1.2.3"), '"1.2.3"'),
        (Enumeration("time.Month", 12, "December"), "12"),
        (datetime(2017, 12, 31, 1, 2, 3, 450000, timezone.utc), '"2017-12-31T01:02:03.45Z"'),
        (datetime(2017, 12, 31, tzinfo=timezone(timedelta(hours=-5))), '"2017-12-31T00:00:00-05:00"'),
    ],
)
def test_to_json(value: object, expected: str) -> None:
    assert json.to_json(value) == expected
    assert json.encode(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.0, "1"),
        (3.5, "3.5"),
        (-0.0, "-0"),
        (1000000.0, "1000000"),
        (123456789.0, "123456789"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1e100, "1e+100"),
        (0.0001, "0.0001"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (2.5e-8, "2.5e-8"),
        (1e-10, "1e-10"),
        (5e-324, "5e-324"),
        (0.30000000000000004, "0.30000000000000004"),
    ],
)
def test_numbers_are_as_short_as_they_can_be(value: float, expected: str) -> None:
    assert json.to_json(value) == expected


def test_pretty_json_has_two_spaces_a_level() -> None:
    value = {"a": [1, {}], "b": {"c": None}, "e": []}
    expected = '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": {\n    "c": null\n  },\n  "e": []\n}'
    assert json.to_pretty_json(value) == expected
    assert json.to_pretty_json("<") == '"\\u003c"'


def test_raw_json_keeps_the_characters_of_html() -> None:
    assert json.to_raw_json("<a&b>\u2028") == '"<a&b>\\u2028"'


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (math.nan, "JSON has no infinite numbers and no NaN"),
        (math.inf, "JSON has no infinite numbers and no NaN"),
        ([1j], "cannot write a value of type complex128 as JSON"),
        ({1: "a"}, "cannot write a map as JSON that has keys other than texts"),
    ],
)
def test_what_json_cannot_hold_is_empty_or_an_error(value: object, message: str) -> None:
    for call in (json.to_json, json.to_pretty_json, json.to_raw_json):
        assert call(value) == ""
    for must in (json.must_to_json, json.must_to_pretty_json, json.must_to_raw_json):
        with pytest.raises(GoError) as error:
            must(value)
        assert str(error.value) == message


def test_functions_have_no_json() -> None:
    from doit_score.templating.functions import lookup

    function = lookup("upper")
    assert function is not None
    with pytest.raises(GoError) as error:
        json.encode(Func(function))
    assert str(error.value) == "cannot write a value of type func() as JSON"


def test_a_value_that_holds_itself_is_an_error() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(GoError) as error:
        json.encode(value)
    assert str(error.value) == "cannot write a value as JSON that is nested deeper than 200 levels"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null", None),
        (" 5 ", 5.0),
        ("-0", -0.0),
        ('"x"', "x"),
        ('{"a":1,"a":2}', {"a": 2.0}),
        ("[1,1e999,2]", [1.0, None, 2.0]),
        ('["\\ud83d\\ude00","\\ud800","\\u00e9"]', ["😀", "\ufffd", "é"]),
        ('{"\\ud800":1}', {"\ufffd": 1.0}),
        ("12345678901234567890", 12345678901234567890.0),
    ],
)
def test_from_json(text: str, expected: object) -> None:
    assert json.from_json(text) == expected


def test_numbers_from_json_are_floats() -> None:
    assert type(json.from_json("5432")) is float


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no JSON at line 1, column 1: expected a value"),
        ("bad", "no JSON at line 1, column 1: expected a value"),
        ("{} x", "no JSON at line 1, column 4: expected the end"),
        ("01", "no JSON at line 1, column 2: expected the end"),
        ("NaN", "no JSON: NaN is no JSON value"),
        ('"\n"', "no JSON at line 1, column 2: found a control character in a text"),
    ],
)
def test_a_text_that_is_no_json_is_nil_or_an_error(text: str, message: str) -> None:
    assert json.from_json(text) is None
    with pytest.raises(GoError) as error:
        json.must_from_json(text)
    assert str(error.value) == message


def test_a_number_that_is_too_large_is_an_error_for_must_from_json() -> None:
    with pytest.raises(GoError) as error:
        json.must_from_json("[1e999]")
    assert str(error.value) == "a number is too large for a float64"
    assert json.must_from_json("[1]") == [1.0]


def test_json_that_is_nested_too_deep_is_nil() -> None:
    assert json.from_json("[" * 100_000) is None
