"""The third stage: puts the project together, brings the disk to it, and commits that a run is complete."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from doit_score.engine.inputs.environment import Environment, noted, visible
from doit_score.engine.inputs.load import Inputs, Loaded
from doit_score.engine.settings import Settings
from doit_score.engine.stages import conflicts, disk, drift
from doit_score.engine.stages.patches import patched, templates
from doit_score.engine.stages.records import problems_of
from doit_score.engine.stages.rendering import ROLE_SOURCE
from doit_score.engine.stages.session import Session
from doit_score.engine.why.origins import joined, part
from doit_score.engine.why.reasons import left_alone, told
from doit_score.score.resources import merge
from doit_score.store import files
from doit_score.store.meta import Meta
from doit_score.store.rows import (
    EntryRow,
    InputRow,
    MountRow,
    OriginRow,
    OutputRow,
    ReasonRow,
    ResourceRow,
    WarningRow,
)
from doit_score.store.state import State
from doit_score.text import canonical
from doit_score.text.errors import Problem, ScoreError
from doit_score.version import __version__


@dataclass(frozen=True, slots=True)
class Assembled:
    """The third stage in memory: what is to be written, and what else was looked at for it."""

    text: str
    warnings: tuple[Problem, ...]
    mounts: Mapping[str, MountRow]
    published: tuple[str, ...]
    start_order: str
    variables: frozenset[str]
    environment: Mapping[str, str]
    parts: str
    """What the Compose file is made of beside the fragments; see engine/origins.py."""


def generate(session: Session, *, forget: bool = False) -> None:
    """Writes the Compose project and the mount files, and commits that this run is complete.

    With ``forget`` it drops what is kept for the return of what is no longer in the project.
    """
    settings = session.settings
    made = assembled(session)
    refuse_warnings(session, made.warnings)
    if settings.env_file is not None:
        disk.write_env_file(settings.env_file, made.variables, files.Writer(settings.state_dir))
    _write(session, made, forget)
    for warning in made.warnings:
        session.say("warn", str(warning))


def refuse_warnings(session: Session, warnings: Iterable[Problem]) -> None:
    """Raises ScoreError with ``warnings``, and with those of what is up to date, if the run is strict."""
    if session.settings.strict:
        every = [*warnings, *(found for row in session.state.rows(WarningRow) for found in problems_of(row))]
        if every:
            raise ScoreError.of(every)


def assembled(session: Session) -> Assembled:
    """The project put together.  Raises ScoreError for what Compose would refuse."""
    state, settings, inputs, loaded = session.state, session.settings, session.inputs, session.loaded
    resources = session.resources
    meta = state.meta()
    entries, of_entries = conflicts.winners(state.rows(EntryRow), resources)
    mounts, of_mounts = conflicts.winning_mounts(state.rows(MountRow), resources)
    order = settings.start_order or meta.start_order
    _, wait = conflicts.wait_entry(entries) if order == "wait" else (None, None)
    if wait is not None:
        entries.append(wait)
    errors, found = conflicts.check(entries)
    if errors:
        raise ScoreError.of(errors)
    warnings = list(found)
    needs = merge(loaded.declared) if of_entries or of_mounts else {}
    warnings += conflicts.conflict_warnings([*of_entries, *of_mounts], needs, session.catalogue)
    published = settings.publish if settings.publish is not None else meta.publish
    entries = conflicts.publish_ports(entries, published, loaded.workloads, resources)
    environment = Environment(settings.environment)
    with visible(environment):
        text, patch_warnings = patched(
            conflicts.text(meta.project, entries), settings, meta, inputs, loaded, session.workloads
        )
    warnings += patch_warnings
    parts = _parts(settings, meta, inputs, published, environment)
    _look_at_unused(session, resources)
    noted = _environment(loaded, resources)
    variables = {name for row in loaded.workloads.values() for name in row.variables.split("\n") if name}
    return Assembled(
        text=text,
        warnings=tuple(warnings),
        mounts=mounts,
        published=published,
        start_order=order,
        variables=frozenset({*variables, *noted}),
        environment={**noted, **environment.note()},
        parts=parts,
    )


def _parts(
    settings: Settings, meta: Meta, inputs: Inputs, published: Iterable[str], read: Environment
) -> str:
    found = [
        part("tool", __version__),
        part("project", meta.project),
        part("output", settings.output),
        part("workloads", ", ".join(settings.workloads or ())),
        part("publish", ", ".join(published)),
    ]
    found += [
        part(f"patch {name}", canonical.digest(text)) for name, text in templates(settings, meta, inputs)
    ]
    found += [part(f"variable {name}", digest) for name, digest in read.note().items()]
    return joined(found)


def _write(session: Session, made: Assembled, forget: bool) -> None:
    """Brings the disk to what was assembled, and commits that."""
    state, settings, inputs, loaded = session.state, session.settings, session.inputs, session.loaded
    root = session.mounts
    recorded = {row.path: row for row in state.rows(OutputRow)}
    plan = disk.plan(wanted(session, made), recorded, root)
    drift.note(session, plan, recorded, made.mounts, made.parts)
    intended = list(plan.intended(recorded))
    if intended:
        with state.transaction():
            state.put(intended)
    written = disk.write(plan, files.Writer(settings.state_dir), root)
    with state.transaction():
        state.drop(InputRow, inputs.unused())
        state.put(inputs.changed())
        present = {row.path for row in written.rows}
        state.drop(OutputRow, [path for path in recorded if path not in present])
        state.put(row for row in written.rows if recorded.get(row.path) != row)
        state.put([OriginRow(drift.OUTPUT, "", made.parts, "")])
        state.renew_glance()
        noted_files = session.journal.commit(state)
        session.journal.close(state)
        forgotten = _forgotten(session) if forget else ()
        given = loaded.given if forget else {**loaded.absent, **loaded.given}
        state.set_given((path, options.text()) for path, options in sorted(given.items()))
        resources = len({d.uid for d in loaded.declared})
        state.set_meta(
            Meta.complete.to(settings.digest()),
            Meta.unfinished.to(()),
            Meta.environment.to(made.environment),
            Meta.publish.to(made.published),
            Meta.start_order.to(made.start_order),
            Meta.counts.to((len(loaded.workloads), resources)),
            Meta.checked.to(made.warnings),
        )
    if settings.output == "-":
        import sys

        sys.stdout.write(made.text)
    say_what_was_written(session, written)
    for text in forgotten:
        session.say("info", text)
    say_why(session, noted_files)


def _forgotten(session: Session) -> Iterable[str]:
    """Forgets; says what."""
    from doit_score.engine.stages import forgetting

    return forgetting.forget(session).lines()


def say_why(session: Session, noted_files: Iterable[ReasonRow]) -> None:
    """Tells why files were written, and how much was left as it was."""
    for row in noted_files:
        session.say("debug", told(row))
    workloads, resources = session.state.meta().counts
    left = {
        "workload": workloads - session.journal.count("rendered"),
        "resource": resources - session.journal.count("provisioned"),
    }
    if any(left.values()):
        session.say("debug", left_alone(left))


def wanted(session: Session, made: Assembled) -> dict[str, disk.Wanted]:
    """Everything that is to be on the disk: mount files first, the Compose file last."""
    settings = session.settings
    found = dict(wanted_mount(session, row) for _, row in sorted(made.mounts.items()))
    if settings.output != "-":
        found[settings.output] = disk.compose_file(made.text.encode())
    return found


def wanted_mount(session: Session, row: MountRow) -> tuple[str, disk.Wanted]:
    """What is wanted below the mounts directory, by its path from the working directory."""
    return os.path.join(session.mounts, row.path), disk.Wanted(
        row.what,  # type: ignore[arg-type]  # only a What is ever stored
        row.mode,
        row.digest,
        lambda: row.content or session.state.content(row.path, row.kind, row.owner),
        str(conflicts.Party(row.kind, row.owner)),
    )


def say_what_was_written(session: Session, written: disk.Written) -> None:
    """Tells the user what the stage has changed on the disk."""
    say, target = session.say, session.settings.output
    for path in written.restored:
        say("warn", f"{path}: had been changed or removed by hand, and was restored")
    if target in written.changed:
        say("info", f"wrote {target}")
    others = [path for path in written.changed if path != target]
    if others or written.removed:
        say("info", f"mounts: wrote {len(others)}, removed {len(written.removed)}")
    if not (written.changed or written.removed or target == "-"):
        say("info", f"{target} is up to date")


def _look_at_unused(session: Session, resources: Mapping[str, ResourceRow]) -> None:
    """Counts among the inputs what went into that which is up to date: sources of files, programs."""
    loaded, inputs = session.loaded, session.inputs
    for row in loaded.workloads.values():
        for source in row.sources.split("\n") if row.sources else ():
            if os.path.isfile(source):
                inputs.digest(source, ROLE_SOURCE)
    if any(row.provisioner.startswith("cmd:") for row in resources.values()):
        for need in merge(loaded.declared).values():
            session.catalogue.digest(need)


def clean(state: State, settings: Settings, root: str) -> list[str]:
    """Removes what :func:`generate` wrote, and forgets that it did."""
    recorded = {row.path: row for row in state.rows(OutputRow)}
    removed = []
    for path, row in sorted(recorded.items(), reverse=True):
        if row.what == "file" and os.path.lexists(path):
            files.remove(path)
            removed.append(path)
        if path.startswith(root + os.sep):
            folder = path if row.what == "directory" else os.path.dirname(path)
            files.remove_empty_directories(folder, root)
    with state.transaction():
        state.set_meta(Meta.complete.to(""))
        state.drop(OutputRow, recorded)
    return sorted(removed)


def _environment(loaded: Loaded, resources: Mapping[str, ResourceRow]) -> dict[str, str]:
    """Every environment variable that workloads and provisioners looked at."""
    found: dict[str, str] = {}
    for row in loaded.workloads.values():
        if row.environment != "{}":
            found.update(noted(row.environment))
    for resource in resources.values():
        if '"environment"' in resource.reads:
            read = canonical.mapping(resource.reads).get("environment", {})
            found.update(read if isinstance(read, dict) else {})
    return found
