"""What `status` shows: every service of the project, whose it is, and how its container does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from doit_score.running.compose import Model
from doit_score.running.containers import Container
from doit_score.running.look import has_image, is_made_for, state
from doit_score.running.record import Record
from doit_score.text.errors import ScoreError
from doit_score.text.light import dataclass
from doit_score.text.tables import records, table


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
    model: Model, containers: Sequence[Container], owners: Mapping[str, Owner], record: Record
) -> list[Row]:
    """The workloads by name, then the resources, then what else there is."""
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
                    service is not None and is_made_for(service, one, record) and has_image(service, one),
                )
            )
    order = {"workload": 0, "resource": 1, "doit-score": 2}
    return sorted(
        found, key=lambda row: (order.get(row.owner.kind, 3), row.owner.names, row.service, row.container)
    )


def _state(container: Container) -> str:
    return "running" if container.state == "running" else state(container)


def told(rows: Iterable[Row], format_: str) -> str:
    """The services of a project and whose they are.  ScoreError for a format that is not known."""
    if format_ not in ("table", "json"):
        raise ScoreError(f"--format: expected 'table' or 'json', found '{format_}'")
    if format_ == "json":
        return records(
            [
                {
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
                for row in rows
            ]
        )
    return table(
        ("WORKLOAD OR RESOURCE", "SERVICE", "STATE", "HEALTH", "PORTS"),
        [
            (
                ", ".join(row.owner.names) or row.owner.kind,
                row.service,
                row.shown,
                row.health,
                ", ".join(row.ports),
            )
            for row in rows
        ],
    )
