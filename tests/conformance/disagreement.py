"""Where two values differ, as text for whom it may concern."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

ABSENT = "nothing"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What we gave and what the reference gave; comparison.py has the aspects."""

    aspect: str
    ours: str
    reference: str

    def __str__(self) -> str:
        return f"{self.aspect}\n    ours:      {self.ours}\n    reference: {self.reference}"


def differing(place: str, ours: object, reference: object) -> Iterator[Disagreement]:
    """The deepest places in which two values differ; a mapping's keys are joined with dots."""
    if isinstance(ours, dict) and isinstance(reference, dict):
        for key in sorted({**ours, **reference}, key=str):
            below = f"{place}.{key}" if ": " in place.removeprefix("file: ") else f"{place}: {key}"
            yield from differing(below, ours.get(key, ABSENT), reference.get(key, ABSENT))
    elif isinstance(ours, list) and isinstance(reference, list) and len(ours) == len(reference):
        for index, (mine, theirs) in enumerate(zip(ours, reference, strict=True)):
            yield from differing(f"{place}.{index}", mine, theirs)
    elif type(ours) is not type(reference) or ours != reference:
        yield Disagreement(place, repr(ours), repr(reference))


def shown(content: bytes | None) -> str:
    """What is in a file, or that there is none."""
    return ABSENT if content is None else content.decode("utf-8", "replace")


def tells_all(ours: str, reference: str) -> bool:
    """Whether ours is a list of the same things, with as much of each, or more."""
    theirs, own = _told(reference), _told(ours)
    return bool(theirs) and len(theirs) == len(own) and all(map(_is_within, theirs, own))


def _is_within(row: Mapping[str, object], more: Mapping[str, object]) -> bool:
    return all(name in more and more[name] == value for name, value in row.items())


def _told(text: str) -> list[dict[str, object]]:
    """The rows of what is listed as JSON or as a table, that of the heads too, by column; else none."""
    if text.startswith("[\n  {"):
        return json.loads(text)  # type: ignore[no-any-return]  # a list of records
    rows = [[cell.strip() for cell in line[1:-1].split(" | ")] for line in text.splitlines()[1::2]]
    return [dict(zip(rows[0], row, strict=True)) for row in rows] if text.startswith("+-") else []
