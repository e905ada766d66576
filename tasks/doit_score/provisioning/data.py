"""The data that templates see, in the spelling of either syntax, and how each is rendered.

All of it is laid out once per run.  Mappings are private copies, made as they are read, so that a
template may change them for the fields after it without changing what belongs to the caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from doit_score.provisioning.model import Entry, ProvisionInput
from doit_score.provisioning.scratch import Scratch
from doit_score.templating import roots
from doit_score.templating.values import Struct, TypedMap
from doit_score.text.light import Protocol

Missing = list[tuple[int, int, str]]
"""Line and column in the template, and the expression, of every ``<no value>`` that was printed."""


class Data(Protocol):
    """The data of one run, and how templates of its syntax are rendered with it."""

    def set(self, name: str, value: Mapping[str, object]) -> None:
        """Let later templates see ``value`` as ``name``, which is ``init`` or ``state``."""
        ...

    def patch_shared(self, patch: Mapping[str, object]) -> None:
        """Let later templates see the shared state with ``patch`` applied."""
        ...

    def render(self, source: str, missing: Missing, hermetic: bool) -> str:
        """The text of a template; ``missing`` is added to.  Raises TemplateError."""
        ...


def data_for(entry: Entry, given: ProvisionInput) -> Data:
    """The data for the templates of ``entry``."""
    return _GoData(given) if entry.kind == "template" else _JinjaData(given, entry.images)


class _GoData:
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
                "ComposeProjectName": given.compose_project_name,
                "MountsDirectory": given.mounts_directory,
            }
        )
        self._fields = dict(self._root.fields)
        # Of a thousand workloads a template reads one or two, and of those one port.
        self._fields["WorkloadServices"] = Scratch(
            given.workload_services, copy=_service, elem=_NETWORK_SERVICE, zero=roots.no_service
        )

    def set(self, name: str, value: Mapping[str, object]) -> None:
        self._fields[name.capitalize()] = Scratch(value)

    def patch_shared(self, patch: Mapping[str, object]) -> None:
        shared = self._fields["Shared"]
        assert isinstance(shared, dict)
        self._fields["Shared"] = Scratch(shared, patch)

    def render(self, source: str, missing: Missing, hermetic: bool) -> str:
        from doit_score.templating.go.compile import compile_go

        root = Struct(self._root.go_type, self._fields)
        return compile_go(source).render(root, no_value=missing, hermetic=hermetic)


_NETWORK_SERVICE = "provisioners.NetworkService"


def _service(service: object) -> Struct:
    """One workload's service as the struct that Go templates know."""
    return roots.service_struct(service, _ports)


def _ports(ports: Mapping[str, object] | None) -> TypedMap:
    if ports is None:
        return TypedMap(roots.PORT, zero=roots.no_port, nil=True)
    return Scratch(ports, copy=roots.port_struct, elem=roots.PORT, zero=roots.no_port)


class _JinjaData:
    """The names that Jinja2 templates see; params and metadata that were not given are empty."""

    def __init__(self, given: ProvisionInput, images: Mapping[str, str]) -> None:
        self._names: dict[str, object] = {
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
            "compose_project_name": given.compose_project_name,
            "mounts_directory": given.mounts_directory,
        }

    def set(self, name: str, value: Mapping[str, object]) -> None:
        self._names[name] = Scratch(value)

    def patch_shared(self, patch: Mapping[str, object]) -> None:
        shared = self._names["shared"]
        assert isinstance(shared, dict)
        self._names["shared"] = Scratch(shared, patch)

    def render(self, source: str, missing: Missing, hermetic: bool) -> str:
        from doit_score.templating.jinja.run import render_jinja

        return render_jinja(source, self._names, hermetic=hermetic)


class _Renamed(Mapping[str, object]):
    """``source`` with the names of Python: each stands for a key, and for what there is without it."""

    __slots__ = ("_names", "_source")

    def __init__(self, source: Mapping[str, object], names: Mapping[str, tuple[str, object]]) -> None:
        self._source = source
        self._names = names

    def __getitem__(self, name: str) -> object:
        key, without = self._names[name]
        value = self._source.get(key)
        return without if value is None else value

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


_SERVICE_NAMES = {"service_name": ("ServiceName", ""), "ports": ("Ports", {})}
_PORT_NAMES = {
    "name": ("Name", ""),
    "port": ("Port", 0),
    "target_port": ("TargetPort", 0),
    "protocol": ("Protocol", ""),
}


def _snake_case(service: object) -> object:
    """One workload's service with the keys of Python; the names of ports stay as they are."""
    assert isinstance(service, Mapping)
    return Scratch(_Renamed(service, _SERVICE_NAMES), copy=_snake_case_ports)


def _snake_case_ports(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return Scratch(value, copy=_snake_case_port)


def _snake_case_port(port: object) -> object:
    assert isinstance(port, Mapping)
    return Scratch(_Renamed(port, _PORT_NAMES))
