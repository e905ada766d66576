"""The third stage: puts the project together, brings the disk to it, and commits that a run is complete."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import partial

from doit_score.engine.inputs.catalogue import ROLE_PROGRAM
from doit_score.engine.inputs.current import COMMANDS, told_standing
from doit_score.engine.inputs.patterns import matched
from doit_score.engine.settings import Settings
from doit_score.engine.stages import disk, drift
from doit_score.engine.stages.amend import amended
from doit_score.engine.stages.assemble import Made, assembled
from doit_score.engine.stages.neighbours import owner_of
from doit_score.engine.stages.provision import provision
from doit_score.engine.stages.render import render
from doit_score.engine.stages.session import Session
from doit_score.engine.why.origins import some
from doit_score.engine.why.reasons import left_alone, told
from doit_score.engine.why.standing import of_parts, standing
from doit_score.options import said
from doit_score.score.resources import merge
from doit_score.store import files
from doit_score.store.below import Below
from doit_score.store.meta import Meta
from doit_score.store.outlets import Outlets
from doit_score.store.rows import InputRow, MountRow, OriginRow, OutputRow, ReasonRow, who
from doit_score.store.state import State
from doit_score.targets import File
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
    outputs = _outputs(session, made)
    if session.replaced is None:
        _check_outlets(session, outputs)
    if session.settings.env_file is not None:
        _write_env_file(session, session.settings.env_file, made)
    _write(session, made, outputs, forget)
    session.warn(made.warnings)
    _tell_standing(session)
    return session


def _tell_standing(session: Session) -> None:
    """Says how many warnings stand that this run had no reason to tell."""
    told = session.journal.warned
    left = session.state.meta().standing - told
    if left > 0:
        session.say("warn", told_standing(session.settings, left, more=told > 0))


def _outputs(session: Session, made: Made) -> Mapping[str, File]:
    """The files of the output; none where it is written to standard output."""
    settings = session.settings
    if settings.output == "-":
        return {}
    return session.target.files(made.text.decode(), settings.output, session.options)


def _check_outlets(session: Session, outputs: Mapping[str, File]) -> None:
    """Raises ScoreError if what is to be written would replace what is not of this project, or an input."""
    settings, inputs = session.settings, session.inputs.rows.values()
    paths = [*outputs, *([settings.env_file] if settings.env_file else [])]
    # What a command reads may well be the environment file.
    others = Outlets(settings.state_dir, (row for row in inputs if row.role != ROLE_PROGRAM))
    every = Outlets(settings.state_dir, inputs)
    for path in paths:
        (others if path == settings.env_file else every).place(path)
        if matched(path, (*settings.provisioner_globs, *(settings.workloads or ()))):
            raise ScoreError("would be an input of the next run", path=path, hint="name another file")
    if len({os.path.realpath(path) for path in paths}) < len(paths):
        raise ScoreError("cannot be the output and the environment file at once", path=settings.env_file)
    other, force = said("output"), settings.verb("generate --force")
    hint = f"move it away, have another file written ({other}), or replace it: {force}"
    foreign = {} if settings.force else _foreign(session, outputs)
    ScoreError.raise_for(
        [Problem(f"{whose}, and is not replaced", path=path, hint=hint) for path, whose in foreign.items()]
    )


def _foreign(session: Session, outputs: Mapping[str, File]) -> dict[str, str]:
    """The paths of ``outputs`` where something would be lost if they were written, and whose that is."""
    meta = session.state.meta()
    recorded = {row.path: row for row in session.state.select(OutputRow, "path", outputs)}
    found: dict[str, str] = {}
    for path, file in outputs.items():
        if not _is_ours(session, meta, path, file, recorded.get(path)):
            found[path] = "was not written for this project"
        elif path not in recorded and os.path.exists(path) and files.read(path)[0] != file.content:
            owner = owner_of(path, session.settings.state_dir)
            if owner is not None:
                found[path] = f"is the output of another project, whose state is in '{owner}'"
    return found


def _is_ours(session: Session, meta: Meta, path: str, file: File, recorded: OutputRow | None) -> bool:
    if not os.path.exists(path) or ((recorded or meta.legacy) and not os.path.islink(path)):
        return True
    present = files.read(path)[0]
    if recorded and recorded.digest == files.content_digest(present):
        return True
    return present in (b"", file.content) or session.target.is_of(present, meta.project)


def _write_env_file(session: Session, path: str, made: Made) -> None:
    added = session.sink.write_env_file(files.followed(path), made.variables)
    what = f"added {some(added)}" if added else "has every variable that the project refers to"
    session.say("info", f"{path}: {what}")


def _refuse_warnings(session: Session, warnings: Iterable[Problem]) -> None:
    """Raises ScoreError with ``warnings``, and with those of what is up to date, if the run is strict."""
    if session.settings.strict:
        ScoreError.raise_for([*warnings, *of_parts(session.state)])


def _write(session: Session, made: Made, outputs: Mapping[str, File], forget: bool) -> None:
    """Brings the disk to what was made, and commits that."""
    state, settings, inputs, loaded = session.state, session.settings, session.inputs, session.loaded
    is_narrow = session.replaced is not None
    recorded = _recorded(session, made, outputs)
    wanted = _wanted(session, made, outputs, recorded)
    plan = disk.plan(wanted, recorded, session.mounts, _place(session))
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
        _note_variables(session, made)
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


def _note_variables(session: Session, made: Made) -> None:
    """Once the output is written, what it asks for no more as a variable need not be one."""
    if session.state.vault is not None:
        from doit_score.store.apart import note_variables

        note_variables(session.state, made.text.decode())


def _note_complete(session: Session, made: Made) -> None:
    state = session.state
    state.set_meta(*made.noted)
    state.set_meta(
        Meta.complete.to(session.settings.digest() + _commands(session)),
        Meta.unfinished.to(()),
        Meta.standing.to(len(standing(state))),
    )


def _recorded(session: Session, made: Made, outputs: Mapping[str, File]) -> dict[str, OutputRow]:
    """What is known of files that were written before, by path: of all, or of those of a narrow run."""
    state = session.state
    paths = [*outputs, *(os.path.join(session.mounts, path) for path in made.mounts)]
    rows = state.rows(OutputRow) if session.replaced is None else state.select(OutputRow, "path", paths)
    return {row.path: row for row in rows}


def _place(session: Session) -> disk.Place:
    output = session.settings.output
    folder = output if output.endswith("/") else ""
    return disk.Place(folder, partial(session.target.has_file, output))


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


def _wanted(
    session: Session, made: Made, outputs: Mapping[str, File], recorded: Mapping[str, OutputRow]
) -> dict[str, disk.Wanted]:
    """Everything that is to be on the disk: mount files first, the output last."""
    found = {
        os.path.join(session.mounts, path): _wanted_mount(session, row)
        for path, row in sorted(made.mounts.items())
    }
    # With another option another file has the passwords, and modes of before say nothing of it.
    others = session.state.meta().secrets != session.options.secrets
    for path, file in outputs.items():
        is_new = path not in recorded or recorded[path].is_intended
        anew = others or (file.mode is not None and is_new)
        found[path] = disk.output_file(path, file.content, file.mode, anew=anew)
    return found


def _wanted_mount(session: Session, row: MountRow) -> disk.Wanted:
    return disk.Wanted(
        row.what,  # type: ignore[arg-type]  # only a What is ever stored
        row.mode,
        row.digest,
        lambda: row.content or session.state.content(row.path, row.kind, row.owner),
        who(row.kind, row.owner),
    )


def _say_what_was_written(session: Session, written: disk.Written) -> None:
    """Tells the user what the stage has changed on the disk."""
    say, target = session.say, session.settings.output
    for path, name in written.aside:
        say("warn", f"{path}: is not ours, was in the way, and is '{name}' now")
    for path in written.restored:
        say("warn", f"{path}: had been changed or removed by hand, and was restored")
    has_file = partial(session.target.has_file, target)
    outputs, removed = [*filter(has_file, written.changed)], [*filter(has_file, written.removed)]
    if target.endswith("/"):
        if outputs or removed:
            say("info", f"{target}: wrote {len(outputs)}, removed {len(removed)}")
    else:
        for path in outputs:
            say("info", f"wrote {path}")
        for path in removed:
            say("info", f"removed {path}")
    mounts = len(written.changed) - len(outputs), len(written.removed) - len(removed)
    if any(mounts):
        say("info", "mounts: wrote {}, removed {}".format(*mounts))
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
    disk.remove_empty(removed, settings.output if settings.output.endswith("/") else "")
    with state.transaction():
        state.set_meta(Meta.complete.to(""))
        state.drop(OutputRow, recorded)
    return sorted(removed)
