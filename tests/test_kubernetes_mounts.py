"""What containers mount: files one by one, and the volumes of resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from cluster import container, converted, objects, pod, problems, workload

from doit_score.targets.kubernetes.names import digest

MARK = "\N{CLOSED LOCK WITH KEY}\N{SPEECH BALLOON}"
PIN = f"{MARK}till_pin{MARK[::-1]}"
BIN = "resources: {bin: {type: bin}}\n"
EMPTY: Mapping[str, object] = {"source": {"emptyDir": {}}}
VOLUME = f"vol-{digest('bin.default#loom.bin')}"
"""The volume of the resource `bin`."""


def files(said: str, more: str = "") -> str:
    return workload(f"{{shuttle: {{image: x, files: {{{said}}}{more}}}}}", BIN)


def volumes(said: str) -> str:
    return workload(f"{{shuttle: {{image: x, volumes: {{{said}}}}}}}", BIN)


def config_map(text: str, **given: Any) -> Any:
    (found,) = (one for key, one in objects(text, **given).items() if key.startswith("ConfigMap/"))
    return found


def test_a_file_is_mounted_by_itself_from_text() -> None:
    """Facts, D12: the directory that the image has stays."""
    text = files("/etc/loom/card: {content: 'twill ${metadata.name} $$5', mode: '0440'}")
    name, volume = f"loom-shuttle-file-{digest('/etc/loom/card')}", f"file-{digest('shuttle/etc/loom/card')}"
    found = config_map(text)
    assert (found["metadata"]["name"], found["data"]) == (name, {"file": "twill loom $5"})
    assert container(text)["volumeMounts"] == [
        {"name": volume, "mountPath": "/etc/loom/card", "subPath": "card", "readOnly": True}
    ]
    assert pod(text)["volumes"] == [
        {
            "name": volume,
            "configMap": {"name": name, "items": [{"key": "file", "path": "card", "mode": 0o440}]},
        }
    ]


def test_a_file_without_a_mode_has_that_of_the_cluster() -> None:
    (volume,) = pod(files("/card: {content: x}"))["volumes"]
    assert volume["configMap"]["items"] == [{"key": "file", "path": "card"}]


def test_a_file_at_the_root_hides_nothing_but_itself() -> None:
    assert container(files("/card: {content: x}"))["volumeMounts"][0]["mountPath"] == "/card"


def test_what_is_not_to_be_expanded_is_not() -> None:
    text = files("/card: {content: '${metadata.name} $$', noExpand: true}")
    assert config_map(text)["data"] == {"file": "${metadata.name} $$"}


def test_a_reference_in_what_is_not_expanded_is_text() -> None:
    text = files(f"/card: {{content: '{PIN}', noExpand: true}}")
    assert config_map(text)["data"] == {"file": PIN}


@pytest.mark.parametrize("said", ["binaryContent: //4A", "source: card"])
def test_bytes_that_are_no_text_are_base64(said: str) -> None:
    found = config_map(files(f"/card: {{{said}}}"), sources={"card": b"\xff\xfe\x00"})
    assert (found["binaryData"], "data" in found) == ({"file": "//4A"}, False)


def test_a_source_is_read_and_its_placeholders_are_replaced() -> None:
    text = files("/card: {source: conf/card}")
    assert config_map(text, sources={"conf/card": b"of ${metadata.name}"})["data"] == {"file": "of loom"}


@pytest.mark.parametrize(
    ("source", "sources", "said"),
    [
        ("../card", {}, "expected a relative path within the directory of the Score file, found '../card'"),
        ("card", {"card": "there is no such file"}, "failed to read 'card': there is no such file"),
    ],
)
def test_a_source_that_cannot_be_read(source: str, sources: Mapping[str, Any], said: str) -> None:
    assert problems(files(f"/card: {{source: {source}}}"), sources=sources) == [
        f"score.yaml:3:58: containers.shuttle.files[/card].source: {said}"
    ]


def test_two_containers_have_each_its_own_file_at_one_path() -> None:
    """Facts, D3."""
    text = workload(
        "{picker: {image: x, files: {/card: {content: one}}}, "
        "shuttle: {image: x, files: {/card: {content: two}}}}"
    )
    found = pod(text)
    names = [one["volumeMounts"][0]["name"] for one in found["containers"]]
    assert len({*names}) == 2
    maps = {one["name"]: one["configMap"]["name"] for one in found["volumes"]}
    held = {
        key.partition("/")[2]: one["data"]["file"]
        for key, one in objects(text).items()
        if key.startswith("ConfigMap/")
    }
    assert [held[maps[name]] for name in names] == ["one", "two"]


def test_a_secret_is_a_file() -> None:
    text = files("/etc/pin: {content: '${resources.bin.pin}', mode: '0400'}")
    assert pod(text, {"bin": {"pin": PIN}})["volumes"] == [
        {
            "name": f"file-{digest('shuttle/etc/pin')}",
            "secret": {"secretName": "till", "items": [{"key": "pin", "path": "pin", "mode": 0o400}]},
        }
    ]
    assert not [key for key in objects(text, {"bin": {"pin": PIN}}) if key.startswith("ConfigMap/")]


def test_a_secret_with_a_line_break_is_the_secret() -> None:
    """Facts, D39: as a block of YAML has one."""
    text = files('/etc/pin: {content: "${resources.bin.pin}\\n"}')
    (volume,) = pod(text, {"bin": {"pin": PIN}})["volumes"]
    assert volume["secret"]["secretName"] == "till"


@pytest.mark.parametrize("content", ["pin=${resources.bin.pin}", "${resources.bin.pin}${resources.bin.pin}"])
def test_a_secret_beside_text_cannot_be_a_file(content: str) -> None:
    assert problems(files(f"/etc/pin: {{content: '{content}'}}"), {"bin": {"pin": PIN}}) == [
        "score.yaml:3:62: containers.shuttle.files[/etc/pin].content: a secret stands beside other text, "
        "which a file cannot have\n"
        "  hint: give the file nothing but the secret, or use a variable, which can have both"
    ]


def test_a_file_that_is_too_large() -> None:
    """Facts, D24."""
    text = files("/card: {source: card}")
    assert config_map(text, sources={"card": b"x" * 1048576})["data"]["file"] == "x" * 1048576
    assert problems(text, sources={"card": b"x" * 1048577}) == [
        "score.yaml:3:49: containers.shuttle.files[/card]: 1048577 bytes are more than a ConfigMap can hold "
        "(1048576)\n  hint: put it into the image, or into a volume"
    ]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("card", "expected an absolute path"),
        ("/", "the path '/' cannot be mounted over"),
        ("/..", "the path '/' cannot be mounted over"),
        ("/a:b", "the path '/a:b' cannot have a ':'"),
    ],
)
def test_targets_that_cannot_be(target: str, said: str) -> None:
    """Facts, D37."""
    (problem,) = problems(files(f"'{target}': {{content: x}}"))
    assert problem.partition(": ")[2] == f"containers.shuttle.files[{target}]: {said}"


def test_a_volume_beside_a_file_keeps_what_is_said_of_it() -> None:
    """Facts, D15: there both became one projection, without path and optional."""
    said = "/v: {source: '${resources.bin}', path: sub}"
    text = files("/v/extra: {content: x}", f", volumes: {{{said}}}")
    source = {"secret": {"secretName": "till", "optional": True, "defaultMode": 256}}
    found = container(text, {"bin": {"source": source}})["volumeMounts"]
    assert found[0] == {"name": VOLUME, "mountPath": "/v", "subPath": "sub"}
    assert {"name": VOLUME, **source} in pod(text, {"bin": {"source": source}})["volumes"]


def test_two_things_at_one_path() -> None:
    """Facts, D13: a file inside of a volume is none of these."""
    text = files("/data/card: {content: x}", ", volumes: {/data: {source: '${resources.bin}'}}")
    paths = [one["mountPath"] for one in container(text, {"bin": EMPTY})["volumeMounts"]]
    assert paths == ["/data", "/data/card"]
    text = files(
        "/data: {content: x}, /data/: {content: y}", ", volumes: {//data: {source: '${resources.bin}'}}"
    )
    taken = "containers.shuttle.{}: containers.shuttle.files[/data] mounts something at /data already"
    assert [one.partition(": ")[2] for one in problems(text, {"bin": EMPTY})] == [
        taken.format("files[/data/]").replace("containers.shuttle.files[/data] m", "files[/data] m"),
        taken.format("volumes[//data]").replace("containers.shuttle.files[/data] m", "files[/data] m"),
    ]


def test_a_volume_of_a_resource() -> None:
    text = volumes("/basket: {source: '${resources.bin}', path: sub/./dir, readOnly: true}")
    assert container(text, {"bin": EMPTY})["volumeMounts"] == [
        {"name": VOLUME, "mountPath": "/basket", "subPath": "sub/dir", "readOnly": True}
    ]
    assert pod(text, {"bin": EMPTY})["volumes"] == [{"name": VOLUME, "emptyDir": {}}]


def test_one_resource_is_one_volume_wherever_it_is_mounted() -> None:
    """Facts, D38: two emptyDirs would share nothing."""
    mount = "volumes: {/a: {source: '${resources.bin}'}, /b: {source: '${resources.bin}'}}"
    text = workload(f"{{picker: {{image: x, {mount}}}, shuttle: {{image: x, {mount}}}}}", BIN)
    found = pod(text, {"bin": EMPTY})
    assert found["volumes"] == [{"name": VOLUME, "emptyDir": {}}]
    mounts = [{"name": VOLUME, "mountPath": path} for path in ("/a", "/b")]
    assert [one["volumeMounts"] for one in found["containers"]] == [mounts, mounts]


def test_two_resources_at_one_path_in_two_containers_are_two_volumes() -> None:
    text = workload(
        "{picker: {image: x, volumes: {/a: {source: '${resources.bin}'}}}, "
        "shuttle: {image: x, volumes: {/a: {source: '${resources.tub}'}}}}",
        "resources: {bin: {type: bin}, tub: {type: bin}}\n",
    )
    found = pod(text, {"bin": EMPTY, "tub": {"source": {"hostPath": {"path": "/srv"}}}})
    assert found["volumes"] == sorted(
        [
            {"name": VOLUME, "emptyDir": {}},
            {"name": f"vol-{digest('bin.default#loom.tub')}", "hostPath": {"path": "/srv"}},
        ],
        key=lambda one: str(one["name"]),
    )


CLAIM = {"claimSpec": {"accessModes": ["ReadWriteOnce"]}}


def of_set(text: str) -> str:
    return text.replace("{name: loom}", "{name: loom, annotations: {k8s.score.dev/kind: StatefulSet}}")


def test_each_pod_of_a_set_has_its_own_claim() -> None:
    text = of_set(volumes("/data: {source: '${resources.bin}'}"))
    spec = objects(text, {"bin": CLAIM})["StatefulSet/loom"]["spec"]
    assert spec["volumeClaimTemplates"] == [{"metadata": {"name": VOLUME}, "spec": CLAIM["claimSpec"]}]
    assert "volumes" not in spec["template"]["spec"]


def test_the_claim_of_a_set_that_was_taken_over_has_the_name_of_its_path() -> None:
    text = of_set(volumes("/data: {source: '${resources.bin}'}"))
    spec = objects(text, {"bin": CLAIM}, instances={"loom": "-0123456789"})["StatefulSet/loom"]["spec"]
    (claim,) = spec["volumeClaimTemplates"]
    assert claim["metadata"] == {"name": f"vol-{digest('/data')}"}  # that of score-k8s, whose claims go on


def test_another_container_takes_no_claim_away() -> None:
    """Neither one with a volume of its own at the same path, nor one that mounts the same elsewhere."""
    text = of_set(
        workload(
            "{backup: {image: x, volumes: {/data: {source: '${resources.tub}'}, "
            "/before: {source: '${resources.bin}'}}}, "
            "shuttle: {image: x, volumes: {/data: {source: '${resources.bin}'}}}}",
            "resources: {bin: {type: bin}, tub: {type: bin}}\n",
        )
    )
    spec = objects(text, {"bin": CLAIM, "tub": CLAIM})["StatefulSet/loom"]["spec"]
    mounts = [one["volumeMounts"] for one in spec["template"]["spec"]["containers"]]
    tub = f"vol-{digest('bin.default#loom.tub')}"
    assert mounts == [
        [{"name": VOLUME, "mountPath": "/before"}, {"name": tub, "mountPath": "/data"}],
        [{"name": VOLUME, "mountPath": "/data"}],
    ]


def test_a_claim_that_workloads_share_is_one_object_for_a_set_too() -> None:
    text = workload(
        "{shuttle: {image: x, volumes: {/data: {source: '${resources.bin}'}}}}",
        "resources: {bin: {type: bin, id: common}}\n",
        "{name: loom, annotations: {k8s.score.dev/kind: StatefulSet}}",
    )
    found = objects(text, {"bin": CLAIM})
    name = f"common-{digest('bin.default#common')}"
    assert f"PersistentVolumeClaim/{name}" in found
    assert found["StatefulSet/loom"]["spec"]["template"]["spec"]["volumes"] == [
        {"name": f"vol-{digest('bin.default#common')}", "persistentVolumeClaim": {"claimName": name}}
    ]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ({"secret": {"secretName": "till"}}, "Secret/till"),
        ({"configMap": {"name": "till"}}, "ConfigMap/till"),
        ({"projected": {"sources": [{"secret": {"name": "till"}}]}}, "Secret/till"),
    ],
)
def test_a_mounted_secret_or_config_map_that_changed_changes_the_pod(
    source: Mapping[str, object], what: str
) -> None:
    text = volumes("/basket: {source: '${resources.bin}'}")

    def content(digest: str) -> object:
        found = objects(text, {"bin": {"source": source}}, contents={"till": {what: digest}})
        return found["Deployment/loom"]["spec"]["template"]["metadata"]["annotations"][
            "k8s.score.dev/content"
        ]

    assert content("one") == content("one") != content("two")


def test_a_file_that_no_config_map_can_have() -> None:
    assert problems(files("/etc/..data: {content: x}")) == [
        "score.yaml:3:55: containers.shuttle.files[/etc/..data]: no file of a ConfigMap can be called "
        "'..data': it begins with '..'\n  hint: put it into the image, or give it another name"
    ]


def test_a_changed_volume_source_is_no_changed_content() -> None:
    text = volumes("/basket: {source: '${resources.bin}'}")
    template = objects(text, {"bin": EMPTY})["Deployment/loom"]["spec"]["template"]
    assert "k8s.score.dev/content" not in template["metadata"]["annotations"]


WRONG = "score.yaml:3:57: containers.shuttle.volumes[/a].source: "
UID = "resource 'bin.default#loom.bin'"


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        ({}, " is no volume: expected the output source or claimSpec, found neither"),
        (
            {"source": {"emptyDir": {}}, "claimSpec": {"accessModes": []}},
            " is no volume: expected the output source or claimSpec, found both",
        ),
        ({**EMPTY, "host": "h"}, ": output 'host' is no part of a volume"),
        ({"source": {}}, ": output source: expected a mapping with something in it, found an empty one"),
        ({"source": "a"}, ": output source: expected a mapping with something in it, found text"),
        (
            {"source": {"emptyDirr": {}}},
            ": output source: unknown field emptyDirr\n  hint: did you mean 'emptyDir'?",
        ),
        (
            {"source": {"name": "a", "emptyDir": {}}},
            ": output source: unknown field name\n  hint: the volume is named by us",
        ),
        (
            {"source": {"hostPath": {"path": "/"}, "emptyDir": {}}},
            ": output source: expected one kind of volume, found emptyDir, hostPath",
        ),
        (
            {"source": {"hostPath": {"path": 5}}},
            ": output source: hostPath.path: expected text, found a number (5)\n  hint: quote it",
        ),
        (
            {"claimSpec": {"storageClass": "fast"}},
            ": output claimSpec: unknown field storageClass\n  hint: did you mean 'storageClassName'?",
        ),
        (
            {"source": {"secret": {"secretName": PIN}}},
            ": output source: secret.secretName: a secret cannot stand here",
        ),
    ],
)
def test_outputs_that_are_no_volume(outputs: Mapping[str, object], said: str) -> None:
    assert problems(volumes("/a: {source: '${resources.bin}'}"), {"bin": outputs}) == [f"{WRONG}{UID}{said}"]


@pytest.mark.parametrize(
    ("source", "found"), [("plain", "plain"), ("${resources.bin.name}", "bin"), ("x${resources.bin}", None)]
)
def test_a_source_that_is_no_resource(source: str, found: str | None) -> None:
    found = found or "xbin.default#loom.bin"
    assert problems(volumes(f"/a: {{source: '{source}'}}"), {"bin": {"name": "bin"}}) == [
        f"{WRONG}there is no resource '{found}' to be mounted\n"
        "  hint: name a resource of the workload: ${resources.NAME}"
    ]


def test_the_uid_of_a_resource_may_be_spelled() -> None:
    text = volumes("/a: {source: 'bin.default#loom.bin'}")
    assert pod(text, {"bin": EMPTY})["volumes"] == [{"name": VOLUME, "emptyDir": {}}]


@pytest.mark.parametrize("path", ["/abs", "..", "../x", "a/../../b"])
def test_a_path_that_is_not_in_the_volume(path: str) -> None:
    (problem,) = problems(volumes(f"/a: {{source: '${{resources.bin}}', path: {path}}}"), {"bin": EMPTY})
    assert problem.partition(": ")[2] == (
        f"containers.shuttle.volumes[/a].path: expected a relative path below the volume, found {path!r}"
    )


def test_nothing_is_written_beside_the_manifests() -> None:
    assert converted(files("/card: {content: x}")).mounts == ()
