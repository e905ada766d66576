"""Waiting until a project is up, and noticing early that it will not be."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence, Set

from doit_score.running.containers import Container, Details, inspected, listed
from doit_score.running.model import Model
from doit_score.text import progress
from doit_score.text.light import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from docker import APIClient

SETTLED = 0.5
"""So many seconds a container without a healthcheck has to run before it counts as up."""

_LONGER = 10
"""One that has crashed meanwhile has to run so many times as long: the engine may be late again."""

_LOOK = 0.1
_RESTARTS = 3
"""So many restarts in one `up` are a crash loop.  Compose would wait for it for ever, or not at all."""


@dataclass(slots=True)
class Scene:
    """The containers of the project at one moment."""

    containers: Sequence[Container]
    details: Mapping[str, Details]


@dataclass(slots=True)
class Watch:
    """Looks at a project while Compose works on it.

    ``changed`` are the services that something is done with: the others are looked at once, and are no
    reason to wait or to fail.  ``replaced`` are the containers that others are to be made for, ``stopped``
    those that were stopped to be started again.  ``seen`` is when (by our own clock) each was first seen
    running as it runs now; ``compose_failed`` whether Compose has given up; ``begun`` are the containers as
    they were before.
    """

    client: APIClient
    model: Model
    changed: Set[str]
    replaced: Set[str] = frozenset()
    stopped: Set[str] = frozenset()
    seen: dict[tuple[str, float], float] = field(default_factory=dict)
    compose_failed: bool = False
    begun: Mapping[str, Details] = field(default_factory=dict)
    _before: dict[str, Details] = field(default_factory=dict)
    _last: dict[str, Details] = field(default_factory=dict)
    _anew: set[str] = field(default_factory=set)

    def look(self, now: float) -> Scene:
        """The project as it is."""
        containers = listed(self.client, self.model.project)
        details = {}
        for container in containers:
            is_changed = container.service in self.changed
            found = None if is_changed else self._before.get(container.id)
            if found is None:
                found = inspected(self.client, container.id)
            if found is None:
                continue
            details[container.id] = found
            if not is_changed:
                self._before[container.id] = found
                continue
            last = self._last.get(container.id)
            # Somebody started it: the engine counts anew then, while its own restarts are one more each.
            if last is not None and found.started != last.started and found.restarts <= last.restarts:
                self._anew.add(container.id)
            self._last[container.id] = found
            if found.state == "running":
                self.seen.setdefault((container.id, found.started), now)
        return Scene(containers, details)

    def begin(self, now: float) -> None:
        """Takes the project as it is for settled."""
        self.begun = self.look(now).details
        self._anew.clear()
        for key in self.seen:
            self.seen[key] = now - SETTLED

    def looping(self, scene: Scene) -> list[Container]:
        """The containers that are restarted over and over."""
        changed = [one for one in scene.containers if one.service in self.changed]
        found = [(one, scene.details.get(one.id)) for one in changed]
        return [
            one for one, details in found if self._is_looping(one, details) and not self._was_so(one, details)
        ]

    def failed(self, scene: Scene) -> list[Container]:
        """The containers that will not come up, now that Compose has done its part."""
        return [one for one in scene.containers if self._has_failed(one, scene.details.get(one.id))]

    def _is_looping(self, container: Container, details: Details | None) -> bool:
        if details is None:
            return False
        # Where Compose has given up, one restart is reason enough.
        enough = 1 if self.compose_failed else _RESTARTS
        return self.again(container, details) >= enough

    def again(self, container: Container, details: Details) -> int:
        """How often a container has been restarted while this looks."""
        before = None if container.id in self._anew else self.begun.get(container.id)
        return details.restarts - (before.restarts if before is not None else 0)

    def _was_so(self, container: Container, details: Details | None) -> bool:
        """Whether it is not why Compose fails: it has neither replaced it yet, nor started it again."""
        if container.id in self.replaced:
            return True
        before = self.begun.get(container.id)
        was_down = before is not None and before.state in ("exited", "restarting")
        return (was_down or container.id in self.stopped) and self._rests(container, details)

    def _rests(self, container: Container, details: Details | None) -> bool:
        """Whether it has ended, and was not started since this looks."""
        before = self.begun.get(container.id)
        if before is None or details is None:
            return False
        return details.state == "exited" and details.started == before.started

    def left(self, scene: Scene) -> list[Container]:
        """The containers that were stopped to be started again, and have not been."""
        stopped = (one for one in scene.containers if one.id in self.stopped)
        return [one for one in stopped if self._rests(one, scene.details.get(one.id))]

    def _has_failed(self, container: Container, details: Details | None) -> bool:
        if details is None or container.service not in self.changed:
            return False
        if self.compose_failed and self._was_so(container, details):
            return False  # it is not why
        if self._is_looping(container, details):
            return True
        if details.state == "exited":
            return details.exit != 0
        if details.state == "created":
            return bool(details.error)
        if details.state == "restarting":
            # It is unhealthy for the engine, whatever its healthcheck said, and so it is for Compose.
            return self.compose_failed
        return details.state == "dead" or details.health == "unhealthy"

    def is_pending(self, scene: Scene, now: float) -> bool:
        """Whether there is a container of which it cannot be said yet whether it will stay up."""
        return any(self._is_pending(container, scene, now) for container in scene.containers)

    def _is_pending(self, container: Container, scene: Scene, now: float) -> bool:
        details = scene.details.get(container.id)
        if details is None or container.service not in self.changed:
            return False
        if self.compose_failed and self._was_so(container, details):
            return False  # nobody does anything with it any more, and it may never come to rest
        if details.state == "running" and self._is_awaited(container):
            return True
        if details.health == "healthy":
            return False
        if details.state == "restarting" or details.health == "starting":
            return True
        if details.state != "running":
            return False
        settled = SETTLED * _LONGER if self.again(container, details) else SETTLED
        return now - self.seen[container.id, details.started] < settled

    def _is_awaited(self, container: Container) -> bool:
        """Whether it is a job, which is up when it has ended.  Where Compose has failed nobody needs it."""
        service = self.model.services.get(container.service)
        return service is not None and service.runs_once and not self.compose_failed

    def waiting(self, scene: Scene, now: float) -> list[str]:
        """The services that are not up yet, of those that something is done with."""
        there = {one.service for one in scene.containers if one.state != "created"}
        pending = (one.service for one in scene.containers if self._is_pending(one, scene, now))
        return sorted({*pending, *(self.changed & self.model.services.keys() - there)})

    def settle(self) -> Scene:
        """The project once it can be said of every container whether it is up.

        It is enough that one has failed.  Where Compose has failed nothing more will be started.
        """
        while True:
            now = time.monotonic()
            scene = self.look(now)
            if self.failed(scene) or not self.is_pending(scene, now):
                return scene
            if self.compose_failed and any(container.state == "created" for container in scene.containers):
                return scene
            progress.wait(self.waiting(scene, now))
            time.sleep(_LOOK)
