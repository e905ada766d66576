"""Checks and normalises Compose sections that provisioners, ``--build`` and patches give.

Known keys and types are in :mod:`doit_score.targets.compose.schema`.  Values come back in the long form and
in one spelling (strings where Compose wants strings, ``1m30s``, sizes in bytes), as the reference
writes them.  Unknown keys are left out with a warning; extensions (``x-...``) are kept.  ``strict``
takes no number or boolean for a string, as the reference does with patches (patches-45-wrong-type).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from doit_score.targets import Checked
from doit_score.text import words
from doit_score.text.errors import Problem

from .dollars import kept, unreadable
from .kinds import Findings, Table, check_table, keys_of
from .schema import BUILD, FILE_OBJECT, MODEL, MOUNT, NETWORK, SERVICE, VOLUME

_NAME = re.compile(r"[A-Za-z0-9._-]+")
"""What Compose takes as the name of an entry; it replaces no variables there."""

_TABLES = {
    "services": SERVICE,
    "networks": NETWORK,
    "volumes": VOLUME,
    "secrets": FILE_OBJECT,
    "configs": FILE_OBJECT,
    "models": MODEL,
}


def check_entry(section: str, name: str, value: object, *, strict: bool = False) -> Checked:
    """One entry of a section; null is an empty one (cases provisioners-146 to -170)."""
    return _check(f"{section.removesuffix('s')} {name!r}", _TABLES[section], value, strict, name)


def check_build(value: object) -> Checked:
    """A ``build`` section, or its short form: a directory, which keeps its dollars (containers-42, -53)."""
    return _check("build", BUILD, {"context": kept(value)} if isinstance(value, str) else value)


def check_mount(value: Mapping[str, object]) -> Checked:
    """One entry in the long form of a service's ``volumes``."""
    return _check("", MOUNT, value)


def _check(subject: str, table: Table, value: object, strict: bool = False, name: str = "-") -> Checked:
    found = Findings(strict)
    if not _NAME.fullmatch(name):
        found.errors.append("expected a name of letters, digits, '.', '_' and '-'")
    result: dict[str, object] = {}
    if isinstance(value, Mapping):
        result = check_table(table, value, "", found)
    elif value is not None:
        found.wrong("", "a mapping", words.kind(value))
    for at in unreadable(result):
        message = "Compose refuses this text: it reads what follows a '$' as a variable"
        found.suspicious(at, message, "write '$$' where a dollar is meant")
    prefix = f"{subject}: " if subject else ""
    return Checked(
        result,
        tuple(Problem(prefix + message.removeprefix(": ")) for message in found.errors),
        tuple(Problem(prefix + message, hint=hint) for message, hint in found.warnings),
        places={prefix + message.removeprefix(": "): keys_of(at) for message, at in found.places.items()},
    )
