"""The backup, what it is made of, and the way back from it; an older format."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from doit_score.store import backup, files, schema
from doit_score.store.lock import locked
from doit_score.store.meta import Meta
from doit_score.store.rows import KeptRow, WorkloadRow
from doit_score.store.state import open_state
from doit_score.text.errors import ScoreError

ONE = KeptRow("thing.default#a.one", "guid", "uri", '{"name":"one"}')
TWO = KeptRow("thing.default#a.two", "guid", "uri", '{"name":"two"}')
WORKLOAD = WorkloadRow("a", "a.yaml", "d", "{}", '["web"]', "[]", "{}", "a-web", '["VAR"]', "r")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state with something of everything."""
    monkeypatch.chdir(tmp_path)
    with locked("state", 1, print), open_state("state", create=True) as state, state.transaction():
        state.set_meta(Meta.project.to("p"), Meta.complete.to("yes"))
        state.set_given([("a.yaml", "{}")])
        state.put([WORKLOAD, ONE])


def content(name: str) -> dict[str, list[tuple[str, ...]]]:
    """All tables that have rows; of `meta` without the name of the content."""
    with closing(sqlite3.connect(f"state/{name}")) as connection:
        tables = [t for (t,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in sorted(tables)}
    found["meta"] = [row for row in found["meta"] if row[0] != "memory"]
    return {table: rows for table, rows in found.items() if rows}


MEMORY = {"given": [("a.yaml", "{}")], "kept": [tuple(ONE)], "meta": [("project", "p")]}


def test_the_backup_has_the_memory_and_nothing_else_and_is_for_its_owner() -> None:
    assert content("backup.db") == MEMORY
    assert files.file_mode("state/backup.db") == 0o600
    assert sorted(os.listdir("state")) == [".gitignore", "backup.db", "lock", "state.db"]


def test_every_change_of_the_memory_is_in_the_backup() -> None:
    with open_state("state") as state:
        with state.transaction():
            state.put([TWO, ONE._replace(state="{}")])
        assert content("backup.db")["kept"] == [tuple(ONE._replace(state="{}")), tuple(TWO)]
        with state.transaction():
            state.drop(KeptRow, [ONE.uid])
            state.set_meta(Meta.attic.to({"x": 1}))
            state.set_given([("b.yaml", "")])
    assert content("backup.db") == {
        "given": [("b.yaml", "")],
        "kept": [tuple(TWO)],
        "meta": [("attic", '{"x":1}'), ("project", "p")],
    }


def test_a_run_that_remembers_nothing_new_leaves_the_backup_alone() -> None:
    before = files.signature("state/backup.db")
    with open_state("state") as state, state.transaction():
        state.put([ONE, WORKLOAD._replace(rendered="other")])
        state.set_meta(Meta.project.to("p"), Meta.complete.to("no"))
        state.set_given([("a.yaml", "{}")])
        state.drop(KeptRow, ["nothing"])
    assert files.signature("state/backup.db") == before


def test_a_transaction_that_fails_leaves_the_backup_or_one_that_the_next_one_puts_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = files.signature("state/backup.db")
    with open_state("state") as state, pytest.raises(RuntimeError), state.transaction():
        state.put([TWO])
        raise RuntimeError
    assert files.signature("state/backup.db") == before
    # As one that is killed between the backup and its commit leaves it.
    with open_state("state") as state, state.transaction():
        backup.write("state", state._connection, [("DELETE FROM kept", [()])])
        with closing(sqlite3.connect("state/backup.db")) as connection:
            connection.execute("UPDATE meta SET value = 'other' WHERE key = 'memory'")
            connection.commit()
    with open_state("state") as state, state.transaction():
        state.set_meta(Meta.complete.to("no"))
    assert content("backup.db") == MEMORY


@pytest.mark.parametrize("damage", [None, b"", b"junk" * 500])
def test_a_backup_that_is_gone_or_damaged_is_made_again_by_the_next_change(damage: bytes | None) -> None:
    if damage is None:
        os.unlink("state/backup.db")
    else:
        Path("state/backup.db").write_bytes(damage)
    with open_state("state") as state, state.transaction():
        state.set_meta(Meta.complete.to("no"))
    assert content("backup.db") == MEMORY


def test_damage_in_the_backup_is_not_copied_on() -> None:
    with open_state("state") as state, state.transaction():
        state.put(KeptRow(f"thing.default#{n}.x", "guid", "uri", "x" * 500) for n in range(100))
    damaged = bytearray(Path("state/backup.db").read_bytes())
    damaged[8192:12288] = b"\0" * 4096
    Path("state/backup.db").write_bytes(damaged)
    with open_state("state") as state, state.transaction():
        state.put([TWO])
    assert content("backup.db")["kept"] == content("state.db")["kept"]


def test_what_was_generated_and_is_missing_is_never_generated_again() -> None:
    with closing(sqlite3.connect("state/state.db")) as connection:
        connection.execute("DELETE FROM kept")  # as lost pages can do it
        connection.commit()
    with open_state("state") as state:
        assert state.kept("thing.default#a.new") is None
        with pytest.raises(ScoreError) as error:
            state.kept(ONE.uid)
    assert str(error.value) == (
        "state/state.db: is damaged: what was generated for 'thing.default#a.one' is missing\n"
        "  hint: what was generated is in its backup 'state/backup.db': `doit-score recover` makes a new "
        "state from it"
    )
    with locked("state", 1, print):
        backup.recover("state")
    with open_state("state") as state:
        assert state.kept(ONE.uid) == ONE


def test_what_was_forgotten_on_purpose_is_not_missing() -> None:
    with open_state("state") as state:
        with state.transaction():
            state.drop(KeptRow, [ONE.uid])
        assert state.kept(ONE.uid) is None


def test_recover_makes_a_state_of_the_backup_and_keeps_the_old_one_aside() -> None:
    Path("state/state.db").write_bytes(b"junk")
    Path("state/state.db-wal").write_bytes(b"more junk")
    with locked("state", 1, print):
        assert backup.recover("state", force=True) == ("state/state.db.1", "state/state.db.1-wal")
    assert Path("state/state.db.1").read_bytes() == b"junk"
    assert content("state.db") == content("backup.db") == MEMORY
    assert files.file_mode("state/state.db") == 0o600
    with open_state("state") as state, state.transaction():
        state.put([TWO])
    assert sorted(os.listdir("state")) == [
        *(".gitignore", "backup.db", "lock", "state.db", "state.db.1", "state.db.1-wal")
    ]


def test_recover_finds_what_one_that_was_killed_has_left() -> None:
    os.rename("state/state.db", "state/state.db.1")
    Path("state/state.db-wal").write_bytes(b"junk")
    with locked("state", 1, print):
        assert backup.recover("state") == ("state/state.db-wal.1",)
    assert content("state.db") == MEMORY


def test_recover_leaves_a_sound_state_unless_it_is_forced() -> None:
    with locked("state", 1, print):
        with pytest.raises(ScoreError) as error:
            backup.recover("state")
        assert backup.recover("state", force=True) == ("state/state.db.1",)
    assert str(error.value) == (
        "state/state.db: is not damaged, so there is nothing to recover\n"
        "  hint: --force puts the backup in its place all the same"
    )
    assert content("state.db") == MEMORY


def test_recover_without_a_backup_or_with_a_damaged_one_changes_nothing() -> None:
    Path("state/state.db").write_bytes(b"junk")
    Path("state/backup.db").write_bytes(b"junk")
    with locked("state", 1, print), pytest.raises(ScoreError) as damaged:
        backup.recover("state")
    os.unlink("state/backup.db")
    with locked("state", 1, print), pytest.raises(ScoreError) as gone:
        backup.recover("state")
    assert str(damaged.value) == (
        "state/backup.db: is damaged: file is not a database\n"
        "  hint: there is no other backup beside it; restore one of yours, or move it away and run "
        "`doit-score init` and `generate`, which makes everything again, with new names and passwords"
    )
    assert str(gone.value) == (
        "there is no backup 'state/backup.db', so nothing can be recovered\n"
        "  hint: one is made beside the state by the first run that generates something"
    )
    assert Path("state/state.db").read_bytes() == b"junk"


@pytest.mark.parametrize("name", ["state.db", "backup.db"])
def test_a_newer_format_is_not_recovered_over_or_from(name: str) -> None:
    with closing(sqlite3.connect(f"state/{name}")) as connection:
        connection.executescript("PRAGMA user_version = 99; CREATE TABLE more (a TEXT)")
    if name == "backup.db":
        os.unlink("state/state.db")
    with locked("state", 1, print), pytest.raises(ScoreError) as error:
        backup.recover("state")
    assert str(error.value) == (
        f"state/{name}: was written by a newer version of doit-score (format 99, this one knows 6)\n"
        "  hint: upgrade doit-score"
    )


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize("create", [False, True])
def test_a_state_that_is_gone_while_its_backup_is_there_is_not_begun_anew(empty: bool, create: bool) -> None:
    os.unlink("state/state.db")
    if empty:
        Path("state/state.db").touch()
    with pytest.raises(ScoreError) as error, open_state("state", create=create):
        pass
    assert str(error.value) == (
        "state/state.db: is gone or empty, but its backup 'state/backup.db' is there\n"
        "  hint: `doit-score recover` goes on with the names and passwords that were generated; to begin "
        "anew, with new ones, remove the backup"
    )


def test_the_command_to_recover_names_the_state_directory() -> None:
    os.rename("state", "my state")
    os.unlink("my state/state.db")
    said = r"`doit-score recover --state-dir 'my state'` goes on"
    with pytest.raises(ScoreError, match=said), open_state("my state"):
        pass


def test_a_state_of_an_older_version_keeps_its_memory_and_nothing_else() -> None:
    os.unlink("state/backup.db")
    with closing(sqlite3.connect("state/state.db")) as connection:
        connection.executescript("PRAGMA user_version = 1; DROP TABLE inputs; CREATE TABLE inputs (a TEXT);")
    with pytest.raises(ScoreError) as error, open_state("state"):
        pass
    assert str(error.value) == (
        "state/state.db: was written by an older version of doit-score\n"
        "  hint: `doit-score generate` (or `doit generate`) brings it to this one, and loses nothing"
    )
    with open_state("state", create=True) as state, state.transaction():
        pass
    assert content("state.db") == content("backup.db") == MEMORY
    with closing(sqlite3.connect("state/state.db")) as connection:
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(schema.CREATE)
        assert made == dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
