"""What `status` shows: every service of the project, whose it is, and how its container does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from doit_score.running.containers import Container
from doit_score.running.look import has_image, may_be_made_for, state
from doit_score.running.model import Model
from doit_score.running.record import Record
from doit_score.text import terminal
from doit_score.text.light import dataclass
from doit_score.text.tables import answer, shown


@dataclass(frozen=True, slots=True)
class Owner:
    """Who brought a service: a workload, resources (one that is shared has several), or this tool."""

    kind: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        if self.kind in ("workload", "resource"):
            return f"{self.kind} " + ", ".join(f"'{name}'" for name in self.names)
        return self.kind


TOOL = Owner("doit-score", ())
"""Of the service that waits for the others."""

UNKNOWN = Owner("", ())
"""Of what a patch template added, or what is no longer in the project."""


@dataclass(frozen=True, slots=True)
class Row:
    """One container, or a service that has none."""

    owner: Owner
    service: str
    container: str
    state: str
    exit: int | None
    health: str
    ports: tuple[str, ...]
    is_current: bool

    @property
    def shown(self) -> str:
        """The state for a table."""
        return self.state if self.is_current or not self.container else f"{self.state}, outdated"


def rows(
    model: Model,
    containers: Sequence[Container],
    owners: Mapping[str, Owner],
    record: Record,
    others: Set[str] = frozenset(),
) -> list[Row]:
    """The workloads by name, then the resources, then what else there is.

    ``others`` are services of a profile that is not chosen: of these it is not known what is current.
    """
    by_service: dict[str, list[Container]] = {name: [] for name in model.services}
    for container in containers:
        by_service.setdefault(container.service, []).append(container)
    found = []
    for name, there in by_service.items():
        service = model.services.get(name)
        owner = owners.get(name, UNKNOWN)
        if not there and service is not None and service.replicas:
            found.append(Row(owner, name, "", "not created", None, "", (), False))
        for one in there:
            found.append(
                Row(
                    owner,
                    name,
                    one.name,
                    "done" if service and service.runs_once and one.exit == 0 else _state(one),
                    one.exit,
                    one.health,
                    one.ports,
                    name in others
                    if service is None
                    else may_be_made_for(service, one, record) and has_image(service, one),
                )
            )
    order = {"workload": 0, "resource": 1, "doit-score": 2}
    return sorted(
        found, key=lambda row: (order.get(row.owner.kind, 3), row.owner.names, row.service, row.container)
    )


def _state(container: Container) -> str:
    return "running" if container.state == "running" else state(container)


def told(rows: Sequence[Row], format_: str) -> str:
    """The services of a project and whose they are.  ScoreError for a format that is not known."""
    return answer(
        format_,
        table=lambda: shown(
            ("WORKLOAD OR RESOURCE", "SERVICE", "STATE", "HEALTH", "PORTS"),
            map(_cells, rows),
            drops=("PORTS", "HEALTH"),
            paint=PAINT,
        ),
        records=lambda: [_record(row) for row in rows],
        names=lambda: [row.service for row in rows],
    )


def _cells(row: Row) -> Sequence[str]:
    return (
        ", ".join(row.owner.names) or row.owner.kind,
        row.service,
        row.shown,
        row.health,
        ", ".join(row.ports),
    )


def _record(row: Row) -> dict[str, object]:
    return {
        "Kind": row.owner.kind,
        "Owners": list(row.owner.names),
        "Service": row.service,
        "Container": row.container,
        "State": row.state,
        "ExitCode": row.exit,
        "Health": row.health,
        "Ports": list(row.ports),
        "Current": row.is_current,
    }


_WELL = ("running", "healthy", "done")
_BAD = ("exited", "dead", "unhealthy", "failed", "restarting")


def colour(state: str) -> str:
    """The colour of a state, with what else is said of it, or of health."""
    if state in _WELL:
        return terminal.GREEN
    if not state or state == "none":
        return ""
    return terminal.RED if state.startswith(_BAD) else terminal.YELLOW


PAINT = {"STATE": colour, "HEALTH": colour}
"""What the columns of a table of states are painted by."""
