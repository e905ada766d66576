"""What templates draw in a test."""

from __future__ import annotations

from templates import render_go

from doit_score.templating.functions import CHANCE, DRAWN
from doit_score.testing.chance import Chance

DRAWS = "{{ randAlphaNum 12 }} {{ randNumeric 9 }} {{ uuidv4 }} {{ randBytes 8 }} {{ shuffle `abcdefghij` }}"


def test_each_test_draws_the_same_and_nothing_twice() -> None:
    one, other = Chance(), Chance()
    with one.drawing():
        first, second = render_go(DRAWS, {}), render_go(DRAWS, {})
    with other.drawing():
        assert [render_go(DRAWS, {}), render_go(DRAWS, {})] == [first, second]
    assert not {*first.split()} & {*second.split()}
    assert render_go(DRAWS, {}) not in (first, second)
    assert (CHANCE.get(), DRAWN.get()) == (None, None)


def test_what_was_drawn_can_be_drawn_once_more_and_then_comes_what_is_new() -> None:
    chance = Chance()
    with chance.drawing():
        first = render_go(DRAWS, {})
    position = chance.position
    with chance.drawing():
        second = render_go(DRAWS, {})
    with chance.once_more(position):
        assert render_go(DRAWS, {}) == second
        third = render_go(DRAWS, {})
    with chance.drawing():
        assert not {*render_go(DRAWS, {}).split()} & {*f"{first} {second} {third}".split()}


def test_what_was_drawn_has_the_number_in_which_it_was_drawn() -> None:
    chance = Chance()
    with chance.drawing():
        one, two, short = (
            render_go(f"{{{{ {call} }}}}", {}) for call in ("randAlpha 9", "uuidv4", "randInt 1 9")
        )
    names = chance.names()
    assert names(f"a-{one}-b {two}") == "a-<random 1>-b <random 2>"
    assert names(f"{one.lower()} {one.upper()}") == "<random 1> <random 1>"
    # What is so short would be found in too much.
    assert names(short) == short


def test_what_is_drawn_once_more_is_drawn_at_another_time_whatever_of_it_is_looked_at() -> None:
    layout = "{{ range list `2006` `01` `02` `15` `04` `05` `Mon` }}{{ dateInZone . now `UTC` }} {{ end }}"
    chance = Chance()
    with chance.drawing():
        first = render_go(layout, {}).split()
    with chance.once_more(0):
        other = render_go(layout, {}).split()
    assert [one for one, two in zip(first, other, strict=True) if one == two] == []
