"""The second stage: what it reads from the state, and what it commits of what was rendered."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict

from doit_score.engine.stages import waits
from doit_score.engine.stages.records import Fragments, mount_rows, warning_row
from doit_score.engine.stages.rendering import Project, Rendering, names_of
from doit_score.engine.stages.session import FEW, Session, counted
from doit_score.engine.why.reasons import told
from doit_score.store.meta import Meta
from doit_score.store.rows import EntryRow, MountRow, OriginRow, WarningRow, WorkloadRow
from doit_score.store.state import State
from doit_score.targets.compose.model import Conversion
from doit_score.text.errors import ScoreError


def render(session: Session, only: str | None = None) -> None:
    """Renders stale workloads, or ``only`` one of them, and commits their fragments."""
    state, settings, loaded, say = session.state, session.settings, session.loaded, session.say
    if only is not None:
        _check_workload(only, state)
    project = _project(session)
    rendered = Rendering(
        settings,
        loaded,
        session.workloads,
        session.inputs,
        session.resources,
        project,
        origin=lambda name: state.origin("workload", name),
    ).run(only)
    warnings = [w for _, conversion in rendered.made.values() for w in conversion.warnings]
    if settings.strict and warnings:
        raise ScoreError.of(warnings)
    with state.transaction():
        state.set_meta(Meta.complete.to(""), Meta.waits.to(asdict(project.waits)))
        state.drop_made("workload", rendered.made)
        made = sorted(rendered.made.items())
        state.put(row for _, (row, _) in made)
        for kind in (_entries_of, _mounts_of, _warnings_of):
            state.put(row for name, (_, conversion) in made for row in kind(name, conversion))
        state.put(OriginRow("workload", name, *rendered.origins[name]) for name, _ in made)
        state.put(session.inputs.changed())
        for name, _ in made:
            session.journal.note("workload", name, "rendered", rendered.why[name])
        noted = session.journal.commit(state)
    session.inputs.recorded()
    session.is_rendered = only is None
    loaded.workloads.update((name, row) for name, (row, _) in made)
    for problem in (*rendered.notices, *warnings):
        say("warn", str(problem))
    workloads = len(loaded.workloads)
    if session.replaced is not None:
        workloads, _ = state.meta().counts
    total = f" of {workloads}" if len(rendered.made) < workloads else ""
    say("info" if rendered.made else "debug", f"rendered {counted(rendered.made, 'workload')}{total}")
    for noted_row in noted:
        say("debug", told(noted_row))


def _check_workload(name: str, state: State) -> None:
    """ScoreError if the project has no workload ``name``."""
    if state.select(WorkloadRow, "name", [name]):
        return
    import difflib

    known = sorted(row.name for row in state.rows(WorkloadRow))
    close = difflib.get_close_matches(name, known, 1)
    listed = known if len(known) <= FEW else [*known[:FEW], "..."]
    raise ScoreError(
        f"there is no workload '{name}'",
        hint=f"did you mean '{close[0]}'?" if close else "workloads are: " + ", ".join(listed),
    )


def _project(session: Session) -> Project:
    state, settings = session.state, session.settings
    prefix = os.path.relpath(".", os.path.dirname(settings.output) or ".") if settings.output != "-" else "."
    if session.replaced is not None:
        waiting = waits.Waits(**state.meta().waits)  # type: ignore[arg-type]  # render() stored one
    else:
        brought = state.select(EntryRow, "kind", ["resource"], without=("text",))
        order = settings.start_order or state.meta().start_order
        waiting = waits.find(order, brought, session.resources, session.loaded.declared)
    models = state.select(EntryRow, "section", ["models"], without=("text",))
    # Who names a container is checked against those that there are.
    named = settings.builds or settings.images
    services = state.select(EntryRow, "kind", ["workload"], without=("text",)) if named else ()
    return Project(
        mounts_directory=session.mounts_directory,
        output_prefix="" if prefix == "." else prefix,
        waits=waiting,
        models=names_of(models, "resource", "models"),
        services=names_of(services, "workload", "services"),
    )


def _entries_of(name: str, conversion: Conversion) -> Iterator[EntryRow]:
    return Fragments().rows("workload", name, {"services": conversion.services})


def _mounts_of(name: str, conversion: Conversion) -> Iterator[MountRow]:
    return mount_rows("workload", name, conversion.mounts)


def _warnings_of(name: str, conversion: Conversion) -> Iterator[WarningRow]:
    return iter(warning_row("workload", name, conversion.warnings))
