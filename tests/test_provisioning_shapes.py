"""What params and annotations must be: how it is declared, and what is said of a value that is another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doit_score.provisioning.model import Entry, Field, Kind, ProvisionInput
from doit_score.provisioning.run import provision
from doit_score.provisioning.shapes import TYPES, Fault, Shape, read
from doit_score.targets import Place, find
from doit_score.targets.kubernetes.quantities import amount
from doit_score.templating.errors import GoError
from doit_score.text.errors import ScoreError
from doit_score.text.light import replace


def shape(**said: object) -> Shape:
    faults: list[Fault] = []
    found = read(said, faults)
    assert faults == []
    return found


@pytest.mark.parametrize(
    ("said", "good", "bad", "expected"),
    [
        (
            {"type": "integer"},
            (3, "3", 3.0, 0, "-1"),
            (2.5, "2.5", "many", True, None, "", [3], "3 "),
            "a whole number",
        ),
        ({"type": "integer", "minimum": 1}, (1, "1", 10**9), (0, "0", -1), "a whole number of 1 or more"),
        ({"type": "integer", "maximum": 9}, (9, "-3"), (10, "10"), "a whole number of 9 or less"),
        (
            {"type": "number", "minimum": 0, "maximum": 1.5},
            (0, 1.5, "0.25"),
            (1.6, "2", "x", False),
            "a number from 0 to 1.5",
        ),
        ({"type": "boolean"}, (True, False, "true"), ("yes", 1, None), "true or false"),
        ({"type": "string"}, ("", "a"), (1, True, None, {}), "text"),
        ({"type": ["object", "null"]}, ({}, {"a": 1}, None), ("", 1, []), "a mapping or null"),
        ({"type": "array"}, ([], [1]), ({}, "[]"), "a list"),
        (
            {"type": "port"},
            (1, "65535", 8080),
            (0, "0", 70000, "09094", "9094/udp", "abc", -1, 80.5, None, True),
            "a port from 1 to 65535",
        ),
        (
            {"type": "quantity"},
            ("10Gi", "1.5G", "2k", "64Ki", "0.5Gi"),
            ("10", 10, "0Gi", "0.0Gi", "1 Gi", "Gi", "1GiB", "1ki", "1K", "1.Gi", ".5Gi", "-1Gi", None),
            "an amount such as 10Gi",
        ),
        (
            {"enum": ["Prefix", "Exact", 1]},
            ("Prefix", "1", 1),
            ("prefix", None, True, ""),
            "Prefix, Exact or 1",
        ),
        ({"pattern": "^[a-z]+$"}, ("a",), ("", "A", None, {}), "a value that matches ^[a-z]+$"),
        ({"pattern": "^[a-z]+$", "description": "a name"}, ("a",), ("A",), "a name"),
        ({}, (None, 1, "", {}), (), "a value"),
    ],
)
def test_a_value_is_taken_or_told_with_what_was_expected(
    said: dict[str, object], good: tuple[object, ...], bad: tuple[object, ...], expected: str
) -> None:
    one = shape(**said)
    assert [value for value in good if one.fault(value) is not None] == []
    assert one.expected() == expected
    faults = [one.fault(value) for value in bad]
    assert all(fault is not None and fault.startswith(f"expected {expected}, found ") for fault in faults)


@given(st.from_regex(r"[0-9.]{1,4}[kKMGTPEm]?i?", fullmatch=True))
def test_an_amount_is_one_that_kubernetes_takes(text: str) -> None:
    if shape(type="quantity").fault(text) is None:
        found = amount(text)
        assert found is not None and found > 0


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (None, "null"),
        ({"a": 1}, "a mapping"),
        ([1], "a list"),
        (True, "'true'"),
        (2.5, "'2.5'"),
        ("many", "'many'"),
        ("x" * 50, f"'{'x' * 37}...'"),
    ],
)
def test_what_was_found_is_shown_as_far_as_it_is_short(value: object, found: str) -> None:
    assert shape(type="port").fault(value) == f"expected a port from 1 to 65535, found {found}"


@given(st.integers(-(10**17), 10**17), st.integers(-(10**17), 10**17), st.integers(-(10**17), 10**17))
def test_a_number_is_the_same_as_text(value: int, least: int, most: int) -> None:
    one = shape(type="integer", minimum=least, maximum=most)
    assert (one.fault(value) is None) == (one.fault(str(value)) is None) == (least <= value <= most)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (
            "port",
            Fault(
                (),
                "expected a mapping, found text",
                "known are type, minimum, maximum, enum, pattern, required, description",
            ),
        ),
        ({"typ": "port"}, Fault(("typ",), "unknown key 'typ'", "did you mean 'type'?")),
        (
            {"type": "int"},
            Fault(("type",), f"expected one of {', '.join(TYPES)}, or a list of them, found text ('int')"),
        ),
        (
            {"type": []},
            Fault(("type",), f"expected one of {', '.join(TYPES)}, or a list of them, found a list"),
        ),
        ({"minimum": "1"}, Fault(("minimum",), "expected a number, found text ('1')")),
        ({"maximum": True}, Fault(("maximum",), "expected a number, found a boolean (true)")),
        ({"enum": [None]}, Fault(("enum",), "expected a list of texts or numbers, found a list")),
        ({"pattern": 1}, Fault(("pattern",), "expected text, found a number (1)")),
        ({"required": "yes"}, Fault(("required",), "expected true or false, found text ('yes')")),
    ],
)
def test_a_declaration_that_is_none_is_told(said: object, fault: Fault) -> None:
    faults: list[Fault] = []
    assert read(said, faults) == Shape()
    assert faults == [fault]


def test_a_pattern_that_is_none_is_told_when_it_is_needed() -> None:
    with pytest.raises(GoError, match="bad regular expression '\\('"):
        shape(pattern="(").fault("x")


def given_(**more: Any) -> ProvisionInput:
    def declared(keys: object) -> Place:
        return ("score.yaml", 7, 3)

    return ProvisionInput(
        uid="thing.default#app.one",
        type="thing",
        class_="default",
        id="app.one",
        state={},
        shared={},
        source_workload="app",
        workload_services={},
        project="p",
        mounts_directory="m",
        target=find("compose"),
        declared=declared,
        **more,
    )


@pytest.mark.parametrize("kind", ["jinja", "template", "cmd", "local-env"])
def test_all_that_is_wrong_is_told_at_once_before_anything_is_run(kind: Kind) -> None:
    entry = Entry(
        uri=f"{kind}://x",
        kind=kind,
        type="thing",
        path="p.yaml",
        line=1,
        supported_params=("n", "size", "odd"),
        params={"n": shape(type="integer"), "size": shape(required=True), "odd": shape(pattern="(")},
        annotations={"compose.score.dev/port": shape(type="port")},
        args=("exit 1",),
    )
    annotations = {"annotations": {"compose.score.dev/port": "x"}}
    with pytest.raises(ScoreError) as caught:
        provision(entry, given_(params={"n": None, "odd": 1}, metadata=annotations))
    of = f"of {kind}://x, for resource 'thing.default#app.one'"
    assert [
        (str(one.path), one.line, one.message, one.hint, one.context) for one in caught.value.problems
    ] == [
        (
            "p.yaml",
            1,
            "params.odd: bad regular expression '(': missing ): (",
            None,
            f"in supported_params {of}",
        ),
        (
            "score.yaml",
            7,
            "compose.score.dev/port: expected a port from 1 to 65535, found 'x'",
            None,
            f"in supported_annotations {of}",
        ),
        (
            "score.yaml",
            7,
            "params.n: expected a whole number, found null",
            "leave it out to have what is usual",
            f"in supported_params {of}",
        ),
        ("score.yaml", 7, "params.size: expected a value, found nothing", None, f"in supported_params {of}"),
    ]


@pytest.mark.parametrize("kind", ["jinja", "template"])
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("params.n", ["params", "n"]),
        ("params.n.schema", ["params", "n", "schema"]),
        ("compose.score.dev/x", ["metadata", "annotations", "compose.score.dev/x"]),
    ],
)
def test_a_template_that_complains_of_a_param_is_told_at_that_param(
    kind: Kind, name: str, keys: list[str]
) -> None:
    asked = []

    def declared(these: Sequence[str]) -> Place:
        asked.append([*these])
        return ("score.yaml", 7, 3)

    call = f'fail("{name}: no")' if kind == "jinja" else f'fail "{name}: no"'
    fields = {"outputs": Field(f"{{{{ {call} }}}}", 2)}
    entry = Entry(uri=f"{kind}://x", kind=kind, type="thing", path="p.yaml", line=1, fields=fields)
    with pytest.raises(ScoreError) as caught:
        provision(entry, replace(given_(params=None, metadata=None), declared=declared))
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.column) == ("score.yaml", 7, 3)
    assert problem.message == f"{name}: no"
    assert asked == [keys]


@pytest.mark.parametrize("said", ["no", "params: no", "param.n: no", "the params.n: no", "http://x: no"])
def test_a_template_that_fails_otherwise_is_told_at_its_own_place(said: str) -> None:
    fields = {"outputs": Field(f"{{{{ fail('{said}') }}}}", 2)}
    entry = Entry(uri="jinja://x", kind="jinja", type="thing", path="p.yaml", line=1, fields=fields)
    with pytest.raises(ScoreError) as caught:
        provision(entry, given_(params=None, metadata=None))
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.message) == ("p.yaml", 2, f"fail: {said}")
