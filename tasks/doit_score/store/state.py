"""The state of a project: one SQLite database in the locked state directory.

SQLite gives what the promises need: a commit is atomic and synced, a killed one is rolled back by
the next who opens it, readers see the last commit, and a change of one row costs one row.  Nobody
holds a transaction open while templates or commands run, so readers do not wait for a run.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby

from doit_score.store import backup, database, glance, schema
from doit_score.store.connection import Connection
from doit_score.store.database import backup_path, errors_told, exists, is_there, state_path
from doit_score.store.files import Writer
from doit_score.store.meta import MEMORY, Meta, Value
from doit_score.store.rows import InputRow, KeptRow, OriginRow, OutputRow
from doit_score.store.statements import put_if_other, sealed, selection
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from doit_score.score.resources import Declaration
    from doit_score.store.vault import Vault

__all__ = ["State", "exists", "open_state"]

_NOTED = f"SELECT key, value FROM meta WHERE key IN ('{Meta.raw_names.name}', '{Meta.vault.name}')"
WITH_SECRETS = frozenset(field.name for field in (Meta.attic, Meta.base, Meta.legacy_resources))
"""The single values that are texts with secrets in them."""
_SMALL = 1 << 20
_GLANCE = "SELECT kind, number, paths, numbers FROM glance"

_Row = TypeVar("_Row", bound=NamedTuple)


@contextmanager
def open_state(state_dir: str, *, create: bool = False) -> Iterator[State]:
    """The state in ``state_dir``; to write to it, hold the lock, which ``create`` needs too.

    With ``create`` a missing one is made, and one of an older version is brought to this one.

    Raises ScoreError if there is none (and ``create`` is false), if it was written by another version,
    if it is gone while its backup is there, or if it is damaged.
    """
    path = state_path(state_dir)
    if not is_there(path):
        if is_there(backup_path(state_dir)):
            raise database.lost(state_dir)
        if not create:
            hint = "run `doit-score init` (or `doit init`) first"
            raise ScoreError(f"there is no state in '{state_dir}' yet", hint=hint)
        _create(state_dir)
    with errors_told(path):
        connection = database.reader(path)
    try:
        with errors_told(path, connection):
            if database.version(connection, path) < schema.VERSION:
                if not create:
                    hint = (
                        "`doit-score generate` (or `doit generate`) brings it to this one, and loses nothing"
                    )
                    raise ScoreError("was written by an older version of doit-score", path=path, hint=hint)
                database.migrate(connection)
            state = State(connection, state_dir)
            state.look_at_notes()
            yield state
            state.settle()
    finally:
        connection.close()


def _create(state_dir: str) -> None:
    path = state_path(state_dir)
    with errors_told(path), Writer(state_dir).replacing(path) as temporary:
        database.create(temporary)


class State:
    """Typed access to the tables.  A change belongs into a :meth:`transaction`."""

    _is_kept = True
    """Whether what is changed stays."""

    def __init__(self, connection: Connection, state_dir: str) -> None:
        self._connection = connection
        self._state_dir = state_dir
        self._generation: str | None = None
        self._changes: list[backup.Change] = []
        self._backed_up: frozenset[str] | None = None
        self.vault: Vault | None = None
        """Where the secrets are, if not here: to be asked and told of some before they are put."""

    @property
    def place(self) -> str:
        """The state directory, without links on the way."""
        return os.path.realpath(self._state_dir)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside become visible, and durable, together when it ends without an error.

        If they change what cannot be made again, the backup is brought up to date first.
        """
        self._begin()
        try:
            yield
            self._keep_secrets()
            self._back_up()
            # In here, as it can fail too.
            self._connection.execute("COMMIT")
        except BaseException:
            # SQLite may have done it by itself.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        finally:
            self._changes.clear()
        if self.vault is not None:
            self.vault.prune()

    def _begin(self) -> None:
        if self._generation is None:
            database.let_readers_be(self._connection)
            self._generation = backup.generation(self._state_dir) or ""
        self._backed_up = None
        self._connection.execute("BEGIN IMMEDIATE")

    def _back_up(self) -> None:
        """Makes the backup, unless it has the memory as it is now: one of a killed run may not."""
        present = self.meta().memory
        changes = None
        if self._changes:
            changes = self._changes if present and present == self._generation else None
            present = os.urandom(8).hex()
            self.set_meta(Meta.memory.to(present))
        if present != self._generation:
            backup.write(self._state_dir, self._connection, changes)
            self._generation = present

    def _remember(self, statement: str, values: Iterable[Sequence[str]]) -> None:
        """Changes what cannot be made again, and notes it for the backup if it is a change."""
        known = list(values)
        before = self._connection.total_changes
        self._connection.executemany(statement, known)
        if self._connection.total_changes > before:
            self._changes.append((statement, known))

    def look_at_notes(self) -> None:
        """Has names that are not UTF-8 given back as they were, and secrets that are kept apart, if there are
        any."""
        noted = Meta(dict(self._connection.execute(_NOTED)))
        if noted.raw_names:
            self._connection.restore_names()
        self.vault = None
        if noted.knows(Meta.vault) and noted.vault:
            self.vault = self.vault_of(noted.vault)
            self.overwrite()

    def vault_of(self, noted: Mapping[str, Any]) -> Vault:
        """The vault that is noted so."""
        from doit_score.store.keepers import Nowhere, keeper
        from doit_score.store.vault import Vault

        found = keeper(noted["how"], self._state_dir, noted["id"])
        found = found if self._is_kept else Nowhere(found)
        return Vault(found, noted["names"], noted.get("alone", ()))

    def _keep_secrets(self) -> None:
        """Keeps those apart that are new, before anything is committed that refers to them."""
        if self.vault is not None and self.vault.is_new:
            self.vault.save()
            self.set_meta(Meta.vault.to({**self.meta().vault, **self.vault.noted}))

    def stored(self, table: str, column: str) -> Iterator[str | bytes]:
        """A column as it is stored, with names in place of secrets."""
        return (found for (found,) in self._connection.execute(f"SELECT {column} FROM {table}"))

    def overwrite(self) -> None:
        """From here on nothing stays in the files of what is replaced or removed."""
        self._connection.execute("PRAGMA secure_delete = ON").fetchall()

    def wipe(self) -> None:
        """Takes out of the files of the database and of its backup what is in them no more."""
        self._connection.execute("VACUUM")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        backup.write(self._state_dir, self._connection, None)

    def check(self) -> None:
        """Raises ScoreError if a state that is small is damaged; of a large one that would take too long."""
        path = state_path(self._state_dir)
        if os.stat(path).st_size <= _SMALL and (
            not database.is_sound(self._connection) or backup.is_lacking(self._state_dir, self._connection)
        ):
            raise database.damaged(path, "what is in it is not what was written")

    def settle(self) -> None:
        """Moves what was committed from the -wal file into the database, while others may read on: who
        closes a database last does so too, and lets nobody in meanwhile."""
        if self._generation is not None:
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see one commit."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def copy_to(self, target: sqlite3.Connection) -> None:
        """Copies the last commit."""
        self._connection.backup(target)

    def meta(self) -> Meta:
        """All single values."""
        found = dict(self._connection.execute("SELECT key, value FROM meta"))
        if self.vault is not None:
            found = {key: self.vault.shown_text(text) for key, text in found.items()}
        return Meta(found)

    def set_meta(self, *values: Value) -> None:
        """Sets single values."""
        put = put_if_other("meta", ("key", "value"))
        if self.vault is not None:
            hide = self.vault.hidden_text
            values = tuple(
                one._replace(text=hide(one.text)) if one.name in WITH_SECRETS else one for one in values
            )
        self._remember(put, [value for value in values if value.name in MEMORY])
        self._connection.executemany(put, [value for value in values if value.name not in MEMORY])

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
        of_owner = ("", ()) if kind is None else (" WHERE kind = ? AND owner = ?", (kind, owner))
        query = selection(row, without) + of_owner[0]
        return self._shown(map(row._make, self._connection.execute(query, of_owner[1])))

    def _shown(self, rows: Iterable[_Row]) -> list[_Row]:
        return list(rows if self.vault is None else map(self.vault.shown, rows))

    def select(
        self, row: type[_Row], column: str, values: Iterable[str], *, without: Collection[str] = ()
    ) -> list[_Row]:
        """The rows of a table that have one of these values in a column; ``without`` as in :meth:`rows`."""
        query = f"{selection(row, without)} WHERE {column} = ?"
        return self._shown(
            row._make(found) for value in values for found in self._connection.execute(query, (value,))
        )

    def content(self, path: str, kind: str, owner: str) -> bytes:
        """What ``owner`` wants in the file at ``path``."""
        query = "SELECT content FROM mounts WHERE path = ? AND kind = ? AND owner = ?"
        found: tuple[bytes] = self._connection.execute(query, (path, kind, owner)).fetchone()
        return found[0] if self.vault is None else self.vault.shown_bytes(found[0])

    def kept(self, uid: str) -> KeptRow | None:
        """What was generated for ``uid``, also if the resource is gone."""
        for row in self.select(KeptRow, "uid", [uid]):
            return row
        if self._backed_up is None:
            self._backed_up = backup.uids(self._state_dir, self.meta().memory)
        if uid in self._backed_up:
            # To generate it again would be the worst of all that damage can do.
            raise database.damaged(state_path(self._state_dir), f"what was generated for '{uid}' is missing")
        return None

    def origin(self, kind: str, owner: str) -> OriginRow | None:
        """What ``owner`` was made of when it was last made."""
        return next(iter(self.rows(OriginRow, kind, owner)), None)

    def put(self, rows: Iterable[NamedTuple]) -> None:
        """Adds rows, replacing those of the same key."""
        if self.vault is not None:
            rows = map(self.vault.hidden, rows)
        for kind, alike in groupby(rows, key=lambda row: type(row)):
            if kind is KeptRow:
                self._remember(put_if_other("kept", KeptRow._fields), alike)
            else:
                self._connection.executemany(
                    f"INSERT OR REPLACE INTO {schema.NAMES[kind]} {sealed(len(kind._fields))}",
                    (row + row for row in alike),
                )

    def drop(self, row: type[NamedTuple], keys: Iterable[str]) -> None:
        """Removes the rows with these keys from a table whose key is its first column."""
        query = f"DELETE FROM {schema.NAMES[row]} WHERE {row._fields[0]} = ?"
        change = self._remember if row is KeptRow else self._connection.executemany
        change(query, ((key,) for key in keys))

    def clear(self, row: type[NamedTuple]) -> None:
        """Removes all rows of a table."""
        self._connection.execute(f"DELETE FROM {schema.NAMES[row]}")

    def drop_made(self, kind: str, owners: Iterable[str]) -> None:
        """Removes the fragments, mounts, origins and warnings of some owners."""
        keys = [(kind, owner) for owner in owners]
        for table in ("entries", "mounts", "origins", "warnings"):
            self._connection.executemany(f"DELETE FROM {table} WHERE kind = ? AND owner = ?", keys)

    def glance(self) -> glance.Glance:
        """The signatures of all files, as a complete run left them."""
        return glance.Glance(map(glance.Bucket._make, self._connection.execute(_GLANCE)))

    def renew_glance(self) -> None:
        """Packs the signatures of all files that went in or came out."""
        self._connection.execute("DELETE FROM glance")
        self.amend_glance([*self.rows(InputRow), *self.rows(OutputRow)])

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
        from doit_score.score.resources import Declaration

        query = "SELECT workload, name, uid, type, class, id, params, metadata, refers_to FROM needs"
        if workload is not None:
            query += " WHERE workload = ?"
        found = self._connection.execute(query, () if workload is None else (workload,))
        return [Declaration(*(*said, tuple(refers_to.split("\n")[:-1]))) for *said, refers_to in found]

    def set_needs(self, declared: Mapping[str, Iterable[Declaration]]) -> None:
        """Replaces what each workload that is named declares."""
        self._connection.executemany("DELETE FROM needs WHERE workload = ?", ((name,) for name in declared))
        self._connection.executemany(
            f"INSERT INTO needs {sealed(9)}",
            (
                2
                * (
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
        wanted = dict(given)
        known = self.given()
        gone = [(file,) for file in known if file not in wanted]
        self._remember("DELETE FROM given WHERE file = ?", gone)
        new = [item for item in wanted.items() if known.get(item[0]) != item[1]]
        self._remember(put_if_other("given", ("file", "options")), new)
