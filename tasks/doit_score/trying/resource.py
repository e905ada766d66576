"""The resource that a provisioner is tried on: made up, or as a project has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from doit_score import targets
from doit_score.engine.inputs.discover import canonical_path
from doit_score.engine.inputs.load import parse, services
from doit_score.engine.settings import FileOptions
from doit_score.engine.shared.contributions import Shared
from doit_score.engine.shared.fold import copied
from doit_score.engine.stages.outputs import outputs_of
from doit_score.engine.stages.parameters import parameters
from doit_score.provisioning.model import ProvisionInput
from doit_score.score.placeholders import Outputs
from doit_score.score.resources import Need, merge, uid
from doit_score.score.workload import Workload
from doit_score.store import files
from doit_score.store.rows import ResourceRow, WorkloadRow
from doit_score.store.state import State
from doit_score.targets import Target
from doit_score.text import canonical, words
from doit_score.text.errors import ScoreError
from doit_score.text.light import dataclass, field, replace

_GUID = "00000000-0000-4000-8000-000000000000"
WORKLOAD = "example"
"""The workload of a resource that none was named for; it has no ports."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a resource is in: a project, and the workloads of it, the first of which declares the resource.

    ``outputs`` are those of the resources that its params may refer to, by their names in the workload.
    """

    project: str
    mounts_directory: str = "state/mounts"
    target: Target = field(default_factory=lambda: targets.find("compose"))
    source_workload: str = WORKLOAD
    metadata: Mapping[str, object] = field(default_factory=dict)
    services: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    outputs: Mapping[str, Outputs] = field(default_factory=dict)
    shared: Mapping[str, object] = field(default_factory=dict)

    def of(self, workloads: Sequence[Workload]) -> Around:
        """The same with these workloads, if there are any."""
        if not workloads:
            return self
        told = {one.name: services(one, self.target.service_name(one)) for one in workloads}
        first = workloads[0]
        return replace(
            self, source_workload=first.name, metadata=first.metadata, services={**self.services, **told}
        )


@dataclass(frozen=True, slots=True)
class Resource:
    """What a Score file says of a resource, and what is kept for it."""

    type: str
    class_: str
    id: str
    params: Mapping[str, object] | None = None
    metadata: Mapping[str, object] | None = None
    state: Mapping[str, object] = field(default_factory=dict)

    def given(self, around: Around) -> ProvisionInput:
        """What its provisioner is given.  Raises ScoreError for a placeholder that finds nothing."""
        need = Need(
            uid=uid(self.type, self.class_, self.id),
            type=self.type,
            class_=self.class_,
            id=self.id,
            params=None if self.params is None else canonical.encode(dict(self.params)),
            metadata=None,
            source_workload=around.source_workload,
            refers_to=(),
        )
        nobody = {around.source_workload: {"ServiceName": around.source_workload, "Ports": {}}}
        return ProvisionInput(
            uid=need.uid,
            type=need.type,
            class_=need.class_,
            id=need.id,
            params=parameters(need, around.metadata, around.outputs),
            metadata=self.metadata,
            state=self.state,
            shared=around.shared,
            source_workload=around.source_workload,
            workload_services=around.services or nobody,
            project=around.project,
            mounts_directory=around.mounts_directory,
            target=around.target,
            guid=_GUID,
            workload_metadata=around.metadata,
        )


def read_workloads(paths: Iterable[str]) -> list[Workload]:
    """The workloads of Score files.  Raises ScoreError for one that cannot be read or is not valid."""
    return [read_workload(files.read(path)[0], canonical_path(path)) for path in paths]


def read_workload(text: bytes, path: str) -> Workload:
    """The workload in the text of a Score file.  Raises ScoreError if it is not valid."""
    return parse(path, text, FileOptions(), "").workload


def existing(
    state: State, name: str, around: Around, environment: Mapping[str, str]
) -> tuple[Resource, Around]:
    """The resource ``name`` of a project as the last run left it, and what it is in.

    ``around`` says what the state does not know.  Raises ScoreError if there is no such resource.
    """
    declared = state.needs()
    need = merge(declared).get(name)
    if need is None:
        known = {one.uid for one in declared}
        hint = words.near(name, known, "`doit-score resources list` shows what there is")
        raise ScoreError(f"no such resource '{name}'", hint=hint)
    rows = {row.uid: row for row in state.rows(ResourceRow)}
    meta = state.meta()
    order = sorted(rows, key=lambda one: (rows[one].level, one))
    shared = copied(Shared(order, {one: rows[one].patch for one in order}, {}, meta.base).view())
    assert isinstance(shared, dict)
    workloads = {row.name: row for row in state.rows(WorkloadRow)}
    kept = state.kept(name)
    resource = Resource(
        type=need.type,
        class_=need.class_,
        id=need.id,
        params=None if need.params is None else canonical.mapping(need.params),
        metadata=None if need.metadata is None else canonical.mapping(need.metadata),
        state={} if kept is None else canonical.mapping(kept.state),
    )
    params_say_metadata = "${metadata" in (need.params or "")
    return resource, replace(
        around,
        project=meta.project or around.project,
        source_workload=need.source_workload,
        metadata=_metadata(workloads[need.source_workload]) if params_say_metadata else {},
        services={one: canonical.mapping(row.ports) for one, row in sorted(workloads.items())},
        outputs={
            one.name: outputs_of(rows.get(one.uid), environment, around.target)
            for one in declared
            if one.workload == need.source_workload
        },
        shared=shared,
    )


def _metadata(row: WorkloadRow) -> Mapping[str, object]:
    return read_workload(files.read(row.file)[0], row.file).metadata
