"""Objects as one text: their order, those that are called the same, the namespace, and what is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from command import Directory

from doit_score.targets import Entry, Options, Whole
from doit_score.targets.kubernetes.project import assemble, entry, read, splice
from doit_score.targets.kubernetes.target import TARGET
from doit_score.text.errors import ScoreError
from doit_score.text.yaml12 import load

SCORE = "apiVersion: score.dev/v1b1\nmetadata: {name: loom}\ncontainers: {shuttle: {image: x}}\n"
UP_TO_DATE = "INFO: nothing to do: 1 workload, 0 resources up to date\n"
MILL = Options(project="p", namespace="mill")


def made(
    kind: str, name: str, owner: str = "bin", who: str = "resource", options: Options = MILL, **rest: object
) -> Entry:
    version = "apps/v1" if kind in ("Deployment", "StatefulSet") else "v1"
    value: Mapping[str, object] = {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **rest}
    return entry("", who, owner, value, options)


def assembled(*entries: Entry, options: Options = MILL) -> list[str]:
    """The kinds and names of the objects, in their order; there must be nothing to warn of."""
    text, warnings = assemble(entries, Whole({}, {}, options))
    assert warnings == ()
    return [f"{one['kind']}/{one['metadata']['name']}" for one in read(text)]  # type: ignore[index]  # it has both


def test_an_entry_is_a_document_in_the_namespace() -> None:
    found = made("ConfigMap", "web", data={"b": "2", "a": "1"})
    assert (found.section, found.name, found.kind, found.owner) == (
        "manifests",
        "mill/v1/ConfigMap/web",
        "resource",
        "bin",
    )
    assert found.text == (
        '---\napiVersion: v1\ndata:\n  a: "1"\n  b: "2"\nkind: ConfigMap\n'
        "metadata:\n  name: web\n  namespace: mill\n"
    )


def test_what_is_in_secrets_and_config_maps_of_resources_is_told_by_a_digest() -> None:
    one, two = (made("Secret", "till", stringData={"pin": pin}) for pin in ("1234", "1235"))
    assert one.links.startswith("Secret/till ")
    assert one.links != two.links
    assert "1234" not in one.links
    assert made("Secret", "till", who="workload").links == made("Service", "till").links == ""


def test_an_object_without_a_name_is_called_by_its_place() -> None:
    assert entry("/0", "resource", "bin", {"apiVersion": "a/v1", "kind": "Odd"}, MILL).name == "/0"


def test_kyaml() -> None:
    found = made("ConfigMap", "web", options=Options(format="kyaml"))
    assert (
        found.text
        == '---\n{\n  apiVersion: "v1",\n  kind: "ConfigMap",\n  metadata: {\n    name: "web",\n  },\n}\n'
    )


def test_texts_that_look_like_the_mark_of_a_document_are_none() -> None:
    data = {"a": "one\n---\ntwo\n", "b": "---", "c": "---\nx"}
    for format_ in ("yaml", "kyaml"):
        options = Options(format=format_)
        text = made("ConfigMap", "web", options=options, data=data).text * 2
        assert [one["data"] for one in read(text)] == [data, data]  # type: ignore[index]  # it has that


def test_the_order_is_resources_first_and_what_others_need_before_these() -> None:
    entries = [
        made("Deployment", "loom", "loom", "workload"),
        made("Service", "loom", "loom", "workload"),
        made("ConfigMap", "loom", "loom", "workload"),
        made("StatefulSet", "db"),
        made("Job", "db"),
        made("Secret", "db"),
        made("Odd", "db"),
        made("Namespace", "db"),
        made("Secret", "a", "a"),
    ]
    expected = [
        *("Secret/a", "Namespace/db", "Secret/db", "StatefulSet/db", "Job/db", "Odd/db"),
        *("ConfigMap/loom", "Service/loom", "Deployment/loom"),
    ]
    assert assembled(*entries) == assembled(*reversed(entries)) == expected


def test_a_claim_that_two_workloads_want_alike_is_one() -> None:
    one, two = (made("PersistentVolumeClaim", "c", name, "workload") for name in ("a", "b"))
    assert assembled(one, two) == ["PersistentVolumeClaim/c"]


def test_two_workloads_share_the_claim_of_a_resource(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.init("--target", "kubernetes", "--default-provisioners")
    for name in ("one", "two"):
        here.write(
            f"{name}.yaml",
            f"apiVersion: score.dev/v1b1\nmetadata: {{name: {name}}}\n"
            'containers: {main: {image: i, volumes: {/d: {source: "${resources.disk}"}}}}\n'
            "resources: {disk: {type: volume, id: common, params: {access_mode: ReadWriteMany}}}\n",
        )
    here.run("generate", "one.yaml", "two.yaml")
    kinds = ["PersistentVolumeClaim", "Deployment", "Deployment"]
    assert [one["kind"] for one in objects(here)] == kinds


CONTENT = """\
- uri: template://mill/maker
  type: maker
  outputs: "name: maker"
  manifests: |
    - {apiVersion: v1, kind: Secret, metadata: {name: shared}, stringData: {password: ONE}}
