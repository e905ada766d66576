"""Connections to our databases: names of files that are not UTF-8 in them, and the seals of rows.

Python keeps the bytes of a name that are no UTF-8 as lone surrogates, which SQLite does not take.  They are
stored as the last letters of Unicode, which nobody uses.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from zlib import crc32

from doit_score.store.meta import Meta
from doit_score.text.light import Any

_LAST = 0x10FF80 - 0xDC80
_TO_STORED = {byte: byte + _LAST for byte in range(0xDC80, 0xDD00)}
_TO_GIVEN = {letter: byte for byte, letter in _TO_STORED.items()}
_NOTED, _NOTE = Meta.raw_names.to(True), "INSERT OR REPLACE INTO meta VALUES (?, ?)"


class Connection(sqlite3.Connection):
    """One that takes texts with lone surrogates, and gives them back once there are any."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.create_function("seal", -1, seal, deterministic=True)

    def execute(self, statement: str, values: Any = (), /) -> sqlite3.Cursor:
        try:
            return super().execute(statement, values)
        except UnicodeEncodeError:
            return super().execute(statement, _stored(values))

    def executemany(self, statement: str, rows: Iterable[Any], /) -> sqlite3.Cursor:
        every = list(rows)
        try:
            return super().executemany(statement, every)
        except UnicodeEncodeError:
            self.restore_names()
            super().execute(_NOTE, _NOTED)
            return super().executemany(statement, map(_stored, every))

    def restore_names(self) -> None:
        """From here on texts have their lone surrogates again."""
        self.row_factory = lambda _, row: tuple(_given(value) for value in row)


def as_stored(connection: sqlite3.Connection, statement: str) -> sqlite3.Cursor:
    """What ``statement`` finds, with texts as they are in the database: two of them can be compared."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(statement)


def seal(*values: object) -> int:
    """A checksum of the values of a row: damage can leave a row that SQLite finds nothing wrong with."""
    found = 0
    for value in values:
        found = crc32(value if isinstance(value, bytes) else str(value).encode(), crc32(b"\0", found))
    return found


def _stored(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(_as_stored(value) if isinstance(value, str) else value for value in values)


def _as_stored(text: str) -> str:
    return text.translate(_TO_STORED)


def _given(value: Any) -> Any:
    if not isinstance(value, str) or value.isascii():
        return value
    return value.translate(_TO_GIVEN)
