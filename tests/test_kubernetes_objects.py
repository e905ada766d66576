"""The objects that provisioners and patches give."""

from __future__ import annotations

from typing import Any

import pytest

from doit_score.score.references import Reference
from doit_score.targets.kubernetes.objects import Identity, check, of_type, placed

NAMED = {"name": "web"}


def made(kind: str, version: str = "v1", metadata: object = NAMED, **rest: object) -> dict[str, object]:
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **rest}


def faults(value: object) -> list[str]:
    return [str(one) for one in check("0", value).errors]


def test_what_an_object_is_called() -> None:
    identity = Identity.of(made("Service", metadata={"name": "web", "namespace": "mill"}))
    assert identity == ("v1", "Service", "mill", "web")
    assert (identity.key(), identity.what) == ("mill/v1/Service/web", "Service 'web'")
    assert Identity.of({"kind": "Odd", "metadata": "x"}) == ("", "Odd", "", "")


def test_an_object_that_is_right() -> None:
    value = made("ConfigMap", data={"a": "b"})
    found = check("0", value)
    assert (found.value, found.errors, found.warnings, found.name) == (value, (), (), "/v1/ConfigMap/web")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("text", "expected an object of Kubernetes in item 3, found text"),
        (None, "expected an object of Kubernetes in item 3, found null"),
        ({"kind": "A"}, "item 3 has no apiVersion\n  hint: each object says its apiVersion and its kind"),
        ({}, "item 3 has no apiVersion and no kind\n  hint: each object says its apiVersion and its kind"),
        (
            {"apiVersion": "v1", "kind": {"a": 1}},
            "item 3 has no kind\n  hint: each object says its apiVersion and its kind",
        ),
    ],
)
def test_what_is_no_object(value: object, said: str) -> None:
    found = check("2", value)
    assert ([str(one) for one in found.errors], found.value) == ([said], {})


@pytest.mark.parametrize("metadata", [None, {}, {"name": ""}, {"generateName": "web-"}])
def test_an_object_without_a_name_is_warned_of(metadata: object) -> None:
    found = check("0", made("ConfigMap", metadata=metadata))
    assert (found.errors, found.name) == ((), "/0")
    assert [str(one) for one in found.warnings] == [
        "item 1, a ConfigMap, has no metadata.name: the API server refuses it\n  hint: give it a name"
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (made("ConfigMap", dta={}), "ConfigMap 'web': unknown field dta\n  hint: did you mean 'data'?"),
        (
            made("Job", "batch/v1", spec={"tmplate": {}}),
            "Job 'web': unknown field spec.tmplate\n  hint: did you mean 'template'?",
        ),
        (
            made("Ingress", "networking.k8s.io/v1", spec={"rules": [{"http": {"paths": [{"pathh": "/"}]}}]}),
            "Ingress 'web': unknown field spec.rules[0].http.paths[0].pathh\n  hint: did you mean 'path'?",
        ),
        (
            made("Role", "rbac.authorization.k8s.io/v1", rules=[{"verb": ["get"]}]),
            "Role 'web': unknown field rules[0].verb\n  hint: did you mean 'verbs'?",
        ),
        (made("Podd"), "Podd 'web': the API v1 has no such kind\n  hint: did you mean 'Pod'?"),
    ],
)
def test_fields_that_the_api_does_not_know(value: object, said: str) -> None:
    """Facts, D26: Jobs and roles too, and a kind of v1 that there is not."""
    assert faults(value) == [said]


@pytest.mark.parametrize(
    "value",
    [
        made("Spindle", "mill.example/v1", spec={"anything": 1}),
        made("HTTPRoute", "gateway.networking.k8s.io/v1", spec={"x": []}),
        made("Deployment", "apps/v1beta1", spec={"x": 1}),
        made("ConfigMap", data=None),
        made("CustomThing", "batch/v1", x=1),
    ],
)
def test_what_is_not_known_is_not_checked(value: object) -> None:
    assert faults(value) == []


POD = "Deployment 'web': spec.template.spec"


