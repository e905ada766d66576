"""doit's own database in the state directory: a place for it, and a way on when it is damaged.

What it records saves doit some work and is lost without harm; but doit ends with a traceback where its
directory is missing or its database cannot be read.  So the directory is made, and such a database
removed, before doit looks for it.
"""

from __future__ import annotations

import dbm
import json
import os
import sqlite3
from contextlib import closing

from doit_score.store import files
from doit_score.store.lock import check_ours, locked
from doit_score.text.errors import ScoreError
from doit_score.text.messages import printer

NAME = "doit.db"
_SUFFIXES = ("", ".db", ".dat", ".dir", ".bak", "-journal")


def prepare(state_dir: str, lock_timeout: float) -> str:
    """The path of doit's database in ``state_dir``, which is made if it is missing.

    A database that is damaged is removed, with a notice.  Raises ScoreError if the directory cannot be
    made, or the database not be removed.
    """
    say = printer()
    check_ours(state_dir)
    if not os.path.isdir(state_dir):
        with locked(state_dir, lock_timeout, lambda text: say("warn", text)):
            pass
    path = os.path.join(state_dir, NAME)
    if os.path.exists(path) and not os.access(path, os.R_OK | os.W_OK):
        raise ScoreError(
            "doit's database may not be read and written by this user",
            path=path,
            hint="give it to this user, or remove it: it saves doit some work, and nothing else",
        )
    if _is_damaged(path):
        for suffix in _SUFFIXES:
            files.remove(path + suffix)
        say("warn", f"{path}: doit's database was damaged and has been removed; doit records all anew")
    return path


def _is_damaged(path: str) -> bool:
    """Whether doit would fail to read what is there, as far as that can be seen without its settings."""
    try:
        with open(path, "rb") as file:
            head = file.read(16)
    except FileNotFoundError:
        return os.path.exists(path + ".dir") and not _is_sound_dumb(path)
    except OSError:
        return False  # doit can tell why
    if head == b"SQLite format 3\0":
        return not _is_sound_sqlite(path)
    # Nothing yet, JSON (the backend of that name), or a format of dbm.
    return bool(head) and not head.startswith(b"{") and dbm.whichdb(path) == ""


def _is_sound_sqlite(path: str, wait: float = 5.0) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=wait)) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                return False
            for (data,) in connection.execute("SELECT task_data FROM doit"):
                json.loads(data)
    except sqlite3.OperationalError as error:
        return "locked" in str(error) or "no such table" in str(error)
    except (sqlite3.DatabaseError, ValueError, TypeError):
        return False
    return True


def _is_sound_dumb(path: str) -> bool:
    """Whether the plain files that Python uses where it has no other dbm can be read."""
    import dbm.dumb

    try:
        with dbm.dumb.open(path, "r") as records:
            for key in records:
                json.loads(records[key])
    except OSError:
        return True  # another run is just writing it
    except (ValueError, SyntaxError, TypeError):
        return False
    return True
