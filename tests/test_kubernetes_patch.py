"""Patches of the manifests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from doit_score.score.references import Reference
from doit_score.targets import Options
from doit_score.targets.kubernetes.patch import patched
from doit_score.targets.kubernetes.project import read, written
from doit_score.templating.functions import SUBSTITUTE
from doit_score.text.errors import ScoreError

OBJECTS = [
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web"}, "data": {"a": "1"}},
    {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 1}},
]


def result(
    source: str,
    name: str = "fix.tpl",
    options: Options | None = None,
    given: list[Any] | None = None,
    documents: Mapping[str, object] | None = None,
) -> tuple[list[Any], list[str]]:
    options = options or Options()
    text, warnings = patched(
        written(given or OBJECTS, options), [(name, source)], documents or {}, options, hermetic=True
    )
    return read(text), [str(one) for one in warnings]


def after(source: str, **given: Any) -> list[Any]:
    """The objects after a template, of which there is nothing to warn."""
    objects, warnings = result(source, **given)
    assert warnings == []
    return objects


IN_A_TEMPLATE = "\n  in a patch template"


def said(source: str, **given: Any) -> str:
    """What is wrong with it, without the line that each has."""
    with pytest.raises(ScoreError) as error:
        result(source, **given)
    assert IN_A_TEMPLATE in str(error.value)
    return str(error.value).replace(IN_A_TEMPLATE, "")


def test_a_patch_sets_and_deletes_by_the_place_of_an_object() -> None:
    found = after("- {op: set, path: 1.spec.replicas, value: 3}\n- {op: delete, path: 0.data.a}\n")
    assert (found[1]["spec"], found[0]["data"]) == ({"replicas": 3}, {})


def test_objects_are_deleted_and_added() -> None:
    added = "{apiVersion: v1, kind: Secret, metadata: {name: s}}"
    found = after(f"- {{op: delete, path: 0}}\n- {{op: set, path: -1, value: {added}}}\n")
    assert [one["kind"] for one in found] == ["Deployment", "Secret"]


def test_a_template_sees_the_manifests_the_workloads_and_the_namespace() -> None:
    source = (
        '{{ range $i, $m := .Manifests }}{{ if eq $m.kind "Deployment" }}'
        "- {op: set, path: {{ $i }}.metadata.annotations, value: {ns: {{ $.Namespace }}, "
        "team: {{ $.Workloads.web.metadata.team }}}}\n{{ end }}{{ end }}"
    )
    found = after(source, options=Options(namespace="mill"), documents={"web": {"metadata": {"team": "ada"}}})
    assert found[1]["metadata"]["annotations"] == {"ns": "mill", "team": "ada"}


def test_a_template_may_be_jinja() -> None:
    source = (
        "{% for one in manifests if one.kind == 'Deployment' %}"
        "- {op: set, path: 1.spec.replicas, value: {{ workloads | length }}}{% endfor %} # {{ namespace }}"
    )
    found = after(source, name="fix.tpl.j2", documents={"a": {}, "b": {}})
    assert found[1]["spec"]["replicas"] == 2


@pytest.mark.parametrize("source", ["", "# a comment\n", "[]", "null", "{{/* nothing */}}"])
def test_a_template_that_prints_nothing_patches_nothing(source: str) -> None:
    """Facts, D30."""
    assert after(source) == OBJECTS


def test_numbers_stay_what_they_are() -> None:
    """Facts, D17."""
    numbers = {"a": 1000000, "b": 12345678901234567890, "c": 1.0, "d": 1e300, "e": 9007199254740993}
    given = [{"apiVersion": "mill.example/v1", "kind": "Spindle", "metadata": {"name": "n"}, "spec": numbers}]
    (found,) = after("- {op: set, path: 0.metadata.labels.x, value: y}\n", given=given)
    assert [(key, type(value), value) for key, value in found["spec"].items()] == [
        (key, type(value), value) for key, value in numbers.items()
    ]


def test_an_object_that_is_added_is_in_the_namespace() -> None:
    added = "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: other}}"
    found = after(f"- {{op: set, path: -1, value: {added}}}", options=Options(namespace="mill"))
    assert found[2]["metadata"] == {"name": "s", "namespace": "mill"}


PIN = Reference("Secret", "till", "pin").text()


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        (
            "path: 1.spec.replica, value: 3",
            "Deployment 'web': unknown field spec.replica\n  hint: did you mean 'replicas'?",
        ),
        (
            "path: 0.data.a, value: 5",
            "ConfigMap 'web': data.a: expected text, found a number (5)\n  hint: quote it",
        ),
        (
            "path: -1, value: {kind: Odd}",
            "item 3 has no apiVersion\n  hint: each object says its apiVersion and its kind",
        ),
        ("path: -1, value: text", "expected an object of Kubernetes in item 3, found text"),
        (
            f"path: 0.metadata.annotations.note, value: '{PIN}'",
            "ConfigMap 'web': metadata.annotations.note refers to a Secret, which can only be done in "
            "variables and files of workloads\n"
            "  hint: use a secretKeyRef there, which names 'till' and the key 'pin'",
        ),
    ],
)
def test_what_a_patch_makes_is_checked(patch: str, message: str) -> None:
    """Facts, D28 and D29."""
    assert said(f"- {{op: set, {patch}}}") == f"fix.tpl: {message}"


def test_a_patch_makes_no_object_that_is_there() -> None:
    value = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}"
    assert said(f"- {{op: set, path: '-1', value: {value}}}") == (
        "fix.tpl: ConfigMap 'web' is there twice\n"
        "  hint: change the one that is there, or give the other another name"
    )


def test_what_no_patch_has_touched_is_not_checked_again() -> None:
    given = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "odd"}, "odd": 1}, *OBJECTS]
    assert after("- {op: set, path: 2.spec.replicas, value: 3}", given=given)[0] == given[0]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "- {op: set, path: 7.metadata.name, value: x}",
            "fix.tpl: patch 1 (set '7.metadata.name'): the list has 2 items, so 7 is past the end",
        ),
        (
            "- {op: set, path: web.kind, value: x}",
            "fix.tpl: patch 1 (set 'web.kind'): expected a number for the place in a list, found 'web'",
        ),
        ("path: x", "fix.tpl: expected a list of patches, found a mapping"),
        (
            "- {op: set, path: x, value: {{ .Nope }}}",
            "fix.tpl:1:32: there is no field 'Nope' here: the fields are Manifests, "
            "Namespace, Workloads\n  | - {op: set, path: x, value: {{ .Nope }}}",
        ),
    ],
)
def test_patches_that_cannot_be_applied(source: str, message: str) -> None:
    assert said(source) == message


def test_a_second_document_is_warned_of() -> None:
    objects, warnings = result("[]\n---\n- {op: delete, path: 0}\n")
    assert (objects, warnings) == (
        OBJECTS,
        ["fix.tpl: it printed a second YAML document, which is ignored\n  hint: print one"],
    )


def test_values_of_workloads_are_substituted() -> None:
    def substitute(workload: str, text: str) -> str:
        return text.replace("${metadata.name}", workload)

    token = SUBSTITUTE.set(substitute)
    try:
        source = (
            '- {op: set, path: 0.data.a, value: {{ substituteValue "web" "of ${metadata.name}" | quote }}}'
        )
        assert after(source)[0]["data"] == {"a": "of web"}
    finally:
        SUBSTITUTE.reset(token)


def test_what_cannot_be_substituted_is_an_error() -> None:
    """Facts, D18: there it was the value."""

    def substitute(workload: str, text: str) -> str:
        raise ScoreError(f"there is no workload '{workload}'")

    source = '- {op: set, path: 0.data.a, value: {{ substituteValue "none" "x" | quote }}}'
    token = SUBSTITUTE.set(substitute)
    try:
        message = "substituteValue: there is no workload 'none'"
        assert said(source) == f"fix.tpl:1:39: {message}\n  | {source}"
    finally:
        SUBSTITUTE.reset(token)
    assert said(source).startswith(
        "fix.tpl:1:39: substituteValue: only patch templates can have placeholders replaced"
    )
