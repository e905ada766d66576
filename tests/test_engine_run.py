from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engineering import THING, Project, score, tree

from doit_score.engine import run
from doit_score.engine.stages.disk import Disk
from doit_score.store import files
from doit_score.store.meta import Meta
from doit_score.store.state import open_state
from doit_score.text.errors import ScoreError

SCORE = score("alpha", {"one": "{type: thing}"}, variables={"A": "${resources.one.said}"})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    project = Project(project="p")
    project.provisioner(THING)
    project.write("score.yaml", SCORE)
    return project


def said(project: Project) -> list[str]:
    return [text for level, text in project.said if level != "debug"]


def test_the_stages_one_by_one(project: Project) -> None:
    engine = project.engine()
    assert not engine.is_initialised()
    engine.init()
    assert engine.is_initialised()
    engine.provision()
    engine.render()
    assert not os.path.exists("compose.yaml")
    engine.generate()
    assert said(project) == [
        "initialised 'state' for project 'p'",
        "read workload 'alpha' from 'score.yaml'",
        "provisioned 1 resource",
        "rendered 1 workload",
        "wrote compose.yaml",
    ]


@pytest.mark.parametrize("stage", ["render", "generate"])
def test_a_stage_that_is_run_by_itself_does_what_lacks(project: Project, stage: str) -> None:
    project.engine().init()
    getattr(project.engine(), stage)()
    assert "provisioned 1 resource" in said(project)
    assert "rendered 1 workload" in said(project)
    assert os.path.exists("compose.yaml") == (stage == "generate")


def test_a_stage_after_one_that_failed_begins_anew(project: Project) -> None:
    engine = project.engine()
    engine.init()
    project.write("score.yaml", SCORE.replace("one.said", "one.no"))
    engine.provision()
    with pytest.raises(ScoreError):
        engine.render()
    project.write("score.yaml", SCORE)
    engine.generate()
    assert project.compose()["services"]["alpha-main"]["environment"] == {"A": "nothing"}


def test_many_score_files_are_told_as_a_number(project: Project) -> None:
    os.remove("score.yaml")
    for number in range(21):
        project.write(f"w{number:02}.score.yaml", score(f"w{number:02}"))
    assert project.run()[1:] == ["read 21 workloads", "rendered 21 workloads", "wrote compose.yaml"]


def test_another_name_of_the_project_makes_init_run_again(project: Project) -> None:
    project.run()
    assert not project.engine(project="other").is_initialised()
    project.run(project="other")
    assert project.compose()["name"] == "other"
    assert project.engine(project=None).is_initialised()


def test_without_a_state_there_is_nothing_to_clean_and_nothing_is_made(project: Project) -> None:
    engine = project.engine()
    assert (engine.written(), engine.clean(), engine.is_current()) == ([], [], False)
    assert not os.path.exists("state")
    with pytest.raises(ScoreError) as error:
        engine.provision()
    assert str(error.value) == (
        "there is no state in 'state' yet\n  hint: run `doit-score init` (or `doit init`) first"
    )


def test_cleaning_removes_what_was_written_and_keeps_the_values(project: Project) -> None:
    project.provisioner(THING + "  files: |\n    a/b: text\n  directories: |\n    c/d: true\n")
    project.run()
    before = (Path("compose.yaml").read_bytes(), tree())
    Path("state/mounts/a/mine").write_text("by hand")
    engine = project.engine()
    assert engine.written() == ["compose.yaml", "state/mounts/a/b"]
    assert engine.clean() == ["compose.yaml", "state/mounts/a/b"]
    assert (os.path.exists("compose.yaml"), sorted(tree())) == (False, ["a/", "a/mine"])
    os.remove("state/mounts/a/mine")
    project.run()
    assert (Path("compose.yaml").read_bytes(), tree()) == before


