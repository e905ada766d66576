"""What provisioners are given: params, metadata, what was kept, and what they may look at."""

from __future__ import annotations

from collections.abc import Mapping
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


class Giving:
    """The project as provisioners are told of it; ``rows`` are the resources as they are by now."""

    def __init__(
        self, loaded: Loaded, workloads: Workloads, rows: Mapping[str, ResourceRow], around: Surroundings
    ) -> None:
        self.declared = Declared(loaded, workloads)
        self.names: dict[str, dict[str, str]] = {}
        """The uids of the resources of each workload, by the names that it has for them."""
        for declared in loaded.declared:
            self.names.setdefault(declared.workload, {})[declared.name] = declared.uid
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
            compose_project_name=self._around.project,
            mounts_directory=self._around.mounts_directory,
            target=self._around.target,
            declared=partial(self.declared.place, need.uid, key=True),
        )

    def _place(self, need: Need, keys: Keys) -> Place:
        return self.declared.place(need.uid, ("params", *keys))

    def services(self) -> reads.Decoding:
        """What provisioners may know of the workloads; made when the first one runs."""
        if self._services is None:
            self._services = reads.Decoding({name: row.ports for name, row in self._loaded.workloads.items()})
        return self._services
