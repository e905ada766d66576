"""Laws of patches of shared state, of the private copies that templates work on, and of what is chosen."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from doit_score.provisioning.match import first_match, matches, shadows
from doit_score.provisioning.model import BUILTIN_URI, Entry
from doit_score.provisioning.scratch import Scratch, private
from doit_score.text.light import replace

KEYS = st.sampled_from("abcd")
SCALARS = st.none() | st.booleans() | st.integers(-2, 2) | st.text("xy", max_size=2)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3)
)
MAPS = st.dictionaries(KEYS, VALUES, max_size=4)


def apply_patch(shared: Mapping[str, object], patch: Mapping[str, object]) -> dict[str, object]:
    """What a scratch over ``shared`` with ``patch`` must read like."""
    merged = {key: value for key, value in shared.items() if key not in patch}
    for key, change in patch.items():
        if isinstance(change, dict):
            old = shared.get(key)
            merged[key] = apply_patch(old if isinstance(old, dict) else {}, change)
        elif change is not None:
            merged[key] = change
    return merged


@given(MAPS, MAPS, st.permutations("abcd"))
def test_a_patched_scratch_reads_like_the_patched_mapping(
    shared: dict[str, object], patch: dict[str, object], order: list[str]
) -> None:
    scratch, patched = Scratch(shared, patch), apply_patch(shared, patch)
    for key in order[:2]:
        assert (key in scratch, scratch.get(key, "absent")) == (key in patched, patched.get(key, "absent"))
    assert scratch == patched
    assert sorted(scratch.items(), key=lambda pair: pair[0]) == sorted(
        patched.items(), key=lambda pair: pair[0]
    )
    assert len(scratch) == len(patched)


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["set", "delete", "pop", "setdefault", "read", "iterate"]), KEYS, SCALARS),
    max_size=8,
)


@given(MAPS, OPERATIONS)
def test_a_scratch_behaves_as_a_copy_and_leaves_its_source_alone(
    source: dict[str, object], operations: list[tuple[str, str, object]]
) -> None:
    before = copy.deepcopy(source)
    scratch, model = Scratch(source), copy.deepcopy(source)
    for name, key, value in operations:
        results = []
        for mapping in (scratch, model):
            if name == "set":
                mapping[key] = value
            elif name == "delete" and key in mapping:
                del mapping[key]
            elif name == "pop":
                results.append(mapping.pop(key, "absent"))
            elif name == "setdefault":
                results.append(mapping.setdefault(key, value))
            elif name == "read":
                results.append(mapping.get(key))
            elif name == "iterate":
                results.append(sorted(mapping))
        assert len({repr(result) for result in results}) <= 1
        assert (key in scratch) == (key in model)
    assert dict(scratch) == model
    assert source == before


@given(VALUES)
def test_changing_a_private_copy_deep_down_leaves_the_original_alone(value: object) -> None:
    before = copy.deepcopy(value)
    mine = private(value)
    assert mine == value
    todo = [mine]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            todo += part.values()
            part["new"] = 1
        elif isinstance(part, list):
            todo += part
            part.append(1)
    assert value == before


@given(MAPS, MAPS, st.lists(KEYS, max_size=2))
def test_code_in_c_sees_what_a_scratch_holds(
    source: dict[str, object], patch: dict[str, object], read: list[str]
) -> None:
    def fresh() -> Scratch:
        scratch = Scratch(source, patch)
        for key in read:
            scratch.get(key)
        return scratch

    patched = apply_patch(source, patch)
    assert json.loads(json.dumps(fresh())) == patched
    assert {**fresh()} == patched
    assert dict(fresh()) == patched
    assert {} | fresh() == patched
    assert fresh() | {} == patched
    assert copy.copy(fresh()) == patched
    assert copy.deepcopy(fresh()) == patched
    assert bool(fresh()) == bool(patched)


TYPES = ("environment", "t")
ENTRIES = st.lists(
    st.builds(
        Entry,
        uri=st.sampled_from(("template://x", BUILTIN_URI)),
        kind=st.just("template"),
        type=st.sampled_from(TYPES),
        path=st.just("f"),
        line=st.integers(1, 99),
        class_=st.sampled_from((None, "c", "d")),
        id=st.sampled_from((None, "i", "a.i")),
    ).map(lambda one: replace(one, class_=None, id=None) if one.uri == BUILTIN_URI else one),
    max_size=6,
)
EVERY_RESOURCE = list(itertools.product(TYPES, ("c", "d", "other"), ("i", "a.i", "other", "b.other")))


@given(ENTRIES)
def test_an_entry_is_shadowed_if_no_resource_is_given_to_it(entries: list[Entry]) -> None:
    entries = [replace(entry, line=number) for number, entry in enumerate(entries)]
    chosen = [first_match(entries, *resource) for resource in EVERY_RESOURCE]
    for entry, by in zip(entries, shadows(entries), strict=True):
        assert (by is None) == (entry in chosen)
        if by is not None:
            takes = [one for one in EVERY_RESOURCE if matches(entry, *one)]
            assert by.line < entry.line
            assert all(matches(by, *one) for one in takes)
