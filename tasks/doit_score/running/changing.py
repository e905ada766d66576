"""Stopping, starting, resuming and removing single containers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from doit_score.running.containers import Container
from doit_score.text.light import TYPE_CHECKING
from doit_score.text.messages import Say

if TYPE_CHECKING:
    from docker import APIClient

_AT_ONCE = 16
_GRACE = 10


def stop(client: APIClient, containers: Sequence[Container], say: Say, timeout: float | None = None) -> None:
    """Stops all of them at once, giving each the time that it wants, or ``timeout`` seconds."""
    _each(containers, lambda one: _stop(client, one, timeout), say, "Stopped")


def start(client: APIClient, containers: Sequence[Container], say: Say) -> None:
    """Starts what was stopped.  What cannot be is told, and no more: why it was in vain comes after that."""
    from docker.errors import APIError, NotFound

    for one in containers:
        try:
            client.start(one.id)
        except NotFound:
            continue
        except APIError as error:
            why = error.explanation or error
            say("warn", f"Container {one.name} was stopped, and cannot be started again: {why}")
        else:
            say("info", f"Container {one.name} Started")


def resume(client: APIClient, containers: Sequence[Container], say: Say) -> None:
    """Lets what was paused go on."""
    _each(containers, lambda one: client.unpause(one.id), say, "Unpaused")


def remove(client: APIClient, containers: Sequence[Container], say: Say) -> None:
    """Stops and removes them; the volumes without a name of one that has run once go with it."""

    def one_by_one(one: Container) -> None:
        if one.state in ("running", "restarting", "paused"):
            _stop(client, one)
        client.remove_container(one.id, v=one.runs_once, force=True)

    _each(containers, one_by_one, say, "Removed")


def remove_scratch(client: APIClient, containers: Sequence[Container]) -> None:
    """Removes the volumes without a name that only those had that have run once, now that all are gone.

    Compose leaves them, and nobody finds them again.  Those of others may have somebody's data in them.
    """
    from docker.errors import APIError

    kept = {name for one in containers if not one.runs_once for name in one.nameless}
    for name in sorted({name for one in containers if one.runs_once for name in one.nameless} - kept):
        with suppress(APIError):  # it is gone, or somebody else uses it
            client.remove_volume(name)


def _stop(client: APIClient, container: Container, timeout: float | None = None) -> None:
    if container.state == "paused":
        client.unpause(container.id)
    wanted = client.inspect_container(container.id)["Config"].get("StopTimeout")
    grace = _GRACE if wanted is None else wanted
    client.stop(container.id, timeout=grace if timeout is None else int(timeout))


def _each(containers: Sequence[Container], act: Callable[[Container], object], say: Say, done: str) -> None:
    if not containers:
        return
    from concurrent.futures import ThreadPoolExecutor

    from docker.errors import NotFound

    def careful(one: Container) -> bool:
        try:
            act(one)
        except NotFound:
            return False  # somebody else was faster
        return True

    with ThreadPoolExecutor(min(_AT_ONCE, len(containers))) as pool:
        for one, was_there in zip(containers, pool.map(careful, containers), strict=True):
            if was_there:
                say("info", f"Container {one.name} {done}")
