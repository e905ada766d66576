"""What becomes of a workload as a whole: its objects, their names, labels and annotations."""

from __future__ import annotations

import pytest
from cluster import container, converted, notices, objects, problems, workload

from doit_score.targets.kubernetes import names

SHUTTLE = "{shuttle: {image: shuttle:1}}"
PORTS = "service: {ports: {weft: {port: 80, targetPort: 8080}, warp: {port: 7946, protocol: UDP}}}\n"
LABELS = {
    "app.kubernetes.io/instance": "loom-68bf3d400e",
    "app.kubernetes.io/managed-by": "doit-score",
    "app.kubernetes.io/name": "loom",
    "app.kubernetes.io/part-of": "mill",
}
SELECTOR = {"app.kubernetes.io/instance": "loom-68bf3d400e"}
ANNOTATIONS = {"k8s.score.dev/workload-name": "loom"}


def annotated(annotations: str, name: str = "loom") -> str:
    return f"{{name: {name}, annotations: {{{annotations}}}}}"


def test_a_workload_is_a_deployment_with_labels_of_ours() -> None:
    assert objects(workload(SHUTTLE)) == {
        "Deployment/loom": {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "loom", "labels": LABELS, "annotations": ANNOTATIONS},
            "spec": {
                "selector": {"matchLabels": SELECTOR},
                "template": {
                    "metadata": {"labels": LABELS, "annotations": ANNOTATIONS},
                    "spec": {"containers": [{"name": "shuttle", "image": "shuttle:1"}]},
                },
            },
        }
    }


def test_ports_are_a_service_in_the_order_of_their_names() -> None:
    found = converted(workload(SHUTTLE, PORTS))
    assert found.facts == "loom"
    assert objects(workload(SHUTTLE, PORTS))["Service/loom"] == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "loom", "labels": LABELS, "annotations": ANNOTATIONS},
        "spec": {
            "ports": [
                {"name": "warp", "port": 7946, "protocol": "UDP", "targetPort": 7946},
                {"name": "weft", "port": 80, "protocol": "TCP", "targetPort": 8080},
            ],
            "selector": SELECTOR,
        },
    }


def test_without_ports_there_is_no_service_and_nobody_to_reach() -> None:
    assert converted(workload(SHUTTLE)).facts == ""


def test_an_annotation_renames_the_service() -> None:
    text = workload(SHUTTLE, PORTS, annotated("k8s.score.dev/service-name: line"))
    assert converted(text).facts == "line"
    assert sorted(objects(text)) == ["Deployment/loom", "Service/line"]


def test_a_stateful_set_has_a_headless_service() -> None:
    found = objects(workload(SHUTTLE, "", annotated("k8s.score.dev/kind: StatefulSet")))
    assert found["Service/loom-headless-svc"]["spec"] == {
        "clusterIP": "None",
        "ports": [{"name": "default", "port": 99, "targetPort": 99}],
        "selector": SELECTOR,
    }
    spec = found["StatefulSet/loom"]["spec"]
    assert (sorted(spec), spec["serviceName"]) == (
        ["selector", "serviceName", "template"],
        "loom-headless-svc",
    )


def test_the_headless_service_of_a_name_that_begins_with_a_digit_begins_with_a_letter() -> None:
    found = objects(workload(SHUTTLE, "", annotated("k8s.score.dev/kind: StatefulSet", "7loom")))
    assert found["StatefulSet/7loom"]["spec"]["serviceName"] == "s-7loom-headless-svc"
    assert "Service/s-7loom-headless-svc" in found


def test_no_other_service_has_the_name_of_the_headless_one() -> None:
    said = "k8s.score.dev/kind: StatefulSet, k8s.score.dev/service-name: loom-headless-svc"
    assert problems(workload(SHUTTLE, PORTS, annotated(said))) == [
        "score.yaml:2:99: metadata.annotations[k8s.score.dev/service-name]: 'loom-headless-svc' is the name "
        "of the Service that each StatefulSet has for its pods\n  hint: give the Service another name"
    ]


def test_annotations_that_no_pod_can_have() -> None:
    long, prefix = "x" * (1 << 18), ".".join(["a" * 63] * 4)
    assert problems(workload(SHUTTLE, "", annotated(f"note: {long}"))) == [
        "score.yaml:2:44: metadata.annotations[note]: the annotations of a pod have at most 262144 bytes "
        "together\n  hint: put what is long into a file"
    ]
    assert problems(workload(SHUTTLE, "", annotated(f"{prefix}/note: x"))) == [
        f"score.yaml:2:300: metadata.annotations[{prefix}/note]: what is before the '/' has at most 253 "
        "letters\n  hint: Kubernetes takes no longer one"
    ]


