"""The data of a template as the structs that provisioner and patch files know.

The fields are fixed: one that does not exist is an error there, unlike an absent key of a map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from .values import NamedString, Struct, TypedMap

_MAPS = frozenset({"Params", "Metadata", "Init", "State", "Shared", "WorkloadServices", "WorkloadMetadata"})
_PROVISIONER = (
    "Uid", "Type", "Class", "Id", "Params", "Metadata", "Init", "State", "Shared", "SourceWorkload",
    "WorkloadServices",
)  # fmt: skip
_ANY = "interface {}"
SERVICE, PORT, _PROTOCOL = "main.NetworkService", "main.ServicePort", "main.Proto"


def provisioner_root(data: Mapping[str, object], more: Sequence[str] = ()) -> Struct:
    """The data of a provisioner's templates; absent texts are empty and absent maps nil.

    ``data`` may have Uid, Type, Class, Id, Params, Metadata, Init, State, Shared, SourceWorkload,
    WorkloadServices, and what is named in ``more``.  WorkloadServices maps workloads to
    ``{"ServiceName": str, "Ports": {name: {"Name", "Port", "TargetPort", "Protocol"}}}``: an unknown
    workload or port gives a struct of zero values from ``index``.
    """
    fields: dict[str, object] = {}
    for name in (*_PROVISIONER, *more):
        value = data.get(name)
        if name not in _MAPS:
            fields[name] = "" if value is None else value
        elif name == "WorkloadServices":
            services = value if isinstance(value, Mapping) else {}
            fields[name] = TypedMap(
                SERVICE,
                {workload: service_struct(services[workload]) for workload in services},
                zero=no_service,
                nil=value is None,
            )
        else:
            fields[name] = TypedMap(_ANY, nil=True) if value is None else value
    return Struct("*main.Data", fields)


def patch_root(data: Mapping[str, object]) -> Struct:
    """The data of a patch template: ``Compose`` (the project) and ``Workloads`` (the Score files by name),
    and ``MountsDirectory`` where it is given."""
    fields: dict[str, object] = {}
    for name in ("Compose", "Workloads"):
        value = data.get(name)
        fields[name] = TypedMap(_ANY, nil=True) if value is None else value
    if "MountsDirectory" in data:
        fields["MountsDirectory"] = data["MountsDirectory"]
    return Struct("main.patchTemplateInput", fields)


class Fields(Mapping[str, object]):
    """The fields of a struct, each made of ``source`` when it is first asked for."""

    __slots__ = ("_known", "_makers", "_source")

    def __init__(
        self, source: Mapping[str, object], makers: Mapping[str, Callable[[Mapping[str, object]], object]]
    ) -> None:
        self._source = source
        self._makers = makers
        self._known: dict[str, object] = {}

    def __getitem__(self, name: str) -> object:
        if name not in self._known:
            self._known[name] = self._makers[name](self._source)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def _all_ports(ports: Mapping[str, object] | None) -> TypedMap:
    known = ports or {}
    return TypedMap(PORT, {name: port_struct(known[name]) for name in known}, zero=no_port, nil=ports is None)


def service_struct(
    value: object, ports: Callable[[Mapping[str, object] | None], TypedMap] = _all_ports
) -> Struct:
    """The network service that ``value`` tells of; ``ports`` makes the map of its ports."""
    assert isinstance(value, Mapping)
    makers: dict[str, Callable[[Mapping[str, object]], object]] = {
        "ServiceName": lambda source: source.get("ServiceName", ""),
        "Ports": lambda source: ports(source.get("Ports")),  # type: ignore[arg-type]  # a mapping, if any
    }
    return Struct(SERVICE, Fields(value, makers))


def port_struct(value: object) -> Struct:
    """The port that ``value`` tells of."""
    assert isinstance(value, Mapping)
    return Struct(PORT, Fields(value, _PORT_MAKERS))


_PORT_MAKERS: dict[str, Callable[[Mapping[str, object]], object]] = {
    "Name": lambda source: source.get("Name", ""),
    "Port": lambda source: source.get("Port", 0),
    "TargetPort": lambda source: source.get("TargetPort", 0),
    "Protocol": lambda source: NamedString(str(source.get("Protocol", "")), _PROTOCOL),
}


def no_service() -> Struct:
    """What Go's ``index`` gives for a workload that is not there."""
    return service_struct({})


def no_port() -> Struct:
    """What Go's ``index`` gives for a port that is not there."""
    return port_struct({})
