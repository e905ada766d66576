"""The project of a narrow run: what was rendered put in the place of what was there.

The output on the disk is as the last complete run left it, so that its text need not be put together
again: the entries of the workloads that were rendered are replaced in it.  That does where these go by
the same names, refer to the same names and want files at the same paths, since then all that was
checked for the project as a whole still holds.
"""

from __future__ import annotations

from collections.abc import Iterable

from doit_score.engine.stages.assemble import Made
from doit_score.engine.stages.narrow import Replaced
from doit_score.engine.stages.patches import has_templates
from doit_score.engine.stages.session import Session
from doit_score.store import files
from doit_score.store.rows import EntryRow, MountRow, OutputRow, WorkloadRow


def amended(session: Session, replaced: Replaced) -> Made | None:
    """What a narrow run is to write; None if that takes a look at everything."""
    state, settings = session.state, session.settings
    meta = state.meta()
    is_divided = session.target.is_divided(settings.output, session.options)
    if settings.output == "-" or is_divided or settings.env_file is not None or has_templates(session, meta):
        return None
    names = sorted(session.loaded.workloads)
    entries = [row for name in names for row in state.rows(EntryRow, "workload", name)]
    mounts = {row.path: row for name in names for row in state.rows(MountRow, "workload", name)}
    if not (
        _same_facts(replaced.workloads, session.loaded.workloads.values())
        and _same_names(replaced.entries, entries)
        and _same_places(replaced.mounts, mounts.values())
        and len(state.select(MountRow, "path", mounts)) == len(replaced.mounts)
    ):
        return None
    recorded = state.select(OutputRow, "path", [settings.output])
    signature = files.signature(settings.output)
    if not any(row.matches(signature) for row in recorded):
        return None
    text = session.target.splice(files.read(settings.output)[0], replaced.entries, entries)
    if text is None:
        return None
    return Made(text, tuple(meta.checked), mounts)


def _same_facts(before: Iterable[WorkloadRow], now: Iterable[WorkloadRow]) -> bool:
    """Whether what a complete run notes of the workloads besides what it writes is the same."""
    return {(row.name, row.facts, row.environment) for row in before} == {
        (row.name, row.facts, row.environment) for row in now
    }


def _same_names(before: Iterable[EntryRow], now: Iterable[EntryRow]) -> bool:
    return {row[:4] + row[5:] for row in before} == {row[:4] + row[5:] for row in now}


def _same_places(before: Iterable[MountRow], now: Iterable[MountRow]) -> bool:
    return {row[:4] for row in before} == {row[:4] for row in now}
