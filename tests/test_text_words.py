"""How things are named: one vocabulary, one hint, one way to count, and the numbers of Go."""

from __future__ import annotations

from datetime import datetime

import pytest

from doit_score.text import words


def test_each_kind_of_value_has_one_name() -> None:
    values: list[object] = [None, True, 1, 1.5, "x", {}, [], (), datetime(2026, 1, 2)]
    assert [words.kind(value) for value in values] == [
        "null", "a boolean", "a number", "a number", "text", "a mapping", "a list", "a list", "a timestamp",
    ]  # fmt: skip


def test_a_scalar_is_shown_with_its_kind_unless_it_is_a_secret() -> None:
    assert [words.described(value) for value in (None, True, 80, "a\nb", {"a": 1})] == [
        "null", "a boolean (true)", "a number (80)", r"text ('a\nb')", "a mapping",
    ]  # fmt: skip
    assert words.described("x" * 41) == f"text ('{'x' * 37}...')"
    assert words.described("x", secret=True) == "text"


def test_a_hint_names_what_is_near_or_else_what_there_is() -> None:
    assert words.near("Imgae", ["image", "ports"]) == "did you mean 'image'?"
    assert words.near("zzz", {"ports", "image"}) == "known are image, ports"
    assert words.near("zzz", ["image"], "see the list") == "see the list"
    assert words.near("zzz", ()) == "there are none"
    assert words.near("zzz", map(str, range(26))).endswith(", 7, 8, ...")


def test_one_is_counted_without_an_s() -> None:
    assert [words.count(things, "workload") for things in (0, 1, ["a", "b"])] == [
        "0 workloads", "1 workload", "2 workloads",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "shown", "json"),
    [
        (0.0, "0", "0"),
        (-0.0, "-0", "-0"),
        (1e-5, "1e-05", "0.00001"),
        (1e-7, "1e-07", "1e-7"),
        (0.0001, "0.0001", "0.0001"),
        (123456.5, "123456.5", "123456.5"),
        (1e6, "1e+06", "1000000"),
        (-1234567.0, "-1.234567e+06", "-1234567"),
        (1e21, "1e+21", "1e+21"),
        (1.5e300, "1.5e+300", "1.5e+300"),
        (5e-324, "5e-324", "5e-324"),
    ],
)
def test_numbers_are_printed_as_go_prints_them(value: float, shown: str, json: str) -> None:
    assert (words.number(value), words.json_number(value)) == (shown, json)


def test_what_is_no_finite_number_has_a_name() -> None:
    assert [words.number(float(text)) for text in ("inf", "-inf", "nan")] == ["+Inf", "-Inf", "NaN"]
