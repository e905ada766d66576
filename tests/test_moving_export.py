"""Handing a project back to score-compose."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from recorded import SCORE, compose, lay_out, run, state_of, steps, stored, tree, write
from running import Project

STATE = ".score-compose/state.yaml"
TALLOW = """\
- uri: template://tests/tallow
  type: tallow
  state: |
    name: {{ dig "name" "vat-1" .State }}
  outputs: |
    name: {{ .State.name }}
    path: {{ .MountsDirectory }}/data
  directories: |
    data: true
"""
WITH_TALLOW = SCORE + "resources: {store: {type: tallow}}\n"
JINJA = """\
- uri: jinja://tests/tallow
  type: tallow
  outputs: |
    name: vat-1
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def without_guids(state: Any) -> Any:
    for resource in state["resources"].values():
        resource["guid"] = ""
    return state


def mode(path: str) -> int:
    return stat.S_IMODE(os.lstat(path).st_mode)


OWN = [
    "commands-107",
    "containers-03",
    "containers-39",
    "containers-45",
    "containers-57",
    "files-08",
    "overrides-01",
    "overrides-57",
    "patches-65",
    "provisioners-112",
    "provisioners-220",
    "publish-01",
    "resources-01",
    "resources-21",
    "resources-24",
    "spec-02",
    "spec-156",
    "spec-212",
]


@pytest.mark.parametrize("name", OWN)
def test_a_project_of_ours_is_stored_as_score_compose_stores_it(name: str) -> None:
    lay_out(name, state=False)
    for command in steps(name):
        run(*command)
    run("export")
    assert without_guids(stored()) == without_guids(stored(state_of(name)))


BACK = [
    "commands-17",
    "commands-91",
    "commands-93",
    "commands-95",
    "containers-39",
    "containers-40",
    "containers-57",
    "overrides-01",
    "overrides-19",
    "overrides-26",
    "overrides-49",
    "overrides-57",
    "patches-75",
    "provisioners-106",
    "provisioners-240",
    "publish-01",
    "resources-42",
    "spec-02",
    "spec-156",
    "volumes-01",
]


@pytest.mark.parametrize("name", BACK)
def test_a_project_that_is_moved_over_and_back_is_stored_as_it_was(name: str) -> None:
    lay_out(name)
    run("generate")
    run("export")
    assert stored() == stored(state_of(name))


def test_what_is_moved_over_back_and_over_again_is_the_same() -> None:
    lay_out("provisioners-240")
    run("generate")
    run("export")
    first = compose()
    os.rename("state", "moved")
    run("generate")
    assert compose() == first
    run("export")
    assert stored() == stored(state_of("provisioners-240"))


def test_a_resource_that_is_gone_is_handed_back_too() -> None:
    write("score.yaml", WITH_TALLOW)
    write(".score-compose/00.provisioners.yaml", TALLOW)
    run("init", "--no-sample", "--project", "demo")
    run("generate", "score.yaml")
    run("export")
    guid = stored()["resources"]["tallow.default#lantern.store"]["guid"]
    write("score.yaml", SCORE)
    run("generate")
    run("export")
    assert stored()["resources"] == {
        "tallow.default#lantern.store": {
            "guid": guid,
            "type": "tallow",
            "class": "default",
            "id": "lantern.store",
            "metadata": {},
            "params": {},
            "source_workload": "",
            "provisioner": "template://tests/tallow",
            "state": {"name": "vat-1"},
        }
    }


def test_paths_lead_below_the_mounts_directory_of_score_compose() -> None:
    write("score.yaml", WITH_TALLOW)
    write(".score-compose/00.provisioners.yaml", TALLOW)
    os.mkdir("sub")
    run("init", "--no-sample")
    run("generate", "score.yaml", "-o", "sub/compose.yaml")
    run("export")
    (resource,) = stored()["resources"].values()
    assert resource["outputs"] == {"name": "vat-1", "path": ".score-compose/mounts/data"}


def test_only_its_owner_can_read_what_is_handed_back() -> None:
    write("score.yaml", SCORE)
    run("init", "--no-sample")
    run("generate", "score.yaml")
    old = os.umask(0)
    try:
        run("export")
    finally:
        os.umask(old)
    assert (mode(".score-compose"), mode(STATE), mode(".score-compose/mounts")) == (0o700, 0o600, 0o700)


def test_what_containers_wrote_is_handed_back_and_files_of_workloads_are_not() -> None:
    write("score.yaml", WITH_TALLOW.replace("resources:", "    files: {/a: {content: x}}\nresources:"))
    write(".score-compose/00.provisioners.yaml", TALLOW)
    run("init", "--no-sample")
    run("generate", "score.yaml")
    write("state/mounts/data/table", b"\0rows", 0o640)
    run("export")
    assert sorted(tree(".score-compose/mounts")) == ["data", "data/table", "files"]
    assert Path(".score-compose/mounts/data/table").read_bytes() == b"\0rows"
    assert mode(".score-compose/mounts/data/table") == 0o640


def test_mounts_that_are_as_they_are_handed_back_stay_as_they_are() -> None:
    lay_out("provisioners-240")
    run("generate")
    run("export")
    run("export")
    assert sorted(os.listdir(".score-compose")) == ["10-corpus.provisioners.yaml", "mounts", "state.yaml"]


def test_other_mounts_are_kept_under_another_name(capsys: pytest.CaptureFixture[str]) -> None:
    lay_out("provisioners-240")
    run("generate")
    write(".score-compose/mounts/vat-chosen/id.txt", "newer")
    run("export")
    assert Path(".score-compose/mounts.1/vat-chosen/id.txt").read_text() == "newer"
    assert Path(".score-compose/mounts/vat-chosen/id.txt").read_text() != "newer"
    assert (
        "INFO: what was in '.score-compose/mounts' is in '.score-compose/mounts.1' now\n"
    ) in capsys.readouterr().err


