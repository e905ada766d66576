"""Which provisioner takes a resource."""

from __future__ import annotations

from collections.abc import Sequence

from doit_score.provisioning.model import BUILTIN_URI, Entry


def matches(entry: Entry, type_: str, class_: str, id_: str) -> bool:
    """Whether ``entry`` takes the resource ``type_.class_#id_``.

    An entry without class or id takes any (conformance provisioners-03, 04, 36), but the built-in
    environment provisioner wants a dot in the id (resources-08, 09).
    """
    if entry.uri == BUILTIN_URI and "." not in id_:
        return False
    return entry.type == type_ and entry.class_ in (None, class_) and entry.id in (None, id_)


def first_match(entries: Sequence[Entry], type_: str, class_: str, id_: str) -> Entry | None:
    """The first of ``entries`` that takes the resource, or None.

    The caller gives the entries in order of precedence: directories as configured, files in byte
    order of their names (provisioners-07), entries as they stand in their
    file.  A later entry that fits more exactly does not win (provisioners-06).
    """
    return next((entry for entry in entries if matches(entry, type_, class_, id_)), None)


def shadows(entries: Sequence[Entry]) -> list[Entry | None]:
    """For each of ``entries`` the first that takes all which it would take; None where there is none.

    An entry with one is never chosen.  No two earlier ones do together what none of them does alone, as
    there are always more classes and ids than they name.
    """
    of_type: dict[str, list[Entry]] = {}
    found: list[Entry | None] = []
    for entry in entries:
        earlier = of_type.setdefault(entry.type, [])
        found.append(next((one for one in earlier if _takes_all(one, entry)), None))
        earlier.append(entry)
    return found


def _takes_all(one: Entry, of: Entry) -> bool:
    """Whether ``one`` takes whatever ``of`` takes, which is of the same type."""
    if one.uri == BUILTIN_URI and (of.id is None or "." not in of.id):
        return of.uri == BUILTIN_URI
    return one.class_ in (None, of.class_) and one.id in (None, of.id)
