"""The warnings that stand: they are kept from when something was last made until their cause is gone."""

from __future__ import annotations

from collections.abc import Iterator

from doit_score.store.meta import problems_of
from doit_score.store.rows import WarningRow
from doit_score.store.state import State
from doit_score.text.errors import Problem
from doit_score.text.light import NamedTuple

NOTICE = "notice"
"""The kind of stored warnings that are none for a strict run: what a correct Score file asks for in vain."""
UNSTABLE = "unstable"
"""The kind of those of a provisioner that gives something else when it is run again on its own result.

Their owner is the resource that it was run for.  There is a row for each provisioner that was tried.
"""

_KINDS = {NOTICE: "workload", UNSTABLE: "resource"}
_ORDER = ("project", "resource", "workload")


class Standing(NamedTuple):
    """One warning: ``kind`` and ``name`` are of what it is about, a workload, a resource or the project."""

    kind: str
    name: str
    problem: Problem
    is_notice: bool = False


def standing(state: State) -> list[Standing]:
    """Every warning that stands, those of the project as a whole first."""
    return sorted(_stored(state), key=lambda one: (_ORDER.index(one.kind), one.name))


def of_parts(state: State) -> list[Problem]:
    """The warnings of workloads and resources that stand, without notices: what a strict run fails for
    beside those of the project as a whole."""
    return [one.problem for one in standing(state) if one.kind != "project" and not one.is_notice]


def _stored(state: State) -> Iterator[Standing]:
    meta = state.meta()
    yield from (Standing("project", meta.project, problem) for problem in meta.checked)
    for row in state.rows(WarningRow):
        kind = _KINDS.get(row.kind, row.kind)
        for problem in problems_of(row.problems):
            yield Standing(kind, row.owner, problem, row.kind == NOTICE)
