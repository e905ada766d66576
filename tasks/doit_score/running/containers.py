"""The containers of a project as the engine tells of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime

from doit_score.running.model import COMPLETED, INIT_LABEL
from doit_score.text.light import TYPE_CHECKING, Any, dataclass

if TYPE_CHECKING:
    from docker import APIClient

_LABEL = "com.docker.compose."
_EXITED = re.compile(r"Exited \((\d+)\)|Restarting \((\d+)\)")
_NAMELESS = re.compile(r"[0-9a-f]{64}")
_HEALTH = re.compile(r"\((?:health: )?(healthy|unhealthy|starting)\)")


@dataclass(frozen=True, slots=True)
class Container:
    """A container, as a listing has it.

    ``state`` is the engine's word (running, exited, created, restarting, paused, dead); ``exit`` the
    status that it ended with last, None if it has not; ``health`` is empty where there is no
    healthcheck.  ``image`` is the name that its image was asked for by, or the image itself
    (``sha256:...``) if that name means another image by now; ``network`` the container whose network it
    uses; ``mounts`` the paths of the host that are mounted; ``created`` seconds since the epoch;
    ``directory`` that of the project that it was made for; ``networks`` those that it is in, None where
    that is not told; ``runs_once`` is whether it was made to be done with something;
    ``nameless`` are its volumes that nobody gave a name.
    """

    id: str
    name: str
    service: str
    hash: str
    state: str
    exit: int | None
    health: str
    image: str
    network: str
    mounts: tuple[str, ...]
    ports: tuple[str, ...]
    created: int
    directory: str = ""
    networks: tuple[str, ...] | None = None
    runs_once: bool = False
    nameless: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether it runs, and is healthy where that is looked after."""
        return self.state == "running" and self.health in ("", "healthy")


@dataclass(frozen=True, slots=True)
class Details:
    """What only an inspection tells.  ``started`` is seconds since the epoch, 0 for never.

    ``health`` and the ``check`` that has found it are those of one that runs: what has ended the engine calls
    unhealthy, whatever its healthcheck said last.
    """

    state: str
    exit: int
    error: str
    started: float
    finished: str
    restarts: int
    health: str
    check: tuple[str, ...]
    check_exit: int | None
    check_output: str
    out_of_memory: bool


def has_volumes(client: APIClient, project: str) -> bool:
    """Whether there are volumes that Compose made for a project of this name, here or elsewhere."""
    found = client.volumes(filters={"label": f"{_LABEL}project={project}"})
    return bool(found["Volumes"])


def listed(client: APIClient, project: str) -> list[Container]:
    """The containers that Compose has made for ``project``, but for those of `docker compose run`."""
    labels = [f"{_LABEL}project={project}", f"{_LABEL}oneoff=False"]
    every = client.containers(all=True, filters={"label": labels})
    awaited = {name for one in every for name in _awaited(one.get("Labels") or {})}
    found = [_container(one, awaited) for one in every]
    return sorted(found, key=lambda one: (one.service, one.name))


def _awaited(labels: Mapping[str, str]) -> Iterator[str]:
    """The services of which a container awaits that they complete."""
    for text in labels.get(_LABEL + "depends_on", "").split(","):
        name, _, condition = text.partition(":")
        if condition.partition(":")[0] == COMPLETED:
            yield name


def _container(one: Mapping[str, Any], awaited: Set[str]) -> Container:
    labels = one.get("Labels") or {}
    # The list tells health and exit status in words only.
    status = str(one.get("Status", ""))
    exited, health = _EXITED.match(status), _HEALTH.search(status)
    networks = (one.get("NetworkSettings") or {}).get("Networks")
    mode = str((one.get("HostConfig") or {}).get("NetworkMode", ""))
    return Container(
        id=one["Id"],
        name=(one.get("Names") or ["/" + one["Id"][:12]])[0].lstrip("/"),
        service=labels.get(_LABEL + "service", ""),
        hash=labels.get(_LABEL + "config-hash", ""),
        state=str(one.get("State", "")),
        exit=int(exited[1] or exited[2]) if exited else None,
        health=health[1] if health else "",
        image=str(one.get("Image", "")),
        network=mode.removeprefix("container:") if mode.startswith("container:") else "",
        mounts=tuple(m["Source"] for m in one.get("Mounts") or () if m.get("Type") == "bind"),
        ports=ports(one.get("Ports") or ()),
        created=int(one.get("Created", 0)),
        directory=labels.get(_LABEL + "project.working_dir", ""),
        networks=None if networks is None else tuple(sorted(networks)),
        nameless=tuple(m["Name"] for m in one.get("Mounts") or () if _NAMELESS.fullmatch(m.get("Name", ""))),
        runs_once=labels.get(INIT_LABEL) == "true" or labels.get(_LABEL + "service") in awaited,
    )


def ports(published: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The published ports, each once: that it is so by IPv4 and by IPv6 says nothing new."""
    found = set()
    for port in published:
        if port.get("PublicPort"):
            host = str(port.get("IP", ""))
            host = "" if host in ("", "0.0.0.0", "::") else f"[{host}]:" if ":" in host else f"{host}:"
            found.add(
                (port["PublicPort"], f"{host}{port['PublicPort']}->{port['PrivatePort']}/{port['Type']}")
            )
    return tuple(text for _, text in sorted(found))


def inspected(client: APIClient, id_: str) -> Details | None:
    """The details of a container; None if it is gone by now."""
    from docker.errors import NotFound

    try:
        one = client.inspect_container(id_)
    except NotFound:
        return None
    state = one["State"]
    health = (state.get("Health") or {}) if state["Status"] in ("running", "paused") else {}
    checks = health.get("Log") or []
    return Details(
        state=state["Status"],
        exit=state["ExitCode"],
        error=state.get("Error", ""),
        started=seconds(state.get("StartedAt", "")),
        finished=state.get("FinishedAt", ""),
        restarts=one.get("RestartCount", 0),
        health=health.get("Status", ""),
        check=tuple((one["Config"].get("Healthcheck") or {}).get("Test") or ()),
        check_exit=checks[-1]["ExitCode"] if checks else None,
        check_output=checks[-1]["Output"] if checks else "",
        out_of_memory=bool(state.get("OOMKilled")),
    )


def seconds(text: str) -> float:
    """A time of the engine (RFC 3339 with nanoseconds) as seconds since the epoch; 0 for its zero."""
    found = re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$", text)
    if not found or text.startswith("0001-"):
        return 0.0
    zone = "+00:00" if found[3] == "Z" else found[3]
    return datetime.fromisoformat(found[1] + zone).timestamp() + float(found[2] or 0)


def log_tail(client: APIClient, id_: str, lines: int) -> str:
    """The last lines that a container printed, on both streams."""
    from docker.errors import APIError

    try:
        return client.logs(id_, stdout=True, stderr=True, tail=lines).decode("utf-8", "replace")
    except APIError:
        return ""  # a logging driver that cannot be read, or the container is gone


def ports_of(containers: Iterable[Container]) -> dict[str, dict[str, str]]:
    """The ports of the host, by service and port of the container; with the address where it is not any."""
    found: dict[str, dict[str, str]] = {}
    for one in containers:
        for port in one.ports:
            host, arrow, target = port.partition("->")
            if arrow:
                found.setdefault(one.service, {}).setdefault(target, host)
    return found
