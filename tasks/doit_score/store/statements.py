"""Statements on the tables of the state, made of the rows that they are about."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from doit_score.store import schema
from doit_score.text.light import NamedTuple


def selection(row: type[NamedTuple], without: Collection[str]) -> str:
    """Selects rows as they are typed; contents, and the columns ``without``, are empty."""
    empty = {"content": "x''", **dict.fromkeys(without, "''")}
    columns = ", ".join(empty.get(name, name) for name in row._fields)
    return f"SELECT {columns} FROM {schema.NAMES[row]}"


def sealed(columns: int) -> str:
    """The values of a row and its seal; takes the row twice, as numbered values are taken of no sequence."""
    marks = ", ".join("?" * columns)
    return f"VALUES ({marks}, seal({marks}))"


def put_if_other(table: str, columns: Sequence[str]) -> str:
    """Puts a row whose key is the first column; one that is there already is no change."""
    marks, others = ", ".join("?" * len(columns)), columns[1:]
    same = " AND ".join(f"{name} = excluded.{name}" for name in others)
    changes = ", ".join(f"{name} = excluded.{name}" for name in others)
    return (
        f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT ({columns[0]}) DO UPDATE SET {changes} "
        f"WHERE NOT ({same})"
    )
