"""What became of each thing in the last run that did something, read from the state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from doit_score.engine.why.reasons import left_alone
from doit_score.store.rows import OutputRow, ReasonRow, ResourceRow, WorkloadRow
from doit_score.store.state import State
from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import NamedTuple

_KINDS = ("workload", "resource", "file")
_NOT_DONE = "left"


class Found(NamedTuple):
    """The answer: a row for each thing, and lines on the whole, as (level, text)."""

    rows: list[ReasonRow]
    lines: list[tuple[str, str]]


def names_in(state: State) -> list[str]:
    """The names of the workloads and resources of the project."""
    return [row.name for row in state.rows(WorkloadRow)] + [row.uid for row in state.rows(ResourceRow)]


def look_up(state: State, names: Sequence[str]) -> Found:
    """What was done to the workloads, resources and files that are named, or to all to which something was.

    Raises ScoreError with every name that is of nothing in the project and was not removed from it.
    """
    noted = sorted(state.rows(ReasonRow), key=lambda row: (_KINDS.index(row.kind), row.name))
    present = {
        **{row.path: "file" for row in state.rows(OutputRow) if row.what == "file"},
        **{row.uid: "resource" for row in state.rows(ResourceRow)},
        **{row.name: "workload" for row in state.rows(WorkloadRow)},
    }
    lines = []
    if state.meta().reasons_open:
        lines.append(("warn", "that run is still under way, or it did not come to its end"))
    if names:
        return Found(_named(names, noted, present), lines)
    if not noted:
        lines.append(("info", "no run has done anything here yet"))
    elif text := _left(noted, present.values()):
        lines.append(("info", text))
    return Found(noted, lines)


def _left(noted: Iterable[ReasonRow], present: Iterable[str]) -> str:
    """One line for the workloads and resources to which nothing was done, empty if there are none."""
    made = [row.kind for row in noted if row.did != "removed"]
    kinds = list(present)
    counts = {kind: kinds.count(kind) - made.count(kind) for kind in _KINDS if kind != "file"}
    return left_alone(counts) if any(counts.values()) else ""


def _named(names: Iterable[str], noted: Iterable[ReasonRow], present: dict[str, str]) -> list[ReasonRow]:
    by_name = {row.name: row for row in noted}
    found: list[ReasonRow] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        if name in by_name:
            found.append(by_name[name])
        elif name in present:
            found.append(ReasonRow(present[name], name, _NOT_DONE, "[]"))
        else:
            problems.append(_unknown(name, [*present, *by_name]))
    if problems:
        raise ScoreError.of(problems)
    return found


def _unknown(name: str, known: Sequence[str]) -> Problem:
    hint = words.near(name, known, "`doit-score why` lists what the last run did")
    return Problem(f"there is no workload, resource or file '{name}' in the project", hint=hint)
