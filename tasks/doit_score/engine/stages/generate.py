"""The third stage: puts the project together, brings the disk to it, and commits that a run is complete."""

from __future__ import annotations

import os
from collections.abc import Iterable

from doit_score.engine.inputs.catalogue import ROLE_PROGRAM
from doit_score.engine.inputs.current import COMMANDS, told_standing
from doit_score.engine.inputs.patterns import matched
from doit_score.engine.settings import Settings
from doit_score.engine.stages import disk, drift
from doit_score.engine.stages.amend import amended
from doit_score.engine.stages.assemble import Made, assembled
from doit_score.engine.stages.provision import provision
from doit_score.engine.stages.render import render
from doit_score.engine.stages.session import Session
from doit_score.engine.why.origins import some
from doit_score.engine.why.reasons import left_alone, told
from doit_score.engine.why.standing import of_parts, standing
from doit_score.score.resources import merge
from doit_score.store import files
from doit_score.store.below import Below
from doit_score.store.meta import Meta
from doit_score.store.outlets import outlet
from doit_score.store.rows import InputRow, MountRow, OriginRow, OutputRow, ReasonRow
from doit_score.store.state import State
from doit_score.text.errors import Problem, ScoreError


def generate(session: Session, *, forget: bool = False) -> Session:
    """Writes the project and the mount files, and commits that this run is complete.

    Renders first if that has not been done.  With ``forget`` it drops what is kept for the return of what
    is no longer in the project.  Returns the run as it ended: a narrow one may have had to be widened.
    """
    if session.is_over:
        session.say("info", f"{session.settings.output} is up to date")
        _tell_standing(session)
        return session
    if not session.is_rendered:
        render(session)
    made = None if session.replaced is None or forget else amended(session, session.replaced)
    if made is None:
        if session.replaced is not None:
            session = session.widened()
            provision(session)
            render(session)
        made = assembled(session)
    _refuse_warnings(session, made.warnings)
    if session.replaced is None:
        _check_outlets(session, made)
    if session.settings.env_file is not None:
        _write_env_file(session, session.settings.env_file, made)
    _write(session, made, forget)
    session.warn(made.warnings)
    _tell_standing(session)
    return session


def _tell_standing(session: Session) -> None:
    """Says how many warnings stand that this run had no reason to tell."""
    told = session.journal.warned
    left = session.state.meta().standing - told
    if left > 0:
        session.say("warn", told_standing(left, more=told > 0))


def _check_outlets(session: Session, made: Made) -> None:
    """Raises ScoreError if what is to be written would replace what is not of this project, or an input."""
    settings, inputs = session.settings, session.inputs.rows.values()
    paths = [path for path in (settings.output, settings.env_file) if path and path != "-"]
    for path in paths:
        # What a command reads may well be the environment file.
        free = ROLE_PROGRAM if path == settings.env_file else ""
        outlet(path, settings.state_dir, (row for row in inputs if row.role != free))
        if matched(path, (*settings.provisioner_globs, *(settings.workloads or ()))):
            raise ScoreError("would be an input of the next run", path=path, hint="name another file")
    if len({os.path.realpath(path) for path in paths}) < len(paths):
        raise ScoreError("cannot be the output and the environment file at once", path=settings.env_file)
    if settings.output != "-" and not (settings.force or _is_ours(session, settings.output, made)):
        raise ScoreError(
            "was not written for this project, and is not replaced",
            path=settings.output,
            hint="move it away, have another file written (-o FILE, Score(output=...)), or replace it: "
            "`doit-score generate --force`",
        )


def _is_ours(session: Session, path: str, made: Made) -> bool:
    """Whether nothing is lost if ``path`` is written."""
    meta = session.state.meta()
    recorded = session.state.select(OutputRow, "path", [path])
    if not os.path.exists(path) or ((recorded or meta.legacy) and not os.path.islink(path)):
        return True
    present = files.read(path)[0]
    if any(row.digest == files.content_digest(present) for row in recorded):
        return True
    return present in (b"", made.text) or session.target.is_of(present, meta.project)


def _write_env_file(session: Session, path: str, made: Made) -> None:
    added = session.sink.write_env_file(files.followed(path), made.variables)
    what = f"added {some(added)}" if added else "has every variable that the project refers to"
    session.say("info", f"{path}: {what}")


def _refuse_warnings(session: Session, warnings: Iterable[Problem]) -> None:
    """Raises ScoreError with ``warnings``, and with those of what is up to date, if the run is strict."""
    if session.settings.strict:
        ScoreError.raise_for([*warnings, *of_parts(session.state)])


