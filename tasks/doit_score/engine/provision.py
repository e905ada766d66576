"""The first stage: runs the provisioners of the resources whose inputs changed, and of no others.

A resource is stale if its provisioner, its params, what they refer to, or what it read in the shared
state or of other workloads has changed.  Running one may change what another has read, so this goes
on until nothing is stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from doit_score import canonical
from doit_score.engine.catalogue import Catalogue
from doit_score.engine.environment import Environment
from doit_score.engine.fold import copied, merge_into, underlay
from doit_score.engine.load import Loaded, Workloads
from doit_score.engine.outputs import outputs_of
from doit_score.engine.parameters import parameters
from doit_score.engine.reads import Digests, Recording
from doit_score.errors import Problem, ScoreError
from doit_score.provisioning.model import ProvisionInput, ProvisionResult
from doit_score.provisioning.run import provision as run_entry
from doit_score.resources import Need, levels, merge
from doit_score.store.rows import KeptRow, ResourceRow
from doit_score.version import __version__

MAX_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every resource of a project is told, and what is remembered of earlier runs."""

    project: str
    mounts_directory: str
    environment: Mapping[str, str]
    hermetic: bool
    force: bool
    attic: Mapping[str, object]
    """Everything that ever was in the shared state: a resource that comes back finds its names."""


class Made(NamedTuple):
    """What one run of a provisioner left."""

    row: ResourceRow
    kept: KeptRow
    result: ProvisionResult


@dataclass(slots=True)
class Provisioned:
    """The outcome of the stage.  ``made`` holds only what was run; ``failed`` what could not be."""

    order: tuple[str, ...]
    rows: dict[str, ResourceRow]
    made: dict[str, Made] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    shared: dict[str, object] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


