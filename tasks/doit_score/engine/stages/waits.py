"""For which services of resources a workload waits before it starts.

The usual way is the reference's: one service waits for all services of all resources, and every
workload waits for that one.  With the order ``direct`` a workload waits for the services of the
resources that it uses itself, and of those that their params mention, so a slow database holds up
nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from doit_score.engine.stages import conflicts
from doit_score.score.resources import Declaration, merge
from doit_score.store.rows import EntryRow, ResourceRow


@dataclass(frozen=True, slots=True)
class Waits:
    """``every`` holds what all workloads wait for, ``by_uid`` what those do that use a resource:
    the names of services, with the condition of each."""

    every: Mapping[str, str] = field(default_factory=dict)
    by_uid: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, uids: Iterable[str]) -> dict[str, str]:
        """What a workload that declares the resources ``uids`` waits for."""
        found = dict(self.every)
        for uid in uids:
            found.update(self.by_uid.get(uid, {}))
        return found


def find(
    order: str,
    entries: Iterable[EntryRow],
    resources: Mapping[str, ResourceRow],
    declared: Iterable[Declaration],
) -> Waits:
    """Who waits for what; ``entries`` are all fragments (their text is not needed)."""
    entries = list(entries)
    if order != "direct":
        name, _ = conflicts.wait_entry(entries)
        return Waits(every={} if name is None else {name: "service_completed_successfully"})
    counting, _ = conflicts.winners(entries, resources)
    conditions = conflicts.wait_conditions(counting)
    owned: dict[str, dict[str, str]] = {}
    for entry in entries:
        if entry.kind == "resource" and entry.name in conditions and entry.section == "services":
            owned.setdefault(entry.owner, {})[entry.name] = conditions[entry.name]
    needs = merge(declared)
    by_uid: dict[str, Mapping[str, str]] = {}
    # Those that params mention are of a lower level, so they come first.
    for uid in sorted(needs, key=lambda uid: (resources[uid].level, uid)):
        found = dict(owned.get(uid, {}))
        for mentioned in needs[uid].refers_to:
            found.update(by_uid.get(mentioned, {}))
        if found:
            by_uid[uid] = found
    return Waits(by_uid=by_uid)
