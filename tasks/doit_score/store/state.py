"""The state of a project: one SQLite database in the locked state directory.

SQLite gives what the promises need: a commit is atomic and synced, a killed one is rolled back by
the next who opens it, readers see the last commit, and a change of one row costs one row.  Nobody
holds a transaction open while templates or commands run, so readers do not wait for a run.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from doit_score.errors import ScoreError
from doit_score.store import glance, schema
from doit_score.store.files import FILE_MODE
from doit_score.store.rows import (
    EntryRow,
    InputRow,
    KeptRow,
    MountRow,
    OutputRow,
    ResourceRow,
    WarningRow,
    WorkloadRow,
)

if TYPE_CHECKING:
    from doit_score.resources import Declaration

DATABASE_NAME = "state.db"
_BUSY_SECONDS = 30.0
_GLANCE = "SELECT kind, number, paths, numbers FROM glance"

_Row = TypeVar("_Row", bound=NamedTuple)
_TABLES: dict[type[NamedTuple], str] = {
    EntryRow: "entries",
    glance.Bucket: "glance",
    InputRow: "inputs",
    KeptRow: "kept",
    MountRow: "mounts",
    OutputRow: "outputs",
    ResourceRow: "resources",
    WarningRow: "warnings",
    WorkloadRow: "workloads",
}
_FIELDS = {row: row._fields for row in _TABLES}


def database_path(state_dir: str) -> str:
    """Where the database of a state directory is."""
    return os.path.join(state_dir, DATABASE_NAME)


def exists(state_dir: str) -> bool:
    """Whether ``state_dir`` has been initialised."""
    return os.path.exists(database_path(state_dir))


@contextmanager
def open_state(state_dir: str, *, create: bool = False) -> Iterator[State]:
    """The state in ``state_dir``; to write to it, hold the lock, which ``create`` needs too.

    Raises ScoreError if there is none (and ``create`` is false), if it was written by a newer
    version, or if it is damaged.
    """
    path = database_path(state_dir)
    if not os.path.exists(path):
        if not create:
            raise _no_state(state_dir)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE))
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    except sqlite3.Error as error:
        raise ScoreError(f"the state cannot be opened: {error}", path=path) from None
    try:
        if _is_empty(connection, path):
            # A run that was killed can have left a file without tables.
            if not create:
                raise _no_state(state_dir)
            connection.executescript(
                f"BEGIN; {schema.TABLES} PRAGMA application_id = {schema.APPLICATION_ID};"
                f"PRAGMA user_version = {schema.VERSION}; COMMIT;"
            )
        yield State(connection)
    except sqlite3.DatabaseError as error:
        raise _unreadable(error, path) from None
    finally:
        connection.close()


def _no_state(state_dir: str) -> ScoreError:
    return ScoreError(
        f"there is no state in '{state_dir}' yet", hint="run `doit-score init` (or `doit init`) first"
    )


class State:
    """Typed access to the tables.  A change belongs into a :meth:`transaction`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside become visible, and durable, together when it ends without an error."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see one commit."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def meta(self) -> dict[str, str]:
        """All single values, by name."""
        return dict(self._connection.execute("SELECT key, value FROM meta"))

    def set_meta(self, **values: str) -> None:
        """Sets single values."""
        self._connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def rows(
        self,
        row: type[_Row],
        kind: str | None = None,
        owner: str | None = None,
        *,
        without: Collection[str] = (),
    ) -> list[_Row]:
        """All rows of a table in the order of its key, or those of one owner.

        The columns of text named by ``without`` are empty, and so are the contents of mount files, which
        are large and wanted one at a time: see :meth:`content`.
        """
        query = _selection(row, without)
        if kind is None:
            return list(map(row._make, self._connection.execute(query)))
        return list(
            map(row._make, self._connection.execute(f"{query} WHERE kind = ? AND owner = ?", (kind, owner)))
        )

    def select(
        self, row: type[_Row], column: str, values: Iterable[str], *, without: Collection[str] = ()
    ) -> list[_Row]:
        """The rows of a table that have one of these values in a column; ``without`` as in :meth:`rows`."""
        query = f"{_selection(row, without)} WHERE {column} = ?"
        return [row._make(found) for value in values for found in self._connection.execute(query, (value,))]

    def content(self, path: str, kind: str, owner: str) -> bytes:
        """What ``owner`` wants in the file at ``path``."""
        query = "SELECT content FROM mounts WHERE path = ? AND kind = ? AND owner = ?"
        found: tuple[bytes] = self._connection.execute(query, (path, kind, owner)).fetchone()
        return found[0]

    def kept(self, uid: str) -> KeptRow | None:
        """What was generated for ``uid``, also if the resource is gone."""
        query = "SELECT uid, guid, provisioner, state FROM kept WHERE uid = ?"
        found = self._connection.execute(query, (uid,)).fetchone()
        return None if found is None else KeptRow._make(found)

    def put(self, rows: Iterable[NamedTuple]) -> None:
        """Adds rows, replacing those of the same key."""
        for kind, alike in groupby(rows, key=type):
            marks = ", ".join("?" * len(_FIELDS[kind]))
            self._connection.executemany(f"INSERT OR REPLACE INTO {_TABLES[kind]} VALUES ({marks})", alike)

    def drop(self, row: type[NamedTuple], keys: Iterable[str]) -> None:
        """Removes the rows with these keys from a table whose key is its first column."""
        query = f"DELETE FROM {_TABLES[row]} WHERE {row._fields[0]} = ?"
        self._connection.executemany(query, ((key,) for key in keys))

    def drop_made(self, kind: str, owners: Iterable[str]) -> None:
        """Removes the fragments, mounts and warnings of some owners."""
        keys = [(kind, owner) for owner in owners]
        for table in ("entries", "mounts", "warnings"):
            self._connection.executemany(f"DELETE FROM {table} WHERE kind = ? AND owner = ?", keys)

    def glance(self) -> glance.Glance:
        """The signatures of all files, as a complete run left them."""
        return glance.Glance(map(glance.Bucket._make, self._connection.execute(_GLANCE)))

    def renew_glance(self) -> None:
        """Packs the signatures of all files that went in or came out."""
        self._connection.execute("DELETE FROM glance")
        buckets: dict[tuple[str, int], dict[str, glance.Numbers]] = {}
        files: list[InputRow | OutputRow] = [*self.rows(InputRow), *self.rows(OutputRow)]
        for row in files:
            buckets.setdefault(glance.bucket_of(row), {})[row.path] = glance.numbers_of(row)
        self.put(glance.Bucket.packed(*key, inside) for key, inside in sorted(buckets.items()))

    def amend_glance(self, rows: Iterable[InputRow | OutputRow]) -> None:
        """Takes the new signatures of some files into the glance."""
        buckets: dict[tuple[str, int], dict[str, glance.Numbers]] = {}
        for row in rows:
            key = glance.bucket_of(row)
            if key not in buckets:
                found = self._connection.execute(f"{_GLANCE} WHERE kind = ? AND number = ?", key).fetchone()
                buckets[key] = {} if found is None else glance.Bucket._make(found).unpacked()
            buckets[key][row.path] = glance.numbers_of(row)
        self.put(glance.Bucket.packed(*key, inside) for key, inside in sorted(buckets.items()))

    def needs(self, workload: str | None = None) -> list[Declaration]:
        """What every workload declares, or what one of them does."""
        from doit_score.resources import Declaration

        query = "SELECT workload, name, uid, type, class, id, params, metadata, refers_to FROM needs"
        if workload is not None:
            query += " WHERE workload = ?"
        return [
            Declaration(
                workload, name, uid, type_, class_, id_, params, metadata, tuple(refers_to.split("\n")[:-1])
            )
            for workload, name, uid, type_, class_, id_, params, metadata, refers_to in (
                self._connection.execute(query, () if workload is None else (workload,))
            )
        ]

    def set_needs(self, declared: Mapping[str, Iterable[Declaration]]) -> None:
        """Replaces what each workload that is named declares."""
        self._connection.executemany("DELETE FROM needs WHERE workload = ?", ((name,) for name in declared))
        self._connection.executemany(
            "INSERT INTO needs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *(d.workload, d.name, d.uid, d.type, d.class_, d.id, d.params, d.metadata),
                    "".join(f"{uid}\n" for uid in d.refers_to),
                )
                for every in declared.values()
                for d in every
            ),
        )

    def given(self) -> dict[str, str]:
        """The Score files of the project, with the canonical text of their options."""
        return dict(self._connection.execute("SELECT file, options FROM given"))

    def set_given(self, given: Iterable[tuple[str, str]]) -> None:
        """Replaces the Score files of the project."""
        self._connection.execute("DELETE FROM given")
        self._connection.executemany("INSERT INTO given VALUES (?, ?)", given)


