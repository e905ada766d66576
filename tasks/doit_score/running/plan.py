"""What is to be done to bring the engine to the project, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from doit_score.running.containers import Container
from doit_score.running.look import Act, Stale
from doit_score.running.model import Model
from doit_score.text.light import dataclass

_LIVE = ("running", "restarting", "paused")
_MADE: Set[Act] = {"make", "renew"}
_STARTED: Set[Act] = {*_MADE, "restart", "start"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, in this order.

    ``remove``, ``resume`` and ``stop`` are containers.  ``rounds`` are services whose containers Compose
    makes, one round after the other; ``renew`` are the same of those that it is to make though it sees
    no reason.  ``start`` are services that it starts then; ``all_at_once`` is whether it can make and start
    them in one go, and then there are no rounds.  ``await_`` are services that only need time.
    """

    remove: tuple[Container, ...] = ()
    resume: tuple[Container, ...] = ()
    stop: tuple[Container, ...] = ()
    rounds: tuple[tuple[str, ...], ...] = ()
    renew: tuple[tuple[str, ...], ...] = ()
    start: tuple[str, ...] = ()
    all_at_once: bool = True
    await_: tuple[str, ...] = ()

    def commands(self, model: Model) -> Iterator[list[str]]:
        """What Compose is asked to do, one after the other."""
        for names in self.rounds:
            yield ["create", *names]
        for names in self.renew:
            yield ["create", "--force-recreate", *names]
        if self.start and self.all_at_once:
            yield ["up", "--detach", *(self.start if {*self.start} != model.services.keys() else ())]
        elif self.start:
            alone = ("--no-deps", "--no-recreate", "--no-build", "--pull", "missing")
            yield ["up", "--detach", *alone, *self.start]

    @property
    def changed(self) -> set[str]:
        """The services of which something is waited for."""
        return {*self.start, *self.await_, *(one.service for one in self.resume)}


def followers(model: Model, containers: Sequence[Container], stale: Sequence[Stale]) -> list[Stale]:
    """What else has to be done as ``stale`` is put right: to services that are as the project wants them."""
    acts: dict[str, set[Act]] = {}
    for one in stale:
        acts.setdefault(one.service, set()).add(one.act)
    there = {one.service for one in containers}
    running = {one.service for one in containers if one.state in _LIVE}
    found: list[Stale] = []

    def add(name: str, why: str, act: Act) -> None:
        if not acts.setdefault(name, set()) & {*_MADE, act}:
            acts[name].add(act)
            found.append(Stale(name, why, act))

    # Each after those that it depends on.
    for name in model.in_order(there):
        service = model.services[name]
        made = [other for other in service.depends_on if acts.get(other, set()) & _MADE]
        for other in made:
            if other in service.shares:  # its configuration has the other's container in it
                add(name, f"shares with {other}, which is made anew", "make")
            if service.prepares and not model.services[other].runs_once:
                add(name, f"prepares {other}, which is made anew", "start")
        for other in service.restarts_with if name in running else ():
            if acts.get(other, set()) & _STARTED:
                add(name, f"restarts with {other}", "restart")
    started = {name for name, some in acts.items() if some & _STARTED}
    awaited = {other for name in started & model.services.keys() for other in model.services[name].depends_on}
    for name in sorted(awaited):
        # Who waits by it is to wait for what is started now, too.
        if model.services[name].only_waits and started & {*model.services[name].depends_on}:
            add(name, "has others to wait for", "start")
    return found


def plan(model: Model, containers: Sequence[Container], stale: Sequence[Stale]) -> Plan:
    """How all of ``stale`` is put right; the followers are among it."""

    def services(*acts: Act) -> set[str]:
        return {one.service for one in stale if one.act in acts}

    def of_services(wanted: set[str], states: Sequence[str]) -> tuple[Container, ...]:
        return tuple(one for one in containers if one.service in wanted and one.state in states)

    renew = services("renew")
    made = services("make") | renew
    start = made | services("restart", "start")
    at_once = not renew and _is_one(model, containers, made, start)
    return Plan(
        remove=tuple(one.container for one in stale if one.act == "remove" and one.container is not None),
        resume=of_services(services("resume") - start, ("paused",)),
        stop=of_services(services("restart") - made, _LIVE),
        rounds=() if at_once else tuple(_rounds(model, made - renew, start)),
        renew=tuple(_rounds(model, renew, start)),
        start=tuple(sorted(start)),
        all_at_once=at_once,
        await_=tuple(sorted(services("await") - start)),
    )


def _is_one(model: Model, containers: Sequence[Container], made: set[str], start: set[str]) -> bool:
    """Whether Compose can make and start ``start`` in one go, and do nothing else.

    With those that it is given it takes all that they depend on.  What of that has ended it would run
    again; and what depends on one that it replaces, replace too (as of 2.26).
    """
    there = model.with_dependencies(start)
    running = {one.service for one in containers if one.state == "running"}
    ended = {name for name in there - start - running if model.services[name].replicas}
    return not ended and not _replaced_too(model, there, made, start)


def _rounds(model: Model, made: set[str], start: set[str]) -> Iterator[tuple[str, ...]]:
    """``made`` in such portions that Compose, which takes what each depends on, replaces nothing else."""
    if _replaced_too(model, model.with_dependencies(made), made, start):
        yield from ((name,) for name in model.in_order(made))
    elif made:
        yield tuple(sorted(made))


def _replaced_too(model: Model, there: set[str], made: set[str], start: set[str]) -> set[str]:
    """Those of ``there`` that would be replaced with ``made``; what runs again anyway may be."""
    again = {name for name in start if model.services[name].runs_once}
    return (there - made - again) & model.dependents(made)
