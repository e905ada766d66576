from __future__ import annotations

import pytest

from doit_score.engine.shared.fold import (
    copied,
    lacks,
    laid_over,
    recalled,
    remove_paths,
    same,
    underlay,
)


def test_underlaying_adds_what_lacks_at_any_depth() -> None:
    target: dict[str, object] = {"a": {"b": 1}, "c": 2}
    base = {"a": {"b": 9, "x": 3}, "c": {"y": 4}, "d": {"z": 5}}
    underlay(target, base)
    assert target == {"a": {"b": 1, "x": 3}, "c": 2, "d": {"z": 5}}
    assert target["d"] is not base["d"]


@pytest.mark.parametrize(
    ("patch", "left"),
    [
        ({"a": 1}, {"b": {"c": 3, "d": 4}}),
        ({"a": None}, {"b": {"c": 3, "d": 4}}),
        ({"b": {"c": 9}}, {"a": 1, "b": {"d": 4}}),
        ({"b": {"c": 9, "d": 9}}, {"a": 1}),
        ({"b": 9}, {"a": 1}),
        ({"x": 9}, {"a": 1, "b": {"c": 3, "d": 4}}),
    ],
)
def test_removing_the_paths_of_a_patch(patch: dict[str, object], left: dict[str, object]) -> None:
    target: dict[str, object] = {"a": 1, "b": {"c": 3, "d": 4}}
    remove_paths(target, patch)
    assert target == left


@pytest.mark.parametrize(
    ("base", "patch", "both"),
    [
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": 1}, {"a": None}, {"a": None}),
        ({"a": {"b": 1}}, {"a": {"c": None}}, {"a": {"b": 1, "c": None}}),
        ({"a": 1}, {"a": {"c": 2}}, {"a": {"c": 2}}),
        ({"a": {"b": 1}}, {"a": 3}, {"a": 3}),
    ],
)
def test_two_patches_as_one(
    base: dict[str, object], patch: dict[str, object], both: dict[str, object]
) -> None:
    assert laid_over(base, patch) == both


@pytest.mark.parametrize(
    ("patch", "other", "does"),
    [
        ({}, {}, False),
        ({"a": 1}, {"a": 2}, False),
        ({}, {"a": None}, True),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, False),
        ({"a": {"b": 1}}, {"a": {"c": 2}}, True),
        ({"a": 1}, {"a": {"c": 2}}, True),
        ({"a": 1}, {"a": {}}, False),
        ({"a": {"b": 1}}, {"a": 1}, False),
    ],
)
def test_a_patch_lacks_a_path_of_another(
    patch: dict[str, object], other: dict[str, object], does: bool
) -> None:
    assert lacks(patch, other) is does


@pytest.mark.parametrize(
    ("patch", "present", "found"),
    [
        # Nothing is recalled of what is there already, ...
        ({"name": "new"}, {"name": "x"}, {}),
        ({"server": {"host": "new"}}, {"server": {"host": "x"}}, {}),
        # ... of what would be the same, ...
        ({"name": "old"}, {}, {}),
        # ... and of what nobody adds.
        ({"other": 1}, {}, {}),
        ({"name": None}, {}, {}),
        ({"name": "new"}, {}, {"name": "old"}),
        ({"server": {"host": "new", "port": 1}}, {}, {"server": {"host": "old-host"}}),
        ({"server": {"host": "new"}}, {"server": {"port": 1}}, {"server": {"host": "old-host"}}),
        # A mapping does not stand for a value, nor a value for a mapping.
        ({"name": {"a": 1}}, {}, {}),
        ({"server": 1}, {}, {}),
        ({"server": {"host": "new"}}, {"server": 1}, {}),
    ],
)
def test_what_the_attic_has_at_the_paths_that_a_patch_adds(
    patch: dict[str, object], present: dict[str, object], found: dict[str, object]
) -> None:
    attic = {"name": "old", "server": {"host": "old-host"}, "dead": 1}
    assert recalled(patch, present, attic) == found


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [(1, 1, True), (1, True, False), (1, 1.0, False), ("1", 1, False), ([1], [1], True), (None, None, True)],
)
def test_values_are_the_same_only_with_their_types(one: object, other: object, are: bool) -> None:
    assert same(one, other) is are


def test_a_copy_has_mappings_of_its_own() -> None:
    value = {"a": {"b": [1]}}
    found = copied(value)
    assert isinstance(found, dict)
    found["a"]["b"] = 2
    assert value == {"a": {"b": [1]}}
