"""The third stage of a narrow run: puts what was rendered in the place of what was there.

The Compose file on the disk is as the last complete run left it, so that its text need not be put
together again: the fragments of the workloads that were rendered are replaced in it.  That does where
these go by the same names, refer to the same names and want files at the same paths, since then all
that was checked for the project as a whole still holds.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from doit_score.engine.stages import disk, drift
from doit_score.engine.stages.finish import (
    refuse_warnings,
    say_what_was_written,
    say_why,
    wanted_mount,
)
from doit_score.engine.stages.narrow import Replaced
from doit_score.engine.stages.session import Session
from doit_score.store import files
from doit_score.store.meta import Meta
from doit_score.store.rows import EntryRow, MountRow, OutputRow, WorkloadRow


def generate(session: Session, replaced: Replaced) -> bool:
    """Brings the disk to what was rendered and commits that the run is complete, if that can be done here.

    If it cannot, nothing was done.  Raises ScoreError for warnings in a strict run.
    """
    state, settings = session.state, session.settings
    meta = state.meta()
    if settings.output == "-" or settings.env_file is not None or _has_patches(session, meta):
        return False
    names = sorted(session.loaded.workloads)
    entries = [row for name in names for row in state.rows(EntryRow, "workload", name)]
    mounts = [row for name in names for row in state.rows(MountRow, "workload", name)]
    if not (
        _same_facts(replaced.workloads, session.loaded.workloads.values())
        and _same_names(replaced.entries, entries)
        and _same_places(replaced.mounts, mounts)
        and len(state.select(MountRow, "path", (row.path for row in mounts))) == len(mounts)
    ):
        return False
    recorded = {row.path: row for row in state.select(OutputRow, "path", [settings.output])}
    text = _spliced(settings.output, recorded, replaced.entries, entries)
    if text is None:
        return False
    refuse_warnings(session, meta.checked)
    wanted = dict(wanted_mount(session, row) for row in mounts)
    wanted[settings.output] = disk.compose_file(text)
    recorded |= {row.path: row for row in state.select(OutputRow, "path", wanted)}
    plan = disk.plan(wanted, recorded, session.mounts)
    drift.note(session, plan, recorded, {row.path: row for row in mounts})
    written = disk.write(plan, files.Writer(settings.state_dir), session.mounts)
    with state.transaction():
        state.put(session.inputs.changed())
        state.put(row for row in written.rows if recorded.get(row.path) != row)
        state.amend_glance([*session.inputs.rows.values(), *written.rows])
        noted = session.journal.commit(state)
        session.journal.close(state)
        state.set_meta(Meta.complete.to(settings.digest()), Meta.unfinished.to(()))
    say_what_was_written(session, written)
    say_why(session, noted)
    for warning in meta.checked:
        session.say("warn", str(warning))
    return True


def _has_patches(session: Session, meta: Meta) -> bool:
    given = session.settings.patch_templates
    return bool(given if given is not None else meta.patch_templates)


def _same_facts(before: Iterable[WorkloadRow], now: Iterable[WorkloadRow]) -> bool:
    """Whether what a complete run notes of the workloads besides what it writes is the same."""
    return {(row.name, row.network_owner, row.environment) for row in before} == {
        (row.name, row.network_owner, row.environment) for row in now
    }


def _same_names(before: Iterable[EntryRow], now: Iterable[EntryRow]) -> bool:
    return {row[:4] + row[5:] for row in before} == {row[:4] + row[5:] for row in now}


def _same_places(before: Iterable[MountRow], now: Iterable[MountRow]) -> bool:
    return {row[:4] for row in before} == {row[:4] for row in now}


def _spliced(
    path: str, recorded: dict[str, OutputRow], before: Iterable[EntryRow], now: Iterable[EntryRow]
) -> bytes | None:
    """The text of the Compose file with the fragments replaced; None if one is not found in it."""
    row = recorded.get(path)
    if row is None or os.path.islink(path) or not row.matches(files.signature(path)):
        return None
    text, _ = files.read(path)
    start = text.find(b"\nservices:\n")
    new = {entry.name: entry.text.encode() for entry in now}
    for entry in before:
        old = entry.text.encode()
        if new[entry.name] == old:
            continue
        at = text.find(b"\n" + old, start)
        if start < 0 or at < 0 or not _ends(text, at + 1 + len(old)):
            return None
        text = b"".join((text[: at + 1], new[entry.name], text[at + 1 + len(old) :]))
    return text


def _ends(text: bytes, end: int) -> bool:
    """Whether an entry of a section ends at ``end``: a port that was published may have made it longer."""
    rest = text[end : end + 3]
    return rest == b"" or rest[:1] not in b" \n" or (rest[:2] == b"  " and rest[2:] not in (b" ", b""))
