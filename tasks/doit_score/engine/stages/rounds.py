"""The first stage: runs the provisioners of the resources whose inputs changed, and of no others.

A resource is stale if its provisioner, its params, what they refer to, or what it read in the shared
state or of other workloads has changed.  Running one may change what another has read, so this goes
on until nothing is stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.inputs.environment import Environment, visible
from doit_score.engine.inputs.load import Loaded, Workloads
from doit_score.engine.shared import reads
from doit_score.engine.shared.contributions import Reads, Shared
from doit_score.engine.shared.fold import laid_over
from doit_score.engine.shared.settling import Settling
from doit_score.engine.stages.declared import Declared
from doit_score.engine.stages.giving import Giving, Metadata
from doit_score.engine.stages.narrow import metadata_digest
from doit_score.engine.stages.outcome import Before, Made, Provisioned, Surroundings
from doit_score.engine.stages.repetition import Repetition, first_of_each
from doit_score.engine.why import staleness
from doit_score.engine.why.origins import joined, part
from doit_score.provisioning.model import Entry, ProvisionInput, ProvisionResult
from doit_score.provisioning.run import provision as run_entry
from doit_score.score.resources import Need, levels, merge
from doit_score.store.rows import KeptRow, ResourceRow
from doit_score.text import canonical, progress
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import replace, uuid4
from doit_score.version import __version__

MAX_ATTEMPTS = 3
"""How often a resource is run in one round, where it takes back what it contributed and has seen."""

_UNSETTLED = '"unsettled":{'
"""Is in the reads of a resource that did not settle."""


class Provisioning:
    """One run of the stage.  Pure but for the commands that ``cmd://`` provisioners start."""

    def __init__(
        self,
        loaded: Loaded,
        workloads: Workloads,
        catalogue: Catalogue,
        known: Mapping[str, ResourceRow],
        before: Before,
        around: Surroundings,
        same_catalogue: bool,
    ) -> None:
        self._loaded = loaded
        self._catalogue = catalogue
        self._before = before
        self._kept: dict[str, KeptRow] = {}
        self._around = around
        self._same_catalogue = same_catalogue and not around.force
        self._declared = Declared(loaded, workloads)
        self._unlike: list[Problem] = []
        self._needs = merge(
            loaded.declared, self._declared.place_of, self._unlike if around.goes_on else None
        )
        self._level = levels(self._needs, lambda uid: self._declared.place(uid, ("params",), key=True))
        self._order = tuple(sorted(self._needs, key=lambda uid: (self._level[uid], uid)))
        self._rows = {uid: known[uid] for uid in self._order if uid in known}
        self._known = frozenset(known)
        self._giving = Giving(loaded, workloads, self._declared, self._rows, around)
        self._made: dict[str, Made] = {}
        self._failed: dict[str, tuple[Problem, ...]] = {}
        patches = {uid: row.patch for uid, row in self._rows.items()}
        self._shared = Shared(self._order, patches, around.attic, around.base)
        self._settling: Settling[Made] = Settling(self._shared)
        self._tried: set[str] = set()
        self._count = 0
        stamp = around.target.stamp(around.options)
        self._fixed = joined(
            (
                part("tool", __version__),
                part("project", around.options.project),
                *(part(f"option {name}", value) for name, value in stamp.items()),
                part("mounts", around.mounts_directory),
                part("hermetic", "on" if around.hermetic else "off"),
            )
        )
        self._only_commands = around.only_commands
        self._held: set[str] = set()
        self._same: dict[str, Made] = {}
        self._why = staleness.Resources(catalogue, known, self._needs.keys())

    def run(self) -> Provisioned:
        """Runs what is stale until nothing is.

        Raises ScoreError at once for resources without a provisioner and for cycles; what fails
        while running is in the outcome's ``errors``, beside what succeeded.
        """
        self._refuse_unsupported()
        while True:
            ran = self._round(
                [*filter(self._runs_always, self._order)] if self._only_commands else self._order
            )
            self._only_commands = self._only_commands and not ran
            self._shared.settle()
            stopped = self._failed and not self._around.goes_on
            if stopped or not (ran or self._try_again()):
                break
            self._take_back(
                self._settling.give_up(ran, lambda uid: _noted(self._rows[uid]).get("shared", {}))
            )
        self._tell_restless()
        again = Repetition(
            self._catalogue,
            self._needs,
            self._made,
            self._before,
            self._around,
            self._declared,
            self._given_now,
        )
        is_over = self._only_commands or bool(self._failed and not self._around.goes_on)
        there = (uid for uid in self._order if uid not in self._failed)
        firsts = frozenset() if is_over else first_of_each(there, self._rows)
        return Provisioned(
            order=self._order,
            rows=self._rows,
            made=self._made,
            gone=tuple(sorted(self._known - self._needs.keys())),
            attic=self._shared.attic(),
            base=self._shared.base(),
            errors=[*self._unlike, *(one for problems in self._failed.values() for one in problems)],
            why=self._why.found,
            held=tuple(sorted(self._held)),
            same=self._same,
            only_commands=self._only_commands,
            firsts=firsts,
            tried=dict(again.tried(firsts - self._settling.restless.keys())),
            told_anew=dict(again.told_anew()) if not is_over else {},
        )

    def _given_now(self, uid: str) -> ProvisionInput:
        """What a resource is given, as all is now; what it looks at is not noted."""
        kept = self._kept.get(uid) or self._before.kept(uid)
        assert kept is not None
        return replace(
            self._giving.given(self._needs[uid], Environment(self._around.environment), kept),
            shared=self._shared.view(),
            workload_services=reads.Recording(self._giving.services()),  # type: ignore[arg-type]  # of mappings
        )

    def _refuse_unsupported(self) -> None:
        # Without a change in the provisioner files the entry that a row names is still the one.
        asked = [uid for uid in self._order if not (self._same_catalogue and uid in self._rows)]
        missing = [self._needs[uid] for uid in asked if self._catalogue.entry(self._needs[uid]) is None]
        problems = {
            need.uid: self._catalogue.unsupported(need, partial(self._declared.place, need.uid))
            for need in missing
        }
        if not self._around.goes_on:
            ScoreError.raise_for(problems.values())
        # One that cannot be read may be for it.
        told = not self._catalogue.is_partial
        self._failed.update((uid, (problem,) if told else ()) for uid, problem in problems.items())

    def _round(self, order: Iterable[str]) -> list[str]:
        """Runs every stale resource once, in order.  Which ones ran, and returned something new.

        Where nothing but commands could be other than it was, that ends with the first one that is.
        """
        ran: list[str] = []
        for number, uid in enumerate(order):
            self._count = max(self._count, number)  # those of a later round are counted already
            progress.count("provisioned resource", self._count, len(self._order))
            if self._only_commands and ran:
                break
            if uid in self._settling.restless or uid in self._failed:
                continue
            need = self._needs[uid]
            if any(ref in self._failed for ref in need.refers_to):
                self._failed[uid] = ()
                continue
            try:
                entry_digest = self._entry_digest(uid)
                parts = self._parts(need, entry_digest)
                digest = canonical.digest(parts)
                row = self._rows.get(uid)
                forced = uid not in self._made and self._is_forced(uid)
                if row is not None and not forced and row.digest == digest and self._reads_agree(row):
                    if row.level != self._level[uid]:
                        self._rows[uid] = row._replace(level=self._level[uid])
                    continue
                if not self._around.commands and self._takes_a_command(need):
                    self._hold(uid)
                    continue
                if row is not None:
                    self._note_why(need, row, parts)
                self._make(need, entry_digest, parts, digest)
                if row is None or not forced or not self._is_as_before(uid, row):
                    self._same.pop(uid, None)
                    ran.append(uid)
            except ScoreError as error:
                self._failed[uid] = error.problems
        return ran

    def _is_forced(self, uid: str) -> bool:
        """Whether a resource is run though nothing says that it is stale."""
        return self._around.force or uid in self._tried or (uid not in self._same and self._runs_always(uid))

    def _runs_always(self, uid: str) -> bool:
        """Whether a resource that is there is one of a command that is run each time."""
        row = self._rows.get(uid)
        return row is not None and row.runs_command and self._catalogue.runs_always(self._needs[uid])

    def _is_as_before(self, uid: str, before: ResourceRow) -> bool:
        """Whether a run of a command left nothing new; it counts as none then."""
        made = self._made[uid]
        if self._around.force or made.row != before or not self._before.is_stored(made):
            return False
        self._same[uid], self._rows[uid] = self._made.pop(uid), before
        self._why.found.pop(uid)
        return True

    def _takes_a_command(self, need: Need) -> bool:
        entry = self._catalogue.entry(need)
        return entry is not None and entry.kind == "cmd"

    def _hold(self, uid: str) -> None:
        """Leaves a resource as it is.  Raises ScoreError if it is not there yet."""
        self._held.add(uid)
        if uid not in self._rows and self._around.goes_on:
            self._failed[uid] = ()
        elif uid not in self._rows:
            raise ScoreError(
                f"resource '{uid}' is new, and what it gives is known only when its command has run",
                hint="generate it; or let commands run, with all that they do: `--run-commands`",
            )

    def _entry_digest(self, uid: str) -> str:
        row = self._rows.get(uid)
        # What a command does is in its program, not in the entry, so that is looked at each time.
        if self._same_catalogue and row is not None and not row.runs_command:
            return row.entry
        return self._catalogue.digest(self._needs[uid])

    def _parts(self, need: Need, entry_digest: str) -> str:
        """All that a provisioner is given beside what is recorded as read."""
        params = need.params or ""
        found = [
            self._fixed,
            part("entry", entry_digest),
            part("params", params),
            part("metadata", need.metadata or ""),
            part("source", need.source_workload),
        ]
        if "${metadata" in params:
            found.append(part("score", self._loaded.workloads[need.source_workload].digest))
        names = self._giving.names[need.source_workload] if need.refers_to else {}
        for name, uid in sorted(names.items()):
            if uid in need.refers_to:
                row = self._rows.get(uid)
                found.append(part(f"outputs {name} {uid}", row.outputs if row is not None else ""))
        return joined(found)

    def _note_why(self, need: Need, row: ResourceRow, parts: str) -> None:
        """Notes for what reasons a resource is about to be run again."""
        made = self._made.get(need.uid)
        before = made.parts if made else self._before.parts(need.uid)
        environment = Environment(self._around.environment)
        other = staleness.other_reads(_noted(row), self._shared, environment, self._giving.services)
        other["workload"] = self._other_metadata(_noted(row))
        is_first = made is None
        forced, tried = self._around.force and is_first, is_first and need.uid in self._tried
        self._why.again(need, row, before, parts, other, forced=forced, tried=tried)

    def _reads_agree(self, row: ResourceRow) -> bool:
        if row.reads == "{}":
            return True
        noted = _noted(row)
        if not self._shared.agrees(noted.get("shared", {})):
            return False
        if not Environment(self._around.environment).holds(noted.get("environment", {})):
            return False
        if self._other_metadata(noted):
            return False
        services = noted.get("services")
        return not services or reads.agree(self._giving.services(), services)

    def _other_metadata(self, noted: Reads) -> list[str]:
        """The workloads whose metadata was read and is other now."""
        return [
            name
            for name, digest in noted.get("workload", {}).items()
            if name not in self._loaded.workloads or digest != metadata_digest(self._giving.metadata(name))
        ]

    def _make(self, need: Need, entry_digest: str, parts: str, digest: str) -> None:
        """Runs the provisioner of one resource and notes what came of it."""
        entry = self._catalogue.entry(need)
        assert entry is not None
        environment = Environment(self._around.environment)
        kept = self._kept.get(need.uid) or self._before.kept(need.uid)
        if need.uid not in self._rows:
            self._why.first(need.uid, is_back=kept is not None)
        if kept is None:
            kept = KeptRow(need.uid, uuid4(), entry.uri, "{}")
        given = self._giving.given(need, environment, kept)
        for name in entry.env or ():
            environment.get(name)  # so that it is noted
        contributed = self._shared.contribution(need.uid)
        for _ in range(MAX_ATTEMPTS):
            result, patch, noted = self._attempt(entry, given, environment)
            # One who took back what it had contributed may have seen what is no longer there.
            if not self._shared.contribute(need.uid, patch) or self._shared.agrees(noted["shared"]):
                break
        noted["environment"] = environment.note()
        if isinstance(given.workload_metadata, Metadata) and given.workload_metadata.was_read:
            noted["workload"] = {need.source_workload: metadata_digest(given.workload_metadata)}
        row = ResourceRow(
            uid=need.uid,
            level=self._level[need.uid],
            source_workload=need.source_workload,
            provisioner=entry.uri,
            kind=entry.kind,
            entry=entry_digest,
            digest=digest,
            reads=canonical.encode({what: note for what, note in noted.items() if note}),
            patch=canonical.encode(patch),
            outputs=canonical.encode(dict(result.outputs)),
            logs=canonical.encode(list(result.info_logs)),
            secret=canonical.encode(list(result.secret)),
        )
        kept = kept._replace(provisioner=entry.uri, state=canonical.encode(dict(result.state)))
        self._kept[need.uid] = kept
        self._rows[need.uid] = row
        self._why.contributed(need.uid, patch)
        made = self._made[need.uid] = Made(row, kept, result, result.warnings, parts)
        self._settling.ran(need.uid, made, contributed)

    def _attempt(
        self, entry: Entry, given: ProvisionInput, environment: Environment
    ) -> tuple[ProvisionResult, dict[str, object], Reads]:
        """One run of a provisioner: what it returned, what it contributes, and what it looked at."""
        recalled: dict[str, object] = {}
        for again in (False, True):
            view, services = self._shared.view(), reads.Recording(self._giving.services())
            with visible(environment):
                result = run_entry(
                    entry,
                    replace(given, shared=view, workload_services=services),  # type: ignore[arg-type]  # of mappings
                    hermetic=self._around.hermetic,
                    variables=environment.whole(),
                )
            recalled = recalled if again else self._shared.recall(result.shared_patch)
            if not recalled:
                break
        patch = laid_over(recalled, result.shared_patch)
        return result, patch, {"shared": view.note(), "services": services.note()}

    def _try_again(self) -> bool:
        """Makes those stale that did not settle in an earlier run, if anything has changed in this one.

        What they have left is no result of what they read, so their reads do not tell.  So it is with those
        that have in them what has become a secret in this one.
        """
        if not self._made and not self._known - self._needs.keys():
            return False
        found = {uid for uid, row in self._rows.items() if uid not in self._made and _UNSETTLED in row.reads}
        is_new = not found <= self._tried
        self._tried |= found
        return self._before.reveals(self._made, self._rows) or is_new

    def _take_back(self, first: Mapping[str, Made]) -> None:
        """Puts earlier results in the place of the last ones."""
        for uid, made in first.items():
            self._made[uid], self._kept[uid], self._rows[uid] = made, made.kept, made.row
            self._shared.contribute(uid, canonical.mapping(made.row.patch))
        if first:
            self._shared.settle()

    def _tell_restless(self) -> None:
        """Adds the warnings of those that did not settle.

        What they read is noted as it is now, or they would never be up to date.
        """
        for uid, problem in self._settling.restless.items():
            made = self._made[uid]
            noted = _noted(made.row)
            noted["unsettled"] = {}
            if "shared" in noted:
                noted["shared"] = self._shared.as_seen_now(noted["shared"])
            parts = self._parts(self._needs[uid], made.row.entry)
            row = made.row._replace(reads=canonical.encode(noted), digest=canonical.digest(parts))
            self._rows[uid] = row
            self._made[uid] = made._replace(row=row, warnings=(*made.warnings, problem), parts=parts)


def _noted(row: ResourceRow) -> Reads:
    return canonical.mapping(row.reads)  # type: ignore[return-value]  # _make wrote it
