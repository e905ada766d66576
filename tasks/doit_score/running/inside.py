"""What is done with containers that are there: a command in one, a restart, their logs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from doit_score.running import Lines, naming, times
from doit_score.running.attaching import attached
from doit_score.running.compose import Compose, missing
from doit_score.running.containers import Container
from doit_score.running.model import Model
from doit_score.running.status import Owner
from doit_score.text.errors import ScoreError


def times_of(lines: Lines) -> list[str]:
    """The flags of `docker compose logs` for the times between which lines are asked for."""
    found = []
    for name in ("since", "until"):
        text = getattr(lines, name)
        if text:
            found += [f"--{name}", times.read(f"--{name}", text).text]
    return found


def services_of(name: str, owners: Mapping[str, Owner], others: Iterable[str] = ()) -> list[str]:
    """The services that a command can be meant for: that of ``WORKLOAD:CONTAINER``, or all of a name.

    ``others`` are services too, whoever brought them: an override file may.  Raises
    ScoreError for a name that means none, and for a workload of several containers without one.
    """
    given, colon, container = name.partition(":")
    if given in owners and not colon:
        return [given]
    parts: dict[str, tuple[str, ...]] = {service: (service,) for service in others}
    parts |= {service: (service, *owner.names) for service, owner in owners.items()}
    found = naming.meant([given], parts, "a service")
    start = f"{given}-"
    there = [
        s.removeprefix(start)
        for s in found
        if s in owners and owners[s].kind == "workload" and given in owners[s].names
    ]
    if container not in there and (colon or len(there) > 1):
        raise naming.no_container(given, container, there)
    return [f"{start}{container}"] if colon else found


def running(
    name: str, services: Sequence[str], containers: Iterable[Container], who: Callable[[str], str]
) -> Container:
    """The one container of ``services`` that runs; of several of one service the first.

    Raises ScoreError if there is none, or more than one service has one.
    """
    by_service: dict[str, Container] = {}
    for one in sorted(containers, key=lambda one: one.name):
        if one.service in services and one.state == "running":
            by_service.setdefault(one.service, one)
    if not by_service:
        raise ScoreError(
            f"{', '.join(map(who, services))} does not run", hint="`up` starts what is not running"
        )
    if len(by_service) > 1:
        raise naming.not_one(name, "service", sorted(by_service))
    return next(iter(by_service.values()))


def run(compose: Compose, container: Container, words: Sequence[str], *, terminal: bool) -> int:
    """Runs a command in a container; returns its exit status."""
    # A terminal would change what goes into a file or to another program.
    has_terminal = terminal and sys.stdin.isatty() and sys.stdout.isatty()
    flags = ["--interactive", *(["--tty"] if has_terminal else [])]
    return attached(["docker", "exec", *flags, container.id, *words], compose.environment, missing)


def to_restart(
    asked: Collection[str], model: Model, there: Collection[str], who: Callable[[str], str]
) -> list[str]:
    """The services to restart: what is ``asked``, or all, and what uses the networks of these.

    Jobs are left alone, unless they are asked for.  Raises ScoreError for what has no container.
    """
    lacking = [name for name in sorted(asked) if name in model.services and name not in there]
    if lacking or not there:
        what = ", ".join(map(who, lacking)) if lacking else f"project '{model.project}'"
        raise ScoreError(f"{what} has no container", hint="`up` makes what is not there")
    found = {name for name, one in model.services.items() if name in there and not one.runs_once}
    if asked:
        jobs = {name for name in asked if name in model.services and model.services[name].runs_once}
        found = {*asked} - jobs or jobs
    found |= {name for name, one in model.services.items() if found & {*one.shares} and name in there}
    return sorted(found)
