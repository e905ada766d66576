from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from doit_score.score.resources import Declaration
from doit_score.store.copies import open_scratch
from doit_score.store.files import Signature
from doit_score.store.meta import Meta
from doit_score.store.rows import InputRow, KeptRow, MountRow, OutputRow, WorkloadRow
from doit_score.store.state import open_state
from doit_score.text.errors import ScoreError


@pytest.fixture
def state_dir(tmp_path: Path) -> str:
    return str(tmp_path)


def test_without_a_state_the_error_says_what_to_run(state_dir: str) -> None:
    with pytest.raises(ScoreError) as error, open_state(state_dir):
        pass
    assert str(error.value) == (
        f"there is no state in '{state_dir}' yet\n  hint: run `doit-score init` (or `doit init`) first"
    )


def test_the_database_is_for_its_owner(state_dir: str) -> None:
    with open_state(state_dir, create=True):
        pass
    assert [(name, os.stat(f"{state_dir}/{name}").st_mode & 0o777) for name in os.listdir(state_dir)] == [
        ("state.db", 0o600)
    ]


def test_rows_come_back_as_they_were_put(state_dir: str) -> None:
    workload = WorkloadRow("a", "a.yaml", "d", "{}", '["web"]', "[]", "{}", "a-web", '["VAR"]', "r")
    mount = MountRow("p/q", "resource", "uid", "file", 0o644, "dig", b"content")
    need = Declaration("a", "x", "t.default#a.x", "t", "default", "a.x", "{}", None, ("u1", "u2"))
    with open_state(state_dir, create=True) as state, state.transaction():
        state.put([workload, mount, KeptRow("uid", "guid", "uri", '{"a":1}')])
        state.set_needs({"a": [need]})
        state.set_meta(Meta.project.to("p"), Meta.counts.to((1, 2)))
        state.set_given([("a.yaml", ""), ("b.yaml", "{}")])
    with open_state(state_dir) as state:
        assert state.rows(WorkloadRow) == [workload]
        assert state.rows(MountRow, "resource", "uid") == [mount._replace(content=b"")]
        assert state.content("p/q", "resource", "uid") == b"content"
        assert state.kept("uid") == KeptRow("uid", "guid", "uri", '{"a":1}')
        assert state.kept("other") is None
        assert state.needs() == [need]
        assert {**state.meta().texts, "memory": ""} == {"counts": "1 2", "memory": "", "project": "p"}
        assert state.given() == {"a.yaml": "", "b.yaml": "{}"}


def test_columns_that_are_not_wanted_are_empty(state_dir: str) -> None:
    row = WorkloadRow("a", "a.yaml", "d", "{}", '["web"]', "[]", "{}", "a-web", '["VAR"]', "r")
    with open_state(state_dir, create=True) as state, state.transaction():
        state.put([row])
        assert state.rows(WorkloadRow, without=("file", "ports")) == [row._replace(file="", ports="")]


def test_dropping_what_an_owner_made_leaves_that_of_others(state_dir: str) -> None:
    rows = [MountRow("p", "resource", owner, "file", 0o644, "", b"") for owner in ("one", "two")]
    with open_state(state_dir, create=True) as state, state.transaction():
        state.put(rows)
        state.drop_made("resource", ["one"])
        assert state.rows(MountRow) == [rows[1]]


def test_a_transaction_that_fails_leaves_nothing(state_dir: str) -> None:
    with open_state(state_dir, create=True) as state:
        with pytest.raises(RuntimeError), state.transaction():
            state.set_meta(Meta.project.to("lost"))
            raise RuntimeError
        assert state.meta().texts == {}


def test_a_reader_sees_the_last_commit_while_another_writes(state_dir: str) -> None:
    with open_state(state_dir, create=True) as writer, open_state(state_dir) as reader:
        with writer.transaction():
            writer.set_meta(Meta.counts.to((1, 2)))
            assert reader.meta().texts == {}
        assert reader.meta().counts == (1, 2)


def test_a_newer_format_is_refused(state_dir: str) -> None:
    with open_state(state_dir, create=True):
        pass
    with sqlite3.connect(f"{state_dir}/state.db") as connection:
        connection.executescript("PRAGMA user_version = 99; CREATE TABLE more (a TEXT)")
    connection.close()
    with pytest.raises(ScoreError) as error, open_state(state_dir):
        pass
    assert str(error.value) == (
        f"{state_dir}/state.db: was written by a newer version of doit-score (format 99, this one knows 6)\n"
        "  hint: upgrade doit-score"
    )


def test_another_program_s_database_is_refused(state_dir: str) -> None:
    with sqlite3.connect(f"{state_dir}/state.db") as connection:
        connection.execute("PRAGMA application_id = 7")
    connection.close()
    with (
        pytest.raises(ScoreError, match="is damaged: it is not a state database of doit-score"),
        open_state(state_dir),
    ):
        pass


@pytest.mark.parametrize(
    "content", [b"no database at all, but some text" * 40, b"SQLite format 3\0" + b"\0" * 9000]
)
def test_a_damaged_database_says_so_and_is_left_alone(state_dir: str, content: bytes) -> None:
    Path(state_dir, "state.db").write_bytes(content)
    with pytest.raises(ScoreError) as error, open_state(state_dir) as state:
        state.meta()
    assert str(error.value).startswith(f"{state_dir}/state.db: is damaged: ")
    assert "hint: there is no other backup beside it; restore one of yours" in str(error.value)
    assert Path(state_dir, "state.db").read_bytes() == content


def test_an_input_matches_its_signature_and_no_other() -> None:
    found = Signature(1, 2, 3, 4)
    row = InputRow.of("p", "score", "d", found)
    assert row.matches(found)
    assert not row.matches(Signature(1, 9, 3, 4))
    assert not row.matches(None)


def test_a_directory_that_was_made_matches_as_long_as_it_is_the_same_one() -> None:
    row = OutputRow.of("p", "directory", 0o755, "", Signature(1, 2, 3, 4))
    assert row.matches(Signature(9, 9, 9, 4))
    assert not row.matches(Signature(1, 2, 3, 9))
    assert not row.matches(None)


def test_what_a_run_was_only_about_to_write_matches_nothing() -> None:
    row = OutputRow.intended("p", "file", 0o644, "digest")
    assert row.is_intended
    assert [row.matches(found) for found in (None, Signature(-1, 0, 0, 0))] == [False, False]


def test_a_file_that_was_looked_for_in_vain_matches_as_long_as_there_is_none() -> None:
    row = InputRow.absent("p", "overrides")
    assert row.is_absent
    assert [row.matches(found) for found in (None, Signature(0, 0, 0, 0))] == [True, False]


def test_a_scratch_state_is_a_new_one_that_nobody_sees(state_dir: str) -> None:
    with open_scratch(state_dir) as state:
        assert (state.meta().texts, state.kept("uid")) == ({}, None)
        with state.transaction():
            state.put([KeptRow("uid", "guid", "uri", "{}")])
            state.set_meta(Meta.project.to("p"))
        assert (state.meta().project, state.kept("uid")) == ("p", KeptRow("uid", "guid", "uri", "{}"))
    assert os.listdir(state_dir) == []
