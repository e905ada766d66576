"""Entries of a Compose project: as text, assembled, and checked against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from doit_score.score.cycles import cycles
from doit_score.targets import Entry, no_image
from doit_score.text import canonical
from doit_score.text.errors import Problem
from doit_score.text.light import NamedTuple
from doit_score.text.yaml12 import dump, load

from .host_ports import clashes, host_ports
from .sections import NAMES, WAIT_SERVICE

_RANK = {section: index for index, section in enumerate(NAMES)}
# What files are included for; a name of these is rather theirs than a mistake.
_OFTEN_INCLUDED = ("services", "networks", "models")
_DOCKERFILE = "Dockerfile"
_INIT_LABEL = "dev.score.compose.labels.is-init-container"
"""The usual name of the service that waits for the services of resources."""


class Links(NamedTuple):
    """Names that an entry refers to, sorted; small enough to be kept beside every fragment.

    ``depends_on`` are services that must be there, ``optional`` those that need not (``required:
    false``), ``shares`` services whose network, process or IPC namespace or whose volumes it uses.
    All three count for the order in which Compose starts services.
    """

    depends_on: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    """Ports of the host that it takes: ``127.0.0.1:8080/tcp``, or one of ``0.0.0.0:8080-8089/tcp``.  One
    that it takes for two ports of its own is there twice."""
    profiles: tuple[str, ...] = ()
    lacks_image: bool = False
    condition: str = ""
    """On what condition others wait for it, where it is a service of a resource; empty for not at all."""
    contexts: tuple[str, ...] = ()
    """What its image is built of, the first with the ``dockerfile``: directories, and what is elsewhere."""
    dockerfile: str = ""

    def text(self) -> str:
        """The text that is kept of this."""
        return canonical.encode({name: value for name, value in self._asdict().items() if value})

    @classmethod
    def of_text(cls, text: str) -> Links:
        """That of which :meth:`text` made ``text``."""
        kept = canonical.mapping(text)
        return cls(**{key: tuple(one) if isinstance(one, list) else one for key, one in kept.items()})  # type: ignore[arg-type]  # text() wrote these fields


class Linked(NamedTuple):
    """What :func:`check` needs to know of an entry.

    ``owner`` is for messages, such as ``workload 'shop'`` or ``resource 'redis.default#shop.cache'``.
    """

    section: str
    name: str
    owner: str
    links: Links = Links()

    @classmethod
    def of(cls, entry: Entry) -> Linked:
        """That of an entry, whose text is not looked at."""
        return cls(entry.section, entry.name, entry.who, Links.of_text(entry.links))


def entry(section: str, name: str, kind: str, owner: str, value: Mapping[str, object]) -> Entry:
    """``value`` as the entry ``name`` of ``section``."""
    body = dump({name: value})[:-1].replace("\n", "\n  ")
    # An empty line of a block of text stays empty.
    while "\n  \n" in body:
        body = body.replace("\n  \n", "\n\n")
    return Entry(section, name, kind, owner, f"  {body}\n", links(section, value).text())


def value_of(entry: Entry) -> Mapping[str, object]:
    """The value of which :func:`entry` made ``entry``."""
    read = load(entry.text, bounded=False)
    assert isinstance(read, dict)
    value = read[entry.name]
    return value if isinstance(value, dict) else {}


def assemble(project: str, texts: Iterable[tuple[str, str, str]]) -> str:
    """The text of compose.yaml from (section, name, text) of all fragments.

    It is what :func:`dump_project` makes of the whole project.
    """
    parts = [dump({"name": project})]
    current = None
    for section, _, text in sorted(texts, key=lambda one: (_RANK[one[0]], one[1])):
        if current is None and section != "services":
            parts.append("services: {}\n")
        if section != current:
            parts.append(f"{section}:\n")
            current = section
        parts.append(text)
    if current is None:
        parts.append("services: {}\n")
    return "".join(parts)


def dump_project(project: Mapping[str, object]) -> str:
    """A whole project as text: its name, the sections in their order, then extensions by name."""
    keys = ["name", *NAMES, *sorted(set(project) - {"name", *NAMES})]
    return "".join(dump({key: project[key]}) for key in keys if key in project)


def wait_name(taken: Iterable[str]) -> str:
    """A name for the wait service that none of the services ``taken`` has.

    The reference overwrites a service of a resource that is called like its own, which then waits
    for itself (provisioners-177-wait-name-taken).
    """
    names = set(taken)
    name, number = WAIT_SERVICE, 1
    while name in names:
        number += 1
        name = f"{WAIT_SERVICE}-{number}"
    return name


def wait_condition(service: Mapping[str, object]) -> str:
    """What is awaited of a service of a resource, as a ``depends_on`` condition; empty for nothing.

    Nothing depends on a service with profiles, as it is not there without one of them.
    Healthy where it has a healthcheck that is not disabled, completed where it is labelled as an
    init container, else started (provisioners-174-wait-conditions; the reference takes a disabled
    healthcheck for one, and then Compose waits for ever).
    """
    if service.get("profiles"):
        return ""
    check = service.get("healthcheck")
    if isinstance(check, Mapping) and check.get("disable") is not True and check.get("test") != ["NONE"]:
        return "service_healthy"
    labels = service.get("labels")
    if isinstance(labels, Mapping) and labels.get(_INIT_LABEL) == "true":
        return "service_completed_successfully"
    return "service_started"


def wait_conditions(entries: Iterable[Entry]) -> dict[str, str]:
    """On what condition others wait for the services of resources, by service."""
    services = (entry for entry in entries if entry.kind == "resource" and entry.section == "services")
    found = {entry.name: Links.of_text(entry.links).condition for entry in services}
    return {name: condition for name, condition in found.items() if condition}


def wait_entry(entries: Iterable[Entry], image: Callable[[str], str | None] = no_image) -> Iterator[Entry]:
    """The service that waits for the services of resources, if there are any.

    Its image has the service's usual name where somebody names images, else it is the reference's.
    """
    conditions = wait_conditions(entries)
    if conditions:
        name = wait_name(conditions)
        depends_on = {
            other: {"condition": condition, "required": True}
            for other, condition in sorted(conditions.items())
        }
        service = {"image": image(WAIT_SERVICE) or "alpine", "command": ["echo"], "depends_on": depends_on}
        yield entry("services", name, "tool", name, service)


def secret_entries(entries: Iterable[Entry], files: Mapping[str, str]) -> Iterator[Entry]:
    """The secrets that services use and nobody declares but us: ``files`` by name."""
    used = {
        name
        for entry in entries
        if entry.section == "services"
        for name in Links.of_text(entry.links).secrets
    }
    declared = {entry.name for entry in entries if entry.section == "secrets"}
    for name in sorted((used - declared) & files.keys()):
        yield entry("secrets", name, "tool", name, {"file": files[name]})


def links(section: str, value: Mapping[str, object]) -> Links:
    """The names that an entry refers to; ``value`` is in the long form (``check_entry``, ``convert``)."""
    if section != "services":
        return Links()
    required: list[str] = []
    optional: list[str] = []
    for name, condition in _mapping(value.get("depends_on")).items():
        (optional if _mapping(condition).get("required") is False else required).append(name)
    return Links(
        tuple(sorted(required)),
        tuple(sorted(optional)),
        _shared(value),
        _named_volumes(value.get("volumes")),
        tuple(sorted(_mapping(value.get("networks")))),
        tuple(sorted(_mapping(value.get("models")))),
        _sources(value.get("secrets"), _mapping(value.get("build")).get("secrets")),
        _sources(value.get("configs")),
        host_ports(value),
        tuple(sorted(_texts(value.get("profiles")))),
        not any(value.get(key) for key in ("image", "build", "provider", "extends")),
        wait_condition(value),
        *_built_of(value.get("build")),
    )


def _built_of(build: object) -> tuple[tuple[str, ...], str]:
    if not (build and isinstance(build, Mapping)):
        return (), ""
    others = sorted(map(str, _mapping(build.get("additional_contexts")).values()))
    usual = "" if build.get("dockerfile_inline") else _DOCKERFILE
    return (str(build.get("context") or "."), *others), str(build.get("dockerfile") or usual)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, (list, tuple)) else []


def _shared(value: Mapping[str, object]) -> tuple[str, ...]:
    names = set()
    for key in ("network_mode", "ipc", "pid"):
        mode = value.get(key)
        if isinstance(mode, str) and mode.startswith("service:"):
            names.add(mode.removeprefix("service:"))
    for text in _texts(value.get("volumes_from")):
        if not text.startswith("container:"):
            names.add(text.partition(":")[0])
    names.update(text.partition(":")[0] for text in _texts(value.get("links")))
    return tuple(sorted(names))


def _named_volumes(mounts: object) -> tuple[str, ...]:
    names = set()
    for mount in mounts if isinstance(mounts, (list, tuple)) else ():
        mount = _mapping(mount)
        source = mount.get("source")
        # What Compose fills in from the environment cannot be looked up here.
        if mount.get("type") == "volume" and isinstance(source, str) and source and "$" not in source:
            names.add(source)
    return tuple(sorted(names))


def _sources(*used: object) -> tuple[str, ...]:
    """The secrets or configs that a service, or the build of its image, uses."""
    every = [one for some in used if isinstance(some, (list, tuple)) for one in some]
    found = {one if isinstance(one, str) else _mapping(one).get("source") for one in every}
    return tuple(sorted(name for name in found if isinstance(name, str)))


def check(
    entries: Iterable[Linked], *, includes: bool = False
) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Errors and warnings about the project as a whole; whether it ``includes`` files, which are not read.

    Errors, which Compose would refuse: two services of one name, services that wait for each other
    in a circle.  Warnings: names that nobody declares, services without an image, two services at one
    port of the host.
    """
    declared: dict[str, dict[str, Linked]] = {section: {} for section in NAMES}
    ordered = sorted(entries)
    errors = []
    for entry in ordered:
        first = declared[entry.section].setdefault(entry.name, entry)
        if entry.section == "services" and first is not entry:
            message = f"duplicate service name {entry.name!r}: from {first.owner} and from {entry.owner}"
            errors.append(Problem(message, hint="rename one of them"))
    services = declared["services"]
    edges = {
        name: (*entry.links.depends_on, *entry.links.optional, *entry.links.shares)
        for name, entry in services.items()
    }
    for cycle in cycles(edges):
        owners = ", ".join(sorted({services[name].owner for name in cycle}))
        chain = " -> ".join((*cycle, cycle[0]))
        errors.append(
            Problem(
                f"services wait for each other in a circle: {chain} (from {owners})",
                hint="Compose cannot start any of them; remove one of the dependencies",
            )
        )
    return tuple(errors), (
        *_undeclared(services.values(), declared, includes=includes),
        *_without_image(services.values()),
        *_not_always_there(services),
        *clashes((f"service {one.name!r} of {one.owner}", one.links.ports) for one in services.values()),
    )


