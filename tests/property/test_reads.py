"""What is noted of a template is enough: where the same looks see the same, it prints the same."""

from __future__ import annotations

import os

import hypothesis.strategies as st
from hypothesis import given, settings
from looks import GO, JINJA, SERVICES, SHARED, looked_at, port

from doit_score.engine.shared.reads import Decoding, agree
from doit_score.engine.shared.tree import Branch
from doit_score.text import canonical
from doit_score.text.errors import ScoreError

SCALARS = st.sampled_from(["b", "on", 1])
BROKERS = st.fixed_dictionaries(
    {},
    optional={
        "name": SCALARS,
        "topics": st.dictionaries(st.sampled_from("tu"), SCALARS, max_size=2),
        "none": st.dictionaries(st.sampled_from("t"), SCALARS, max_size=1),
        "other": SCALARS,
    },
)
STATES = st.fixed_dictionaries(
    {},
    optional={
        "broker": BROKERS | SCALARS,
        "routes": st.dictionaries(st.sampled_from("rs"), st.just({"to": "x"}), max_size=2),
        "list": st.sampled_from([[], [{"k": 1}], [{"k": 2}]]),
        "flag": SCALARS,
        "none": SCALARS,
    },
)
PORTS = st.dictionaries(
    st.sampled_from(["web", "80"]), st.builds(port, st.just("web"), st.sampled_from([80, 81]))
)
TOLD = st.dictionaries(
    st.sampled_from(["alpha", "beta", "none"]),
    st.fixed_dictionaries({"ServiceName": st.sampled_from(["alpha", "beta"]), "Ports": PORTS}),
)
CASES = [("template", template) for template, _ in GO] + [("jinja", template) for template, _ in JINJA]


@settings(max_examples=int(os.environ.get("READS_EXAMPLES", "500")))
@given(
    case=st.sampled_from(CASES),
    shared=st.just(SHARED) | STATES,
    services=st.just(SERVICES) | TOLD,
    other=st.just(SHARED) | STATES,
    told=st.just(SERVICES) | TOLD,
    patch=st.sampled_from(["", "own: 1", "broker: {topics: {v: 1}}", "broker: {name: null}"]),
)
def test_who_would_see_the_same_again_prints_the_same(
    case: tuple[str, str],
    shared: dict[str, object],
    services: dict[str, object],
    other: dict[str, object],
    told: dict[str, object],
    patch: str,
) -> None:
    try:
        printed, view, services_view = looked_at(*case, shared, services, patch)
    except ScoreError:
        return  # of a run that failed nothing is noted
    texts = {name: canonical.encode(value) for name, value in told.items()}
    if agree(Branch.of(other), view.note()) and agree(Decoding(texts), services_view.note()):
        assert looked_at(*case, other, told, patch)[0] == printed
