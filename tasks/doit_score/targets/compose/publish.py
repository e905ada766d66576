"""``--publish HOST:ref:PORT``: ports of the host for workloads and for services of resources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from doit_score.score.workload import Workload
from doit_score.targets import Entry, Whole
from doit_score.text import canonical, words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import dataclass, replace

from .project import entry, value_of

HELPER = "probe"
"""In the facts of a workload with a healthcheck by our own program."""
INSIDE = "x-doit-score-inside"
"""The key of a service under which ports have what to do instead of publishing them."""
_HINT = "give HOST_PORT:WORKLOAD:PORT (or PORT/udp) or HOST_PORT:RESOURCE_UID.OUTPUT:PORT"


@dataclass(frozen=True, slots=True)
class Publication:
    """One port that is published.  ``said`` is for messages: ``--publish[0]`` is the first flag.

    ``reference`` is the name of a workload, or, with a ``#``, a resource's uid, a dot and the name of
    an output that holds a host name.
    """

    host_port: int
    reference: str
    container_port: int
    said: str
    protocols: tuple[str, ...] = ()
    """``tcp``, ``udp``; none where it is not said."""

    @property
    def resource(self) -> tuple[str, str] | None:
        """The full uid and the output, or None where a workload is meant."""
        kind, mark, rest = self.reference.partition("#")
        if not mark:
            return None
        id_, _, output = rest.rpartition(".")
        return f"{kind if '.' in kind else kind + '.default'}#{id_}", output


def parse(text: str, said: str = "--publish[0]") -> Publication:
    """``text`` taken apart; ScoreError with all that is wrong with it.

    The host port ends at the first colon, the container port starts after the last one
    (publish-51-host-ip).  Both are from 1 to 65535: the reference refuses 1, takes 70000 and lets
    the container port wrap around (publish-49, -42, -44).  ``/udp`` or ``/tcp`` may follow.
    """
    text, slash, protocol = text.partition("/") if text.endswith(("/udp", "/tcp")) else (text, "", "")
    host, first, rest = text.partition(":")
    reference, second, container = rest.rpartition(":")
    if not first or not second:
        message = f"{said}: expected 3 parts separated by ':', found {text!r}"
        raise ScoreError(message, hint=_HINT)
    problems: list[Problem] = []
    host_port = _port(host, f"{said}: host port", problems)
    container_port = _port(container, f"{said}: container port", problems)
    if "#" in reference and "." not in reference.partition("#")[2]:
        message = f"{said}: expected RESOURCE_UID.OUTPUT, found {reference!r}"
        problems.append(Problem(message, hint=_HINT))
    ScoreError.raise_for(problems)
    return Publication(host_port, reference, container_port, said, (protocol,) if slash else ())


def _port(text: str, what: str, problems: list[Problem]) -> int:
    number = int(text) if re.fullmatch(r"\+?[0-9]{1,9}", text, re.ASCII) else 0
    if not 1 <= number <= 65535:
        problems.append(Problem(f"{what}: expected a whole number from 1 to 65535, found {text!r}"))
    return number


def parse_all(texts: Iterable[str], option: str = "--publish") -> tuple[Publication, ...]:
    """All that ``option`` says; ScoreError with the problems of all of them."""
    result: list[Publication] = []
    problems: list[Problem] = []
    for index, text in enumerate(texts):
        try:
            result.append(parse(text, f"{option}[{index}]"))
        except ScoreError as error:
            problems += error.problems
    ScoreError.raise_for(problems)
    return tuple(result)


def resolve(
    publication: Publication,
    workloads: Mapping[str, str],
    outputs: Mapping[str, Mapping[str, object]],
    services: Mapping[str, Mapping[str, object]],
) -> str:
    """The name of the service whose port is published; ScoreError if there is none.

    ``workloads`` gives the service that owns each workload's network (:func:`facts_of`),
    ``outputs`` the outputs of each resource by uid, ``services`` all services of the project.
    A service that uses the network of another has its ports published there.
    """
    said = publication.said
    resource = publication.resource
    if resource is None:
        service = workloads.get(publication.reference)
        if service is None:
            message = f"{said}: failed to find a workload named {publication.reference!r}"
            raise ScoreError(message, hint=words.near(publication.reference, workloads))
        return _network_owner(service, services)
    uid, key = resource
    if uid not in outputs:
        given = publication.reference.rpartition(".")[0]
        meant = "" if given == uid else f" ({uid!r} in full)"
        message = f"{said}: failed to find a resource with uid {given!r}{meant}"
        raise ScoreError(message, hint=words.near(uid, outputs))
    if key not in outputs[uid]:
        message = f"{said}: resource {uid!r} has no output {key!r}"
        raise ScoreError(message, hint=words.near(key, outputs[uid]))
    host = outputs[uid][key]
    if not isinstance(host, str):
        raise ScoreError(f"{said}: resource {uid!r} output {key!r} is no text, so it names no service")
    named = (
        [host] if host in services else [name for name in sorted(services) if _answers(services[name], host)]
    )
    if not named:
        # The value is not shown: an output may be a password.
        message = f"{said}: output {key!r} of resource {uid!r} is the name of no service of the project"
        raise ScoreError(message, hint=words.listed(sorted(services)))
    return _network_owner(named[0], services)


def _answers(service: Mapping[str, object], host: str) -> bool:
    return host in (service.get("hostname"), service.get("container_name"))


def _network_owner(name: str, services: Mapping[str, Mapping[str, object]]) -> str:
    seen = {name}
    while True:
        mode = services.get(name, {}).get("network_mode")
        owner = (
            mode.removeprefix("service:") if isinstance(mode, str) and mode.startswith("service:") else name
        )
        if owner in seen or owner not in services:
            return name
        seen.add(owner)
        name = owner


def apply(service: Mapping[str, object], publications: Iterable[Publication]) -> dict[str, object]:
    """``service`` with the ports of ``publications`` added after its own, in their order, each once."""
    known = service.get("ports")
    ports: list[object] = list(known) if isinstance(known, (list, tuple)) else []
    for one in publications:
        for protocol in one.protocols or ("tcp",):
            port: dict[str, object] = {"target": one.container_port, "published": str(one.host_port)}
            if not any(_is_same(port, other, protocol) for other in ports):
                ports.append(port if protocol == "tcp" else {**port, "protocol": protocol})
    return {**service, "ports": ports} if ports else dict(service)


def _is_same(port: Mapping[str, object], other: object, protocol: str) -> bool:
    given = {"protocol": "tcp", **other} if isinstance(other, Mapping) else {}
    return {**given, **port} == given and given["protocol"] == protocol and not given.get("host_ip")


def publish(entries: list[Entry], whole: Whole) -> tuple[list[Entry], list[Problem]]:
    """``entries`` with the ports of the host that were asked for, and warnings of those that are of no use.

    Raises ScoreError for what cannot be found.
    """
    publications = parse_all(whole.options.publish, "--publish" if whole.options.by_flags else "publish")
    if not publications:
        return entries, []
    by_name = {one.name: one for one in entries if one.section == "services"}  # `entry` is a function
    outputs = {uid: canonical.mapping(text) for uid, text in whole.outputs.items()}
    values = _Values(by_name)
    owners = {workload: facts.partition(" ")[0] for workload, facts in whole.facts.items()}
    wanted: dict[str, list[Publication]] = {}
    problems: list[Problem] = []
    for publication in publications:
        try:
            name = resolve(publication, owners, outputs, values)
            declared = whole.facts.get(publication.reference, "").split(" ")[1:]
            wanted.setdefault(name, []).append(_as_declared(publication, declared))
        except ScoreError as error:
            problems += error.problems
    ScoreError.raise_for(problems)
    changed = {
        name: entry(*by_name[name][:4], apply(values[name], several)) for name, several in wanted.items()
    }
    useless = [
        problem for name, several in wanted.items() for problem in _inside(name, values[name], several)
    ]
    return [changed.get(e.name, e) if e.section == "services" else e for e in entries], useless


def _inside(name: str, service: Mapping[str, object], several: Iterable[Publication]) -> Iterator[Problem]:
    """A warning of each port that is, as its service says, of no use to programs outside the project."""
    found = service.get(INSIDE)
    said = found if isinstance(found, Mapping) else {}
    for one in several:
        port = one.container_port
        instead = said.get(str(port))
        if isinstance(instead, str):
            message = f"{one.said}: programs outside the project have no use for port {port} of {name!r}"
            yield Problem(message, hint=instead)


def facts_of(workload: Workload, network_owner: str, *, has_helper: bool = False) -> str:
    """What is to be known of a workload to publish its ports: the service that owns its network, the
    protocols of its ports that are not for TCP alone, each as ``53/udp``, and whether HELPER is run."""
    ports = {
        (port.target_port or port.port, (port.protocol or "TCP").lower()) for port in workload.ports.values()
    }
    udp = {number for number, protocol in ports if protocol == "udp"}
    helper = (HELPER,) if has_helper else ()
    declared = (f"{number}/{one}" for number, one in sorted(ports) if number in udp)
    return " ".join((network_owner, *declared, *helper))


def _as_declared(publication: Publication, declared: list[str]) -> Publication:
    """``publication`` with the protocols that the Score file declares, unless it says its own."""
    if publication.protocols:
        return publication
    ports = (one.partition("/") for one in declared)
    number = str(publication.container_port)
    return replace(publication, protocols=tuple(protocol for port, _, protocol in ports if port == number))


class _Values(Mapping[str, Mapping[str, object]]):
    """Services by name, each read back from its text when it is asked for."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries

    def __getitem__(self, name: str) -> Mapping[str, object]:
        return value_of(self._entries[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