"""


@pytest.mark.usefixtures("settled")
def test_a_changed_secret_that_another_workload_brings_changes_the_pods_that_use_it(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.init("--target", "kubernetes")
    here.write("provisioners/x.provisioners.yaml", CONTENT)
    for name, resource, variable in (
        ("makes", "{type: maker}", "name"),
        ("uses", "{type: environment, params: {secret: shared}}", "password"),
    ):
        here.write(
            f"{name}.yaml",
            f"apiVersion: score.dev/v1b1\nmetadata: {{name: {name}}}\n"
            f'containers: {{main: {{image: i, variables: {{P: "${{resources.it.{variable}}}"}}}}}}\n'
            f"resources: {{it: {resource}}}\n",
        )
    here.run("generate", "makes.yaml", "uses.yaml")
    before = (tmp_path / "manifests.yaml").read_bytes()
    here.write("provisioners/x.provisioners.yaml", CONTENT.replace("ONE", "TWO"))
    assert "rendered 1 workload of 2\n" in here.run("generate").stderr
    after = (tmp_path / "manifests.yaml").read_bytes()
    here.run("generate", "--force")
    assert (tmp_path / "manifests.yaml").read_bytes() == after != before.replace(b"ONE", b"TWO")


def test_two_workloads_with_one_name_for_their_services() -> None:
    """Facts, D34."""
    one = made("Service", "line", "a", "workload", spec={"selector": {"a": "1"}})
    two = made("Service", "line", "b", "workload", spec={"selector": {"a": "2"}})
    with pytest.raises(ScoreError) as error:
        assembled(one, two)
    assert str(error.value) == (
        "Service line is written by workload 'a' and, with other content, by workload 'b'\n"
        "  hint: give one of them another name"
    )


def test_an_object_of_a_resource_with_the_name_of_a_workload() -> None:
    """Facts, D35: the workload's counts, and that is said."""
    of_resource = made("Deployment", "loom", spec={"replicas": 2})
    of_workload = made("Deployment", "loom", "loom", "workload", spec={"replicas": 1})
    text, warnings = assemble([of_workload, of_resource], Whole({}, {}, MILL))
    assert text == of_workload.text
    assert [str(one) for one in warnings] == [
        "Deployment loom is written by resource 'bin' and, with other content, by workload 'loom', which "
        "counts\n"
        "  hint: give one of them another name"
    ]


def test_the_namespace_can_be_written_too_and_is_there_once() -> None:
    options = Options(project="p", namespace="mill", generate_namespace=True)
    text, _ = assemble([made("Secret", "a", options=options)], Whole({}, {}, options))
    assert load(text.split("---\n")[1]) == {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"labels": {"app.kubernetes.io/managed-by": "doit-score"}, "name": "mill"},
    }
    assert assembled(made("Secret", "a", options=options), options=options) == ["Namespace/mill", "Secret/a"]
    of_resource = made("Namespace", "mill", options=options)
    assert assembled(of_resource, made("Secret", "a"), options=options) == ["Namespace/mill", "Secret/a"]


def test_an_object_takes_the_place_of_its_former_self() -> None:
    before = [made("Secret", name, stringData={"a": "1"}) for name in ("a", "b")]
    after = [made("Secret", name, stringData={"a": "2"}) for name in ("a", "b")]
    text = assemble(before, Whole({}, {}, MILL))[0].encode()
    assert (
        splice(text, before[:1], after[:1])
        == assemble([after[0], before[1]], Whole({}, {}, MILL))[0].encode()
    )
    assert splice(text, before, after) == assemble(after, Whole({}, {}, MILL))[0].encode()
    assert splice(text, before, before) == text
    assert splice(text.replace(b'a: "1"', b"a: x"), before, after) is None


