"""What is wrong with provisioners whether or not a resource uses them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doit_score.provisioning.match import shadows
from doit_score.provisioning.model import Entry
from doit_score.provisioning.run import unreadable
from doit_score.text.errors import Problem


def templates(entries: Sequence[Entry], own: frozenset[str]) -> Iterator[Problem]:
    """The templates of entries in files of ``own`` that cannot be read."""
    for entry in entries:
        if entry.path in own:
            yield from unreadable(entry)


def never_chosen(entries: Sequence[Entry], own: frozenset[str]) -> Iterator[Problem]:
    """Entries in files of ``own`` that no resource can get, as an earlier one takes all that they would."""
    for entry, other in zip(entries, shadows(entries), strict=True):
        if other is not None and entry.path in own:
            yield Problem(
                f"{entry.uri} is never chosen: {other.uri} in {other.path}:{other.line} comes before it and "
                f"takes {_taken(entry)}",
                entry.path,
                entry.line,
                hint="remove one of them, give the earlier one a class or id, or let it come later",
            )


def _taken(entry: Entry) -> str:
    named = {"class": entry.class_, "id": entry.id}
    more = "".join(f", {key} '{value}'" for key, value in named.items() if value is not None)
    return f"all resources of type '{entry.type}'{more}"
