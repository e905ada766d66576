"""A project as Compose reads it, from what it prints of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256

from doit_score.targets.compose.sections import WAIT_SERVICE
from doit_score.text import canonical
from doit_score.text.light import dataclass, field

COMPLETED = "service_completed_successfully"
"""The condition of those that wait for one that runs once."""

INIT_LABEL = "dev.score.compose.labels.is-init-container"
"""What a service that runs once, and nobody else of its provisioner waits for, is known by."""

_WAITS = re.compile(rf"{WAIT_SERVICE}(-\d+)?")


@dataclass(frozen=True, slots=True)
class Service:
    """A service as Compose reads it.  ``hash`` is what Compose will know its containers by.  Compose knows
    configs and secrets by their names alone, so two digests are laid over that.  Where texts of them are
    copied into containers when these are made (``is_copied``) one of the texts is in ``hash``.  ``files``
    is one of the paths of those that are mounted: of a container that we have not made it is not known.

    ``runs_once`` is whether it is awaited that it completes, ``prepares`` whether it prepares what the
    services that it depends on serve; ``shares`` are services whose network, process or IPC namespace or
    volumes it uses; ``networks`` the names of those that it is in; ``depends_on`` those that are started
    before it, ``restarts_with`` those of them with which it wants to be started again.
    """

    name: str
    hash: str
    replicas: int = 1
    image: str | None = None
    is_built: bool = False
    runs_once: bool = False
    prepares: bool = False
    shares: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    restarts_with: tuple[str, ...] = ()
    is_copied: bool = False
    files: str = ""

    @property
    def noted(self) -> str:
        """What we know its containers by."""
        return self.hash + self.files

    @property
    def only_waits(self) -> bool:
        """Whether it is the one that waits for the services of resources, and does nothing else."""
        return self.runs_once and _WAITS.fullmatch(self.name) is not None


@dataclass(frozen=True, slots=True)
class Model:
    """A project as Compose reads it: its name, and its services by theirs.

    ``networks`` and ``volumes`` are the definitions of those that Compose makes, by the engine's names.
    """

    project: str
    services: Mapping[str, Service] = field(default_factory=dict)
    networks: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    volumes: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def built(self, names: Iterable[str]) -> list[str]:
        """Those of the services ``names`` whose images are built."""
        return [name for name in names if self.services[name].is_built]

    def with_dependencies(self, names: set[str]) -> set[str]:
        """``names``, and all that has to be started before them."""
        found: set[str] = set()
        todo = sorted(names)
        while todo:
            name = todo.pop()
            if name not in found and name in self.services:
                found.add(name)
                todo += self.services[name].depends_on
        return found

    def dependents(self, names: set[str]) -> set[str]:
        """The services that depend on one of ``names``, or on one that does."""
        found: set[str] = set()
        above: dict[str, list[str]] = {}
        for service in self.services.values():
            for other in service.depends_on:
                above.setdefault(other, []).append(service.name)
        todo = sorted(names)
        while todo:
            for name in above.get(todo.pop(), ()):
                if name not in found:
                    found.add(name)
                    todo.append(name)
        return found

    def in_order(self, names: set[str]) -> list[str]:
        """``names``, each after those that it depends on, and else by name."""
        found: list[str] = []
        seen: set[str] = set()

        def add(name: str) -> None:
            if name not in seen and name in self.services:
                seen.add(name)
                for other in self.services[name].depends_on:
                    add(other)
                found.append(name)

        for name in sorted(names):
            add(name)
        return [name for name in found if name in names]

    def ranks(self, names: set[str]) -> list[list[str]]:
        """``names``, those together of which none depends on another, each after those that it depends on."""
        above: dict[str, int] = {}
        for name in self.in_order({*self.services}):
            below = max(
                (above[other] for other in self.services[name].depends_on if other in above), default=0
            )
            above[name] = below + (name in names)
        there = sorted(names & above.keys())
        return [[name for name in there if above[name] == n] for n in sorted({above[name] for name in there})]


def read_model(
    config: Mapping[str, object],
    hashes: Mapping[str, str],
    value_of: Callable[[str], str | None] = lambda name: None,
) -> Model:
    """The model from what `docker compose config` prints as JSON, and its hashes.

    ``value_of`` tells the value of a variable that a config or secret is made of.
    """
    services = _mapping(config.get("services"))
    networks = {
        key: _mapping(value).get("name", key) for key, value in _mapping(config.get("networks")).items()
    }
    awaited = {
        name
        for service in services.values()
        for name, wait in _mapping(_mapping(service).get("depends_on")).items()
        if _mapping(wait).get("condition") == COMPLETED
    }
    found = {}
    for name, value in services.items():
        service = _mapping(value)
        image = service.get("image")
        depends_on = _mapping(service.get("depends_on"))
        given = _given(service, config)
        copied = _digest({key: _text(one, value_of) for key, one in given.items()})
        prepares = _mapping(service.get("labels")).get(INIT_LABEL) == "true"
        found[name] = Service(
            name=name,
            hash=hashes.get(name, "") + copied,
            replicas=_replicas(service),
            image=image if isinstance(image, str) else None,
            is_built="build" in service,
            runs_once=name in awaited or prepares,
            prepares=prepares,
            shares=_shared(service),
            networks=tuple(str(networks.get(key)) for key in _mapping(service.get("networks"))),
            depends_on=tuple(sorted(depends_on)),
            restarts_with=tuple(
                sorted(name for name, wait in depends_on.items() if _mapping(wait).get("restart") is True)
            ),
            is_copied=copied != "",
            files=_digest({key: one.get("file") for key, one in given.items()}),
        )
    made = (_made(config.get(section)) for section in ("networks", "volumes"))
    return Model(str(config.get("name", "")), found, *made)


def _made(section: object) -> dict[str, Mapping[str, object]]:
    """What Compose makes of a section of networks or volumes, by the names that it has in the engine."""
    every = {key: _mapping(value) for key, value in _mapping(section).items()}
    return {str(one.get("name", key)): one for key, one in every.items() if not one.get("external")}


def _given(service: Mapping[str, object], config: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    """The definitions of the configs and secrets that a service is given."""
    found = {}
    for section, start in (("configs", ""), ("secrets", "secrets/")):
        defined, used = _mapping(config.get(section)), service.get(section)
        for one in used if isinstance(used, list) else ():
            name = str(_mapping(one).get("source"))
            found[start + name] = _mapping(defined.get(name))
    return found


def _text(definition: Mapping[str, object], value_of: Callable[[str], str | None]) -> object:
    """The text that is copied into a container for a config or secret; None for one that is mounted."""
    variable = definition.get("environment")
    return value_of(variable) if isinstance(variable, str) else definition.get("content")


def _digest(values: Mapping[str, object]) -> str:
    """A digest of those values that there are; empty for none."""
    found = {key: value for key, value in values.items() if value}
    return f"+{sha256(canonical.encode(found).encode()).hexdigest()}" if found else ""


def _shared(service: Mapping[str, object]) -> tuple[str, ...]:
    modes = (str(service.get(key, "")) for key in ("network_mode", "ipc", "pid"))
    found = {mode.removeprefix("service:") for mode in modes if mode.startswith("service:")}
    volumes_from = service.get("volumes_from")
    for text in volumes_from if isinstance(volumes_from, list) else ():
        if not str(text).startswith("container:"):
            found.add(str(text).partition(":")[0])
    return tuple(sorted(found))


def _replicas(service: Mapping[str, object]) -> int:
    for count in (_mapping(service.get("deploy")).get("replicas"), service.get("scale")):
        if isinstance(count, int):
            return count
    return 1


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
