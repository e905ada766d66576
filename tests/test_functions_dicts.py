"""Maps; whole values are those of Go's sprig with mergo (conformance group sprig:dicts)."""

from __future__ import annotations

import copy

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import dicts
from doit_score.templating.values import NamedString, TypedList, TypedMap


class Recording(dict[str, object]):
    """A map that notes which keys are read, as the engine's inputs do."""

    def __init__(self, items: dict[str, object]) -> None:
        super().__init__(items)
        self.read: list[str] = []

    def __getitem__(self, key: str) -> object:
        self.read.append(key)
        return super().__getitem__(key)


def test_dict_pairs_its_arguments() -> None:
    assert dicts.new() == {}
    assert dicts.new("a", 1, "a", 2) == {"a": 2}
    assert dicts.new("a", 1, "b") == {"a": 1, "b": ""}
    assert dicts.new(None, 1, 2, 3) == {"<nil>": 1, "2": 3}


def test_reading_a_key() -> None:
    assert dicts.get({"a": None}, "a") is None
    assert dicts.get({}, "a") == dicts.get(None, "a") == ""
    assert dicts.has_key({"a": None}, "a")
    assert not dicts.has_key({}, "a")
    assert not dicts.has_key(None, "a")


def test_set_and_unset_change_the_map_and_return_it() -> None:
    items: dict[str, object] = {"a": 1}
    assert dicts.set_(items, "b", 2) is items
    assert dicts.unset(items, "a") is items
    assert dicts.unset(items, "zz") is items
    assert items == {"b": 2}


def test_set_of_a_nil_map_is_an_error() -> None:
    for nil in (None, TypedMap("interface {}", nil=True)):
        with pytest.raises(GoError) as error:
            dicts.set_(nil, "x", 1)
        assert str(error.value) == "cannot set the key 'x' of a nil map; start from a dict"


def test_unset_of_a_nil_map_is_a_nil_map() -> None:
    result = dicts.unset(None, "x")
    assert isinstance(result, TypedMap)
    assert (result, result.nil) == ({}, True)


def test_keys_and_values_are_sorted_by_key() -> None:
    result = dicts.keys({"b": 1, "a": 2}, None, {"a": 3})
    assert isinstance(result, TypedList)
    assert (result, result.elem) == (["a", "b", "a"], "string")
    assert dicts.values({"b": 1, "a": 2}) == [2, 1]
    assert dicts.values(None) == []


