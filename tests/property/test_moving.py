"""Laws of moving over and back."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from doit_score.moving import legacy, specs
from doit_score.moving.adopt import Relocation
from doit_score.moving.legacy import Legacy, LegacyResource, LegacyWorkload
from doit_score.score import overrides
from doit_score.score.workload.upgrade import upgrade

texts = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=12)
# Greater whole numbers are read as score-compose reads them: as fractions.
whole = st.integers(-(2**63), 2**64 - 1)
scalars = st.one_of(texts, whole, st.booleans(), st.none(), st.floats(allow_nan=False))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)
mappings = st.dictionaries(texts, values, max_size=3)

workloads = st.builds(
    LegacyWorkload,
    spec=mappings,
    file=st.none() | texts,
    builds=st.dictionaries(texts, st.fixed_dictionaries({"context": texts}), max_size=2),
)
resources = st.builds(
    LegacyResource,
    guid=texts,
    type=texts,
    class_=texts,
    id=texts,
    metadata=mappings,
    params=mappings,
    source_workload=texts,
    provisioner=texts,
    state=mappings,
    outputs=mappings,
)
states = st.builds(
    Legacy,
    workloads=st.dictionaries(texts, workloads, max_size=2),
    resources=st.dictionaries(texts, resources, max_size=2),
    shared_state=mappings,
    compose_project=texts,
    mounts_directory=texts.filter(bool),
    patching_templates=st.lists(texts, max_size=2).map(tuple),
)


@given(states)
def test_a_state_that_is_written_is_read_back(state: Legacy) -> None:
    assert legacy.parse(legacy.text(state).encode()) == state


words = st.text("$aA{} \n-é1", max_size=8)


@given(words)
def test_doubling_dollars_twice_is_doubling_them_once(word: str) -> None:
    assert specs.doubled(specs.doubled(word)) == specs.doubled(word)


names = st.sampled_from(["a", "b"])
plain = st.one_of(words, st.integers(), st.booleans())
containers = st.fixed_dictionaries(
    {"image": st.sampled_from([".", "x:1", "y:1"])},
    optional={
        "args": st.lists(words, max_size=3),
        "command": st.lists(words, max_size=3),
        "variables": st.dictionaries(names, words),
        "files": st.dictionaries(names, st.fixed_dictionaries({"content": words}))
        | st.lists(
            st.fixed_dictionaries({"target": names, "content": words}), unique_by=lambda f: f["target"]
        ),
    },
)
documents = st.fixed_dictionaries(
    {"metadata": st.dictionaries(names, plain), "containers": st.dictionaries(names, containers, min_size=1)},
    optional={
        "service": st.fixed_dictionaries(
            {}, optional={"ports": st.dictionaries(names, st.just({"port": 1}))}
        ),
        "resources": st.dictionaries(
            names, st.fixed_dictionaries({"type": names}, optional={"params": st.dictionaries(names, plain)})
        ),
    },
)


def spec_of(document: dict[str, Any], image: str | None = None) -> dict[str, object]:
    """What score-compose stores of a document, given an image for those that have none."""
    today, _ = upgrade(document, lambda *_, **__: None, lambda *_, **__: None)
    found = specs.stored(today)
    filled = {
        name: {**one, "image": image} if image and one["image"] == "." else one
        for name, one in found["containers"].items()  # type: ignore[attr-defined]  # as generated above
    }
    return {**found, "containers": filled}


@given(documents, documents)
def test_what_was_said_makes_of_the_file_what_was_stored(
    document: dict[str, Any], changed: dict[str, Any]
) -> None:
    spec = spec_of(changed)
    said = specs.said(document, spec)
    again = overrides.apply(document, said.overrides)
    assert isinstance(again, dict)
    assert specs.said(changed, spec_of(again, said.image)) == specs.Said()


@given(documents)
def test_a_file_says_itself_what_was_stored_of_it(document: dict[str, Any]) -> None:
    assert specs.said(document, spec_of(document)) == specs.Said()


@given(values)
def test_a_path_that_leads_back_is_as_it_was(value: object) -> None:
    there, back = Relocation(".score-compose/mounts", "state/mounts"), Relocation("state/mounts", "x/y")
    moved = there.value({"path": ".score-compose/mounts/a", "other": value})
    assert moved == {"path": "state/mounts/a", "other": value}
    assert back.value(moved) == {"path": "x/y/a", "other": value}
