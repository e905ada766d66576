"""Random values: alphabets, lengths, and that two calls differ."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import CHANCE, DRAWN, randoms

TEXTS = [
    (randoms.rand_alpha, "[A-Za-z]"),
    (randoms.rand_alpha_num, "[A-Za-z0-9]"),
    (randoms.rand_numeric, "[0-9]"),
    (randoms.rand_ascii, "[ -~]"),
]


@pytest.mark.parametrize(("make", "alphabet"), TEXTS)
def test_random_texts_have_the_length_and_the_alphabet(make: Callable[[int], str], alphabet: str) -> None:
    assert re.fullmatch(f"{alphabet}{{5000}}", make(5000))
    assert make(0) == make(-1) == ""


@pytest.mark.parametrize(("make", "alphabet"), TEXTS)
def test_every_character_of_the_alphabet_turns_up(make: Callable[[int], str], alphabet: str) -> None:
    assert set(make(20_000)) == {chr(code) for code in range(128) if re.fullmatch(alphabet, chr(code))}


@pytest.mark.parametrize(("make", "_"), TEXTS)
def test_two_random_texts_differ(make: Callable[[int], str], _: str) -> None:
    assert make(32) != make(32)


def test_random_texts_of_absurd_length_are_refused() -> None:
    with pytest.raises(GoError) as error:
        randoms.rand_alpha(10**9)
    assert str(error.value) == "the result would have 1000000000 characters; at most 16777216 are allowed"


def test_rand_bytes_is_base_64_of_so_many_bytes() -> None:
    assert len(randoms.rand_bytes(16)) == 24
    assert randoms.rand_bytes(0) == ""
    with pytest.raises(GoError) as error:
        randoms.rand_bytes(-1)
    assert str(error.value) == "expected a count from 0, found -1"


def test_rand_int_includes_the_first_number_and_not_the_second() -> None:
    assert {randoms.rand_int(-1, 3) for _ in range(500)} == {-1, 0, 1, 2}
    assert randoms.rand_int(5, 6) == 5


@pytest.mark.parametrize(("low", "high"), [(5, 5), (5, 1)])
def test_rand_int_needs_a_range(low: int, high: int) -> None:
    with pytest.raises(GoError) as error:
        randoms.rand_int(low, high)
    assert str(error.value) == f"expected a second number above the first, found {low} and {high}"


def test_shuffle_keeps_the_characters() -> None:
    text = "héllo wörld ☃" * 10
    shuffled = randoms.shuffle(text)
    assert shuffled != text
    assert sorted(shuffled) == sorted(text)
    assert randoms.shuffle("") == ""


def test_uuidv4_has_version_and_variant() -> None:
    pattern = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    found = {randoms.uuidv4() for _ in range(50)}
    assert len(found) == 50
    assert all(re.fullmatch(pattern, each) for each in found)


def test_all_that_is_drawn_comes_from_where_chance_says_and_is_told() -> None:
    told: list[str] = []
    calls: dict[str, Callable[[], object]] = {
        "text": lambda: randoms.rand_alpha(8),
        "number": lambda: randoms.rand_int(1, 10**9),
        "bytes": lambda: randoms.rand_bytes(6),
        "uuid": randoms.uuidv4,
        "shuffled": lambda: randoms.shuffle("abcdefgh"),
    }
    tokens = CHANCE.set(bytes), DRAWN.set(told.append)
    try:
        drawn = {name: call() for name, call in calls.items()}
    finally:
        CHANCE.reset(tokens[0])
        DRAWN.reset(tokens[1])
    assert drawn == {
        "text": "aaaaaaaa",
        "number": 1,
        "bytes": "AAAAAAAA",
        "uuid": "00000000-0000-4000-8000-000000000000",
        "shuffled": "bcdefgha",
    }
    assert told == [str(value) for value in drawn.values()]