def _without_image(entries: Iterable[Linked]) -> Iterator[Problem]:
    for entry in entries:
        if entry.links.lacks_image:
            message = f"service {entry.name!r} of {entry.owner} has neither an image nor a build"
            yield Problem(message, hint="Compose refuses the project: give the service one of them")


def _not_always_there(services: Mapping[str, Linked]) -> Iterator[Problem]:
    for entry in services.values():
        for name in entry.links.depends_on:
            profiles = services[name].links.profiles if name in services else ()
            if profiles and not (entry.links.profiles and {*entry.links.profiles} <= {*profiles}):
                yield Problem(
                    f"service {entry.name!r} of {entry.owner} depends on the service {name!r}, which is there"
                    f" with the profiles {', '.join(profiles)} only",
                    hint="Compose refuses the project without them: say `required: false`",
                )


def _undeclared(
    entries: Iterable[Linked], declared: Mapping[str, Mapping[str, Linked]], *, includes: bool
) -> Iterator[Problem]:
    known = {**declared, "networks": {"default": None, **declared["networks"]}}
    where = "the project, unless by a file that it includes" if includes else "the project"
    for entry in entries:
        for names, section, verb in (
            (entry.links.depends_on, "services", "depends on"),
            (entry.links.shares, "services", "uses"),
            (entry.links.volumes, "volumes", "mounts"),
            (entry.links.networks, "networks", "is in"),
            (entry.links.models, "models", "uses"),
            (entry.links.secrets, "secrets", "uses"),
            (entry.links.configs, "configs", "uses"),
        ):
            if includes and section in _OFTEN_INCLUDED:
                continue
            kind = section[:-1]
            for name in names:
                if name not in known[section]:
                    yield Problem(
                        f"service {entry.name!r} of {entry.owner} {verb} the {kind} {name!r},"
                        f" which is not declared in {where}",
                        hint=f"have a provisioner return it in its {section}, or correct the name",
                    )
