"""`up` and `down` leave alone what a project of the same name runs from another directory.

Found by an attack on 0.1.0.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import recorded

from doit_score.running import project
from doit_score.store.meta import Meta
from doit_score.store.state import open_state

# Notes what it is asked to do, and knows one service.
DOCKER = """#!/bin/sh
echo "$*" >> asked
case "$*" in
  *version*) echo 2.26.1;;
  *json*) echo '{"name": "app", "services": {"lantern-wick": {"image": "x"}}}';;
  *hash*) echo 'lantern-wick h';;
esac
"""


class Engine:
    """An engine with one container, made in ``directory``."""

    def __init__(self, directory: str) -> None:
        labels = {"service": "lantern-wick", "config-hash": "h", "project.working_dir": directory}
        self._labels = {f"com.docker.compose.{name}": value for name, value in labels.items()}

    def containers(self, **_: object) -> list[dict[str, Any]]:
        what = {"Id": "1" * 64, "State": "running", "Status": "Up 2 minutes", "Created": 1}
        return [{**what, "Labels": self._labels}]


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app").mkdir()
    monkeypatch.chdir(tmp_path / "app")
    recorded.write("score.yaml", recorded.SCORE)
    recorded.run("--quiet", "init", "--no-sample", "--no-default-provisioners")
    recorded.run("--quiet", "generate", "score.yaml")
    recorded.write("bin/docker", DOCKER, 0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/app/bin:/usr/bin:/bin")


def in_engine(monkeypatch: pytest.MonkeyPatch, engine: str | Idle) -> None:
    """The engine, or one with a container that was made in a directory."""

    @contextmanager
    def connected(_: object) -> Iterator[Engine | Idle]:
        yield Engine(engine) if isinstance(engine, str) else engine

    monkeypatch.setattr(project, "connected", connected)


def asked() -> str:
    return Path("asked").read_text()


@pytest.mark.parametrize("verb", [("up",), ("down",), ("down", "--volumes")])
def test_the_containers_of_another_directory_stay(
    verb: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    in_engine(monkeypatch, "/review/app")
    recorded.run("--quiet", *verb, exit=1)
    assert capsys.readouterr().err == (
        "Error: there are containers of a project 'app' that were made in '/review/app', not here\n"
        "  hint: give one of the two another name (`doit-score init --project NAME`), or remove that one's; "
        f"`doit-score {verb[0]} --force` takes them for ours (if the directory was moved here)\n"
    )
    assert not {"up", "down", "stop", "rm"} & set(asked().split())


class Idle:
    """An engine without containers, which has a volume of the project."""

    def containers(self, **_: object) -> list[dict[str, Any]]:
        return []

    def volumes(self, filters: dict[str, str]) -> dict[str, Any]:
        assert filters == {"label": "com.docker.compose.project=app"}
        return {"Volumes": [{"Name": "app_data"}]}


def test_volumes_of_a_project_that_was_never_up_here_stay(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    in_engine(monkeypatch, Idle())
    recorded.run("--quiet", "down")
    recorded.run("--quiet", "down", "--volumes", exit=1)
    assert capsys.readouterr().err == (
        "Error: there are volumes of a project 'app', but it was never up in this directory\n"
        "  hint: another directory of that name may have its data in them; with --force they are taken for "
        "ours, and removed\n"
    )
    assert "--volumes" not in asked()
    recorded.run("--quiet", "down", "--volumes", "--force")
    assert "down --remove-orphans --volumes" in asked()


def test_volumes_of_a_project_that_was_up_here_are_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    in_engine(monkeypatch, Idle())
    with open_state("state") as state, state.transaction():
        state.set_meta(Meta.running.to({"hashes": {}}))
    recorded.run("--quiet", "down", "--volumes")
    assert "down --remove-orphans --volumes" in asked()


def test_with_force_they_are_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    in_engine(monkeypatch, "/review/app")
    recorded.run("--quiet", "down", "--force")
    assert "down --remove-orphans" in asked()


def test_those_that_up_has_taken_with_force_stay_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    in_engine(monkeypatch, "/review/app")
    for verb in (("up", "--force"), ("up",), ("ps",), ("down",)):
        recorded.run(*verb)
        assert "not here" not in capsys.readouterr().err
    in_engine(monkeypatch, "/elsewhere/app")
    recorded.run("up", exit=1)
    assert "were made in '/elsewhere/app', not here" in capsys.readouterr().err


@pytest.mark.parametrize("verb", [("ps",), ("logs",), ("exec", "lantern", "ls")])
def test_what_only_looks_tells_whose_they_are(
    verb: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    in_engine(monkeypatch, "/review/app")
    recorded.run(*verb)
    assert capsys.readouterr().err == (
        "WARN: there are containers of a project 'app' that were made in '/review/app', not here\n"
    )


def test_ours_are_ours_by_a_link_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("app")
    in_engine(monkeypatch, f"{tmp_path}/link")
    recorded.run("--quiet", "down")
    assert "down --remove-orphans" in asked()
    assert os.path.realpath("../link") == os.getcwd()
