"""The frozen, typed form of one Score file (spec v1b1), after validation.

Names follow the spec, in snake case.  Every mapping is sorted by key, so that what is made from a
workload does not depend on the order in which its author wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from doit_score.text.light import Literal, dataclass

Elsewhere = Callable[[Sequence[str | int]], tuple[str, int | None, int | None] | None]
"""The place of the value at some keys, where it is not the Score file that has it."""

Readiness = Literal["started", "healthy", "complete"]


@dataclass(frozen=True, slots=True)
class Port:
    """One entry of ``service.ports``.  ``target_port`` and ``protocol`` are None where not given."""

    port: int
    target_port: int | None = None
    protocol: str | None = None


@dataclass(frozen=True, slots=True)
class HttpGet:
    """An HTTP probe.  ``headers`` keeps the order of the file: (name, value)."""

    path: str
    port: int
    host: str | None = None
    scheme: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """A liveness or readiness probe; ``command`` is the command of its ``exec`` form."""

    http_get: HttpGet | None = None
    command: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ContainerFile:
    """A file put into a container; exactly one of ``content``, ``source``, ``binary_content`` is set.

    ``source`` is relative to the Score file.  ``mode`` is octal text of three or four digits.
    ``no_expand`` leaves placeholders in the content as they are.
    """

    target: str
    content: str | None = None
    source: str | None = None
    binary_content: bytes | None = None
    mode: str | None = None
    no_expand: bool = False


@dataclass(frozen=True, slots=True)
class ContainerVolume:
    """A volume mounted at ``target``; ``source`` may hold placeholders, ``path`` is a subpath."""

    target: str
    source: str
    path: str | None = None
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """``resources.limits`` or ``resources.requests`` of a container, as written (``500m``, ``128Mi``)."""

    cpu: str | None = None
    memory: str | None = None


@dataclass(frozen=True, slots=True)
class Container:
    """One container.  ``before`` maps another container's name to what it waits for in this one."""

    name: str
    image: str
    command: tuple[str, ...]
    args: tuple[str, ...]
    variables: Mapping[str, str]
    files: tuple[ContainerFile, ...]
    volumes: tuple[ContainerVolume, ...]
    before: Mapping[str, Readiness]
    limits: Limits | None = None
    requests: Limits | None = None
    liveness: Probe | None = None
    readiness: Probe | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry of ``resources``.  ``params`` is None where the key is not given (differs from ``{}``)."""

    name: str
    type: str
    class_: str | None
    id: str | None
    metadata: Mapping[str, object]
    params: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Workload:
    """One Score file.  ``metadata`` is all of ``metadata``; ``document`` the upgraded document."""

    name: str
    annotations: Mapping[str, str]
    metadata: Mapping[str, object]
    ports: Mapping[str, Port]
    containers: Mapping[str, Container]
    resources: Mapping[str, Resource]
    document: Mapping[str, object]
