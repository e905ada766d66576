from __future__ import annotations

import os
import stat
from pathlib import Path

import processes
import pytest
from doit.dependency import DbmDB, JSONCodec, JsonDB, SqliteDB
from engineering import score

from doit_score import Score
from doit_score.pack import dep_file
from doit_score.pack.dep_file import prepare
from doit_score.store.lock import GITIGNORE
from doit_score.text.errors import ScoreError

DODO = """\
from doit_score import Score

score = Score(default_provisioners=False, project="p")

DOIT_CONFIG = {{"default_tasks": ["generate"], "dep_file": score.dep_file, "backend": "{backend}"}}


def task_other():
    return {{"actions": ["echo ran >> ran"], "file_dep": ["score.yaml"]}}
"""
BACKENDS = {"dbm": DbmDB, "sqlite3": SqliteDB, "json": JsonDB}
REMOVED = "WARN: state/doit.db: doit's database was damaged and has been removed; doit records all anew\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("score.yaml").write_text(score("alpha"))


def record(backend: str) -> None:
    """A database with something in it, as doit writes it."""
    made = BACKENDS[backend]("state/doit.db", JSONCodec())
    made.set("task", "file", [1.5, 2, "digest"])
    made.dump()


def test_the_directory_is_made_for_its_owner_and_kept_out_of_git() -> None:
    score = Score(state_dir="var/score")
    assert score.dep_file == "var/score/doit.db"
    assert sorted(os.listdir("var/score")) == [".gitignore", "lock"]
    assert stat.S_IMODE(os.stat("var/score").st_mode) == 0o700
    assert Path("var/score/.gitignore").read_bytes() == GITIGNORE


def test_a_directory_that_is_there_is_left_alone() -> None:
    os.mkdir("state")
    assert prepare("state", 1) == "state/doit.db"
    assert os.listdir("state") == []


def test_a_directory_that_cannot_be_made_is_told_as_a_fault_of_the_dodo_py() -> None:
    Path("state").write_text("")
    Path("dodo.py").write_text(DODO.format(backend="sqlite3"))
    said = processes.run("doit", "generate", status=3)
    assert said == "ERROR: state: is a file, but a directory is needed here\n"


@pytest.mark.parametrize("backend", sorted(BACKENDS))
def test_a_database_that_doit_can_read_stays(backend: str, capfd: pytest.CaptureFixture[str]) -> None:
    os.mkdir("state")
    record(backend)
    before = {name: Path("state", name).read_bytes() for name in os.listdir("state")}
    assert prepare("state", 1) == "state/doit.db"
    assert {name: Path("state", name).read_bytes() for name in os.listdir("state")} == before
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("backend", ["dbm", "sqlite3"])
@pytest.mark.parametrize("damage", ["truncated", "garbage", "empty", "deleted"])
def test_a_database_that_is_damaged_costs_time_only(backend: str, damage: str) -> None:
    Path("dodo.py").write_text(DODO.format(backend=backend))
    processes.run("doit", "generate", "other")
    before = Path("compose.yaml").read_bytes()
    for name in os.listdir("state"):
        path = Path("state", name)
        if not name.startswith("doit.db"):
            continue
        content = path.read_bytes()
        if damage == "deleted":
            path.unlink()
        else:
            damaged = {"truncated": content[: len(content) // 2], "garbage": b"junk" * 50, "empty": b""}
            path.write_bytes(damaged[damage])
    said = processes.run("doit", "generate", "other")
    # What is left of a truncated file of dbm's can be readable.
    assert damage == "truncated" or (REMOVED in said) == (damage == "garbage")
    assert Path("compose.yaml").read_bytes() == before
    assert damage == "truncated" or Path("ran").read_text() == "ran\nran\n"
    assert "-- other\n" in processes.run("doit", "generate", "other")


def test_a_record_that_is_no_json_is_damage(capfd: pytest.CaptureFixture[str]) -> None:
    os.mkdir("state")
    record("sqlite3")
    content = Path("state/doit.db").read_bytes()
    Path("state/doit.db").write_bytes(content.replace(b'{"file"', b"xxfilexx"[:7]))
    assert not dep_file._is_sound_sqlite("state/doit.db")
    prepare("state", 1)
    assert capfd.readouterr().err == REMOVED
    assert os.listdir("state") == []


def test_a_database_in_which_another_run_writes_is_no_damage() -> None:
    import sqlite3
    from contextlib import closing

    os.mkdir("state")
    record("sqlite3")
    with closing(sqlite3.connect("state/doit.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        Path("state/other").touch()
        assert dep_file._is_sound_sqlite("state/doit.db", wait=0)


def test_a_database_of_another_user_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = prepare("state", 1.0)
    Path(path).write_bytes(b"")
    monkeypatch.setattr(os, "access", lambda *_: False)  # whoever runs this may be root, who may do all
    with pytest.raises(ScoreError) as error:
        prepare("state", 1.0)
    assert str(error.value) == (
        "state/doit.db: doit's database may not be read and written by this user\n"
        "  hint: give it to this user, or remove it: it saves doit some work, and nothing else"
    )
