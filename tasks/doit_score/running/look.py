"""Whether the engine runs exactly this project, and if not, what differs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence

from doit_score.running.compose import Model, Service
from doit_score.running.containers import Container, Details
from doit_score.running.record import Record
from doit_score.text.light import dataclass

Inspect = Callable[[str], "Details | None"]
"""Tells the details of a container by its id; None if it is gone."""

_NOT_WELL = {
    "created": "has not been started",
    "dead": "cannot be removed",
    "exited": "has ended with status {}",
    "paused": "is paused",
    "removing": "is being removed",
    "restarting": "crashes over and over",
}


@dataclass(frozen=True, slots=True)
class Stale:
    """Something that is not as the project wants it.  ``container`` is None where there is none.

    ``replace`` is set where the container has to go; ``stop`` where it can stay, but Compose would see no
    reason to start it again; ``remove`` where it would see none to replace it.
    """

    service: str
    why: str
    container: Container | None = None
    replace: bool = False
    stop: bool = False
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Mounted:
    """The files that are mounted: their absolute paths, with when each was written."""

    written: Mapping[str, float]

    def since(self, container: Container) -> float:
        """When something that the container mounts was written last; 0 if nothing is ours."""
        found = 0.0
        for source in container.mounts:
            inside = source.rstrip(os.sep) + os.sep
            times = (t for path, t in self.written.items() if path == source or path.startswith(inside))
            found = max(found, *times, 0.0)
        return found


def differences(
    model: Model,
    containers: Sequence[Container],
    record: Record,
    mounted: Mounted,
    inspect: Inspect,
) -> list[Stale]:
    """What is stale, in the order of services; nothing if the engine runs exactly this project.

    ``inspect`` is asked only where the listing leaves a doubt.
    """
    by_service: dict[str, list[Container]] = {}
    for container in containers:
        by_service.setdefault(container.service, []).append(container)
    found = [
        Stale(name, "is no longer in the project", container, replace=True)
        for name in sorted(by_service.keys() - model.services.keys())
        for container in by_service[name]
    ]
    running = {container.id for container in containers if container.state == "running"}
    for name, service in sorted(model.services.items()):
        there = by_service.get(name, [])
        if len(there) != service.replicas:
            wanted = f"{len(there)} of {service.replicas} containers" if there else "no container yet"
            found.append(Stale(name, f"has {wanted}"))
        for container in there:
            if not is_made_for(service, container, record):
                found.append(Stale(name, "is configured in another way", container, replace=True))
            elif not has_image(service, container):
                found.append(Stale(name, "has another image", container, replace=True))
            lost = (
                sorted({*service.networks} - {*container.networks}) if container.networks is not None else ()
            )
            if lost and container.state == "running":
                why = f"was disconnected from its network {', '.join(lost)}"
                found.append(Stale(name, why, container, replace=True, remove=True))
            if service.shares is not None:
                found += _of_network(service, container, running, inspect)
            found += _of_mounts(service, container, mounted, inspect)
            if not container.is_well:
                found += _of_state(service, container, record, inspect)
    return found


def to_stop(model: Model, stale: Sequence[Stale]) -> list[str]:
    """The services that have to be stopped, so that Compose starts them again.

    Those that use the network of a container are left without one when it is started anew.
    """
    anew = {one.service for one in stale}
    stop = {one.service for one in stale if one.stop}
    there = {one.service for one in stale if one.container is not None}
    stop |= {s.name for s in model.services.values() if s.shares in anew & there}
    return sorted(stop & model.services.keys())


def is_made_for(service: Service, container: Container, record: Record) -> bool:
    """Whether the container was made for the service as it is now."""
    return service.hash in (container.hash, record.made_for.get(container.id))


def has_image(service: Service, container: Container) -> bool:
    """Whether the container was made from the image that the service's name of it means now."""
    return not container.image.startswith("sha256:") or container.image == service.image


def _of_network(
    service: Service, container: Container, running: set[str], inspect: Inspect
) -> Iterator[Stale]:
    """Whoever uses another's network uses the one that was there when it started."""
    if container.network in running:
        own, other = inspect(container.id), inspect(container.network)
        if own is not None and other is not None and own.started >= other.started:
            return
    why = f"uses the network of {service.shares}, which was started after it"
    yield Stale(service.name, why, container, stop=True)


def _of_mounts(service: Service, container: Container, mounted: Mounted, inspect: Inspect) -> Iterator[Stale]:
    """A file is replaced when it is written, and a container sees the old one until it is started again."""
    since = mounted.since(container)
    if since < container.created:
        return
    details = inspect(container.id)
    if details is not None and details.started <= since:
        yield Stale(service.name, "has another file mounted", container, stop=True)


def _of_state(service: Service, container: Container, record: Record, inspect: Inspect) -> Iterator[Stale]:
    if container.state == "exited" and container.exit == 0:
        if service.runs_once:
            return
        ended = record.done.get(container.id)
        if ended is not None:
            details = inspect(container.id)
            if details is not None and details.finished == ended:
                return
    # What restarts over and over is given a fresh start, and with that a fresh count.
    why = _NOT_WELL.get(container.state, f"is {container.health}").format(container.exit)
    yield Stale(service.name, why, container, stop=container.state in ("restarting", "paused"))


def state(container: Container) -> str:
    """The state of a container in words."""
    if container.state == "running":
        return "starting" if container.health == "starting" else container.health or "running"
    if container.state in ("exited", "restarting") and container.exit is not None:
        return f"{container.state} ({container.exit})"
    return container.state