def _selection(row: type[NamedTuple], without: Collection[str]) -> str:
    empty = {"content": "x''", **dict.fromkeys(without, "''")}
    columns = ", ".join(empty.get(name, name) for name in row._fields)
    return f"SELECT {columns} FROM {_TABLES[row]}"


def _is_empty(connection: sqlite3.Connection, path: str) -> bool:
    """Whether a database has no tables yet; refuses one that is not ours or is newer than this code."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if version == 0 and application == 0:
        return True
    if application != schema.APPLICATION_ID:
        raise ScoreError("is not a state database of doit-score", path=path)
    if version > schema.VERSION:
        raise ScoreError(
            f"was written by a newer version of doit-score (format {version}, this one knows "
            f"{schema.VERSION})",
            path=path,
            hint="upgrade doit-score",
        )
    return False


def _unreadable(error: sqlite3.Error, path: str) -> ScoreError:
    if "locked" in str(error):
        return ScoreError("is held open by another program", path=path, hint="close it and try again")
    if "full" in str(error) or "readonly" in str(error) or "I/O" in str(error):
        return ScoreError(f"cannot be written: {error}", path=path)
    return ScoreError(
        f"is damaged: {error}",
        path=path,
        hint="restore it from a backup; or move it away and run `doit-score init` and `generate`, "
        "which makes everything again, with new generated names and passwords",
    )