@pytest.mark.parametrize("format_", ["yaml", "kyaml"])
def test_what_is_of_a_project_says_so(tmp_path: Path, format_: str) -> None:
    here = project(tmp_path)
    here.run("generate", "--output-format", format_)
    text = (tmp_path / "manifests.yaml").read_bytes()
    assert TARGET.is_of(text, "demo")
    assert not TARGET.is_of(text, "dem")
    assert not TARGET.is_of(b"old: text\n", "demo")


def project(path: Path, *arguments: str) -> Directory:
    here = Directory(path)
    here.init("--target", "kubernetes", *arguments)
    here.write("score.yaml", SCORE)
    here.run("generate", "score.yaml")
    return here


def objects(here: Directory) -> list[Any]:
    return read((here.path / "manifests.yaml").read_text())


@pytest.mark.usefixtures("settled")
def test_the_namespace_is_remembered(tmp_path: Path) -> None:
    """Facts, D23."""
    here = project(tmp_path)
    here.run("generate", "-n", "mill", "--generate-namespace")
    assert here.run("generate").stderr == UP_TO_DATE
    here.write("score.yaml", SCORE.replace("image: x", "image: z"))
    here.run("generate")
    assert [one["metadata"].get("namespace") for one in objects(here)] == [None, "mill"]
    here.run("generate", "-n", "mill")
    assert [one["metadata"].get("namespace") for one in objects(here)] == [None, "mill"]
    here.run("generate", "-n", "shed")
    assert [one["metadata"].get("namespace") for one in objects(here)] == ["shed"]
    here.run("generate", "-n", "")
    assert [one["metadata"].get("namespace") for one in objects(here)] == [None]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["-n", "Mill_1"],
            "no namespace can be called 'Mill_1'\n"
            "  hint: use lower case letters, digits and '-', at most 63 of them",
        ),
        (
            ["--generate-namespace"],
            "--generate-namespace: there is no namespace that could be generated\n"
            "  hint: name it: --namespace NAME",
        ),
    ],
)
def test_a_namespace_that_cannot_be(tmp_path: Path, arguments: list[str], said: str) -> None:
    """Facts, D37."""
    here = Directory(tmp_path)
    here.init("--target", "kubernetes")
    here.write("score.yaml", SCORE)
    assert here.run("generate", "score.yaml", *arguments, status=1).stderr == f"Error: {said}\n"
    assert not (tmp_path / "manifests.yaml").exists()


def test_manifests_are_read_by_nobody_else(tmp_path: Path) -> None:
    project(tmp_path)
    assert (tmp_path / "manifests.yaml").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_not_ours_is_replaced_with_force_only(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.init("--target", "kubernetes")
    here.write("score.yaml", SCORE)
    here.write("manifests.yaml", "old: text\n")
    said = here.run("generate", "score.yaml", status=1).stderr
    assert "Error: manifests.yaml: was not written for this project, and is not replaced\n" in said
    assert (tmp_path / "manifests.yaml").read_text() == "old: text\n"
    here.run("generate", "score.yaml", "--force")
    assert [one["kind"] for one in objects(here)] == ["Deployment"]


def test_a_score_file_counts_as_it_is(tmp_path: Path) -> None:
    here = project(tmp_path)
    before = (tmp_path / "manifests.yaml").read_text()
    here.write("score.yaml", SCORE.replace("image: x", "image: '.'"))
    for arguments in (["score.yaml"], []):
        said = here.run("generate", *arguments, status=1).stderr
        assert "there is no image ('.'), and nobody gave one" in said
    assert (tmp_path / "manifests.yaml").read_text() == before


def test_the_target_is_remembered_and_cannot_be_another(tmp_path: Path) -> None:
    here = project(tmp_path)
    here.init()
    assert here.run("init", "--no-sample", "--target", "compose", status=1).stderr == (
        "Error: the state in 'state' is of a project for kubernetes, not compose\n"
        "  hint: each target has a state directory of its own: --state-dir DIR\n"
    )
