"""Score files (spec v1b1): deprecated forms upgraded, all problems found, a frozen typed model."""

from __future__ import annotations

from doit_score.text.errors import Problem

from .model import (
    Container,
    ContainerFile,
    ContainerVolume,
    Elsewhere,
    HttpGet,
    Limits,
    Port,
    Probe,
    Readiness,
    Resource,
    Workload,
)

__all__ = [
    "Container",
    "ContainerFile",
    "ContainerVolume",
    "HttpGet",
    "Limits",
    "Port",
    "Probe",
    "Readiness",
    "Resource",
    "Workload",
    "read",
]


def read(
    document: object, *, path: str, text: str | bytes, elsewhere: Elsewhere | None = None
) -> tuple[Workload, tuple[Problem, ...]]:
    """The workload of a Score file, and notices of deprecated forms that were rewritten.

    ``document`` is what ``yaml12.load`` made of ``text``, maybe changed by overrides since; it is
    left alone.  ``path`` is the file as the user named it; ``elsewhere`` gives the place of what an
    override brought.

    Raises ScoreError with everything that is wrong: each problem has line and column (of the
    nearest thing in ``text``), a JSON pointer, what was expected and
    what was found.
    """
    # A run that finds every file unchanged needs the model, but none of the rules.
    from .reading import read_workload

    return read_workload(document, path, text, elsewhere)
