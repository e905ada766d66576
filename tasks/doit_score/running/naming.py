"""Which parts of a project a name means: a workload's, a resource's, or one part by its own name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from doit_score.text import words
from doit_score.text.errors import ScoreError


def meant(given: Iterable[str], parts: Mapping[str, Collection[str]], what: str) -> list[str]:
    """The parts that go by one of the names ``given``, sorted.

    ``parts`` are by what is handed back, with the names that each goes by; ``what`` is one of them, for the
    error.  Raises ScoreError for a name that means none.
    """
    found: set[str] = set()
    for name in given:
        of_name = {part for part, own in parts.items() if name in own}
        if not of_name:
            known = {name for own in parts.values() for name in own}
            raise ScoreError(
                f"'{name}' is neither a workload nor a resource nor {what} of this project",
                hint=words.near(name, known),
            )
        found |= of_name
    return sorted(found)


def not_one(given: str, what: str, found: Sequence[str]) -> ScoreError:
    """The error for a name that does not mean one thing that runs on, but several of ``found``, or none."""
    if not found:
        return ScoreError(f"'{given}' has nothing that runs on")
    return ScoreError(
        f"'{given}' has {words.count(len(found), what)}", hint=f"name one of them: {', '.join(found)}"
    )


def no_container(given: str, container: str, there: Sequence[str]) -> ScoreError:
    """The error for a container that is not ``there``, or that was not named where there are several."""
    hint = f"name one of them: {', '.join(f'{given}:{one}' for one in sorted(there))}" if there else None
    if not container:
        return ScoreError(f"'{given}' has {words.count(len(there), 'container')}", hint=hint)
    return ScoreError(f"'{given}' has no container '{container}'", hint=hint)
