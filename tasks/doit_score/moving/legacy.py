"""``state.yaml``, the state file of score-compose and of score-k8s: read into values, and written.

The format has no version.  What is in it is listed field by field in :class:`Legacy` and below it;
a key that is not among them was written by a tool newer than this, or by hand, and is an
error, as it is for score-compose (case commands-90-generate-state-bad-resource-key).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from doit_score.moving.places import COMPOSE, Tool
from doit_score.score.workload.findings import pointer
from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import TypeVar, asdict, dataclass, replace
from doit_score.text.yaml12 import dump, load, locate

Values = Mapping[str, object]

_NO_LINE = ""
"""There are passwords in the lines of this file, so none is shown."""
_REPAIR = (
    "correct it, or put a copy of it back; or move it away and begin anew, "
    "with new generated names and passwords"
)


@dataclass(frozen=True, slots=True)
class LegacyWorkload:
    """One workload.  ``spec`` is its document with overrides applied, in the form of
    :func:`doit_score.moving.specs.stored`; ``file`` is None for one that was not read from a file;
    ``builds`` has a Compose build section by container; ``instance`` is what score-k8s puts behind the name
    in the label by which it finds pods."""

    spec: Values
    file: str | None
    builds: Mapping[str, Values]
    instance: str = ""


@dataclass(frozen=True, slots=True)
class LegacyResource:
    """One resource, by its uid.  ``params`` are as the Score file has them, placeholders and all;
    ``provisioner`` is empty where none is bound yet (case resources-50)."""

    guid: str
    type: str
    class_: str
    id: str
    metadata: Values
    params: Values
    source_workload: str
    provisioner: str
    state: Values
    outputs: Values


@dataclass(frozen=True, slots=True)
class Legacy:
    """All of a state file.  ``mounts_directory`` is relative to the working directory, or absolute; it and
    the name of the project are empty for score-k8s, which has neither."""

    workloads: Mapping[str, LegacyWorkload]
    resources: Mapping[str, LegacyResource]
    shared_state: Values
    compose_project: str
    mounts_directory: str
    patching_templates: tuple[str, ...]


def parse(content: bytes, tool: Tool = COMPOSE) -> Legacy:
    """The state in ``content``, the state file of ``tool``.

    Raises ScoreError with everything that is wrong with it, each problem with its line and key; no
    value of the file is repeated there, as there are passwords among them.
    """
    title = f"failed to load the existing state of {tool.name}, so nothing was changed:"
    try:
        document = load(content, tool.state, bounded=False)
    except ScoreError as error:
        problems = [replace(p, hint=_REPAIR, excerpt=_NO_LINE) for p in error.problems]
        raise ScoreError.of(problems, title) from None
    reader = _Reader(content, tool)
    found = reader.legacy(document)
    ScoreError.raise_for(reader.problems, title)
    return found


Keys = tuple[str, ...]
_Item = TypeVar("_Item")


class _Reader:
    """Reads one document.  Where something is wrong it notes a problem and goes on."""

    def __init__(self, content: bytes, tool: Tool) -> None:
        self._content = content
        self._tool = tool
        self.problems: list[Problem] = []

    def legacy(self, document: object) -> Legacy:
        top = self._record((), document, self._tool.fields, null=False)
        if self._tool.has_mounts and isinstance(document, dict) and not top.get("mounts_directory"):
            self._report(("mounts_directory",), "expected the path of the mounts directory, found nothing")
        return Legacy(
            workloads=self._table(("workloads",), top.get("workloads"), self._workload),
            resources=self._table(("resources",), top.get("resources"), self._resource),
            shared_state=self._mapping(("shared_state",), top.get("shared_state")),
            compose_project=self._text(("compose_project",), top.get("compose_project")),
            mounts_directory=self._text(("mounts_directory",), top.get("mounts_directory")),
            patching_templates=self._texts(("patching_templates",), top.get("patching_templates")),
        )

    def _workload(self, keys: Keys, value: object) -> LegacyWorkload:
        entry = self._record(keys, value, self._tool.of_workload)
        file = entry.get("file")
        return LegacyWorkload(
            spec=self._mapping((*keys, "spec"), entry.get("spec"), null=False),
            file=None if file is None else self._text((*keys, "file"), file),
            builds=self._table((*keys, "build_configs"), entry.get("build_configs"), self._build),
            instance=self._text((*keys, "instance_suffix"), entry.get("instance_suffix")),
        )

    def _resource(self, keys: Keys, value: object) -> LegacyResource:
        entry = self._record(keys, value, _RESOURCE_FIELDS)

        read = {
            field: (self._mapping if name in _MAPPINGS else self._text)((*keys, name), entry.get(name))
            for name, field in _RESOURCE_FIELDS.items()
        }
        return LegacyResource(**read)  # type: ignore[arg-type]  # each read as what it is

    def _build(self, keys: Keys, value: object) -> Values:
        return readable_build(self._mapping(keys, value))

    def _table(self, keys: Keys, value: object, item: Callable[[Keys, object], _Item]) -> Mapping[str, _Item]:
        entries = self._mapping(keys, value)
        return {name: item((*keys, name), entry) for name, entry in sorted(entries.items())}

    def _record(self, keys: Keys, value: object, known: Iterable[str], *, null: bool = True) -> Values:
        """A mapping that has no other keys than ``known``."""
        entries = self._mapping(keys, value, null=null)
        for name in entries:
            if name not in known:
                self._report(
                    (*keys, name),
                    f"unknown key, expected one of {', '.join(known)}",
                    f"if a newer {self._tool.name} wrote it, upgrade doit-score; else remove it",
                    at_key=True,
                )
        return entries

    def _mapping(self, keys: Keys, value: object, *, null: bool = True) -> Values:
        if isinstance(value, dict):
            return {str(key): item for key, item in value.items()}
        if value is not None or not null:
            self._report(keys, f"expected a mapping, found {words.kind(value)}")
        return {}

    def _text(self, keys: Keys, value: object) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if value is not None:
            self._report(keys, f"expected text, found {words.kind(value)}")
        return ""

    def _texts(self, keys: Keys, value: object) -> tuple[str, ...]:
        if value is not None and not isinstance(value, list):
            self._report(keys, f"expected a list of texts, found {words.kind(value)}")
        items = value if isinstance(value, list) else []
        return tuple(self._text((*keys, str(number)), item) for number, item in enumerate(items))

    def _report(self, keys: Keys, message: str, hint: str = _REPAIR, *, at_key: bool = False) -> None:
        steps = [int(key) if key.isdigit() else key for key in keys]
        line, column = locate(self._content, steps, key=at_key) or (None, None)
        where = f"{pointer(keys)}: " if keys else ""
        self.problems.append(Problem(where + message, self._tool.state, line, column, hint, excerpt=_NO_LINE))


_RESOURCE_FIELDS = {field.rstrip("_"): field for field in LegacyResource.__annotations__}
"""By key the field of :class:`LegacyResource`: one key is a word of Python."""
_MAPPINGS = ("metadata", "params", "state", "outputs")


def text(state: Legacy, tool: Tool = COMPOSE) -> str:
    """The state file that ``tool`` reads ``state`` from: its fields in its order, keys sorted.

    Raises ScoreError with all that it cannot hold: text with bytes of a name that is not UTF-8.
    """
    ScoreError.raise_for([*_unwritable(state, (), tool)])
    workloads = {name: _workload_text(workload, tool) for name, workload in state.workloads.items()}
    resources = {uid: _resource_text(resource) for uid, resource in state.resources.items()}
    tables = _table_text("workloads", workloads) + _table_text("resources", resources)
    values: dict[str, object] = {
        "shared_state": dict(state.shared_state),
        "compose_project": state.compose_project,
        "mounts_directory": state.mounts_directory,
        "patching_templates": list(state.patching_templates),
    }
    return tables + "".join(dump({key: values[key]}) for key in tool.fields if key in values)


def _unwritable(value: object, keys: tuple[str | int, ...], tool: Tool) -> Iterator[Problem]:
    if isinstance(value, (Legacy, LegacyWorkload, LegacyResource)):
        value = asdict(value)
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        yield Problem(
            f"{pointer(keys)}: is not UTF-8, so the state file of {tool.name} cannot hold it",
            path=tool.state,
            hint="rename the file or directory there, and run `doit-score generate` again",
        )
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unwritable(item, (*keys, key), tool)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from _unwritable(item, (*keys, number), tool)


def _workload_text(workload: LegacyWorkload, tool: Tool) -> str:
    fields: list[dict[str, object]] = [{"spec": dict(workload.spec)}]
    if workload.file is not None:
        fields.append({"file": workload.file})
    if workload.builds:
        fields.append({"build_configs": {name: storable_build(b) for name, b in workload.builds.items()}})
    if "instance_suffix" in tool.of_workload:
        fields.append({"instance_suffix": workload.instance})
    return "".join(map(dump, fields))


def _resource_text(resource: LegacyResource) -> str:
    fields = {name: getattr(resource, field) for name, field in _RESOURCE_FIELDS.items()}
    if not resource.outputs:
        del fields["outputs"]
    return "".join(
        dump({name: dict(value) if name in _MAPPINGS else value}) for name, value in fields.items()
    )


def _table_text(name: str, entries: Mapping[str, str]) -> str:
    """A mapping of mappings whose fields have an order, which ``dump`` would sort."""
    if not entries:
        return f"{name}: {{}}\n"
    parts = [f"{name}:\n"]
    for key, fields in sorted(entries.items()):
        head = dump({key: {}}).removesuffix(" {}\n") + "\n"
        parts += (_indented(head, "  "), _indented(fields, "    "))
    return "".join(parts)


def _indented(block: str, by: str) -> str:
    return "".join(by + line if line != "\n" else line for line in block.splitlines(keepends=True))


def storable_build(build: Values) -> Values:
    """``build`` in a form that score-compose can read back.

    What it writes itself for sizes, single limits and extra hosts stops every later command (cases
    containers-47 to containers-49): a size is a number of bytes, a limit is a mapping, hosts are lists.
    """
    result = dict(build)
    size, limits, hosts = (build.get(key) for key in ("shm_size", "ulimits", "extra_hosts"))
    if isinstance(size, str) and size.isdecimal():
        result["shm_size"] = int(size)
    if isinstance(limits, Mapping):
        result["ulimits"] = {k: {"single": v} if isinstance(v, int) else v for k, v in limits.items()}
    if isinstance(hosts, list) and all(isinstance(host, str) and "=" in host for host in hosts):
        by_name: dict[str, list[str]] = {}
        for host in hosts:
            name, _, address = host.partition("=")
            by_name.setdefault(name, []).append(address)
        result["extra_hosts"] = by_name
    return result


def readable_build(build: Values) -> Values:
    """``build`` as Compose has it, whether :func:`storable_build` made it or score-compose wrote it."""
    result = dict(build)
    size, limits, hosts = (build.get(key) for key in ("shm_size", "ulimits", "extra_hosts"))
    if isinstance(size, int):
        result["shm_size"] = str(size)
    if isinstance(limits, Mapping):
        result["ulimits"] = {
            name: limit["single"] if isinstance(limit, Mapping) and set(limit) == {"single"} else limit
            for name, limit in limits.items()
        }
    if isinstance(hosts, Mapping):
        listed = [
            (name, [found] if isinstance(found, str) else found) for name, found in sorted(hosts.items())
        ]
        result["extra_hosts"] = [
            f"{name}={address}" for name, found in listed if isinstance(found, list) for address in found
        ]
    return result
