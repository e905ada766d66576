"""What provisioners are given: params, metadata, what was kept, and what they may look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from doit_score.engine.inputs.environment import Environment
from doit_score.engine.inputs.load import Loaded, Workloads
from doit_score.engine.shared import reads
from doit_score.engine.stages.declared import Declared
from doit_score.engine.stages.outcome import Surroundings
from doit_score.engine.stages.outputs import outputs_of
from doit_score.engine.stages.parameters import parameters
from doit_score.provisioning.model import ProvisionInput
from doit_score.score.placeholders import Keys
from doit_score.score.resources import Need
from doit_score.store.rows import KeptRow, ResourceRow
from doit_score.targets import Place
from doit_score.text import canonical


class Metadata(Mapping[str, object]):
    """The metadata of a workload, which is looked up when somebody reads it."""

    def __init__(self, workloads: Workloads, name: str) -> None:
        self._workloads = workloads
        self._name = name
        self.was_read = False

    def _whole(self) -> Mapping[str, object]:
        self.was_read = True
        return self._workloads.parsed(self._name).workload.metadata

    def __getitem__(self, key: str) -> object:
        return self._whole()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())


class Giving:
    """The project as provisioners are told of it; ``rows`` are the resources as they are by now."""

    def __init__(
        self,
        loaded: Loaded,
        workloads: Workloads,
        declared: Declared,
        rows: Mapping[str, ResourceRow],
        around: Surroundings,
    ) -> None:
        self._declared = declared
        self.names: dict[str, dict[str, str]] = {}
        """The uids of the resources of each workload, by the names that it has for them."""
        for one in loaded.declared:
            self.names.setdefault(one.workload, {})[one.name] = one.uid
        self._loaded = loaded
        self._workloads = workloads
        self._rows = rows
        self._around = around
        self._services: reads.Decoding | None = None

    def given(self, need: Need, environment: Environment, kept: KeptRow) -> ProvisionInput:
        """What the provisioner of ``need`` is given, but for what it may look at."""
        names = self.names[need.source_workload]
        outputs = {
            name: outputs_of(self._rows.get(uid), environment, self._around.target)
            for name, uid in names.items()
        }
        is_literal = "${" not in (need.params or "")
        metadata = {} if is_literal else self._workloads.parsed(need.source_workload).workload.metadata
        return ProvisionInput(
            uid=need.uid,
            type=need.type,
            class_=need.class_,
            id=need.id,
            params=parameters(need, metadata, outputs, partial(self._place, need)),
            metadata=canonical.mapping(need.metadata) if need.metadata else None,
            state=canonical.mapping(kept.state),
            shared={},
            source_workload=need.source_workload,
            workload_services={},
            project=self._around.options.project,
            mounts_directory=self._around.mounts_directory,
            target=self._around.target,
            guid=kept.guid,
            namespace=self._around.options.namespace,
            workload_metadata=self.metadata(need.source_workload),
            declared=partial(self._declared.place, need.uid, key=True),
        )

    def metadata(self, workload: str) -> Metadata:
        """The metadata of a workload."""
        return Metadata(self._workloads, workload)

    def _place(self, need: Need, keys: Keys) -> Place:
        return self._declared.place(need.uid, ("params", *keys))

    def services(self) -> reads.Decoding:
        """What provisioners may know of the workloads; made when the first one runs."""
        if self._services is None:
            self._services = reads.Decoding({name: row.ports for name, row in self._loaded.workloads.items()})
        return self._services
