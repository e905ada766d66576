"""Taking over directories of score-k8s, and handing them back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from recorded import run, write

from doit_score.store.state import open_state
from doit_score.text import yaml12

CASES = Path(__file__).parent / "conformance" / "kubernetes"
GUID = "11111111-2222-4333-8444-555555555555"
INSTANCE = "f9eeec1a26"

APART = {
    "k8s-files-16-source-parent": "a source outside of the Score file's directory is refused here",
    "k8s-patches-06-set-deep-missing": "a field that the API does not know is refused here",
    "k8s-provisioners-103-cmd-on-path": "the command is on a PATH that the case makes",
    "k8s-provisioners-78-load-stdin": "the provisioners came from standard input",
}
"""Cases that cannot be laid out, or are refused, and why."""


@cache
def cases() -> Mapping[str, Mapping[str, Any]]:
    """The cases that succeed throughout and leave manifests, by id."""
    found = {}
    for path in sorted(CASES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            good = not any(step.get("exit") for step in case["expect"])
            if (
                case["id"] not in APART
                and good
                and {"manifests.yaml", "state.yaml"} <= case["expected"].keys()
                and _is_told(case)
            ):
                found[case["id"]] = case
    return found


def _is_told(case: Mapping[str, Any]) -> bool:
    """Whether the state says all: it knows no flags, a defect is mended, a provisioner may count its runs."""
    flags = {"-n", "--namespace", "-o", "--format"}
    said = {word for step in case["steps"] for word in step.get("run", ())}
    counts = any("add1" in (file.get("text") or "") for file in case["input"].values())
    return not (flags & said or "reference-defect" in case.get("tags", ()) or counts)


def filled(text: str) -> str:
    """``text`` of a case with identifiers in the place of what stands for them."""
    text = text.replace("<guid8>", GUID[:8]).replace("<guid>", GUID)
    return re.sub("<instance>", INSTANCE, text)


def lay_out(name: str) -> None:
    """Fills the working directory with what is there after all steps of a case."""
    case = cases()[name]
    for path, file in case["input"].items():
        if "text" in file:
            write(path, file["text"], int(file["mode"], 8) if "mode" in file else None)
    for step in case["steps"]:
        if "write" in step:
            write(step["write"], step["text"])
        if "delete" in step:
            Path(step["delete"]).unlink()
        for flag, value in zip(step.get("run", ()), step.get("run", ())[1:], strict=False):
            if flag == "--provisioners" and value != "-":
                write(f".score-k8s/0-{value}", Path(value).read_bytes())
    write(".score-k8s/state.yaml", filled(case["expected"]["state.yaml"]["text"]))


def state() -> Any:
    return yaml12.load(Path(".score-k8s/state.yaml").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    yield


@pytest.mark.parametrize("name", sorted(cases()))
def test_what_runs_in_a_cluster_keeps_its_names_and_labels(name: str) -> None:
    lay_out(name)
    run("generate")
    ours = list(yaml.safe_load_all(Path("manifests.yaml").read_text(encoding="utf-8")))
    theirs = list(yaml.safe_load_all(filled(cases()[name]["expected"]["manifests.yaml"]["text"])))

    def known(objects: list[Any]) -> set[str]:
        return {f"{one['kind']}/{one['metadata']['name']}" for one in objects if one and "metadata" in one}

    def selectors(objects: list[Any]) -> set[str]:
        return {json.dumps((one.get("spec") or {}).get("selector")) for one in objects if one}

    # A claim of a Deployment is an object of its own here.
    assert {one for one in known(ours) if not one.startswith("PersistentVolumeClaim/")} == known(theirs)
    assert selectors(ours) == selectors(theirs)


@pytest.mark.parametrize("name", sorted(cases()))
def test_the_state_is_handed_back_as_it_was(name: str) -> None:
    lay_out(name)
    before = state()
    run("generate")
    run("export")
    after = state()
    for found in (before, after):
        for resource in found["resources"].values():
            resource.pop("outputs", None)
    assert after["workloads"] == before["workloads"]
    assert after["resources"] == before["resources"]
    assert after["shared_state"] == before["shared_state"]


def test_a_project_of_another_target_is_not_taken_over() -> None:
    lay_out("k8s-workloads-01-minimal")
    run("init", "--target", "compose", "--no-sample")
    with open_state("state") as opened:
        assert opened.meta().target == "compose"
        assert opened.meta().instances == {}