def deployment(pod: object) -> dict[str, object]:
    return made("Deployment", "apps/v1", spec={"template": {"spec": pod}})


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (made("ConfigMap", data=[1]), "ConfigMap 'web': data: expected a mapping, found a list"),
        (
            made("ConfigMap", data={"a": 5}),
            "ConfigMap 'web': data.a: expected text, found a number (5)\n  hint: quote it",
        ),
        (
            made("ConfigMap", data={"a": True}),
            "ConfigMap 'web': data.a: expected text, found a boolean (true)\n  hint: quote it",
        ),
        (
            deployment({"containers": {"name": "a"}}),
            f"{POD}.containers: expected a list, found a mapping",
        ),
        (
            deployment({"terminationGracePeriodSeconds": "5"}),
            f"{POD}.terminationGracePeriodSeconds: expected a whole number, found text ('5')",
        ),
        (
            deployment({"terminationGracePeriodSeconds": 1.5}),
            f"{POD}.terminationGracePeriodSeconds: expected a whole number, found a number (1.5)",
        ),
        (
            deployment({"hostNetwork": "yes"}),
            f"{POD}.hostNetwork: expected true or false, found text ('yes')",
        ),
        (
            deployment({"containers": [{"resources": {"limits": {"memory": "1K"}}}]}),
            f"{POD}.containers[0].resources.limits.memory: expected a quantity such as 500m or 1Gi, "
            "found text ('1K')",
        ),
        (
            made("Service", spec={"ports": [{"targetPort": [80]}]}),
            "Service 'web': spec.ports[0].targetPort: expected a number or the name of a port, found a list",
        ),
    ],
)
def test_values_of_another_type(value: object, said: str) -> None:
    assert faults(value) == [said]


@pytest.mark.parametrize("data", ["pin", "a b==", "cGl"])
def test_bytes_that_are_not_base64(data: str) -> None:
    assert faults(made("Secret", data={"pin": data})) == [
        "Secret 'web': data.pin: expected base64, found text"
    ]
    assert faults(made("Secret", data={"pin": "cGlu\ncGlu\n"})) == []


def test_values_that_fit() -> None:
    pod = {
        "terminationGracePeriodSeconds": 5.0,
        "hostNetwork": None,
        "containers": [
            {
                "resources": {"limits": {"memory": "1Gi", "cpu": 1}},
                "readinessProbe": {"httpGet": {"port": "web"}},
            }
        ],
    }
    assert faults(deployment(pod)) == []


def test_the_values_of_a_secret_are_not_shown() -> None:
    found = faults(made("Secret", stringData={"pin": 123456}))
    assert found == ["Secret 'web': stringData.pin: expected text, found a number\n  hint: quote it"]


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("Service", "7web", "no Service can be called that"),
        ("Service", "a.b", "no Service can be called that"),
        ("ConfigMap", "Web", "the API server refuses this name"),
        ("ConfigMap", "a.b", None),
        ("Namespace", "a.b", "no Namespace can be called that"),
    ],
)
def test_names_that_cannot_be(kind: str, name: str, said: str | None) -> None:
    """Facts, D8 and D11."""
    hints = {
        "Service": "use lower case letters, digits and '-', begin with a letter, and at most 63 of them",
        "ConfigMap": "use lower case letters, digits, '-' and '.', and begin and end with a letter or digit",
        "Namespace": "use lower case letters, digits and '-', at most 63",
    }
    expected = [f"{kind} '{name}': {said}\n  hint: {hints[kind]}"] if said else []
    assert faults(made(kind, metadata={"name": name})) == expected


def test_roles_may_have_colons_in_their_names() -> None:
    assert faults(made("ClusterRole", "rbac.authorization.k8s.io/v1", {"name": "system:x"}, rules=[])) == []


def test_a_reference_in_an_object() -> None:
    """Facts, 6: it would reach the cluster as it stands."""
    text = f"x{Reference('Secret', 'till', 'pin').text()}"
    assert faults(made("Spindle", "mill.example/v1", spec={"args": [text]})) == [
        "Spindle 'web': spec.args.0 refers to a Secret, which can only be done in variables and files of "
        "workloads\n  hint: use a secretKeyRef there, which names 'till' and the key 'pin'"
    ]


@pytest.mark.parametrize(
    ("version", "kind", "namespace"),
    [
        ("v1", "ConfigMap", "mill"),
        ("apps/v1", "Deployment", "mill"),
        ("mill.example/v1", "Spindle", "mill"),
        ("v1", "Namespace", None),
        ("v1", "PersistentVolume", None),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", None),
        ("storage.k8s.io/v1", "StorageClass", None),
        ("networking.k8s.io/v1", "IngressClass", None),
    ],
)
def test_what_is_in_no_namespace_gets_none(version: str, kind: str, namespace: str | None) -> None:
    metadata: Any = placed(made(kind, version), "mill")["metadata"]
    assert metadata.get("namespace") == namespace


def test_the_namespace_of_the_project_counts_before_that_of_a_provisioner() -> None:
    value = made("ConfigMap", metadata={"name": "web", "namespace": "elsewhere"})
    assert placed(value, "mill")["metadata"] == {"name": "web", "namespace": "mill"}
    assert placed(value, "") is value
    assert placed({"kind": "A"}, "mill") == {"kind": "A"}


def test_a_part_of_an_object() -> None:
    assert list(of_type("Volume", {"emptyDir": {"sizeLimit": "1Gi"}})) == []
    assert list(of_type("Volume", {"emptyDir": {"limit": "1Gi"}})) == [
        ("unknown field emptyDir.limit", "did you mean 'sizeLimit'?")
    ]
