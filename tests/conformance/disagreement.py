"""Where two values differ, as text for whom it may concern."""

from __future__ import annotations

from collections.abc import Iterator
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
