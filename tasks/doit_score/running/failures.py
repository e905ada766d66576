"""Why a project did not come up: what the engine knows of the containers that are at fault."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator

from doit_score.running.compose import last_line
from doit_score.running.containers import Container, Details, log_tail
from doit_score.running.model import Model
from doit_score.running.watch import Scene, Watch
from doit_score.text import words
from doit_score.text.errors import Problem
from doit_score.text.light import TYPE_CHECKING

if TYPE_CHECKING:
    from docker import APIClient

LOG_LINES = 10
"""So many lines of a container's log are shown."""

_DAEMON = "Error response from daemon: "
_TAKEN = ("port is already allocated", "address already in use")


def of_containers(
    watch: Watch, failed: Iterable[Container], scene: Scene, who: Callable[[str], str]
) -> Iterator[Problem]:
    """What is wrong with each container.  ``who`` names a service and whose it is."""
    for container in failed:
        found = scene.details[container.id]
        again = watch.again(container, found)
        if found.state == "created":
            yield _not_started(found.error, who(container.service))
            continue
        said = [f"{who(container.service)} {_what(found, again)}"]
        if not _crashes(found, again) and found.health == "unhealthy" and found.check_exit is not None:
            said.append(f"its healthcheck `{_command(found.check)}` ended with status {found.check_exit}")
            said[-1] += _quoted(" and said", found.check_output) or " and said nothing"
        text = log_tail(watch.client, container.id, LOG_LINES)
        said.append("the end of its log" + _quoted("", text) if text.strip() else "its log is empty")
        yield Problem("\n  ".join(said))


def of_images(client: APIClient, model: Model, said: str, who: Callable[[str], str]) -> Iterator[Problem]:
    """The images that are not there.  ``said`` is what Compose said of it, if that is known."""
    from docker.errors import ImageNotFound

    for name, service in sorted(model.services.items()):
        if service.is_built or service.image is None:
            continue
        try:
            client.inspect_image(service.image)  # type: ignore[no-untyped-call]  # so are its stubs
        except ImageNotFound:
            why = f": {last_line(said).removeprefix(_DAEMON)}" if said else ""
            yield Problem(
                f"the image '{service.image}' of {who(name)} is not there and cannot be pulled{why}",
                hint="check its name, build it, or log in where it is (`docker login`)",
            )


def of_compose(status: int, said: str) -> Problem:
    """What is left to say where no container is known to be at fault."""
    if not said:
        return Problem(f"`docker compose` ended with status {status}; what it said is above")
    return Problem(f"`docker compose` ended with status {status}: {last_line(said).removeprefix(_DAEMON)}")


def _not_started(error: str, who: str) -> Problem:
    # "driver failed programming external connectivity on endpoint NAME (ID): Bind for ..." is about that.
    if any(taken in error for taken in _TAKEN):
        start = max(error.find("Bind for "), error.find("listen tcp"), error.find("listen udp"), 0)
        return Problem(
            f"{who} cannot be started: {error[start:]}",
            hint="end what uses the port (`docker ps` and `ss -ltnp` show it), or publish another one",
        )
    return Problem(f"{who} cannot be started: {error}")


def _crashes(details: Details, again: int) -> bool:
    """Whether it is restarted again and again, though we may not have seen it."""
    return again > 0 or details.state == "restarting"


def _what(details: Details, again: int) -> str:
    if _crashes(details, again):
        told = [f"restarted {words.count(again, 'time')} so far"] if again else []
        # The exit status of one that runs again is no longer told.
        told += [f"ended with status {details.exit} last"] if details.state != "running" else []
        return f"crashes over and over ({', '.join(told)})"
    if details.health == "unhealthy":
        return "is unhealthy"
    if details.state == "dead":
        return "is dead: the engine could not remove it (`docker rm --force` does, or restarting the engine)"
    if details.out_of_memory:
        return "was killed because it needs more memory than it may have"
    return f"ended with status {details.exit}"


def _command(check: tuple[str, ...]) -> str:
    if check[:1] == ("CMD-SHELL",):
        return " ".join(check[1:])
    return shlex.join(check[1:])


def _quoted(intro: str, text: str) -> str:
    lines = text.rstrip().splitlines()[-LOG_LINES:]
    return "".join([f"{intro}:", *(f"\n    {line}" for line in lines)]) if lines else ""
