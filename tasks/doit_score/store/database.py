"""The databases of a state directory: opened, made, checked; and what can be wrong with them.

The state is in WAL mode, so that readers never wait for a commit.  It costs two files beside it as long
as somebody has it open (`state.db-wal`, `state.db-shm`); a killed run leaves them for the next who opens it.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from doit_score.store import schema
from doit_score.store.connection import Connection
from doit_score.store.files import FILE_MODE
from doit_score.store.meta import Meta
from doit_score.text import canonical
from doit_score.text.errors import ScoreError

STATE_NAME = "state.db"
BACKUP_NAME = "backup.db"
COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite can have beside a database."""

# Readers and writers do not wait for each other; this is for who meets another that puts things right
# after a killed run, or that is the last to close it.
_BUSY_SECONDS = 30.0

_READ_ONLY = "attempt to write a readonly database"  # also where its header says so
_OF_DISK = {
    8: _READ_ONLY,
    10: "disk I/O error",
    13: "database or disk is full",
    14: "unable to open database file",
}
"""What SQLite says, by its codes, of a disk and its permissions."""

# What SQLite says of statements rather than of the database.
_OURS = (sqlite3.IntegrityError, sqlite3.ProgrammingError)


def state_path(state_dir: str) -> str:
    """Where the state of a state directory is."""
    return os.path.join(state_dir, STATE_NAME)


def backup_path(state_dir: str) -> str:
    """Where the backup of a state directory is."""
    return os.path.join(state_dir, BACKUP_NAME)


def exists(state_dir: str) -> bool:
    """Whether ``state_dir`` has been initialised: there is a state, or the backup of one that is gone."""
    return is_there(state_path(state_dir)) or is_there(backup_path(state_dir))


def is_there(path: str) -> bool:
    """Whether there is a database at ``path``, sound or not.  An empty file is none: it is how a
    database begins, and how one ends that was truncated.  Raises ScoreError if nobody lets us look."""
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise ScoreError(f"cannot be read: {error.strerror}", path=path) from None
    return found.st_size > 0 or not stat.S_ISREG(found.st_mode)


def connect(path: str, *, mode: str = "mode=rw") -> Connection:
    """A connection to the database that is at ``path``; errors come with the first statement."""
    return sqlite3.connect(
        uri(path, mode), timeout=_BUSY_SECONDS, isolation_level=None, uri=True, factory=Connection
    )


def uri(path: str, mode: str) -> str:
    """The name of the database at ``path`` for SQLite.  Without ``mode`` it would make a missing one."""
    quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    if not quoted.isascii():  # not all names are UTF-8
        quoted = "".join(chr(byte) if byte < 128 else f"%{byte:02x}" for byte in os.fsencode(quoted))
    return f"file:{'//' if path.startswith('/') else ''}{quoted}?{mode}"


def create(path: str) -> None:
    """Makes an empty database of this version at ``path``, where there is none or an empty file.

    Not to be seen by others before it is renamed: it is neither synced nor safe from being killed.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE)
    os.fchmod(descriptor, FILE_MODE)  # whatever the umask says
    os.close(descriptor)
    with closing(connect(path)) as connection:
        connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {schema.CREATE}")


def reader(path: str) -> Connection:
    """A connection to a database that can be read, whatever its version, also in a read-only directory.

    Raises ScoreError if it is not a database of ours, and sqlite3.Error if it is damaged.
    """
    connection = connect(path)
    try:
        _check_owner(connection, path)
    except sqlite3.OperationalError:
        connection.close()
        # A database in WAL mode has files made beside it even to be read.
        if os.access(os.path.dirname(path) or ".", os.W_OK) or is_there(path + "-wal"):
            raise
        connection = connect(path, mode="immutable=1")
        _check_owner(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_owner(connection: sqlite3.Connection, path: str) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != schema.APPLICATION_ID:
        raise damaged(path, "it is not a state database of doit-score")
    # SQLite reads what is missing of a page as zeros.
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    if os.stat(path).st_size % page_size:
        raise damaged(path, "it was cut off")


def version(connection: sqlite3.Connection, path: str) -> int:
    """The version of a database of ours.  Raises ScoreError for one that this code does not know."""
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > schema.VERSION and _has_our_tables(connection):
        raise damaged(path, "its version is not that of its tables")
    if found > schema.VERSION:
        raise ScoreError(
            f"was written by a newer version of doit-score (format {found}, this one knows {schema.VERSION})",
            path=path,
            hint="upgrade doit-score",
        )
    return found


def let_readers_be(connection: sqlite3.Connection) -> None:
    """Puts a database in WAL mode, if it is not in it yet: one that was made or recovered just now is not.

    It stays as it is where the file system cannot do that, or where somebody is just reading it.
    """
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA synchronous = FULL")


def migrate(connection: sqlite3.Connection) -> None:
    """Gives a database of an older version the tables of this one.  The lock must be held."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    connection.executescript(schema.migrate(tables))


