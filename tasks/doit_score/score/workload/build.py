"""From a valid document to the typed model."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.text.light import Any

from .model import (
    Container,
    ContainerFile,
    ContainerVolume,
    HttpGet,
    Limits,
    Port,
    Probe,
    Resource,
    Workload,
)
from .relations import decoded


def build(document: dict[str, Any]) -> Workload:
    """The workload of a document that has no problems."""
    metadata = document["metadata"]
    return Workload(
        name=metadata["name"],
        annotations=_sorted(metadata.get("annotations", {})),
        metadata=metadata,
        ports={name: _port(port) for name, port in _entries(document.get("service", {}), "ports")},
        containers={name: _container(name, one) for name, one in _entries(document, "containers")},
        resources={name: _resource(name, one) for name, one in _entries(document, "resources")},
        document=document,
    )


def _sorted(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value[key] for key in sorted(value)}


def _entries(value: Mapping[str, Any], section: str) -> list[tuple[str, Any]]:
    return sorted(value.get(section, {}).items(), key=lambda entry: entry[0])


def _port(port: dict[str, Any]) -> Port:
    target = port.get("targetPort")
    return Port(int(port["port"]), None if target is None else int(target), port.get("protocol"))


def _container(name: str, value: dict[str, Any]) -> Container:
    resources = value.get("resources", {})
    return Container(
        name=name,
        image=value["image"],
        command=tuple(value.get("command", ())),
        args=tuple(value.get("args", ())),
        variables=_sorted(value.get("variables", {})),
        files=tuple(_file(target, one) for target, one in _entries(value, "files")),
        volumes=tuple(
            ContainerVolume(target, one["source"], one.get("path"), one.get("readOnly", False))
            for target, one in _entries(value, "volumes")
        ),
        before={other: one["ready"] for other, one in _entries(value, "before")},
        limits=_limits(resources.get("limits")),
        requests=_limits(resources.get("requests")),
        liveness=_probe(value.get("livenessProbe")),
        readiness=_probe(value.get("readinessProbe")),
    )


def _file(target: str, value: dict[str, Any]) -> ContainerFile:
    encoded = value.get("binaryContent")
    return ContainerFile(
        target=target,
        content=value.get("content"),
        source=value.get("source"),
        binary_content=None if encoded is None else decoded(encoded),
        mode=value.get("mode"),
        no_expand=value.get("noExpand", False),
    )


def _limits(value: dict[str, Any] | None) -> Limits | None:
    return None if value is None else Limits(value.get("cpu"), value.get("memory"))


def _probe(value: dict[str, Any] | None) -> Probe | None:
    if value is None:
        return None
    get, command = value.get("httpGet"), value.get("exec")
    return Probe(
        None if get is None else _http_get(get),
        None if command is None else tuple(command["command"]),
    )


def _http_get(value: dict[str, Any]) -> HttpGet:
    return HttpGet(
        path=value["path"],
        port=int(value["port"]),
        host=value.get("host"),
        scheme=value.get("scheme"),
        headers=tuple((header["name"], header["value"]) for header in value.get("httpHeaders", ())),
    )


def _resource(name: str, value: dict[str, Any]) -> Resource:
    return Resource(
        name=name,
        type=value["type"],
        class_=value.get("class"),
        id=value.get("id"),
        metadata=value.get("metadata", {}),
        params=value.get("params"),
    )
