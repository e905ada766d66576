"""The model of a picture, read from the state as the last run left it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from doit_score.engine.inputs import discover
from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.inputs.current import ROLE_PROVISIONERS, ROLE_SCORE
from doit_score.engine.inputs.load import ROLE_OVERRIDES, Inputs
from doit_score.engine.secrets import masking
from doit_score.engine.settings import FileOptions, Settings
from doit_score.engine.shared.reads import keys_of
from doit_score.engine.stages.patches import ROLE as ROLE_PATCH
from doit_score.picture.model import RESOURCE, WORKLOAD, Edge, File, Graph, Node
from doit_score.score.resources import Need, merge
from doit_score.store.rows import ROLES, EntryRow, InputRow, ResourceRow, WorkloadRow
from doit_score.store.state import State
from doit_score.targets import find
from doit_score.targets.parts import Part
from doit_score.text import canonical, words
from doit_score.text.errors import ScoreError


def read(state: State, settings: Settings) -> Graph:
    """All that ``state`` has; ``settings`` are recalled.  Secrets are masked."""
    return _Reader(state, settings).graph()


class _Reader:
    def __init__(self, state: State, settings: Settings) -> None:
        self._state = state
        self._settings = settings
        self._meta = state.meta()
        self._target = find(settings.target or self._meta.target)
        self._workloads = state.rows(WorkloadRow)
        self._resources = state.rows(ResourceRow)
        self._declared = state.needs()
        self._needs = merge(self._declared)

    def graph(self) -> Graph:
        catalogue = self._catalogue()
        files = self._files_of_provisioners(catalogue)
        entries = self._state.rows(EntryRow)
        parts = list(self._target.parts(entries, self._settings.options(self._meta)))
        nodes = [*map(self._workload, self._workloads), *self._resource_nodes(catalogue), *map(_part, parts)]
        edges = [*self._edges_between(), *(edge for part in parts for edge in _edges_of(part))]
        return Graph.of(
            self._meta.project, self._target.name, self._settings.output, nodes, edges, self._files(files)
        )

    def _catalogue(self) -> Catalogue | None:
        """The provisioners as their files are now; None if one cannot be read."""
        found = Catalogue(self._settings, Inputs({}), defaults=self._meta.default_provisioners)
        try:
            found.entries()
        except ScoreError:
            return None
        return found

    def _workload(self, row: WorkloadRow) -> Node:
        facts = {
            "file": words.harmless(row.file),
            "containers": list(canonical.items(row.containers)),
            "ports": _ports(row),
        }
        return Node(_id(WORKLOAD, row.name), WORKLOAD, row.name, words.harmless(row.file), facts)

    def _resource_nodes(self, catalogue: Catalogue | None) -> Iterator[Node]:
        mask = masking(self._state)
        outputs = mask.values([canonical.mapping(row.outputs) for row in self._resources])
        params = mask.values([_params(self._needs.get(row.uid)) for row in self._resources])
        for row, given, taken in zip(self._resources, outputs, params, strict=True):
            need = self._needs.get(row.uid)
            if need is None:
                continue
            facts: dict[str, object] = {
                "type": need.type,
                "class": need.class_,
                "provisioner": row.provisioner,
                "params": taken,
                "outputs": given,
            }
            entry = catalogue.entry(need) if catalogue else None
            if entry is not None and entry.uri == row.provisioner:
                facts["place"] = f"{_shown(entry.path)}:{entry.line}" if entry.path else "built in"
            yield Node(_id(RESOURCE, row.uid), RESOURCE, row.uid, row.provisioner, facts)

    def _edges_between(self) -> Iterator[Edge]:
        """Those between workloads and resources."""
        for one in self._declared:
            yield Edge(_id(WORKLOAD, one.workload), _id(RESOURCE, one.uid), "uses", one.name)
        for uid, need in self._needs.items():
            for other in need.refers_to:
                yield Edge(_id(RESOURCE, uid), _id(RESOURCE, other), "refers")
        own = {(one.workload, one.uid) for one in self._declared}
        for row in self._resources:
            for name in _looked_at(row):
                # Of the workload that declares it a resource looks at the ports for that, not for another.
                if (name, row.uid) not in own:
                    yield Edge(_id(RESOURCE, row.uid), _id(WORKLOAD, name), "reads")

    def _files_of_provisioners(self, catalogue: Catalogue | None) -> dict[str, set[str]]:
        """The resources by the files that their provisioners are of."""
        found: dict[str, set[str]] = {}
        by_kind: dict[tuple[str, str, str], list[str]] = {}
        for row in self._resources if catalogue else ():
            need = self._needs.get(row.uid)
            if need is None:
                continue
            key = (need.type, need.class_, row.provisioner) if not row.runs_command else (row.uid, "", "")
            if key not in by_kind:
                assert catalogue is not None
                by_kind[key] = catalogue.files_of(need)
            for path in by_kind[key]:
                found.setdefault(path, set()).add(_id(RESOURCE, row.uid))
        return found

    def _files(self, touched: dict[str, set[str]]) -> Iterator[File]:
        """The files that were read, with what is made again first where one of them changes."""
        for row in self._workloads:
            touched.setdefault(row.file, set()).add(_id(WORKLOAD, row.name))
            for source in canonical.items(row.sources):
                touched.setdefault(str(source), set()).add(_id(WORKLOAD, row.name))
        of_workload = {row.name: row.file for row in self._workloads}
        for uid, need in self._needs.items():
            if need.source_workload in of_workload:
                touched[of_workload[need.source_workload]].add(_id(RESOURCE, uid))
        for path, score_file in self._overrides():
            touched.setdefault(path, set()).update(touched.get(score_file, ()))
        for input_ in self._state.rows(InputRow):
            roles = input_.role.split(ROLES)
            is_of_all = ROLE_PATCH in roles
            ids = tuple(sorted(touched.get(input_.path, ())))
            if (ids or is_of_all) and not input_.is_absent:
                role = next((one for one in _FIRST if one in roles), roles[0])
                yield File(_shown(input_.path), role, ids, is_of_all)

    def _overrides(self) -> Iterator[tuple[str, str]]:
        """The overrides files, each with its Score file."""
        options = {path: FileOptions.of_text(text) for path, text in self._state.given().items()}
        for path, said in {**options, **self._settings.overrides}.items():
            if said.overrides_file:
                yield said.overrides_file, path


_FIRST = (ROLE_SCORE, ROLE_PROVISIONERS, ROLE_OVERRIDES, ROLE_PATCH)


def _id(kind: str, name: str) -> str:
    return f"{kind}:{name}"


def _shown(path: str) -> str:
    """``path`` as it is told: of what is shipped the name of the file does, on every machine."""
    return f"shipped: {os.path.basename(path)}" if discover.is_shipped(path) else words.harmless(path)


def _params(need: Need | None) -> Mapping[str, object]:
    return canonical.mapping(need.params) if need is not None and need.params else {}


def _ports(row: WorkloadRow) -> list[str]:
    """The ports of a workload: how others reach each."""
    found = canonical.mapping(row.ports)
    ports = found.get("Ports")
    told = []
    for name, port in sorted(ports.items()) if isinstance(ports, Mapping) else ():
        if isinstance(port, Mapping) and port.get("Name") == name:
            told.append(f"{found.get('ServiceName')}:{port.get('Port')} ({name})")
    return told


def _looked_at(row: ResourceRow) -> Iterable[str]:
    """The workloads whose ports a resource was made with."""
    looks = canonical.mapping(row.reads).get("services")
    return sorted({keys_of(path)[0] for path in looks if path} if isinstance(looks, Mapping) else ())


def _part(part: Part) -> Node:
    facts = {"ports": list(part.ports)} if part.ports else {}
    return Node(_id(part.kind, part.name), part.kind, part.title, part.about, facts)


def _edges_of(part: Part) -> Iterator[Edge]:
    id = _id(part.kind, part.name)
    for kind, owner in part.owners:
        yield Edge(_id(kind, owner), id, "makes")
    for how, kind, name, note in part.relations:
        yield Edge(id, _id(kind, name), how, note)
