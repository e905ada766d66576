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