class Provisioning:
    """One run of the stage.  Pure but for the commands that ``cmd://`` provisioners start."""

    def __init__(
        self,
        loaded: Loaded,
        workloads: Workloads,
        catalogue: Catalogue,
        known: Mapping[str, ResourceRow],
        kept: Mapping[str, KeptRow],
        around: Surroundings,
        same_catalogue: bool,
    ) -> None:
        self._loaded = loaded
        self._workloads = workloads
        self._catalogue = catalogue
        self._kept = dict(kept)
        self._around = around
        self._same_catalogue = same_catalogue and not around.force
        self._needs = merge(loaded.declared)
        self._level = levels(self._needs)
        self._order = tuple(sorted(self._needs, key=lambda uid: (self._level[uid], uid)))
        self._rows = {uid: known[uid] for uid in self._order if uid in known}
        self._known = frozenset(known)
        self._names: dict[str, dict[str, str]] = {}
        for declared in loaded.declared:
            self._names.setdefault(declared.workload, {})[declared.name] = declared.uid
        self._made: dict[str, Made] = {}
        self._failed: dict[str, tuple[Problem, ...]] = {}
        self._shared = Recording(self._sum())
        self._shared_digests = Digests(self._shared)
        self._services: Recording | None = None
        self._service_digests: Digests | None = None

    def run(self) -> Provisioned:
        """Runs what is stale until nothing is.

        Raises ScoreError at once for resources without a provisioner and for cycles; what fails
        while running is in the outcome's ``errors``, beside what succeeded.
        """
        self._refuse_unsupported()
        warnings: list[Problem] = []
        first: dict[str, Made] = {}
        for number in range(MAX_ROUNDS):
            ran = self._round()
            self._reset_shared(self._sum())
            if number == 0:
                first = dict(self._made)
            if not ran or self._failed:
                break
        else:
            warnings = self._unsettled(ran, first)
        return Provisioned(
            order=self._order,
            rows=self._rows,
            made=self._made,
            gone=tuple(sorted(self._known - self._needs.keys())),
            shared=dict.copy(self._shared),
            errors=[problem for problems in self._failed.values() for problem in problems],
            warnings=warnings,
        )

    def _refuse_unsupported(self) -> None:
        # Without a change in the provisioner files the entry that a row names is still the one.
        asked = [uid for uid in self._order if not (self._same_catalogue and uid in self._rows)]
        missing = [self._needs[uid] for uid in asked if self._catalogue.entry(self._needs[uid]) is None]
        if missing:
            raise self._catalogue.unsupported(missing)

    def _round(self) -> list[str]:
        """Runs every stale resource once, in order.  Which ones ran."""
        ran = []
        for uid in self._order:
            need = self._needs[uid]
            if any(ref in self._failed for ref in need.refers_to):
                self._failed[uid] = ()
                continue
            entry_digest = self._entry_digest(uid)
            digest = self._digest(need, entry_digest)
            row = self._rows.get(uid)
            if row is not None and row.digest == digest and self._reads_agree(row):
                if not (self._around.force and uid not in self._made):
                    self._rows[uid] = row._replace(level=self._level[uid])
                    continue
            try:
                self._make(need, entry_digest, digest)
                ran.append(uid)
            except ScoreError as error:
                self._failed[uid] = error.problems
        return ran

    def _entry_digest(self, uid: str) -> str:
        row = self._rows.get(uid)
        # What a command does is in its program, not in the entry, so that is looked at each time.
        if self._same_catalogue and row is not None and not row.provisioner.startswith("cmd:"):
            return row.entry
        return self._catalogue.digest(self._needs[uid])

    def _digest(self, need: Need, entry_digest: str) -> str:
        """A name for all that a provisioner is given beside what is recorded as read."""
        upstream = [f"{ref}={self._rows[ref].outputs}" for ref in need.refers_to if ref in self._rows]
        source = self._loaded.workloads[need.source_workload]
        return canonical.digest(
            __version__,
            entry_digest,
            need.params or "",
            need.metadata or "",
            need.source_workload,
            source.digest if "${metadata" in (need.params or "") else "",
            self._around.project,
            self._around.mounts_directory,
            *upstream,
        )

    def _reads_agree(self, row: ResourceRow) -> bool:
        if row.reads == "{}":
            return True
        reads: Mapping[str, Mapping[str, str]] = canonical.mapping(row.reads)  # type: ignore[assignment]  # _make wrote it
        shared, services = reads.get("shared", {}), reads.get("services", {})
        if not self._shared_digests.agree(shared):
            return False
        if not Environment(self._around.environment).holds(reads.get("environment", {})):
            return False
        return not services or self._told()[1].agree(services)

    def _make(self, need: Need, entry_digest: str, digest: str) -> None:
        """Runs the provisioner of one resource and notes what came of it."""
        entry = self._catalogue.entry(need)
        assert entry is not None
        names = self._names[need.source_workload]
        environment = Environment(self._around.environment)
        outputs = {name: outputs_of(self._rows.get(uid), environment) for name, uid in names.items()}
        metadata = self._workloads.metadata(need.source_workload) if "${" in (need.params or "") else {}
        params = parameters(need, metadata, outputs)
        kept = self._kept.get(need.uid) or KeptRow(need.uid, _guid(), entry.uri, "{}")
        if need.uid not in self._known and need.uid not in self._made and self._around.attic:
            with_attic = copied(dict.copy(self._shared))
            assert isinstance(with_attic, dict)
            underlay(with_attic, self._around.attic)
            shared, digests = Recording(with_attic), None
        else:
            shared, digests = self._shared, self._shared_digests
        services, service_digests = self._told()
        shared.forget()
        services.forget()
        result = run_entry(
            entry,
            ProvisionInput(
                uid=need.uid,
                type=need.type,
                class_=need.class_,
                id=need.id,
                params=params,
                metadata=canonical.mapping(need.metadata) if need.metadata else None,
                state=canonical.mapping(kept.state),
                shared=shared,
                source_workload=need.source_workload,
                workload_services=services,  # type: ignore[arg-type]  # services() made each value a mapping
                compose_project_name=self._around.project,
                mounts_directory=self._around.mounts_directory,
            ),
            hermetic=self._around.hermetic,
        )
        # Noted after its own patch: a resource knows of the change that it made itself.
        merge_into(shared, result.shared_patch)
        if digests is None:
            digests = Digests(shared)
            merge_into(self._shared, result.shared_patch)
        self._shared_digests.forget(result.shared_patch)
        reads: dict[str, Mapping[str, object]] = {
            "shared": shared.note(digests),
            "services": services.note(service_digests),
            "environment": environment.note(),
        }
        row = ResourceRow(
            uid=need.uid,
            level=self._level[need.uid],
            source_workload=need.source_workload,
            provisioner=entry.uri,
            entry=entry_digest,
            digest=digest,
            reads=canonical.encode({what: dict(noted) for what, noted in reads.items() if noted}),
            patch=canonical.encode(dict(result.shared_patch)),
            outputs="" if entry.kind == "local-env" else canonical.encode(dict(result.outputs)),
        )
        kept = kept._replace(provisioner=entry.uri, state=canonical.encode(dict(result.state)))
        self._kept[need.uid] = kept
        self._rows[need.uid] = row
        self._made[need.uid] = Made(row, kept, result)

    def _told(self) -> tuple[Recording, Digests]:
        """What provisioners may know of the workloads; made when the first one runs."""
        if self._services is None or self._service_digests is None:
            ports = {name: canonical.decode(row.ports) for name, row in self._loaded.workloads.items()}
            self._services = Recording(ports)
            self._service_digests = Digests(self._services)
        return self._services, self._service_digests

    def _sum(self) -> dict[str, object]:
        shared: dict[str, object] = {}
        for uid in self._order:
            row = self._rows.get(uid)
            if row is not None and row.patch != "{}":
                merge_into(shared, canonical.mapping(row.patch))
        return shared

    def _reset_shared(self, shared: dict[str, object]) -> None:
        self._shared = Recording(shared)
        self._shared_digests = Digests(self._shared)

    def _unsettled(self, ran: Iterable[str], first: Mapping[str, Made]) -> list[Problem]:
        """Takes the results of the first round for those that change what they read at each run.

        What they read is noted as it is now, or they would never be up to date.
        """
        self._made.update(first)
        self._kept.update((uid, made.kept) for uid, made in first.items())
        self._rows.update((uid, made.row) for uid, made in first.items())
        self._reset_shared(self._sum())
        for uid, made in list(self._made.items()):
            reads: dict[str, dict[str, str]] = canonical.mapping(made.row.reads)  # type: ignore[assignment]  # _make wrote it
            noted = reads.get("shared")
            if not noted:
                continue
            digests = self._shared_digests
            reads["shared"] = {key: digests.whole() if key == "\0" else digests.of(key) for key in noted}
            row = made.row._replace(
                reads=canonical.encode(reads), digest=self._digest(self._needs[uid], made.row.entry)
            )
            self._rows[uid] = row
            self._made[uid] = made._replace(row=row)
        return [
            Problem(
                f"resource '{uid}' does not settle: it reads shared state that changes at each run of it "
                "or of its neighbours; the first result was kept",
                hint="let its `shared` template print the same again once the value is there",
            )
            for uid in ran
        ]


def _guid() -> str:
    """A new random identifier (version 4)."""
    import secrets
    import uuid

    return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))
