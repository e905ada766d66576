from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from doit_score.score.cycles import cycles
from doit_score.score.workload import Container
from doit_score.targets.compose.files import mount_name
from doit_score.targets.compose.order import share_network
from doit_score.targets.compose.patch import apply_patches
from doit_score.targets.compose.project import assemble, dump_project, entry
from doit_score.targets.compose.schema import MOUNT, SERVICE
from doit_score.targets.compose.sections import NAMES as SECTIONS
from doit_score.targets.compose.service import check_entry
from doit_score.targets.compose.units import duration, size
from doit_score.text.errors import ScoreError
from doit_score.text.yaml12 import load

NAMES = st.text("abcdefghij-_.:#$ é1", min_size=1, max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=30)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
ENTRIES = st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=4), min_size=1, max_size=4)
Ready = Literal["started", "healthy", "complete"]


@given(st.dictionaries(st.sampled_from(SECTIONS), ENTRIES), NAMES, st.randoms(use_true_random=False))
def test_fragments_put_together_are_the_dump_of_the_whole(
    sections: dict[str, dict[str, dict[str, object]]], name: str, random: object
) -> None:
    project: dict[str, object] = {"name": name, "services": {}, **sections}
    made = [
        entry(section, key, "", "", value) for section, one in sections.items() for key, value in one.items()
    ]
    random.shuffle(made)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    text = assemble(name, [(one.section, one.name, one.text) for one in made])
    assert text == dump_project(project)
    assert load(text) == project


@st.composite
def pods(draw: st.DrawFn) -> dict[str, Container]:
    """Containers whose ``before`` relations have no cycle."""
    names = draw(st.lists(st.sampled_from("abcdefg"), min_size=1, unique=True))
    containers = {}
    for index, name in enumerate(names):
        later = draw(st.lists(st.sampled_from(names[index + 1 :]), unique=True)) if names[index + 1 :] else []
        ready: st.SearchStrategy[Ready] = st.sampled_from(("started", "healthy", "complete"))
        before = {other: draw(ready) for other in later}
        containers[name] = Container(name, "x", (), (), {}, (), (), before)
    return dict(sorted(containers.items()))


@given(pods())
def test_a_shared_network_never_makes_a_cycle_and_is_the_reference_s_where_that_one_is_sound(
    containers: dict[str, Container],
) -> None:
    network = share_network(containers)
    alone = {
        name for name, one in containers.items() if one.before and set(one.before.values()) == {"complete"}
    }
    assert network.owner not in network.sharers | alone
    assert not network.sharers & alone
    assert not cycles(_order(containers, network.owner, network.sharers))
    terminating = {name for name, one in containers.items() if "complete" in one.before.values()}
    assert set(containers) - network.sharers - {network.owner} <= terminating

    owner = next(name for name, one in containers.items() if not one.before)
    sharers = frozenset(set(containers) - alone - {owner})
    if not cycles(_order(containers, owner, sharers)):
        assert network == (owner, sharers)


def _order(containers: Mapping[str, Container], owner: str, sharers: frozenset[str]) -> dict[str, list[str]]:
    edges: dict[str, list[str]] = {name: [owner] if name in sharers else [] for name in containers}
    for name, container in containers.items():
        for later in container.before:
            edges[later].append(name)
    return edges


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefgh"), unique=True)))
def test_cycles_are_cycles_and_none_is_missed(edges: dict[str, list[str]]) -> None:
    found = cycles(edges)
    for cycle in found:
        assert len(set(cycle)) == len(cycle)
        assert cycle[0] == min(cycle) or all(one in edges for one in cycle)
        assert all(target in edges[node] for node, target in zip(cycle, (*cycle[1:], cycle[0]), strict=True))
    assert bool(found) == _has_cycle(edges)


def _has_cycle(edges: Mapping[str, list[str]]) -> bool:
    left = {name: {one for one in targets if one in edges} for name, targets in edges.items()}
    while True:
        free = {name for name, targets in left.items() if not targets & set(left)}
        if not free:
            return bool(left)
        left = {name: targets for name, targets in left.items() if name not in free}


@given(st.sets(st.text(min_size=1), min_size=2, max_size=6))
def test_targets_have_safe_names_of_their_own_even_where_case_does_not_count(targets: set[str]) -> None:
    names = {mount_name("w", "c", target) for target in targets}
    assert len({name.lower() for name in names}) == len(targets)
    assert all(re.fullmatch(r"w\.c\.[A-Za-z0-9_.+-]+", name) and len(name) < 200 for name in names)


SERVICE_KEYS = st.sampled_from(
    sorted({*SERVICE, "x-a", "unknown"} - {"blkio_config", "credential_spec", "develop", "provider"})
)
KNOWN_KEYS = st.sampled_from(
    sorted({*MOUNT, "condition", "context", "interval", "limits", "published", "test"})
)
GIVEN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 70000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["8080:80", "./a:/b:ro", "90s", "64m", "A=1", "x", "", "/data", "all", "80/udp", "a 'b c'"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KNOWN_KEYS | NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(SERVICE_KEYS, GIVEN, max_size=5))
def test_a_normalised_service_stays_as_it_is(value: dict[str, object]) -> None:
    before = deepcopy(value)
    checked = check_entry("services", "s", value)
    assert value == before
    if not checked.errors:
        again = check_entry("services", "s", checked.value)
        assert (again.value, again.errors, again.warnings) == (checked.value, (), ())


@given(st.integers(0, 10**15))
def test_a_duration_in_one_spelling_stays_as_it_is(nanoseconds: int) -> None:
    text = duration(f"{nanoseconds}ns")
    assert text is not None
    assert duration(text) == text


@given(st.integers(0, 10**15))
def test_a_size_in_bytes_stays_as_it_is(number: int) -> None:
    assert size(str(number)) == str(number) == size(number)


PATHS = st.lists(
    st.sampled_from(
        ["services", "a", "b", "image", "command", "environment", "0", "-1", "2", "*", "x\\.y", ":1"]
    ),
    min_size=1,
    max_size=5,
).map(".".join)
PATCHES = st.lists(
    st.fixed_dictionaries({"op": st.sampled_from(["set", "delete"]), "path": PATHS, "value": GIVEN})
)


@given(PATCHES)
def test_patches_change_nothing_that_they_were_given_and_end_in_a_project_or_in_an_error(
    patches: list[object],
) -> None:
    project: dict[str, object] = {
        "name": "p",
        "services": {"a": {"image": "x", "command": ["1", "2"]}, "b": {"environment": {"A": "1"}}},
    }
    before = deepcopy(project)
    try:
        result, _ = apply_patches(project, patches, "t")
    except ScoreError:
        pass
    else:
        services = result["services"]
        assert isinstance(services, dict)
        for name, service in services.items():
            assert check_entry("services", name, service).value == service
    assert project == before
