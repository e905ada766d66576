"""Numbers as users write them for the verbs."""

from __future__ import annotations

import pytest

from doit_score.running.numbers import seconds, tail
from doit_score.text.errors import ScoreError


def test_seconds_are_whole_and_not_less_than_none() -> None:
    assert (seconds(None), seconds(0), seconds(12.0)) == ([], ["--timeout", "0"], ["--timeout", "12"])


@pytest.mark.parametrize(
    ("found", "text"),
    [(1.5, "1.5"), (-1, "-1"), (float("inf"), "inf"), (float("nan"), "nan"), (1e20, "1e+20")],
)
def test_what_no_container_can_be_given_is_an_error(found: float, text: str) -> None:
    with pytest.raises(ScoreError) as error:
        seconds(found)
    assert str(error.value) == f"--timeout: expected whole seconds, found {text}"


def test_lines_are_a_number_or_all() -> None:
    assert (tail(""), tail("all"), tail("0"), tail("12")) == ("", "", "0", "12")


@pytest.mark.parametrize("text", ["x", "-5", "1.5", "\u00b2"])
def test_other_lines_are_an_error(text: str) -> None:
    with pytest.raises(ScoreError) as error:
        tail(text)
    assert str(error.value) == f"--tail: expected a number of lines, or all, found {text!r}"
