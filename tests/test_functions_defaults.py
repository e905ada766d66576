"""What counts as not set, and ``fail``."""

from __future__ import annotations

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import defaults
from doit_score.templating.values import Struct

EMPTY: tuple[object, ...] = (None, 0, 0.0, "", False, [], {})


@pytest.mark.parametrize("value", EMPTY)
def test_default_replaces_empty_values(value: object) -> None:
    assert defaults.default("d", value) == "d"


def test_default_keeps_other_values() -> None:
    structure = Struct("main.S", {})
    assert defaults.default("d", "x") == "x"
    assert defaults.default("d", structure) is structure
    assert defaults.default("d") == "d"
    assert defaults.default("a", "b", "c") == "b"


def test_coalesce_finds_the_first_value_that_is_set() -> None:
    assert defaults.coalesce(*EMPTY, 5, 6) == 5
    assert defaults.coalesce() is None
    assert defaults.coalesce(*EMPTY) is None


def test_all_and_any() -> None:
    assert defaults.all_() is True
    assert defaults.all_(1, "a") is True
    assert defaults.all_(1, 0) is False
    assert defaults.any_() is False
    assert defaults.any_(0, 1) is True
    assert defaults.any_(*EMPTY) is False


def test_ternary() -> None:
    assert defaults.ternary("a", "b", True) == "a"
    assert defaults.ternary("a", "b", False) == "b"


def test_fail_says_just_the_message() -> None:
    with pytest.raises(GoError) as error:
        defaults.fail("name required")
    assert str(error.value) == "name required"


def test_hello() -> None:
    assert defaults.hello() == "Hello!"
