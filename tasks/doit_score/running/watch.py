"""Waiting until a project is up, and noticing early that it will not be."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from doit_score.running.compose import Model
from doit_score.running.containers import Container, Details, inspected, listed
from doit_score.text.light import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from docker import APIClient

SETTLED = 1.0
"""So many seconds a container without a healthcheck has to run before it counts as up."""

_LOOK = 0.2
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

    ``restarts`` counts by container how often it had been restarted before, ``seen`` when (by our own
    clock) each was first seen running as it runs now; ``compose_failed`` is whether Compose has given up;
    ``ended`` when those had ended that had before.
    """

    client: APIClient
    model: Model
    restarts: dict[str, int] = field(default_factory=dict)
    seen: dict[tuple[str, float], float] = field(default_factory=dict)
    compose_failed: bool = False
    ended: dict[str, str] = field(default_factory=dict)

    def look(self, now: float) -> Scene:
        """The project as it is."""
        containers = listed(self.client, self.model.project)
        details = {}
        for container in containers:
            found = inspected(self.client, container.id)
            if found is not None:
                details[container.id] = found
                if found.state == "running":
                    self.seen.setdefault((container.id, found.started), now)
        return Scene(containers, details)

    def begin(self, now: float) -> None:
        """Takes the project as it is for settled."""
        scene = self.look(now)
        self.restarts = {id_: found.restarts for id_, found in scene.details.items()}
        self.ended = {id_: found.finished for id_, found in scene.details.items() if found.state == "exited"}
        for key in self.seen:
            self.seen[key] = now - SETTLED

    def looping(self, scene: Scene) -> list[Container]:
        """The containers that are restarted over and over."""
        return [one for one in scene.containers if self._is_looping(one, scene.details.get(one.id))]

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
        return details.restarts - self.restarts.get(container.id, 0)

    def _has_failed(self, container: Container, details: Details | None) -> bool:
        if details is None or container.service not in self.model.services:
            return False
        if self._is_looping(container, details):
            return True
        if details.state == "exited":
            # Where Compose has failed, one that has not even been started again is not why.
            before = self.compose_failed and self.ended.get(container.id) == details.finished
            return details.exit != 0 and not before
        if details.state == "created":
            return bool(details.error)
        return details.state == "dead" or details.health == "unhealthy"

    def is_pending(self, scene: Scene, now: float) -> bool:
        """Whether there is a container of which it cannot be said yet whether it will stay up."""
        for container in scene.containers:
            details = scene.details.get(container.id)
            if details is None or details.health == "healthy":
                continue
            if details.state == "restarting" or details.health == "starting":
                return True
            if details.state == "running" and now - self.seen[container.id, details.started] < SETTLED:
                return True
        return False

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
            time.sleep(_LOOK)
