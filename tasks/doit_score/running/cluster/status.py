"""What `status` shows of a project in a cluster: each object that makes pods, whose it is, how it does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from doit_score.running.status import PAINT, UNKNOWN, Owner
from doit_score.text.light import NamedTuple
from doit_score.text.tables import answer, shown

from .rollout import Found

__all__ = ["Owner", "Row", "rows", "told"]


class Row(NamedTuple):
    """One object.  ``is_current`` is whether it is in the cluster as the project has it."""

    owner: Owner
    kind: str
    name: str
    state: str
    ready: int
    want: int
    is_current: bool


def rows(
    keys: Sequence[str], found: Sequence[Found], owners: Mapping[str, Owner], differing: Collection[str]
) -> list[Row]:
    """The workloads by name, then the resources, then what else there is."""
    there = {one.key: one for one in found}
    made = []
    for key in keys:
        _, kind, _, name = key.split(" ")
        one = there.get(key)
        owner = owners.get(f"{kind} {name}", UNKNOWN)
        ready, want = (one.ready, one.want) if one else (0, 0)
        made.append(Row(owner, kind, name, _state(one), ready, want, key not in differing))
    order = {"workload": 0, "resource": 1}
    return sorted(made, key=lambda row: (order.get(row.owner.kind, 2), row.owner.names, row.kind, row.name))


def _state(one: Found | None) -> str:
    if one is None:
        return "not created"
    if one.failed:
        return "failed"
    if one.done:
        return "done" if " Job " in one.key else "running"
    return "starting"


def told(rows: Sequence[Row], format_: str) -> str:
    """The objects and whose they are.  ScoreError for a format that is not known."""
    return answer(
        format_,
        table=lambda: shown(
            ("WORKLOAD OR RESOURCE", "OBJECT", "STATE", "READY"), map(_cells, rows), paint=PAINT
        ),
        records=lambda: [_record(row) for row in rows],
        names=lambda: [f"{row.kind}/{row.name}" for row in rows],
    )


def _cells(row: Row) -> Sequence[str]:
    return (
        ", ".join(row.owner.names) or row.owner.kind,
        f"{row.kind} {row.name}",
        row.state if row.is_current or row.state == "not created" else f"{row.state}, outdated",
        f"{row.ready}/{row.want}",
    )


def _record(row: Row) -> dict[str, object]:
    return {
        "Kind": row.owner.kind,
        "Owners": list(row.owner.names),
        "Object": f"{row.kind}/{row.name}",
        "State": row.state,
        "Ready": row.ready,
        "Wanted": row.want,
        "Current": row.is_current,
    }