@pytest.mark.parametrize("kind", ["Job", "DaemonSet", "''"])
def test_a_kind_that_no_workload_is(kind: str) -> None:
    """Facts, D1 and D33: nothing of it was written, and nothing said."""
    shown = "''" if kind == "''" else f"'{kind}'"
    assert problems(workload(SHUTTLE, "", annotated(f"k8s.score.dev/kind: {kind}"))) == [
        "score.yaml:2:58: metadata.annotations[k8s.score.dev/kind]: expected Deployment or StatefulSet, "
        f"found {shown}"
    ]


def test_annotations_go_to_the_pod_but_for_ours() -> None:
    text = workload(
        SHUTTLE, "", annotated("owner: ada, k8s.score.dev/kind: Deployment, k8s.score.dev/odd: x")
    )
    found = objects(text)["Deployment/loom"]
    assert found["metadata"]["annotations"] == ANNOTATIONS
    assert found["spec"]["template"]["metadata"]["annotations"] == {**ANNOTATIONS, "owner": "ada"}
    assert notices(text) == [
        "score.yaml:2:101: metadata.annotations[k8s.score.dev/odd]: doit-score does not read it, and it is in"
        " no object"
    ]


def test_the_name_of_the_workload_cannot_be_forged() -> None:
    text = workload(SHUTTLE, "", annotated("k8s.score.dev/workload-name: forged"))
    assert objects(text)["Deployment/loom"]["spec"]["template"]["metadata"]["annotations"] == ANNOTATIONS
    assert notices(text) == []


def test_the_instance_is_of_project_and_workload_and_always_the_same() -> None:
    def label(name: str, project: str) -> str:
        found = objects(workload(SHUTTLE, "", f"{{name: {name}}}"), project=project)[f"Deployment/{name}"]
        return str(found["spec"]["selector"]["matchLabels"]["app.kubernetes.io/instance"])

    assert label("loom", "mill") == label("loom", "mill") == "loom-68bf3d400e"
    assert len({label("loom", "mill"), label("loom", "shed"), label("reel", "mill")}) == 3


def test_an_instance_that_was_taken_over_stays() -> None:
    """The selector of a Deployment that is in a cluster cannot be changed."""
    found = objects(workload(SHUTTLE), instances={"loom": "-0123456789"})["Deployment/loom"]
    label = {"app.kubernetes.io/instance": "loom-0123456789"}
    assert found["spec"]["selector"]["matchLabels"] == label


def test_long_names_are_shortened() -> None:
    """Facts, D10: no label and no name of a Service is longer than 63."""
    name = "a" * 63
    text = workload(SHUTTLE, "", annotated("k8s.score.dev/kind: StatefulSet", name))
    found = objects(text, project="p" * 70)
    lengths = {len(one) for key in found for one in found[key]["metadata"]["labels"].values()}
    assert max(lengths) == 63
    kinds = {key.partition("/")[0]: len(key.partition("/")[2]) for key in found}
    # The controller puts a dash and ten digits behind the name of a set, for a label.
    assert kinds == {"Service": 63, "StatefulSet": 52}
    assert all(names.is_label(value) for key in found for value in found[key]["metadata"]["labels"].values())


@pytest.mark.parametrize(
    ("metadata", "place", "name"),
    [
        ("{name: 7looms}", "score.yaml:2:18: metadata.name", "7looms"),
        (
            "{name: loom, annotations: {k8s.score.dev/service-name: Line}}",
            "score.yaml:2:66: metadata.annotations[k8s.score.dev/service-name]",
            "Line",
        ),
    ],
)
def test_a_name_that_no_service_can_have(metadata: str, place: str, name: str) -> None:
    """Facts, D11."""
    assert problems(workload(SHUTTLE, PORTS, metadata)) == [
        f"{place}: no Service can be called '{name}'\n  hint: it has lower case letters, digits and '-', and"
        " begins with a letter; the annotation k8s.score.dev/service-name gives it another name"
    ]


def test_a_name_that_no_service_can_have_is_no_matter_without_ports() -> None:
    assert sorted(objects(workload(SHUTTLE, "", "{name: 7looms}"))) == ["Deployment/7looms"]


def test_two_ports_of_one_number() -> None:
    """Facts, D24."""
    ports = (
        "service:\n  ports:\n    aa: {port: 80}\n    bb: {port: 80, targetPort: 81}\n"
        "    cc: {port: 80, protocol: UDP}\n"
    )
    assert problems(workload(SHUTTLE, ports)) == [
        "score.yaml:7:16: service.ports.bb.port: the port 80 of TCP is that of 'aa' already\n"
        "  hint: a Service has each of its ports once"
    ]


