"""Where doit-score differs from the references on purpose: every case that shows it, and in what.

There is a table for each target, with a part for every reason.  Aspects are told in comparison.py; a ``*``
in one stands for anything.  All else in these cases is compared like in any other.  What a user sees is told
by the test that is named with each reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why we differ, as one sentence; where that was found; the test (``file::name``) that shows ours."""

    text: str
    source: str
    shown_by: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One reason for which a case differs, and the aspects in which it does."""

    reason: Reason
    aspects: tuple[str, ...]


Groups = tuple[tuple[Reason, Mapping[str, tuple[str, ...]]], ...]
"""The reasons, each with the aspects of its cases by id."""


def covers(pattern: str, aspect: str) -> bool:
    """Whether ``aspect`` is what ``pattern`` says."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), aspect) is not None


def by_case(groups: Groups) -> dict[str, tuple[Difference, ...]]:
    """The deliberate differences of every case that has some, by its id."""
    found: dict[str, list[Difference]] = {}
    for reason, cases in groups:
        for case, aspects in cases.items():
            found.setdefault(case, []).append(Difference(reason, aspects))
    return {case: tuple(differences) for case, differences in sorted(found.items())}