def test_the_values_are_in_the_state_before_anything_is_written(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    write = files.Writer.write

    def looking(self: files.Writer, new: object, **more: Any) -> None:
        listed = list(new)  # type: ignore[call-overload]  # of NewFile
        if any(file.path == "compose.yaml" for file in listed):
            with open_state("state") as state:
                seen.append(state.kept("thing.default#alpha.one") is not None)
        write(self, listed, **more)

    monkeypatch.setattr(files.Writer, "write", looking)
    project.run()
    assert seen == [True]


def test_a_strict_run_fails_for_warnings_of_each_stage_also_of_earlier_runs(project: Project) -> None:
    project.provisioner(
        "- uri: template://tests/noisy\n  type: noisy\n  supported_params: []\n"
        "  services: |\n    same: {image: '{{ .Id }}', networks: {none: {}}}\n"
    )
    project.write(
        "score.yaml",
        score(
            "alpha",
            {"one": "{type: noisy, params: {a: 1}}", "two": "{type: noisy}"},
            more="volumes: {/data: {source: plain, path: sub}}\n",
        ),
    )
    parts = {
        "provision": "unknown param 'a'",
        "render": "path 'sub' is left out",
        "conflict": "service 'same' is written by resource 'noisy.default#alpha.one'",
        "check": "is in the network 'none'",
    }
    warned = "\n".join(project.run())
    assert [name for name, part in parts.items() if part not in warned] == []
    failed = project.fails(strict=True)
    assert [name for name, part in parts.items() if part not in failed] == []
    before = Path("compose.yaml").read_bytes()
    assert project.fails(strict=True) == failed
    assert Path("compose.yaml").read_bytes() == before
    # As one from scratch does, which writes nothing.
    shutil.rmtree("state")
    os.remove("compose.yaml")
    assert project.fails(strict=True) == failed
    assert not os.path.exists("compose.yaml")
    # What it has made till then is not made again, and what stands is told.
    said = project.run()
    assert (said[0], said[-1]) == ("wrote compose.yaml", "2 more warnings stand; `doit-score why` lists them")


def test_what_a_killed_run_left_below_the_mounts_is_swept_by_the_next_and_looked_for_by_no_other(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("score.yaml", score("alpha", more="files: {/etc/a: {content: one}}\n"))
    project.run()
    left = Path(f"state/mounts/files/{files.Writer('state').prefix}0.tmp")
    # As in a state that was recovered, or is of an older version: it knows of no run.
    with open_state("state") as state, state.transaction():
        state.set_meta(Meta.complete.to(""), Meta.unfinished.to(()))
    left.write_text("half")
    project.run()
    assert not left.exists()
    monkeypatch.setattr(Disk, "sweep", None)  # to call it is an error
    project.write("score.yaml", score("alpha", more="files: {/etc/a: {content: two}}\n"))
    project.run()


def test_a_new_state_directory_is_ignored_by_git_and_an_old_one_is_left_alone(project: Project) -> None:
    project.engine().init()
    path = Path("state/.gitignore")
    assert path.read_text() == "# Generated names and passwords are kept here: not for a repository.\n*\n"
    path.unlink()
    project.engine().init()
    assert not path.exists()


@pytest.mark.usefixtures("settled")
def test_an_update_opens_the_state_once_and_takes_the_lock_only_to_change_something(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    def counted(name: str, function: Callable[..., object]) -> None:
        def count(*arguments: object, **more: object) -> object:
            taken.append(name)
            return function(*arguments, **more)

        monkeypatch.setattr(run, name, count)

    project.engine().init()
    counted("locked", run.locked)  # type: ignore[attr-defined]  # what the module uses
    counted("open_state", run.open_state)  # type: ignore[attr-defined]  # what the module uses
    project.engine().update()
    assert (taken, os.path.exists("compose.yaml")) == (["open_state", "locked"], True)
    taken.clear()
    project.said.clear()
    project.engine().update()
    assert (taken, said(project)) == (
        ["open_state"],
        ["nothing to do: 1 workload, 1 resource up to date"],
    )
    taken.clear()
    project.write("score.yaml", SCORE.replace("nginx", "caddy"))
    project.engine().update()
    assert taken == ["open_state", "locked"]


def test_an_update_makes_the_state_if_there_is_none(project: Project) -> None:
    project.engine().update()
    assert said(project)[0] == "initialised 'state' for project 'p'"
    assert os.path.exists("compose.yaml")


def test_an_update_goes_on_with_the_state_that_is_there_when_it_has_the_lock(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.engine().update()
    shutil.copytree("state", "other")
    project.write("score.yaml", SCORE.replace("nginx", "caddy"))
    real = run.locked  # type: ignore[attr-defined]  # what the module uses

    def replaced(*arguments: object) -> object:
        monkeypatch.setattr(run, "locked", real)
        os.replace("other/state.db", "state/state.db")
        return real(*arguments)  # type: ignore[arg-type]  # what it was given

    monkeypatch.setattr(run, "locked", replaced)
    project.engine().update()
    assert "caddy" in Path("compose.yaml").read_text(encoding="utf-8")
