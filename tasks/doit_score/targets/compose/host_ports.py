"""Ports of the host: which ones a service takes, and which of them two services take.

They are kept as texts: ``127.0.0.1:8080/tcp``, or ``0.0.0.0:8080-8089/tcp`` where Compose takes a free
one of a range.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from doit_score.text.errors import Problem
from doit_score.text.light import NamedTuple

_EVERY_HOST = {"0.0.0.0", "::"}
_PUBLISHED = re.compile(r"[0-9]{1,5}(-[0-9]{1,5})?", re.ASCII)


class _Taken(NamedTuple):
    """``port/protocol`` or ``first-last/protocol`` of a host address, by whom."""

    host: str
    port: str
    who: str

    def meets(self, other: _Taken) -> bool:
        """Whether another service takes ports of the same address."""
        hosts = {self.host, other.host}
        return self.who != other.who and (len(hosts) == 1 or bool(_EVERY_HOST & hosts))


def host_ports(service: Mapping[str, object]) -> tuple[str, ...]:
    """The ports that ``service`` (in the long form) takes, sorted; one with profiles may take none.

    One that is taken for two ports of the container is there twice.
    """
    every = service.get("ports")
    if service.get("profiles") or not isinstance(every, (list, tuple)):
        return ()
    found = set()
    for port in every:
        published = str(port.get("published") or "") if isinstance(port, Mapping) else ""
        # What Compose fills in from the environment cannot be compared here.
        if _PUBLISHED.fullmatch(published):
            text = f"{port.get('host_ip') or '0.0.0.0'}:{published}/{port.get('protocol') or 'tcp'}"
            found.add((text, port.get("target")))
    return tuple(sorted(text for text, _ in found))


def clashes(services: Iterable[tuple[str, Sequence[str]]]) -> Iterator[Problem]:
    """A warning for each port that cannot be had twice; each service is what it is called, and its ports.

    Two ranges that overlap are none: of both Compose takes what is free.
    """
    single: dict[str, list[_Taken]] = {}
    ranges: list[_Taken] = []
    for who, ports in services:
        for text in ports:
            host, _, port = text.rpartition(":")
            taken = _Taken(host, port, who)
            if "-" in port:
                ranges.append(taken)
                continue
            others = single.setdefault(port, [])
            yield from _clash(taken, others)
            others.append(taken)
    for taken in ranges:
        yield from _in_range(taken, single)


def _clash(taken: _Taken, others: Iterable[_Taken]) -> Iterator[Problem]:
    for other in others:
        if taken == other:
            message = f"{taken.who} takes the port {taken.port} of the host for two ports of its own"
            yield Problem(message, hint="it cannot start: publish one of them at another port")
            return
        if taken.meets(other):
            message = f"{taken.who} takes the port {taken.port} of the host, as {other.who} does"
            yield Problem(message, hint="only one of them can start: publish the other at another port")
            return


def _in_range(taken: _Taken, single: Mapping[str, Iterable[_Taken]]) -> Iterator[Problem]:
    published, _, protocol = taken.port.partition("/")
    first, last = map(int, published.split("-"))
    for port, others in sorted(single.items()):
        number, _, other_protocol = port.partition("/")
        for other in others if first <= int(number) <= last and protocol == other_protocol else ():
            if taken.meets(other):
                yield Problem(
                    f"{taken.who} may take the port {port} of the host, which is one of {taken.port},"
                    f" but {other.who} takes it",
                    hint="the one that starts later may fail: publish one of them at another port",
                )
