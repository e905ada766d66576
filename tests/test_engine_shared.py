from __future__ import annotations

from collections.abc import Mapping

from doit_score import canonical
from doit_score.engine.shared import Reads, Shared


def shared(
    patches: Mapping[str, Mapping[str, object]],
    attic: Mapping[str, object] | None = None,
    base: Mapping[str, object] | None = None,
) -> Shared:
    """The shared state of the resources ``a``, ``b`` and ``c``, which come in this order."""
    texts = {uid: canonical.encode(dict(patch)) for uid, patch in patches.items()}
    return Shared("abc", texts, attic or {}, base or {})


def plain(one: Shared) -> dict[str, object]:
    return dict(one.view())


def contributed(one: Shared, uid: str, patch: Mapping[str, object], *looks: str) -> Reads:
    """What ``uid`` reads that looks at these keys and then contributes ``patch``."""
    view = one.view()
    for key in looks:
        view.get(key)
    return one.contribute(uid, patch, view)


def test_the_sum_is_in_the_order_of_provisioning_over_the_base() -> None:
    one = shared(
        {"b": {"x": 2}, "a": {"x": 1, "y": {"a": 1}}, "c": {"y": {"c": None}}}, base={"y": {"c": 0}, "z": 0}
    )
    assert plain(one) == {"x": 2, "y": {"a": 1}, "z": 0}


def test_a_contribution_replaces_the_one_before() -> None:
    one = shared({"a": {"x": {"old": 1}}, "b": {"x": {"other": 2}}})
    contributed(one, "a", {"x": {"new": 3}})
    assert plain(one) == {"x": {"other": 2, "new": 3}}


def test_until_it_settles_a_later_word_counts_even_of_an_earlier_resource() -> None:
    one = shared({"a": {"x": 1}, "b": {"x": 2}})
    contributed(one, "a", {"x": 3})
    assert plain(one) == {"x": 3}
    one.settle()
    assert plain(one) == {"x": 2}


def test_what_many_take_back_goes_when_the_round_ends() -> None:
    order = [f"r{number:03}" for number in range(40)]
    one = Shared(order, {uid: canonical.encode({"all": {uid: 1}}) for uid in order}, {}, {})
    for uid in order:
        contributed(one, uid, {"every": {uid: 1}})
    one.settle()
    assert plain(one) == {"every": dict.fromkeys(order, 1)}


def test_who_reads_agrees_with_what_it_saw_and_with_what_it_made_of_that() -> None:
    one = shared({"b": {"x": 2}})
    reads = contributed(one, "a", {"x": 1}, "x")
    assert sorted(reads) == ["before", "shared"]
    assert one.agrees(reads)
    one.settle()  # b has the last word, as when a looked
    assert plain(one) == {"x": 2}
    assert one.agrees(reads)
    contributed(one, "b", {"x": 3})
    assert not one.agrees(reads)
    assert one.differing(reads) == ["x"]


def test_who_reads_nothing_always_agrees() -> None:
    one = shared({"b": {"x": 2}})
    reads = contributed(one, "a", {"x": 1})
    assert (reads, one.agrees(reads), one.differing(reads)) == ({}, True, [])


def test_what_was_read_and_stays_is_noted_once() -> None:
    one = shared({"b": {"x": 2}})
    reads = contributed(one, "a", {"y": 1}, "x", "none")
    assert {what: sorted(note) for what, note in reads.items()} == {"shared": ["none", "x"]}


def test_beside_a_key_that_it_reads_another_may_change() -> None:
    one = shared({"b": {"broker": {"name": "n", "topics": {"b": 1}}}})
    view = one.view()
    assert view["broker"]["name"] == "n"  # type: ignore[index]  # a mapping
    reads = one.contribute("a", {"broker": {"topics": {"a": 1}}}, view)
    assert list(reads) == ["shared"]
    assert list(reads["shared"]) == ["broker.name"]
    contributed(one, "c", {"broker": {"topics": {"c": 1}}})
    assert one.agrees(reads)
    contributed(one, "b", {"broker": {"name": "other"}})
    assert one.differing(reads) == ["broker.name"]


def test_who_made_what_it_had_missed_is_asked_again_when_more_comes_there() -> None:
    """It has not looked into a mapping that was not there, but will when it is run again."""
    one = shared({})
    reads = contributed(one, "a", {"broker": {"topics": {"a": 1}}}, "broker")
    assert reads["before"] == {"broker": "=absent"}
    assert one.agrees(reads)
    contributed(one, "b", {"broker": {"name": "n"}})
    assert one.differing(reads) == ["broker"]


def test_what_was_read_as_it_is_now() -> None:
    one = shared({"b": {"x": 2}})
    view = one.view()
    assert view["x"] == len(view) + 1
    reads = one.contribute("a", {"x": 1}, view)
    contributed(one, "b", {"x": 3})
    assert not one.agrees(reads)
    assert one.agrees(one.as_seen_now(reads))
    assert list(one.as_seen_now(reads)) == ["shared"]
    assert one.as_seen_now({"environment": {"A": ""}}) == {"environment": {"A": ""}}


def test_the_attic_remembers_all_that_ever_was_and_what_is_now_first() -> None:
    one = shared({"a": {"x": 1}, "b": {"y": {"b": 2}}}, attic={"x": 0, "y": {"c": 3}, "z": 4})
    contributed(one, "b", {"y": {"d": 5}})
    one.settle()
    assert one.attic() == {"x": 1, "y": {"b": 2, "c": 3, "d": 5}, "z": 4}


def test_a_remembered_value_comes_into_view_where_a_patch_would_add_another() -> None:
    one = shared({}, attic={"broker": {"name": "old", "port": 1}, "dead": 2})
    patch = {"broker": {"name": "new"}}
    assert one.recall(patch) == {"broker": {"name": "old"}}
    assert plain(one) == {"broker": {"name": "old"}}
    assert one.recall(patch) == {}


def test_what_was_taken_back_in_this_run_is_remembered() -> None:
    one = shared({"a": {"broker": "old"}})
    contributed(one, "a", {})
    assert one.recall({"broker": "new"}) == {"broker": "old"}


def test_what_somebody_contributes_leaves_the_base() -> None:
    one = shared(
        {"a": {"x": 1}, "b": {"y": {"b": None}}}, base={"x": 0, "y": {"b": 1, "c": 2}, "z": {"d": 3}}
    )
    assert one.base() == {"y": {"c": 2}, "z": {"d": 3}}
    contributed(one, "c", {"z": {"d": 4}})
    assert one.base() == {"y": {"c": 2}}
