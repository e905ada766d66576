"""Which provisioner is tried: one of a file, or the one that a project takes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from doit_score.provisioning.files import parse
from doit_score.provisioning.images import resolve
from doit_score.provisioning.match import first_match
from doit_score.provisioning.model import Entry
from doit_score.text import words
from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple


class Chosen(NamedTuple):
    """An entry, and a class and an id that it takes."""

    entry: Entry
    class_: str
    id: str


def is_file(name: str) -> bool:
    """Whether ``name`` is that of a provisioner file, and not a type of resources."""
    return os.path.sep in name or name.endswith((".yaml", ".yml")) or os.path.isfile(name)


def of_file(text: bytes, path: str, images: Mapping[str, str]) -> tuple[Entry, ...]:
    """The entries of a provisioner file; what images it names itself count before ``images``.

    Raises ScoreError with every problem of the file.
    """
    others = Entry(uri="images://", kind="images", type="", path=path, line=1, images=images)
    return resolve((*parse(text, path), others))


def choose(
    entries: Sequence[Entry],
    type_: str | None = None,
    class_: str | None = None,
    id_: str | None = None,
    *,
    workload: str,
) -> Chosen:
    """The first of ``entries`` that takes such a resource of ``workload``; what is None is chosen so that one
    does.

    Raises ScoreError if none does, or if there are entries of several
    types and none is named.
    """
    types = sorted({entry.type for entry in entries})
    if not types:
        raise ScoreError("there is no provisioner in it", hint="start each provisioner with `- uri: ...`")
    if type_ is None and len(types) > 1:
        names = ", ".join(types)
        raise ScoreError(f"there are provisioners of several types: {names}", hint="name one with --type")
    type_ = type_ or types[0]
    fitting = [entry for entry in entries if entry.type == type_]
    if not fitting:
        raise ScoreError(f"there is no provisioner for type '{type_}'", hint=words.near(type_, types))
    usual_id = f"{workload}.{type_}"
    for usual in (Chosen(fitting[0], "default", usual_id), *(_asked(entry, usual_id) for entry in fitting)):
        asked = class_ or usual.class_, id_ or usual.id
        entry = first_match(fitting, type_, *asked)
        if entry is not None:
            return Chosen(entry, *asked)
    only = words.listed(
        sorted({f"{entry.type}.{entry.class_ or '*'}#{entry.id or '*'}" for entry in fitting})
    )
    said = " and ".join(
        f"{what} '{name}'" for what, name in (("class", class_), ("id", id_)) if name is not None
    )
    raise ScoreError(f"no provisioner for type '{type_}' takes {said}", hint=only)


def _asked(entry: Entry, usual_id: str) -> Chosen:
    return Chosen(entry, entry.class_ or "default", entry.id or usual_id)
