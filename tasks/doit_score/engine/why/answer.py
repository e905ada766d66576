"""What became of each thing in the last run that did something, read from the state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from doit_score.engine.settings import FileOptions
from doit_score.engine.why.reasons import UNFINISHED, left_alone
from doit_score.engine.why.standing import Standing, standing
from doit_score.options import FLAG, OPTIONS, Option
from doit_score.store.meta import Meta
from doit_score.store.rows import OutputRow, ReasonRow, ResourceRow, WorkloadRow
from doit_score.store.state import State
from doit_score.targets import find
from doit_score.text import canonical, words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import NamedTuple

_KINDS = ("workload", "resource", "file")
NOT_DONE = "left"
"""What was done to a thing to which nothing was."""


class Found(NamedTuple):
    """The answer: a row for each thing, the warnings that stand, and lines on the whole, as (level, text)."""

    rows: list[ReasonRow]
    warnings: list[Standing]
    lines: list[tuple[str, str]]


def names_in(state: State) -> dict[str, str]:
    """The names of the workloads and resources of the project, with what each is."""
    workloads = {row.name: f"workload of {row.file}" for row in state.rows(WorkloadRow)}
    return workloads | {row.uid: f"resource by {row.provisioner}" for row in state.rows(ResourceRow)}


def ordered(rows: Iterable[ReasonRow]) -> list[ReasonRow]:
    """What was done to workloads, then to resources, then to files."""
    return sorted(rows, key=lambda row: (_KINDS.index(row.kind), row.name))


def look_up(state: State, names: Sequence[str]) -> Found:
    """What was done to the workloads, resources and files that are named, or to all to which something was.

    Raises ScoreError with every name that is of nothing in the project and was not removed from it.
    """
    noted = ordered(state.rows(ReasonRow))
    present = {
        **{row.path: "file" for row in state.rows(OutputRow) if row.what == "file"},
        **{row.uid: "resource" for row in state.rows(ResourceRow)},
        **{row.name: "workload" for row in state.rows(WorkloadRow)},
    }
    meta, lines, stand = state.meta(), [], standing(state)
    is_open = bool(noted) and (meta.reasons_open or not meta.complete)
    if is_open:
        lines.append(("warn", "that run is still under way, or a run did not come to its end"))
    if names:
        rows = _named(names, noted, present, is_open)
        stand = [one for one in stand if one.name in names and one.kind != "project"]
        return Found(rows, stand, lines)
    if not noted:
        lines.append(("info", "no run has done anything here yet"))
    elif not is_open and (text := _left(noted, present.values())):
        lines.append(("info", text))
    return Found(noted, stand, [*lines, *_remembered(state, meta)])


def _remembered(state: State, meta: Meta) -> Iterator[tuple[str, str]]:
    """What was said to the command and counts in its next runs too; a dodo.py, or a file, says all itself."""
    if meta.task or meta.config:
        return
    if said := [word for option in OPTIONS for word in _said(option, meta)]:
        yield "info", f"remembered: {' '.join(said)}"
    for path, text in sorted(state.given().items()):
        if flags := FileOptions.of_text(text).flags():
            yield "info", f"remembered of '{path}': {' '.join(map(''.join, flags.items()))}"


def _said(option: Option, meta: Meta) -> Iterator[str]:
    """How an option was said that `init` does not take, if what is remembered of it is not usual."""
    if not option.memory or "init" in option.verbs or not option.flags:
        return
    value = getattr(meta, option.memory)
    usual = find(meta.target).output if option.name == "output" else getattr(Meta({}), option.memory)
    if value != usual:
        flag = option.flags[-1]
        if option.kind == FLAG:
            yield flag
        else:
            yield from (f"{flag} {one}" for one in (value if option.is_repeatable else [value]))


def _left(noted: Iterable[ReasonRow], present: Iterable[str]) -> str:
    """One line for the workloads and resources to which nothing was done, empty if there are none."""
    made = [row.kind for row in noted if row.did != "removed"]
    kinds = list(present)
    counts = {kind: kinds.count(kind) - made.count(kind) for kind in _KINDS if kind != "file"}
    return left_alone(counts) if any(counts.values()) else ""


def _named(
    names: Iterable[str], noted: Iterable[ReasonRow], present: dict[str, str], is_open: bool
) -> list[ReasonRow]:
    by_name = {row.name: row for row in noted}
    found: list[ReasonRow] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        if name in by_name:
            found.append(by_name[name])
        elif name in present:
            why = canonical.encode([UNFINISHED]) if is_open else "[]"
            found.append(ReasonRow(present[name], name, NOT_DONE, why))
        else:
            problems.append(_unknown(name, [*present, *by_name]))
    ScoreError.raise_for(problems)
    return found


def _unknown(name: str, known: Sequence[str]) -> Problem:
    hint = words.near(name, known, "`doit-score why` lists what the last run did")
    return Problem(f"there is no workload, resource or file '{name}' in the project", hint=hint)
