"""What resources bring that services of workloads are made of: whom these wait for, and models.

The usual way to wait is the reference's: one service waits for all services of all resources, and every
workload waits for that one.  With the order ``direct`` a workload waits for the services of the
resources that it uses itself, and of those that their params mention, so a slow database holds up
nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from doit_score.options import PROBES
from doit_score.score.resources import Need
from doit_score.targets import Entry
from doit_score.text.light import asdict, dataclass, field

from .probes import has_helper
from .project import wait_conditions, wait_name

_COMPLETED = "service_completed_successfully"


@dataclass(frozen=True, slots=True)
class Brought:
    """``every`` holds what all workloads wait for, ``by_uid`` what those do that use a resource:
    the names of services, with the condition of each.  ``servers`` are by uid those services of a resource,
    and of those that its params mention, that go on running.  ``models`` are the names of those that a
    resource brought, by its uid.  ``probes`` and ``machine`` are those of the options."""

    every: Mapping[str, str] = field(default_factory=dict)
    by_uid: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    servers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    models: Mapping[str, Sequence[str]] = field(default_factory=dict)
    probes: str = PROBES[0]
    machine: str = ""

    def waits_for(self, uids: Iterable[str]) -> dict[str, str]:
        """What a workload that declares the resources ``uids`` waits for."""
        found = dict(self.every)
        for uid in uids:
            found.update(self.by_uid.get(uid, {}))
        return found

    def models_of(self, uids: Iterable[str]) -> tuple[str, ...]:
        """The models that a workload that declares the resources ``uids`` uses."""
        return tuple(sorted({name for uid in uids for name in self.models.get(uid, ())}))

    def parts(self, outputs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        awaited = sorted(self.waits_for(outputs).items())
        yield "wait", ", ".join(f"{name} ({when.removeprefix('service_')})" for name, when in awaited)
        for uid in outputs:
            if uid in self.servers:
                yield f"servers {uid}", ", ".join(sorted(self.servers[uid]))
            if uid in self.models:
                yield f"models {uid}", ",".join(self.models[uid])
        if self.probes != PROBES[0]:
            yield "option probes", self.probes
        if not has_helper(self.machine):
            yield "option machine", self.machine

    def stored(self) -> Mapping[str, object]:
        return asdict(self)


def find(order: str, entries: Iterable[Entry], needs: Mapping[str, Need]) -> Brought:
    """What ``entries``, all those of resources, bring; ``needs`` are in the order of provisioning."""
    rank = {uid: number for number, uid in enumerate(needs)}
    # Of those that write one service the last one counts.
    ordered = sorted(entries, key=lambda entry: (rank[entry.owner], entry.name))
    models: dict[str, list[str]] = {}
    for entry in ordered:
        if entry.section == "models":
            models.setdefault(entry.owner, []).append(entry.name)
    conditions = wait_conditions(ordered)
    by_uid = _by_uid(ordered, conditions, needs)
    servers = {
        uid: found
        for uid, awaited in by_uid.items()
        if (found := {name: condition for name, condition in awaited.items() if condition != _COMPLETED})
    }
    if order == "direct":
        return Brought(by_uid=by_uid, servers=servers, models=models)
    every = {wait_name(conditions): _COMPLETED} if conditions else {}
    return Brought(every, servers=servers, models=models)


def _by_uid(
    ordered: Iterable[Entry], conditions: Mapping[str, str], needs: Mapping[str, Need]
) -> dict[str, Mapping[str, str]]:
    """What is awaited of each resource, and of those that its params mention."""
    owned: dict[str, dict[str, str]] = {}
    for entry in ordered:
        if entry.section == "services" and entry.name in conditions:
            owned.setdefault(entry.owner, {})[entry.name] = conditions[entry.name]
    by_uid: dict[str, Mapping[str, str]] = {}
    # Those that params mention come first.
    for uid, need in needs.items():
        found = dict(owned.get(uid, {}))
        for mentioned in need.refers_to:
            found.update(by_uid.get(mentioned, {}))
        if found:
            by_uid[uid] = found
    return by_uid