def is_whole(connection: sqlite3.Connection, pragma: str = "quick_check") -> bool:
    """Whether SQLite finds nothing wrong in any page."""
    try:
        return connection.execute(f"PRAGMA {pragma}(1)").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False


def is_sound(connection: sqlite3.Connection) -> bool:
    """Whether pages, tables, texts and single values are as they were written, as far as one can know."""
    try:
        if not is_whole(connection, "integrity_check"):
            return False
        is_ours = connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        if is_ours != _has_our_tables(connection) or (is_ours and not _is_sealed(connection)):
            return False
        for *_, state in connection.execute("SELECT uid, guid, provisioner, state FROM kept"):
            canonical.mapping(state)
        for _, text in connection.execute("SELECT file, options FROM given"):
            canonical.decode(text or "{}")
        meta = Meta(dict(connection.execute("SELECT key, value FROM meta")))
        for name in meta.texts:
            getattr(meta, name, None)
    except Exception:  # whatever it is that cannot be read
        return False
    return True


def _has_our_tables(connection: sqlite3.Connection) -> bool:
    return schema.made(connection.execute("SELECT name, sql FROM sqlite_master")) == schema.usual()


def _is_sealed(connection: sqlite3.Connection) -> bool:
    for table in (name for name, text in schema.usual().items() if "seal INTEGER" in text):
        columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
        said = f"SELECT 1 FROM {table} WHERE seal <> seal({', '.join(columns[:-1])}) LIMIT 1"
        if connection.execute(said).fetchone():
            return False
    return True


@contextmanager
def errors_told(path: str, connection: sqlite3.Connection | None = None) -> Iterator[None]:
    """Makes a ScoreError of what SQLite says of the database at ``path``.

    What fails for another reason may do so because of what it read: if ``connection`` finds the database
    damaged, that is the error.
    """
    try:
        yield
    except (ScoreError, OSError):
        raise
    except Exception as error:
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, _OURS):
            raise told(error, path) from None
        if not isinstance(error, UnicodeDecodeError) and (connection is None or is_sound(connection)):
            raise
        raise damaged(path, "what is in it does not fit together") from None


def told(error: sqlite3.DatabaseError, path: str) -> ScoreError:
    """What SQLite says of the database at ``path``, as an error that says what to do."""
    text = str(error)
    if text.startswith("Could not decode"):
        text = "a text in it is not UTF-8"  # and Python shows it
    if os.path.isdir(path):
        return damaged(path, "it is a directory")
    if "locked" in text:
        return ScoreError("is held open by another program", path=path, hint="close it and try again")
    if os.path.exists(path) and not os.access(path, os.R_OK):
        return ScoreError("cannot be read: Permission denied", path=path)
    if is_of_disk(error) and not (text == _READ_ONLY and _may_be_written(path)):
        directory = os.path.dirname(path)
        return ScoreError(
            f"cannot be used: {text}",
            path=path,
            hint=f"is there space on the disk, and may files be made in '{directory}'?",
        )
    return damaged(path, text)


def is_of_disk(error: sqlite3.DatabaseError) -> bool:
    """Whether an error comes from the disk or its permissions, rather than from what is in a database."""
    code = getattr(error, "sqlite_errorcode", None)  # from Python 3.11 on
    return str(error) in _OF_DISK.values() if code is None else code & 0xFF in _OF_DISK


def _may_be_written(path: str) -> bool:
    return os.access(path, os.W_OK) and os.access(os.path.dirname(path) or ".", os.W_OK)


def damaged(path: str, why: str) -> ScoreError:
    """The error for a database that cannot be used any more, with the way out."""
    state_dir = os.path.dirname(path)
    backup = backup_path(state_dir)
    if path != backup and is_there(backup):
        hint = (
            f"what was generated is in its backup '{backup}': `{recover_command(state_dir)}` makes a new "
            "state from it"
        )
    else:
        hint = (
            "there is no other backup beside it; restore one of yours, or move it away and run "
            "`doit-score init` and `generate`, which makes everything again, with new names and passwords"
        )
    return ScoreError(f"is damaged: {why}", path=path, hint=hint)


def lost(state_dir: str) -> ScoreError:
    """The error for a state that is gone while its backup is there."""
    backup = backup_path(state_dir)
    return ScoreError(
        f"is gone or empty, but its backup '{backup}' is there",
        path=state_path(state_dir),
        hint=f"`{recover_command(state_dir)}` goes on with the names and passwords that were generated; "
        "to begin anew, with new ones, remove the backup",
    )


def recover_command(state_dir: str) -> str:
    """The command that makes a new state from the backup."""
    import shlex

    where = "" if state_dir == "state" else f" --state-dir {shlex.quote(state_dir)}"
    return f"doit-score recover{where}"