def _write(session: Session, made: Made, forget: bool) -> None:
    """Brings the disk to what was made, and commits that."""
    state, settings, inputs, loaded = session.state, session.settings, session.inputs, session.loaded
    is_narrow = session.replaced is not None
    wanted = _wanted(session, made)
    rows = state.select(OutputRow, "path", wanted) if is_narrow else state.rows(OutputRow)
    recorded = {row.path: row for row in rows}
    plan = disk.plan(wanted, recorded, session.mounts)
    drift.note(session, plan, recorded, made.mounts, made.parts)
    intended = list(plan.intended(recorded))
    if intended:
        with state.transaction():
            state.put(intended)
    written = session.sink.write(plan, session.mounts)
    with state.transaction():
        state.put(inputs.changed())
        present = {row.path for row in written.rows}
        state.drop(OutputRow, [path for path in recorded if path not in present])
        state.put(row for row in written.rows if recorded.get(row.path) != row)
        if is_narrow:
            state.amend_glance([*inputs.rows.values(), *written.rows])
        else:
            state.drop(InputRow, inputs.unused())
            state.put([OriginRow(drift.OUTPUT, "", made.parts or "", "", "[]")])
            state.renew_glance()
        noted = session.journal.commit(state)
        session.journal.close(state)
        forgotten = _forgotten(session) if forget else ()
        if not is_narrow:
            given = loaded.given if forget else {**loaded.absent, **loaded.given}
            state.set_given((path, options.text()) for path, options in sorted(given.items()))
        _note_complete(session, made)
    if settings.output == "-":
        session.sink.print(made.text.decode())
    _say_what_was_written(session, written)
    for text in forgotten:
        session.say("info", text)
    _say_why(session, noted)


def _note_complete(session: Session, made: Made) -> None:
    state = session.state
    state.set_meta(*made.noted)
    state.set_meta(
        Meta.complete.to(session.settings.digest() + _commands(session)),
        Meta.unfinished.to(()),
        Meta.standing.to(len(standing(state))),
    )


def _commands(session: Session) -> str:
    """What the next quick look must know of commands: see current.COMMANDS."""
    rows = session.resources
    if not any(row.runs_command for row in rows.values()):
        return ""
    needs = merge(session.loaded.declared)
    always = (session.catalogue.runs_always(need) for uid, need in needs.items() if rows[uid].runs_command)
    return COMMANDS if any(always) else ""


def _forgotten(session: Session) -> Iterable[str]:
    """Forgets; says what."""
    from doit_score.engine.stages import forgetting

    return forgetting.forget(session).lines()


def _say_why(session: Session, noted_files: Iterable[ReasonRow]) -> None:
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


def _wanted(session: Session, made: Made) -> dict[str, disk.Wanted]:
    """Everything that is to be on the disk: mount files first, the output last."""
    found = {
        os.path.join(session.mounts, path): _wanted_mount(session, row)
        for path, row in sorted(made.mounts.items())
    }
    if session.settings.output != "-":
        found[session.settings.output] = disk.output_file(
            session.settings.output, made.text, session.target.output_mode
        )
    return found


def _wanted_mount(session: Session, row: MountRow) -> disk.Wanted:
    return disk.Wanted(
        row.what,  # type: ignore[arg-type]  # only a What is ever stored
        row.mode,
        row.digest,
        lambda: row.content or session.state.content(row.path, row.kind, row.owner),
        f"{row.kind} '{row.owner}'",
    )


def _say_what_was_written(session: Session, written: disk.Written) -> None:
    """Tells the user what the stage has changed on the disk."""
    say, target = session.say, session.settings.output
    for path, name in written.aside:
        say("warn", f"{path}: is not ours, was in the way, and is '{name}' now")
    for path in written.restored:
        say("warn", f"{path}: had been changed or removed by hand, and was restored")
    if target in written.changed:
        say("info", f"wrote {target}")
    others = [path for path in written.changed if path != target]
    if others or written.removed:
        say("info", f"mounts: wrote {len(others)}, removed {len(written.removed)}")
    if not (written.changed or written.removed or target == "-"):
        say("info", f"{target} is up to date")


def clean(state: State, settings: Settings, root: str) -> list[str]:
    """Removes what :func:`generate` wrote, and forgets that it did."""
    recorded = {row.path: row for row in state.rows(OutputRow)}
    removed = []
    with Below(root) as below:
        for path, row in sorted(recorded.items(), reverse=True):
            # The output may be a link that somebody made.
            place = path if path.startswith(root + os.sep) else files.followed(path)
            if row.what == "file" and below.remove(place):
                removed.append(path)
            below.remove_empty_directories(path if row.what == "directory" else os.path.dirname(path))
    with state.transaction():
        state.set_meta(Meta.complete.to(""))
        state.drop(OutputRow, recorded)
    return sorted(removed)
