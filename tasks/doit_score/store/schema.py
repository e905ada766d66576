"""The tables of the state database, and what each is for.

meta        single values (meta.py): what the project was told once, what the last run was asked to do
kept        what was generated for a resource, for ever: also for resources that are gone
workloads   one row per workload; `ports` saves reading its Score file again
needs       one row per resource that a workload declares
resources   what provisioning made of each resource, and what that depended on
entries     one named entry of a section of the output each
mounts      what belongs below the mounts directory, and on whose behalf
inputs      the files that were read, with their signatures
outputs     the files and directories that were written, with their signatures
glance      the signatures of both once more, packed: what the quick look reads (glance.py)
warnings    what was noticed about a workload or resource when it was last made (engine/why/standing.py)
origins     what a workload or resource was made of when it was last made, part by part, and why it was
reasons     what the last run that did something did, and why
given       the Score files that the project has, with the options that they were given with

What of this is memory (`MEMORY`, here and in meta.py) cannot be made again: it is backed up (backup.py), and
goes from one version of the format to the next.  All else is derived: without it the next run is a whole one.

`kind` is `workload` or `resource`, `owner` the name or uid.  Columns that hold a value hold its
canonical text (canonical.py); a `digest` names all that a row was made of, and the `seal` of a derived row is
its checksum (connection.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from doit_score.store import meta, rows
from doit_score.store.glance import Bucket
from doit_score.store.meta import Meta
from doit_score.text.light import NamedTuple

APPLICATION_ID = 0x5C0BE
VERSION = 6
"""To be raised with any change of the tables, which are compared with these: others are damaged."""

MEMORY = ("kept", "given")
"""The tables that cannot be made again."""

_MEMORY_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE kept (
  uid TEXT PRIMARY KEY, guid TEXT NOT NULL, provisioner TEXT NOT NULL, state TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE given (file TEXT PRIMARY KEY, options TEXT NOT NULL) WITHOUT ROWID;
"""
NAMES: dict[type[NamedTuple], str] = {
    rows.KeptRow: "kept",
    rows.WorkloadRow: "workloads",
    rows.ResourceRow: "resources",
    rows.EntryRow: "entries",
    rows.MountRow: "mounts",
    rows.InputRow: "inputs",
    rows.OutputRow: "outputs",
    Bucket: "glance",
    rows.WarningRow: "warnings",
    rows.OriginRow: "origins",
    rows.ReasonRow: "reasons",
}
"""The tables that have typed rows, whose fields are the columns."""

_KEYS = {
    **dict.fromkeys(("warnings", "origins"), "kind, owner"),
    "entries": "section, name, kind, owner",
    "mounts": "path, kind, owner",
    "glance": "kind, number",
    "reasons": "kind, name",
}
"""The key of a table where that is not the first column."""

_TYPES = {"str": "TEXT NOT NULL", "int": "INTEGER NOT NULL", "bytes": "BLOB NOT NULL"}


def _table(row: type[NamedTuple], name: str) -> str:
    columns = [f"{field} {_TYPES[kind]}" for field, kind in row.__annotations__.items()]
    key = _KEYS.get(name, row._fields[0])
    columns += ["seal INTEGER NOT NULL", f"PRIMARY KEY ({key})"]
    return f"CREATE TABLE {name} ({', '.join(columns)}) WITHOUT ROWID;"


_MORE_TABLES = """
CREATE TABLE needs (
  workload TEXT NOT NULL, name TEXT NOT NULL, uid TEXT NOT NULL, type TEXT NOT NULL,
  class TEXT NOT NULL, id TEXT NOT NULL, params TEXT, metadata TEXT, refers_to TEXT NOT NULL,
  seal INTEGER NOT NULL, PRIMARY KEY (workload, name)
) WITHOUT ROWID;
CREATE INDEX workloads_in ON workloads (file);
CREATE INDEX entries_of ON entries (kind, owner);
CREATE INDEX mounts_of ON mounts (kind, owner);
"""
_DERIVED_TABLES = "".join(_table(*one) for one in NAMES.items() if one[1] not in MEMORY) + _MORE_TABLES
TABLES = _MEMORY_TABLES + _DERIVED_TABLES

_STAMP = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"
CREATE = f"BEGIN; {TABLES} {_STAMP} COMMIT;"
"""Makes an empty database."""


def migrate(tables: Iterable[str]) -> str:
    """The script that gives a database of an older version, which has these ``tables``, this version's.

    It keeps the memory, whose tables are since version 1 as they are.
    """
    derived = sorted({*tables} - {"meta", *MEMORY})
    known = ", ".join(f"'{key}'" for key in sorted(meta.MEMORY))
    return (
        "BEGIN IMMEDIATE;"
        + "".join(f"DROP TABLE {name};" for name in derived)
        + f"{_DERIVED_TABLES} DELETE FROM meta WHERE key NOT IN ({known});"
        # Whatever backup there is has the older format.
        + f"INSERT OR REPLACE INTO meta VALUES ('{Meta.memory.name}', lower(hex(randomblob(8))));"
        + f"{_STAMP} COMMIT;"
    )


def made(found: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """The statements that made tables and indices, by name, as they are compared."""
    return {name: " ".join(text.split()) for name, text in found if text}


def usual() -> dict[str, str]:
    """The same of a database of this version."""
    statements = [text.strip() for text in TABLES.split(";")]
    return made((text.split()[2], text) for text in statements if text)