def test_a_changed_file_changes_the_pod() -> None:
    """Facts, D14: a digest of the content is in the template of the pods."""

    def content(text: str) -> object:
        files = f"{{shuttle: {{image: x, files: {{/etc/card: {{content: {text}}}}}}}}}"
        found = objects(workload(files))["Deployment/loom"]
        return found["spec"]["template"]["metadata"]["annotations"]["k8s.score.dev/content"]

    assert content("one") == content("one") != content("two")


def test_a_changed_secret_changes_the_pod_that_uses_it() -> None:
    secret = "\N{CLOSED LOCK WITH KEY}\N{SPEECH BALLOON}till_pin\N{SPEECH BALLOON}\N{CLOSED LOCK WITH KEY}"
    uses = "{shuttle: {image: x, variables: {PIN: '${resources.till.pin}'}}}"

    def content(containers: str, digest: str) -> object:
        text = workload(containers, "resources: {till: {type: till}}\n")
        contents = {"till.default#loom.till": {"Secret/till": digest}}
        found = objects(text, {"till": {"pin": secret}}, contents=contents)["Deployment/loom"]
        return found["spec"]["template"]["metadata"]["annotations"].get("k8s.score.dev/content")

    assert content(uses, "one") == content(uses, "one") != content(uses, "two")
    assert content(SHUTTLE, "one") is None


@pytest.mark.parametrize(
    ("containers", "metadata", "place"),
    [
        (SHUTTLE, annotated("owner: REF"), "score.yaml:2:45: metadata.annotations[owner]"),
        ("{shuttle: {image: REF}}", "{name: loom}", "score.yaml:3:31: containers.shuttle.image"),
        ("{shuttle: {image: x, args: [a, REF]}}", "{name: loom}", "score.yaml:3:40: containers.shuttle.args"),
        (
            "{shuttle: {image: x, command: [REF]}}",
            "{name: loom}",
            "score.yaml:3:43: containers.shuttle.command",
        ),
        (
            "{shuttle: {image: x, livenessProbe: {exec: {command: [REF]}}}}",
            "{name: loom}",
            "score.yaml:3:49: containers.shuttle.livenessProbe",
        ),
        (
            "{shuttle: {image: x, readinessProbe: {httpGet: {path: /REF, port: 80}}}}",
            "{name: loom}",
            "score.yaml:3:50: containers.shuttle.readinessProbe",
        ),
    ],
)
def test_a_secret_where_none_can_be(containers: str, metadata: str, place: str) -> None:
    mark = "\N{CLOSED LOCK WITH KEY}\N{SPEECH BALLOON}"
    reference = f"{mark}till_pin{mark[::-1]}"
    text = workload(containers, "", metadata).replace("REF", reference)
    assert problems(text) == [
        f"{place}: the Secret 'till' cannot be used here\n  hint: give it in a variable"
    ]


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = workload(
        "{shuttle: {image: '.', files: {rel: {content: x}}}}",
        "service: {ports: {aa: {port: 80}, bb: {port: 80}}}\n",
        annotated("k8s.score.dev/kind: Job", "7looms"),
    )
    assert [one.partition(": ")[2].partition(":")[0] for one in problems(text)] == [
        "metadata.name",
        "metadata.annotations[k8s.score.dev/kind]",
        "containers.shuttle.image",
        "containers.shuttle.files[rel]",
        "service.ports.bb.port",
    ]


def test_a_claim_of_one_machine_is_handed_over_before_the_next_pod_starts() -> None:
    """Facts, D2: a claim in a Deployment is an object of its own."""
    text = workload(
        "{shuttle: {image: x, volumes: {/data: {source: '${resources.bin}'}}}}",
        "resources: {bin: {type: bin}}\n",
    )
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    found = objects(text, {"bin": {"claimSpec": claim}})
    name = "loom-bin-" + names.digest("bin.default#loom.bin")
    assert sorted(found) == ["Deployment/loom", f"PersistentVolumeClaim/{name}"]
    # Another workload that shares it gives the same.
    labels = {"app.kubernetes.io/managed-by": "doit-score", "app.kubernetes.io/part-of": "mill"}
    assert found[f"PersistentVolumeClaim/{name}"] == {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, "labels": labels},
        "spec": claim,
    }
    assert found["Deployment/loom"]["spec"]["strategy"] == {"type": "Recreate"}
    shared = {**claim, "accessModes": ["ReadWriteMany"]}
    assert "strategy" not in objects(text, {"bin": {"claimSpec": shared}})["Deployment/loom"]["spec"]
    assert container(text, {"bin": {"claimSpec": shared}})["volumeMounts"] == [
        {"name": "vol-" + names.digest("bin.default#loom.bin"), "mountPath": "/data"}
    ]
