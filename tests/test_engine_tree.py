from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doit_score.engine.shared.tree import Branch, digest_of

KEYS = st.sampled_from(["a", "b", "c"])
SCALARS = st.sampled_from([None, 1, 1.0, True, "", "1", [1], [{"a": 1}]])
PATCHES = st.recursive(
    st.dictionaries(KEYS, SCALARS, max_size=3),
    lambda inner: st.dictionaries(KEYS, SCALARS | inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("target", "patch", "result", "changed"),
    [
        ({}, {}, {}, False),
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}, True),
        ({"a": 1}, {"a": 1}, {"a": 1}, False),
        ({"a": 1}, {"a": 1.0}, {"a": 1.0}, True),
        ({"a": 1}, {"a": True}, {"a": True}, True),
        ({"a": [1]}, {"a": [True]}, {"a": [True]}, True),
        ({"a": 1}, {"a": None}, {}, True),
        ({"a": 1}, {"b": None}, {"a": 1}, False),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}, {"a": {"c": 2}}, True),
        ({"a": {"b": 1}}, {"a": {"b": 1}}, {"a": {"b": 1}}, False),
        ({"a": 1}, {"a": {"b": None}}, {"a": {}}, True),
        ({"a": {"b": 1}}, {"a": 1}, {"a": 1}, True),
        ({}, {"a": {}}, {"a": {}}, True),
    ],
)
def test_merging_a_patch(
    target: dict[str, object], patch: dict[str, object], result: dict[str, object], changed: bool
) -> None:
    branch = Branch.of(target)
    assert (branch.merge(patch), branch) == (changed, result)


def test_merging_keeps_the_patch_as_it_is() -> None:
    patch: dict[str, object] = {"a": {"b": 1}}
    branch = Branch()
    branch.merge(patch)
    branch.merge({"a": {"c": 2}})
    assert patch == {"a": {"b": 1}}


def test_mappings_in_a_branch_are_branches_and_nulls_in_a_copy_stay() -> None:
    branch = Branch.of({"a": {"b": None}})
    assert (type(branch["a"]), branch) == (Branch, {"a": {"b": None}})


def test_the_order_is_that_of_the_keys_whoever_comes_first() -> None:
    branch = Branch.of({"c": 1, "a": 2})
    branch.merge({"b": {"z": 1}, "c": 3})
    branch.merge({"b": {"y": 1}})
    assert list(branch) == list(branch.keys()) == ["a", "b", "c"]
    assert list(branch.items()) == [("a", 2), ("b", {"y": 1, "z": 1}), ("c", 3)]
    assert list(branch.values()) == [2, {"y": 1, "z": 1}, 3]
    assert repr(branch) == "{'a': 2, 'b': {'y': 1, 'z': 1}, 'c': 3}"
    assert json.dumps(branch) == '{"a": 2, "b": {"y": 1, "z": 1}, "c": 3}'
    assert list(dict(branch)) == list({**branch}) == list({} | branch) == ["a", "b", "c"]


def test_keys_that_are_no_text_have_an_order_too_and_are_told() -> None:
    branch = Branch.of({"a": {"x": 1}, "b": {2: 1, "c": 1, 1: 1}})
    inner = branch["b"]
    assert isinstance(inner, Branch)
    assert list(inner) == ["c", 1, 2]
    assert (branch.has_other_keys, inner.has_other_keys) == (False, True)


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"a": None},
        {"a": 1.0},
        {"a": True},
        {"a": "1"},
        {"a": [1]},
        {"a": {}},
        {"a": {"b": 1}},
        {"a": {"b": {}}},
        {"b": 1},
        {"a": 1, "b": 1},
        {1: 1},
        {"1": 1},
        {"=1": 1},
    ],
)
def test_what_differs_has_another_digest(other: Mapping[str, object]) -> None:
    assert Branch.of(other).digest() != Branch.of({"a": 1}).digest()


def test_values_that_change_places_have_another_digest() -> None:
    assert Branch.of({"a": 1, "b": 2}).digest() != Branch.of({"a": 2, "b": 1}).digest()
    assert Branch.of({"a": "b"}).digest() != Branch.of({"b": "a"}).digest()
    assert Branch.of({"x": {"a": 1}, "y": {}}).digest() != Branch.of({"x": {}, "y": {"a": 1}}).digest()


@given(PATCHES, st.lists(PATCHES, max_size=5), st.booleans())
def test_a_digest_that_is_kept_up_is_that_of_the_same_values_made_anew(
    values: dict[str, object], patches: list[dict[str, object]], asked_each_time: bool
) -> None:
    branch = Branch.of(values)
    branch.digest()
    for patch in patches:
        before = json.dumps(branch)
        assert branch.merge(patch) is (json.dumps(branch) != before)
        if asked_each_time:
            branch.digest()
    assert branch.digest() == Branch.of(branch).digest()
    assert digest_of(branch) == branch.digest()


def test_a_list_has_the_digest_of_its_items_and_the_next_one_its_own() -> None:
    branch = Branch.of({"a": [1, {"b": 2}]})
    first = branch["a"]
    assert first == [1, {"b": 2}]
    assert digest_of(first) == digest_of(first) == digest_of([1, {"b": 2}])
    assert not branch.merge({"a": [1, {"b": 2}]})
    assert branch.merge({"a": [1, {"b": 3}]})
    assert digest_of(branch["a"]) == digest_of([1, {"b": 3}])
