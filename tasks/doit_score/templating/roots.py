"""The data of a template as the structs that provisioner and patch files know.

The fields are fixed: one that does not exist is an error there, unlike an absent key of a map.
"""

from __future__ import annotations

from collections.abc import Mapping

from .values import NamedString, Struct, TypedMap

_TEXTS = frozenset({"Uid", "Type", "Class", "Id", "SourceWorkload", "ComposeProjectName", "MountsDirectory"})
_PROVISIONER = (
    "Uid", "Type", "Class", "Id", "Params", "Metadata", "Init", "State", "Shared", "SourceWorkload",
    "WorkloadServices", "ComposeProjectName", "MountsDirectory",
)  # fmt: skip
_ANY = "interface {}"
_SERVICE, _PORT, _PROTOCOL = "main.NetworkService", "main.ServicePort", "main.Proto"


def provisioner_root(data: Mapping[str, object]) -> Struct:
    """The data of a provisioner's templates; absent texts are empty and absent maps nil.

    ``data`` may have Uid, Type, Class, Id, Params, Metadata, Init, State, Shared, SourceWorkload,
    WorkloadServices, ComposeProjectName, MountsDirectory.  WorkloadServices maps workloads to
    ``{"ServiceName": str, "Ports": {name: {"Name", "Port", "TargetPort", "Protocol"}}}``: an unknown
    workload or port gives a struct of zero values from ``index``.
    """
    fields: dict[str, object] = {}
    for name in _PROVISIONER:
        value = data.get(name)
        if name in _TEXTS:
            fields[name] = "" if value is None else value
        elif name == "WorkloadServices":
            services = value if isinstance(value, Mapping) else {}
            fields[name] = TypedMap(
                _SERVICE,
                {workload: _service(services[workload]) for workload in services},
                zero=_no_service,
                nil=value is None,
            )
        else:
            fields[name] = TypedMap(_ANY, nil=True) if value is None else value
    return Struct("*main.Data", fields)


def patch_root(data: Mapping[str, object]) -> Struct:
    """The data of a patch template: ``Compose`` (the project) and ``Workloads`` (the Score files by name)."""
    fields: dict[str, object] = {}
    for name in ("Compose", "Workloads"):
        value = data.get(name)
        fields[name] = TypedMap(_ANY, nil=True) if value is None else value
    return Struct("main.patchTemplateInput", fields)


def _service(value: object) -> Struct:
    if isinstance(value, Struct):
        return value
    assert isinstance(value, Mapping)
    ports = value.get("Ports")
    known = ports if isinstance(ports, Mapping) else {}
    return Struct(
        _SERVICE,
        {
            "ServiceName": value.get("ServiceName", ""),
            "Ports": TypedMap(
                _PORT, {name: _port(known[name]) for name in known}, zero=_no_port, nil=ports is None
            ),
        },
    )


def _port(value: object) -> Struct:
    if isinstance(value, Struct):
        return value
    assert isinstance(value, Mapping)
    return Struct(
        _PORT,
        {
            "Name": value.get("Name", ""),
            "Port": value.get("Port", 0),
            "TargetPort": value.get("TargetPort", 0),
            "Protocol": NamedString(str(value.get("Protocol", "")), _PROTOCOL),
        },
    )


def _no_service() -> Struct:
    return _service({})


def _no_port() -> Struct:
    return _port({})
