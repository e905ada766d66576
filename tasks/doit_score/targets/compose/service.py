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
from .schema import BUILD, CONFIG, MODEL, MOUNT, NETWORK, SECRET, SERVICE, SOURCES, VOLUME

_NAME = re.compile(r"[A-Za-z0-9._-]+")
"""What Compose takes as the name of an entry; it replaces no variables there."""

_TABLES = {
    "services": SERVICE,
    "networks": NETWORK,
    "volumes": VOLUME,
    "secrets": SECRET,
    "configs": CONFIG,
    "models": MODEL,
}


def check_entry(section: str, name: str, value: object, *, strict: bool = False) -> Checked:
    """One entry of a section; null is an empty one (cases provisioners-146 to -170)."""
    found = Findings(strict)
    if not _NAME.fullmatch(name):
        found.errors.append("expected a name of letters, digits, '.', '_' and '-'")
    result = _value(_TABLES[section], value, found)
    if section in SOURCES and (value is None or isinstance(value, Mapping)):
        _one_source(SOURCES[section], value or {}, result, found)
    return _told(f"{section.removesuffix('s')} {name!r}", result, found)


def check_build(value: object) -> Checked:
    """A ``build`` section, or its short form: a directory, which keeps its dollars (containers-42, -53)."""
    found = Findings()
    value = {"context": kept(value)} if isinstance(value, str) else value
    return _told("build", _value(BUILD, value, found), found)


def check_mount(value: Mapping[str, object]) -> Checked:
    """One entry in the long form of a service's ``volumes``."""
    found = Findings()
    return _told("", _value(MOUNT, value, found), found)


def _value(table: Table, value: object, found: Findings) -> dict[str, object]:
    if isinstance(value, Mapping):
        return check_table(table, value, "", found)
    if value is not None:
        found.wrong("", "a mapping", words.kind(value))
    return {}


def _one_source(
    keys: tuple[str, ...], value: Mapping[object, object], result: Mapping[str, object], found: Findings
) -> None:
    """Notes a secret or config of which it is not said, or more than once, what is in it.

    Some releases of Compose take ``external`` beside another, and all an empty text, which they cannot mount.
    """
    given = [key for key in keys if value.get(key) not in (None, "")]
    if result.get("external"):
        given.append("external")
    if len(given) != 1 and "external" not in found.places.values():
        expected = f"one of {', '.join(keys)} and external: true"
        found.wrong("", expected, " and ".join(given) or "none of them")


def _told(subject: str, result: dict[str, object], found: Findings) -> Checked:
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