def test_pluck_pick_and_omit() -> None:
    assert dicts.pluck("a", {"a": 1}, {"b": 2}, None, {"a": None}) == [1, None]
    assert dicts.pick({"a": 1, "b": 2}, "b", "zz") == {"b": 2}
    assert dicts.omit({"a": 1, "b": 2}, "b", "zz") == {"a": 1}
    assert dicts.pick(None, "a") == dicts.omit(None, "a") == {}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("a", "b", "d", {"a": {"b": 1}}), 1),
        (("a", "x", "d", {"a": {"b": 1}}), "d"),
        (("a", "b", "d", {}), "d"),
        (("a", "d", {"a": None}), None),
        (("a", "d", {"a": ""}), ""),
        (("a", {"q": 1}, {}), {"q": 1}),
        (("a", "b", "d", {"a": TypedMap("interface {}", nil=True)}), "d"),
    ],
)
def test_dig(arguments: tuple[object, ...], expected: object) -> None:
    assert dicts.dig(*arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a", {}), "expected at least three arguments: keys, a default and a map"),
        ((1, "d", {}), "expected texts as keys, found int"),
        ((None, "d", {}), "expected texts as keys, found <nil>"),
        ((NamedString("a", "main.Proto"), "d", {}), "expected texts as keys, found main.Proto"),
        (("a", "d", None), "expected a map as its last argument, found <nil>"),
        (("a", "d", [1]), "expected a map as its last argument, found []interface {}"),
        (("a", "b", "d", {"a": None}), "expected a map below a, found <nil>"),
        (("a", "b", "c", "d", {"a": {"b": "s"}}), "expected a map below a.b, found string"),
        (("a", "b", "d", {"a": TypedMap("string")}), "expected a map below a, found map[string]string"),
    ],
)
def test_dig_says_where_there_is_no_map(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(GoError) as error:
        dicts.dig(*arguments)
    assert str(error.value) == message


def test_dig_reads_only_the_keys_on_its_way() -> None:
    inner = Recording({"b": 1, "c": 2})
    outer = Recording({"a": inner, "z": 3})
    assert dicts.dig("a", "b", "d", outer) == 1
    assert (outer.read, inner.read) == (["a"], ["b"])


@pytest.mark.parametrize(
    ("into", "source", "merged", "overwritten"),
    [
        ({"a": 0}, {"a": 2}, {"a": 2}, {"a": 2}),
        ({"a": 1}, {"a": 2, "b": 3}, {"a": 1, "b": 3}, {"a": 2, "b": 3}),
        ({"a": True}, {"a": False}, {"a": True}, {"a": False}),
        ({"a": {"x": 1}}, {"a": {"x": 2, "y": 3}}, {"a": {"x": 1, "y": 3}}, {"a": {"x": 2, "y": 3}}),
        ({"a": 1}, {"a": {"x": 1}}, {"a": 1}, {"a": {"x": 1}}),
        ({"a": {"x": 1}}, {"a": 1}, {"a": {"x": 1}}, {"a": 1}),
        ({"a": {"x": 1}}, {"a": {}}, {"a": {"x": 1}}, {"a": {"x": 1}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [1, 2]}, {"a": [3]}),
        ({"a": [1]}, {"a": []}, {"a": [1]}, {"a": []}),
        ({"a": []}, {"a": [1]}, {"a": [1]}, {"a": [1]}),
        ({"a": 1}, {"a": None, "b": None}, {"a": 1}, {"a": None, "b": None}),
        ({"a": None}, {"a": 1}, {"a": 1}, {"a": 1}),
        ({"a": {}}, {"a": {"x": None, "y": 1}}, {"a": {"y": 1}}, {"a": {"x": None, "y": 1}}),
        ({"a": {}}, {"a": {"x": None}}, {"a": {"x": None}}, {"a": {"x": None}}),
        ({"a": ""}, {"a": ""}, {"a": ""}, {"a": ""}),
    ],
)
def test_merge_fills_what_is_empty_and_merge_overwrite_what_is_not_too(
    into: dict[str, object], source: dict[str, object], merged: object, overwritten: object
) -> None:
    assert dicts.merge(copy.deepcopy(into), source) == merged
    assert dicts.merge_overwrite(copy.deepcopy(into), source) == overwritten


def test_merge_changes_its_first_argument_and_no_other() -> None:
    into: dict[str, object] = {"x": {"p": 1}}
    source: dict[str, object] = {"x": {"q": 2}}
    assert dicts.merge(into, source, {"y": 3}, None) is into
    assert into == {"x": {"p": 1, "q": 2}, "y": 3}
    assert source == {"x": {"q": 2}}


def test_merge_into_an_empty_map_within_does_not_share_the_source() -> None:
    into: dict[str, object] = {"x": {}}
    source: dict[str, object] = {"x": {"q": 2}}
    dicts.merge(into, source)
    assert into == source
    assert into["x"] is not source["x"]


def test_merge_of_nil_maps() -> None:
    assert dicts.merge(None, {"a": 1}) == {"a": 1}
    result = dicts.merge(None, None)
    assert isinstance(result, TypedMap)
    assert (result, result.nil) == ({}, True)


def test_deep_copy_shares_nothing_and_keeps_the_types() -> None:
    original = {"a": [1, {"b": TypedList("string", ["x"])}], "c": TypedMap("string", {"k": "v"}, zero=str)}
    copy = dicts.deep_copy(original)
    assert copy == original
    assert isinstance(copy, dict)
    assert copy["a"] is not original["a"]
    assert (copy["a"][1]["b"].elem, copy["c"].elem, copy["c"].zero) == ("string", "string", str)


def test_deep_copy_of_nil_is_an_error() -> None:
    with pytest.raises(GoError) as error:
        dicts.deep_copy(None)
    assert str(error.value) == "expected a value, found nil"
