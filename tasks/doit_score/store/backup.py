"""The backup: a second database that has the memory alone, for when the state is lost or damaged.

It has the format of the state, with its derived tables empty, so that a copy of it is a state from
which the next run makes the rest.  It is written before each commit that changes the memory, so that
nothing is left to be done after one, and has one content or the other, never half.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from doit_score.store import database, meta, schema
from doit_score.store.connection import as_stored
from doit_score.store.database import COMPANIONS, backup_path, errors_told, is_there, state_path
from doit_score.store.files import FILE_MODE, NewFile, Writer
from doit_score.store.files import read as read_file
from doit_score.store.meta import Meta
from doit_score.text.errors import ScoreError


def generation(state_dir: str) -> str | None:
    """Which content of the memory the backup has; None if there is none that can be read."""
    found = _ask(state_dir, _GENERATION)
    return found[0] if found else None


def uids(state_dir: str, generation: str) -> frozenset[str]:
    """For which resources the backup has something, if it is of this ``generation``."""
    return frozenset(_ask(state_dir, f"SELECT uid FROM kept WHERE ({_GENERATION}) = ?", generation))


_GENERATION = f"SELECT value FROM meta WHERE key = '{Meta.memory.name}'"


def _ask(state_dir: str, query: str, *values: str) -> list[str]:
    path = backup_path(state_dir)
    if not is_there(path):
        return []
    try:
        with closing(database.connect(path, mode="mode=ro")) as connection:
            return [str(value) for (value,) in connection.execute(query, values)]
    except sqlite3.DatabaseError:
        return []


def is_lacking(state_dir: str, state: sqlite3.Connection, *, also_newer: bool = False) -> bool:
    """Whether ``state`` has not all that a backup of the same content has, as after damage.

    With ``also_newer`` also whether it lacks what was generated for a resource by any backup.
    """
    path = backup_path(state_dir)
    try:
        with closing(database.connect(path, mode="mode=ro")) as connection:
            theirs, ours = (
                {table: set(as_stored(one, f"SELECT * FROM {table}")) for table in (*schema.MEMORY, "meta")}
                for one in (connection, state)
            )
    except sqlite3.DatabaseError:
        return False
    names = [{value for key, value in one["meta"] if key == Meta.memory.name} for one in (theirs, ours)]
    if names[0] and names[0] == names[1]:
        return any(rows - ours[table] for table, rows in theirs.items())
    return also_newer and bool({row[0] for row in theirs["kept"]} - {row[0] for row in ours["kept"]})


Change = tuple[str, Sequence[Sequence[str]]]
"""A statement that changes the memory, and the values that it is executed with one after the other."""


def write(state_dir: str, source: sqlite3.Connection, changes: Iterable[Change] | None) -> None:
    """Makes the backup of what ``source`` sees in the state.  The lock must be held.

    ``changes`` are what makes it of the present backup; None if that is of another content.

    Raises ScoreError, with the backup as it was, if it cannot be written, and what SQLite raises for a
    state that cannot be read.
    """
    path, writer = backup_path(state_dir), Writer(state_dir)
    with errors_told(path), writer.replacing(path) as temporary:
        if changes is None or not _change(path, temporary, changes, writer):
            _fill(temporary, source, state_path(state_dir))


def _change(path: str, temporary: str, changes: Iterable[Change], writer: Writer) -> bool:
    """Makes ``temporary`` of the backup at ``path``; False if that turns out to be damaged."""
    writer.write([NewFile(temporary, read_file(path)[0], FILE_MODE)], lasting=False)
    try:
        with closing(database.connect(temporary)) as connection:
            _fill_quickly(connection)
            for statement, values in changes:
                connection.executemany(statement, values)
            connection.execute("COMMIT")
            return database.is_whole(connection)
    except sqlite3.DatabaseError as error:
        if database.is_of_disk(error):
            raise
        return False


def _fill(temporary: str, source: sqlite3.Connection, path: str) -> None:
    database.create(temporary)
    with closing(database.connect(temporary)) as connection:
        _fill_quickly(connection)
        for table, rows in _memory(source, path):
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        connection.execute("COMMIT")


def _fill_quickly(connection: sqlite3.Connection) -> None:
    """Begins to write to a file that nobody sees before it is complete."""
    connection.execute("PRAGMA journal_mode = OFF").fetchall()
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")


def _memory(source: sqlite3.Connection, path: str) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """The rows of each table.  Raises ScoreError if the state cannot be read."""
    with errors_told(path):
        for table in schema.MEMORY:
            yield table, source.execute(f"SELECT * FROM {table}").fetchall()
        values = source.execute("SELECT key, value FROM meta").fetchall()
        yield "meta", [(key, value) for key, value in values if key in meta.MEMORY]


def recover(state_dir: str, *, force: bool = False) -> tuple[str, ...]:
    """Makes a new state from the backup; what there was of the old one gets other names, which it returns.

    The lock must be held.  Raises ScoreError, with nothing changed, if there is no backup that can be
    used, or if the state is sound (and ``force`` is not given).
    """
    path, backup = state_path(state_dir), backup_path(state_dir)
    if not is_there(backup):
        raise ScoreError(
            f"there is no backup '{backup}', so nothing can be recovered",
            hint="one is made beside the state by the first run that generates something",
        )
    _check_backup(backup)
    if not force and is_there(path) and _is_sound(path, backup):
        raise ScoreError(
            "is not damaged, so there is nothing to recover",
            path=path,
            hint="--force puts the backup in its place all the same",
        )
    content = read_file(backup)[0]
    # The state goes first: whoever is killed after that leaves none, and the next run tells of the backup.
    aside = tuple(_moved_aside(path))
    Writer(state_dir).write([NewFile(path, content, FILE_MODE)])
    return aside


def _moved_aside(path: str) -> Iterator[str]:
    from doit_score.store.trees import move_aside

    target = path
    if os.path.lexists(path):
        target = move_aside(path)
        yield target
    for suffix in COMPANIONS:
        # Left here it would be applied to the new state.
        if os.path.lexists(path + suffix):
            if target == path or os.path.lexists(target + suffix):
                yield move_aside(path + suffix)
            else:
                os.rename(path + suffix, target + suffix)  # the name with which SQLite finds it
                yield target + suffix


def _check_backup(path: str) -> None:
    with errors_told(path), closing(database.reader(path)) as connection:
        database.version(connection, path)
        if not database.is_sound(connection):
            raise database.damaged(path, "its pages do not fit together")


def _is_sound(path: str, backup: str) -> bool:
    """Whether the state can be used, and has all that the backup has.

    Raises ScoreError for one of a newer version.
    """
    try:
        connection = database.reader(path)
    except (sqlite3.DatabaseError, ScoreError):
        return False
    with closing(connection):
        # By its header a database can be one that SQLite only reads.
        if not database.is_sound(connection) or read_file(path)[0][18:20] not in (b"\1\1", b"\2\2"):
            return False
        database.version(connection, path)
        return not is_lacking(os.path.dirname(backup), connection, also_newer=True)
