from __future__ import annotations

from collections.abc import Mapping

from doit_score.engine.shared.contributions import Shared
from doit_score.text import canonical


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


def test_the_sum_is_in_the_order_of_provisioning_over_the_base() -> None:
    one = shared(
        {"b": {"x": 2}, "a": {"x": 1, "y": {"a": 1}}, "c": {"y": {"c": None}}}, base={"y": {"c": 0}, "z": 0}
    )
    assert plain(one) == {"x": 2, "y": {"a": 1}, "z": 0}


def test_a_contribution_replaces_the_one_before() -> None:
    one = shared({"a": {"x": {"old": 1}}, "b": {"x": {"other": 2}}})
    one.contribute("a", {"x": {"new": 3}})
    assert plain(one) == {"x": {"other": 2, "new": 3}}


def test_until_it_settles_a_later_word_counts_even_of_an_earlier_resource() -> None:
    one = shared({"a": {"x": 1}, "b": {"x": 2}})
    one.contribute("a", {"x": 3})
    assert plain(one) == {"x": 3}
    one.settle()
    assert plain(one) == {"x": 2}


def test_what_many_take_back_goes_when_the_round_ends() -> None:
    order = [f"r{number:03}" for number in range(40)]
    one = Shared(order, {uid: canonical.encode({"all": {uid: 1}}) for uid in order}, {}, {})
    for uid in order:
        one.contribute(uid, {"every": {uid: 1}})
    one.settle()
    assert plain(one) == {"every": dict.fromkeys(order, 1)}


def test_who_reads_agrees_while_it_would_see_the_same() -> None:
    one = shared({"b": {"broker": {"name": "n", "topics": {"b": 1}}, "x": 1}})
    view = one.view()
    assert view["broker"]["name"] == "n"  # type: ignore[index]  # a mapping
    assert view.get("none") is None
    note = view.note()
    assert sorted(note) == ["broker.name", "none"]
    one.contribute("a", {"broker": {"topics": {"a": 1}}, "x": 2})
    assert (one.agrees(note), one.differing(note)) == (True, [])
    one.contribute("c", {"none": 1, "broker": {"name": "other"}})
    assert (one.agrees(note), one.differing(note)) == (False, ["broker.name", "none"])
    assert one.as_seen_now(note)["none"] != note["none"]
    assert one.agrees(one.as_seen_now(note))


def test_a_view_is_of_what_was_there_when_it_was_asked_for_and_of_what_is_added() -> None:
    one = shared({"a": {"x": 1}})
    view = one.view()
    one.contribute("b", {"y": 2})
    assert dict(view) == {"x": 1, "y": 2}


def test_whether_something_was_taken_back_is_told() -> None:
    one = shared({"a": {"x": {"y": 1}, "z": 1}})
    assert not one.contribute("a", {"x": {"y": 2}, "z": 1, "new": 1})
    assert one.contribute("a", {"x": {}, "z": 1})


def test_who_contributes_to_a_path_or_above_or_below_it() -> None:
    one = shared({"c": {"x": {"y": 1}}, "a": {"x": "text"}, "b": {"z": {"": None}}})
    found = {path: one.contributors([path]) for path in ("", "x", "x.y", "x.y.z", "x.z", "z", 'z.""', "none")}
    assert found == {
        "": ["a", "b", "c"],
        "x": ["a", "c"],
        "x.y": ["a", "c"],
        "x.y.z": ["a", "c"],
        "x.z": ["a"],
        "z": ["b"],
        'z.""': ["b"],
        "none": [],
    }
    assert one.contributors(["z", "x.z"]) == ["a", "b"]
    assert one.contributors([]) == []


def test_the_attic_remembers_all_that_ever_was_and_what_is_now_first() -> None:
    one = shared({"a": {"x": 1}, "b": {"y": {"b": 2}}}, attic={"x": 0, "y": {"c": 3}, "z": 4})
    one.contribute("b", {"y": {"d": 5}})
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
    one.contribute("a", {"server": "new"})
    assert one.recall({"broker": "new"}) == {"broker": "old"}
    one.contribute("a", {"broker": "old"})
    assert one.recall({"server": "other"}) == {"server": "new"}


def test_what_somebody_contributes_leaves_the_base() -> None:
    one = shared(
        {"a": {"x": 1}, "b": {"y": {"b": None}}}, base={"x": 0, "y": {"b": 1, "c": 2}, "z": {"d": 3}}
    )
    assert one.base() == {"y": {"c": 2}, "z": {"d": 3}}
    one.contribute("c", {"z": {"d": 4}})
    assert one.base() == {"y": {"c": 2}}
