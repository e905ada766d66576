"""Whose the objects of a project are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from doit_score.running import naming
from doit_score.store.rows import EntryRow
from doit_score.store.state import exists, open_state

from .status import Owner

Owners = Mapping[str, Owner]
"""Who brought an object, by its kind and name."""


def owners(state_dir: str) -> Owners:
    """Those that the state knows."""
    if not exists(state_dir):
        return {}
    with open_state(state_dir) as state:
        entries = state.rows(EntryRow, without=("text",))
    found: dict[str, tuple[str, set[str]]] = {}
    for entry in entries:
        what = " ".join(entry.name.split("/")[-2:])
        found.setdefault(what, (entry.kind, set()))[1].add(entry.owner)
    return {what: Owner(kind, tuple(sorted(owners))) for what, (kind, owners) in found.items()}


def owner_of(key: str, owners: Owners) -> Owner | None:
    """Who brought the object of a key, if that is known."""
    return owners.get(" ".join(key.split(" ")[1::2]))


def who(key: str, owners: Owners) -> str:
    """An object for messages."""
    _, kind, _, name = key.split(" ")
    owner = owner_of(key, owners)
    return f"{kind} '{name}' of {owner}" if owner else f"{kind} '{name}'"


def named(given: Iterable[str], keys: Iterable[str], owners: Owners) -> list[str]:
    """Those of ``keys`` that are meant; ScoreError for a name that means none."""
    parts = {}
    for key in keys:
        owner = owner_of(key, owners)
        parts[key] = (key.split(" ")[3], *(owner.names if owner else ()))
    return naming.meant(given, parts, "an object")


def with_needed(keys: Collection[str], every: Iterable[str], owners: Owners, state_dir: str) -> list[str]:
    """``keys``, and those of ``every`` that their workloads need: of their resources, and that namespace."""
    brought = [owner_of(key, owners) for key in keys]
    names = {name for owner in brought if owner for name in owner.names}
    with open_state(state_dir) as state:
        names |= {need.uid for need in state.needs() if need.workload in names}
    found = []
    for key in every:
        owner = owner_of(key, owners)
        is_needed = owner is not None and owner.kind == "resource" and names & {*owner.names}
        if key in keys or is_needed or key.split(" ")[1] == "Namespace":
            found.append(key)
    return found
