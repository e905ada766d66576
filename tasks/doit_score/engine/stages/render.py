"""The second stage: what it reads from the state, and what it commits of what was rendered."""

from __future__ import annotations

import os
from functools import cache, partial
from itertools import chain

from doit_score.engine import secrets
from doit_score.engine.stages.records import Fragments, mount_rows, warning_row
from doit_score.engine.stages.rendering import Project, Rendering
from doit_score.engine.stages.session import Session
from doit_score.engine.why.reasons import text_of_reasons, told
from doit_score.engine.why.standing import NOTICE
from doit_score.score.resources import merge
from doit_score.store.meta import Meta
from doit_score.store.rows import EntryRow, OriginRow, WorkloadRow
from doit_score.store.state import State
from doit_score.text import words
from doit_score.text.errors import ScoreError


def render(session: Session, only: str | None = None) -> None:
    """Renders stale workloads, or ``only`` one of them, and commits their fragments."""
    state, settings, loaded, say = session.state, session.settings, session.loaded, session.say
    if only is not None:
        _check_workload(only, state)
    if session.is_over:
        return
    project = _project(session)
    fragments = Fragments(session.target, session.options, state.vault)
    rendered = Rendering(
        session.target,
        settings,
        loaded,
        session.workloads,
        session.inputs,
        session.resources,
        project,
        origin=lambda name: state.origin("workload", name),
    ).run(only, session.faults)
    mask = cache(partial(secrets.masking, state))
    warnings = {name: secrets.without(one.warnings, mask) for name, (_, one) in rendered.made.items()}
    notices = {name: secrets.without(one.notices, mask) for name, (_, one) in rendered.made.items()}
    with state.transaction():
        state.set_meta(Meta.complete.to(""), Meta.brought.to(project.brought.stored()))
        state.drop_made("workload", rendered.made)
        state.drop_made(NOTICE, rendered.made)
        made = sorted(rendered.made.items())
        state.put(row for _, (row, _) in made)
        state.put(row for name, (_, one) in made for row in fragments.rows("workload", name, one.sections))
        state.put(row for name, (_, one) in made for row in mount_rows("workload", name, one.mounts))
        for name, _ in made:
            state.put(warning_row("workload", name, warnings[name]))
            state.put(warning_row(NOTICE, name, (*session.workloads.parsed(name).notices, *notices[name])))
        state.put(
            OriginRow("workload", name, *rendered.origins[name], text_of_reasons(rendered.why[name]))
            for name, _ in made
        )
        state.put(session.inputs.changed())
        for name, _ in made:
            session.journal.note("workload", name, "rendered", rendered.why[name])
        noted = session.journal.commit(state)
    session.inputs.recorded()
    session.is_rendered = only is None
    loaded.workloads.update((name, row) for name, (row, _) in made)
    session.warn(chain(*notices.values()), notice=True)
    session.warn(chain(*warnings.values()))
    workloads = len(loaded.workloads)
    if session.replaced is not None:
        workloads, _ = state.meta().counts
    total = f" of {workloads}" if len(rendered.made) < workloads else ""
    say("info" if rendered.made else "debug", f"rendered {words.count(rendered.made, 'workload')}{total}")
    for noted_row in noted:
        say("debug", told(noted_row))


def _check_workload(name: str, state: State) -> None:
    """ScoreError if the project has no workload ``name``."""
    if state.select(WorkloadRow, "name", [name]):
        return
    hint = words.near(name, (row.name for row in state.rows(WorkloadRow)))
    raise ScoreError(f"there is no workload '{name}'", hint=hint)


def _project(session: Session) -> Project:
    state, output = session.state, session.settings.output
    prefix = os.path.relpath(".", os.path.dirname(output) or ".") if output != "-" else "."
    if session.replaced is not None:
        brought = session.target.brought_of(state.meta().brought)
    else:
        there = session.resources
        found = state.select(EntryRow, "kind", ["resource"], without=("text",))
        entries = [entry for entry in found if entry.owner in there]
        # What is unlike has been told by the stage before.
        needs = merge(session.loaded.declared, faults=[])
        order = sorted(there.keys() & needs.keys(), key=lambda uid: (there[uid].level, uid))
        brought = session.target.brought(entries, {uid: needs[uid] for uid in order}, session.options)
    stamp = session.target.stamp(session.options)
    return Project(session.mounts_directory, "" if prefix == "." else prefix, brought, stamp)