def test_what_containers_wrote_and_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write("score.yaml", WITH_TALLOW)
    write(".score-compose/00.provisioners.yaml", TALLOW)
    run("init", "--no-sample")
    run("generate", "score.yaml")
    write("state/mounts/data/table", "rows")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "state/mounts/data/table")

    monkeypatch.setattr("shutil.copyfileobj", refuse)
    run("export")
    assert (
        "WARN: state/mounts/data/table: cannot be copied: Permission denied\n"
        "  hint: what containers wrote may belong to other users: copy it as root, with "
        "`sudo cp -a state/mounts .score-compose/mounts`, and run this again\n"
    ) in capsys.readouterr().err
    assert sorted(os.listdir(".score-compose")) == ["00.provisioners.yaml", "state.yaml"]


def test_a_state_file_that_is_not_ours_is_not_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    lay_out("provisioners-240")
    run("generate")
    newer = state_of("provisioners-240").replace("vat-chosen", "vat-newer")
    write(STATE, newer)
    before = tree(".score-compose")
    run("export", exit=1)
    assert tree(".score-compose") == before
    assert capsys.readouterr().err.endswith(
        "Error: .score-compose/state.yaml: was changed by score-compose since it was taken over, or is of "
        "another project\n"
        "  hint: move it away, or export with --force to replace it\n"
    )
    run("export", "--force")
    assert stored() == stored(state_of("provisioners-240"))


def test_nothing_is_exported_before_a_run_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    lay_out("provisioners-240")
    run("export", exit=1)
    assert capsys.readouterr().err.endswith(
        "Error: the last run was not complete, so there is nothing to export yet\n"
        "  hint: run `doit-score generate` (or `doit generate`) first\n"
    )


def test_nothing_is_exported_of_a_file_that_was_changed(capsys: pytest.CaptureFixture[str]) -> None:
    lay_out("provisioners-240")
    run("generate")
    write("score.yaml", SCORE)
    run("export", exit=1)
    assert capsys.readouterr().err.endswith(
        "Error: changed or gone since the last complete run: score.yaml\n"
        "  hint: run `doit-score generate` (or `doit generate`) first\n"
    )


def test_what_score_compose_cannot_continue_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    write("score.yaml", WITH_TALLOW.replace("}}", "}, other: {type: other}}"))
    write("provisioners/a.provisioners.yaml", TALLOW.replace("tallow", "other"))
    write(".score-compose/b.provisioners.yaml", JINJA)
    write("fix.j2", "[]")
    write("fix.tpl", "[]")
    run("init", "--no-sample", "--patch-templates", "fix.j2", "--patch-templates", "fix.tpl")
    run("generate", "score.yaml", "--publish", "8080:lantern:80")
    capsys.readouterr()
    run("export")
    assert capsys.readouterr().err == (
        "INFO: wrote '.score-compose/state.yaml': score-compose continues from it\n"
        "WARN: score-compose finds provisioners in '.score-compose' only; "
        "copy provisioners/a.provisioners.yaml there\n"
        "WARN: .score-compose/b.provisioners.yaml: score-compose cannot read this file, because there are "
        "Jinja2 provisioners or images in it\n"
        "WARN: score-compose needs provisioners of its own for tallow.default#lantern.store: "
        "ours are Jinja2; `score-compose init` writes some (what ours had generated is handed back all the "
        "same)\n"
        "WARN: left out, as score-compose has no patch templates in Jinja2: fix.j2\n"
        "WARN: score-compose does not remember published ports; "
        "give it each time: --publish 8080:lantern:80\n"
    )
    assert stored()["patching_templates"] == ["[]"]
    provisioners = {uid: resource["provisioner"] for uid, resource in stored()["resources"].items()}
    assert provisioners == {
        "other.default#lantern.other": "template://tests/other",
        "tallow.default#lantern.store": "",
    }


def test_a_project_with_its_own_state_directory_is_exported() -> None:
    write("score.yaml", SCORE)
    run("init", "--no-sample", "--state-dir", "elsewhere", "--project", "demo")
    run("generate", "score.yaml", "--state-dir", "elsewhere")
    run("export", "--state-dir", "elsewhere")
    assert stored()["compose_project"] == "demo"


@pytest.mark.usefixtures("settled")
def test_builds_and_images_of_a_dodo_py_are_handed_back(here: Path) -> None:
    write("score.yaml", SCORE.replace("registry.example/wick:1", ".") + "  glass: {image: x}\n")
    project = Project(here)
    project.generate("project='demo', images={'wick': 'own:1'}, builds={'lantern:glass': './src'}")
    run("export")
    workload = stored()["workloads"]["lantern"]
    assert workload["spec"]["containers"] == {"glass": {"image": "x"}, "wick": {"image": "own:1"}}
    assert workload["build_configs"] == {"glass": {"context": "./src"}}


@pytest.mark.usefixtures("settled")
def test_an_edit_of_a_dodo_py_project_is_not_handed_back(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("score.yaml", SCORE)
    Project(here).generate("overrides={'score.yaml': {'metadata': {'team': 'wax'}}}")
    run("export")
    assert stored()["workloads"]["lantern"]["spec"]["metadata"] == {"name": "lantern", "team": "wax"}
    write("score.yaml", SCORE.replace("wick:1", "wick:2"))
    run("export", exit=1)
    assert "Error: changed or gone since the last complete run: score.yaml\n" in capsys.readouterr().err
