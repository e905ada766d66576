"""The data that templates see, in the spelling of either syntax, and how each is rendered.

All of it is laid out once per run.  Mappings are private copies, made as they are read, so that a
template may change them for the fields after it without changing what belongs to the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from doit_score.provisioning.model import Entry, ProvisionInput
from doit_score.provisioning.scratch import Scratch
from doit_score.targets import Told
from doit_score.templating import roots
from doit_score.templating.values import Struct, TypedMap

Missing = list[tuple[int, int, str]]
"""Line and column in the template, and the expression, of every ``<no value>`` that was printed."""


class Data:
    """The data of one run by the names of its syntax, and how templates are rendered with it."""

    def __init__(self, names: dict[str, object]) -> None:
        self._names = names

    def set(self, name: str, value: Mapping[str, object]) -> None:
        """Let later templates see ``value`` as ``name``, which is ``init`` or ``state``."""
        self._names[self._spelled(name)] = Scratch(value)

    def patch_shared(self, patch: Mapping[str, object]) -> None:
        """Let later templates see the shared state with ``patch`` applied."""
        shared = self._names[self._spelled("shared")]
        assert isinstance(shared, dict)
        self._names[self._spelled("shared")] = Scratch(shared, patch)

    def seen(self) -> dict[str, object]:
        """A copy of all of it in plain values, as a template that is run now finds it."""
        return {name: _plain(value) for name, value in self._names.items()}

    def render(self, source: str, missing: Missing, hermetic: bool) -> str:
        """The text of a template; ``missing`` is added to.  Raises TemplateError."""
        raise NotImplementedError

    def _spelled(self, name: str) -> str:
        return name


def _plain(value: object) -> object:
    if isinstance(value, Struct):
        value = value.fields
    if isinstance(value, Mapping):
        is_nil = isinstance(value, TypedMap) and value.nil
        return None if is_nil else {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def data_for(entry: Entry, given: ProvisionInput) -> Data:
    """The data for the templates of ``entry``."""
    return _GoData(given) if entry.kind == "template" else _JinjaData(given, entry.images)


class _GoData(Data):
    """The struct that Go templates see; params and metadata that were not given are nil maps."""

    def __init__(self, given: ProvisionInput) -> None:
        self._root = roots.provisioner_root(
            {
                "Uid": given.uid,
                "Type": given.type,
                "Class": given.class_,
                "Id": given.id,
                "Params": None if given.params is None else Scratch(given.params),
                "Metadata": Scratch(given.metadata) if given.metadata else None,
                "State": Scratch(given.state),
                "Shared": Scratch(given.shared),
                "SourceWorkload": given.source_workload,
                "WorkloadServices": {},
                **{told.go: _told(given, told) for told in given.target.told if told.go},
            },
            tuple(told.go for told in given.target.told if told.go),
        )
        super().__init__(dict(self._root.fields))
        # Of a thousand workloads a template reads one or two, and of those one port.
        self._names["WorkloadServices"] = Scratch(
            given.workload_services,
            copy=_service,
            elem=_NETWORK_SERVICE,
            zero=roots.no_service,
        )

    def _spelled(self, name: str) -> str:
        return name.capitalize()

    def render(self, source: str, missing: Missing, hermetic: bool) -> str:
        from doit_score.templating.go.compile import compile_go

        root = Struct(self._root.go_type, self._names)
        return compile_go(source).render(root, no_value=missing, hermetic=hermetic)


def _told(given: ProvisionInput, told: Told) -> object:
    value = told.read(getattr(given, told.attribute))
    return Scratch(value) if isinstance(value, Mapping) else value


_NETWORK_SERVICE = "provisioners.NetworkService"
_TAGS_OF_SERVICE = {"Ports": "ports"}
_TAGS_OF_PORT = {"Name": "name", "Port": "port", "TargetPort": "target_port", "Protocol": "protocol"}


def _service(service: object) -> Struct:
    found = roots.service_struct(service, _ports)
    found.tags = _TAGS_OF_SERVICE
    return found


def _port(port: object) -> Struct:
    found = roots.port_struct(port)
    found.tags = _TAGS_OF_PORT
    return found


def _ports(ports: Mapping[str, object] | None) -> TypedMap:
    if ports is None:
        return TypedMap(roots.PORT, zero=roots.no_port, nil=True)
    return Scratch(ports, copy=_port, elem=roots.PORT, zero=roots.no_port)


class _JinjaData(Data):
    """The names that Jinja2 templates see; params and metadata that were not given are empty."""

    def __init__(self, given: ProvisionInput, images: Mapping[str, str]) -> None:
        names: dict[str, object] = {
            "images": dict(images),
            "uid": given.uid,
            "type": given.type,
            "class_": given.class_,
            "id": given.id,
            "params": Scratch(given.params or {}),
            "metadata": Scratch(given.metadata or {}),
            "init": {},
            "state": Scratch(given.state),
            "shared": Scratch(given.shared),
            "source_workload": given.source_workload,
            "workload_services": Scratch(given.workload_services, copy=_snake_case),
            **{told.jinja: _told(given, told) for told in given.target.told},
        }
        super().__init__(names)

    def render(self, source: str, missing: Missing, hermetic: bool) -> str:
        from doit_score.templating.jinja.run import render_jinja

        return render_jinja(source, self._names, hermetic=hermetic)


def _renamed(key: str, without: object) -> Callable[[Mapping[str, object]], object]:
    """Reads ``key``, or what there is without it."""

    def read(source: Mapping[str, object]) -> object:
        value = source.get(key)
        return without if value is None else value

    return read


_SERVICE_NAMES = {"service_name": _renamed("ServiceName", ""), "ports": _renamed("Ports", {})}
_PORT_NAMES = {
    "name": _renamed("Name", ""),
    "port": _renamed("Port", 0),
    "target_port": _renamed("TargetPort", 0),
    "protocol": _renamed("Protocol", ""),
}


def _snake_case(service: object) -> object:
    """One workload's service with the keys of Python; the names of ports stay as they are."""
    assert isinstance(service, Mapping)
    return Scratch(roots.Fields(service, _SERVICE_NAMES), copy=_snake_case_ports)


def _snake_case_ports(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return Scratch(value, copy=_snake_case_port)


def _snake_case_port(port: object) -> object:
    assert isinstance(port, Mapping)
    return Scratch(roots.Fields(port, _PORT_NAMES))
