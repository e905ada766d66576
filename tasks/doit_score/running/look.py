"""Whether the engine runs exactly this project, and if not, what differs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence

from doit_score.running.containers import Container, Details
from doit_score.running.model import Model, Service
from doit_score.running.record import Record
from doit_score.text.light import Literal, dataclass

Act = Literal["remove", "make", "renew", "restart", "start", "resume", "await"]
"""What is to be done with a service or a container of it.

``make``: Compose sees by itself that there is none, or one too many, or one to be replaced.  ``renew``: it
is to be replaced, but Compose would see no reason.  ``restart``: it can stay, but Compose would see no
reason to start it again.  ``await``: it is to become healthy, or a job to end, by itself.
"""

Inspect = Callable[[str], "Details | None"]
"""Tells the details of a container by its id; None if it is gone."""

_NOT_WELL: Mapping[str, tuple[str, Act]] = {
    "created": ("has not been started", "start"),
    "dead": ("cannot be removed", "start"),
    "exited": ("has ended with status {}", "start"),
    "paused": ("is paused", "resume"),
    "removing": ("is being removed", "start"),
    # What restarts over and over is given a fresh start, and with that a fresh count.
    "restarting": ("crashes over and over", "restart"),
}


@dataclass(frozen=True, slots=True)
class Stale:
    """Something that is not as the project wants it, and what is to be done.

    ``container`` is None where there is none.
    """

    service: str
    why: str
    act: Act
    container: Container | None = None

    @property
    def replaced(self) -> Container | None:
        """The container that another one is made for."""
        return self.container if self.act in ("make", "renew") else None


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
        Stale(name, "is no longer in the project", "remove", container)
        for name in sorted(by_service.keys() - model.services.keys())
        for container in by_service[name]
    ]
    looked = _Looked(by_service, inspect)
    for name, service in sorted(model.services.items()):
        there = by_service.get(name, [])
        if len(there) != service.replicas:
            wanted = f"{len(there)} of {service.replicas} containers" if there else "no container yet"
            found.append(Stale(name, f"has {wanted}", "make"))
        for container in there:
            if not is_made_for(service, container, record):
                act: Act = "renew" if _is_same_for_compose(service, container, record) else "make"
                found.append(Stale(name, "is configured in another way", act, container))
            elif not has_image(service, container):
                found.append(Stale(name, "has another image", "make", container))
            found += _of_networks(service, container)
            found += _of_others(service, container, looked)
            found += _of_mounts(service, container, mounted, inspect)
            if service.runs_once and container.state == "running":
                found.append(Stale(name, "has not ended yet", "await", container))
            elif not container.is_well:
                found += _of_state(service, container, record, inspect)
    return found


@dataclass(frozen=True, slots=True)
class _Looked:
    """The containers by service, and how to look at one."""

    by_service: Mapping[str, Sequence[Container]]
    inspect: Inspect

    def started(self, container: Container) -> float:
        """When it was started; 0 if it does not run."""
        details = self.inspect(container.id) if container.state == "running" else None
        return details.started if details is not None else 0.0


def is_made_for(service: Service, container: Container, record: Record) -> bool:
    """Whether the container was made for the service as it is now.

    Where we have not made it, as `docker compose up` may have, its files count as those that are wanted.
    """
    known = record.made_for.get(container.id, container.hash)
    return service.noted == container.hash or known in (service.hash, service.noted)


def _is_same_for_compose(service: Service, container: Container, record: Record) -> bool:
    """Whether Compose may see no reason to replace a container that was not made for the service as it is."""
    has_files = service.files != "" and container.id in record.made_for
    return service.is_copied or has_files or service.hash == container.hash


def may_be_made_for(service: Service, container: Container, record: Record) -> bool:
    """The same, and where that cannot be told: the hash of one that shares has the other's container in it.

    `docker compose up` has made it, and `up`, which asks Compose, has not been there since.
    """
    return is_made_for(service, container, record) or (
        bool(service.shares) and container.id not in record.made_for
    )


def has_image(service: Service, container: Container) -> bool:
    """Whether the container was made from the image that the service's name of it means now."""
    return not container.image.startswith("sha256:") or container.image == service.image


def _of_networks(service: Service, container: Container) -> Iterator[Stale]:
    if container.networks is not None and container.state == "running":
        lost = sorted({*service.networks} - {*container.networks})
        if lost:
            why = f"was disconnected from its network {', '.join(lost)}"
            yield Stale(service.name, why, "renew", container)


def _of_others(service: Service, container: Container, looked: _Looked) -> Iterator[Stale]:
    """Whoever uses another's network uses the one that was there when it started; others ask for the same."""
    if container.network:
        there = {one.id for others in looked.by_service.values() for one in others}
        if container.network not in there:
            yield Stale(service.name, "uses the network of a container that is gone", "make", container)
            return
    if container.state != "running" or not service.restarts_with:
        return
    started = looked.started(container)
    for name in service.restarts_with:
        for other in looked.by_service.get(name, ()):
            if looked.started(other) > started:
                wants = "uses the network of" if other.id == container.network else "restarts with"
                yield Stale(service.name, f"{wants} {name}, which was started after it", "restart", container)
                return


def _of_mounts(service: Service, container: Container, mounted: Mounted, inspect: Inspect) -> Iterator[Stale]:
    """A file is replaced when it is written, and a container sees the old one until it is started again."""
    since = mounted.since(container)
    if since < container.created:
        return
    details = inspect(container.id)
    if details is not None and details.started <= since:
        yield Stale(service.name, "has another file mounted", "restart", container)


def _of_state(service: Service, container: Container, record: Record, inspect: Inspect) -> Iterator[Stale]:
    if container.state == "exited" and container.exit == 0:
        if service.runs_once:
            return
        ended = record.done.get(container.id)
        if ended is not None:
            details = inspect(container.id)
            if details is not None and details.finished == ended:
                return
    why, act = _NOT_WELL.get(container.state, (f"is {container.health}", "await"))
    yield Stale(service.name, why.format(container.exit), act, container)


def state(container: Container) -> str:
    """The state of a container in words."""
    if container.state == "running":
        return "starting" if container.health == "starting" else container.health or "running"
    if container.state in ("exited", "restarting") and container.exit is not None:
        return f"{container.state} ({container.exit})"
    return container.state
