"""The first stage: what it reads from the state, and what it commits of what the provisioners made."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

from doit_score.engine import secrets
from doit_score.engine.inputs.load import Loaded
from doit_score.engine.settings import FileOptions
from doit_score.engine.stages.outcome import Before, Made, Provisioned, Surroundings
from doit_score.engine.stages.records import Fragments, resource_mounts, warning_row
from doit_score.engine.stages.rounds import Provisioning
from doit_score.engine.stages.session import FEW, Session
from doit_score.engine.why.origins import Reason
from doit_score.engine.why.reasons import GONE, text_of_reasons, told
from doit_score.engine.why.standing import NOTICE, UNSTABLE
from doit_score.store import files, revealed
from doit_score.store.meta import Meta, problems_of, text_of_problems
from doit_score.store.rows import (
    REVEALED,
    EntryRow,
    MountRow,
    OriginRow,
    OutputRow,
    ResourceRow,
    WarningRow,
    WorkloadRow,
)
from doit_score.store.state import State
from doit_score.text import progress, words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.secrets import Masking

_OF_RESOURCES = ("resource", UNSTABLE)


def provision(session: Session) -> None:
    """Provisions what is stale; in a narrow run, in which nothing can be, takes the edited workloads."""
    if session.replaced is None:
        _provision(session)
    else:
        _take_edited(session)
    progress.clear()  # what is written to standard output next is no matter of messages


def _provision(session: Session) -> None:
    """Runs stale provisioners and commits the outcome, with what the workloads declare.

    If some fail, what the others generated is kept all the same, and nothing else is committed.
    """
    state, loaded = session.state, session.loaded
    meta = state.meta()
    unfinished = _sweep(session, meta)
    fingerprint = session.catalogue.fingerprint()
    _say_about_workloads(session)
    known = {row.uid: row for row in state.rows(ResourceRow)}
    fragments = Fragments(session.target, session.options, state.vault)
    outcome = Provisioning(
        loaded,
        session.workloads,
        session.catalogue,
        known=known,
        before=Before(
            state.kept,
            parts=lambda uid: origin.parts if (origin := state.origin("resource", uid)) else "",
            is_stored=lambda made: _is_stored(made, state, fragments),
            reveals=lambda made, rows: _reveals(made, rows, state, known.keys()),
            tried=_found(state, UNSTABLE),
            warned=_found(state, "resource"),
        ),
        around=_surroundings(session, meta, same_catalogue=meta.catalogue == fingerprint),
        same_catalogue=meta.catalogue == fingerprint,
    ).run()
    if outcome.errors or outcome.warnings or outcome.told_anew:
        mask = _mask(session, outcome)
        outcome.hide(lambda problem: secrets.hidden(problem, mask))
    _learn(state, outcome.made)
    # What was told of secrets while provisioners ran is known only now.
    fragments = Fragments(session.target, session.options, state.vault)
    if session.faults is None:
        _refuse(session, outcome)
    else:
        session.faults.extend(outcome.errors)
    session.resources, session.held = outcome.rows, outcome.held
    if outcome.only_commands:
        session.run, session.is_over = meta.run, True
        _say_what_was_provisioned(session, outcome)
        return
    session.run = os.urandom(8).hex()
    with state.transaction():
        _begin(state, session.run, unfinished)
        state.set_meta(
            Meta.catalogue.to(fingerprint), Meta.attic.to(outcome.attic), Meta.base.to(outcome.base)
        )
        state.put(session.inputs.changed())
        _commit_loaded(state, loaded)
        _take_out(session, outcome)
        _commit_provisioned(state, fragments, outcome, known)
        _note_provisioned(session, outcome)
        noted = session.journal.commit(state)
    session.inputs.recorded()
    session.warn(outcome.warnings)
    _say_what_was_provisioned(session, outcome)
    for row in noted:
        session.say("debug", told(row))


def _learn(state: State, made: Mapping[str, Made]) -> None:
    if state.vault is not None:
        for one in made.values():
            secrets.learn(state.vault, one)


def _reveals(
    made: Mapping[str, Made], rows: dict[str, ResourceRow], state: State, known: Collection[str]
) -> bool:
    """See :class:`Before`."""
    if state.vault is None or not {*known} - made.keys():
        return False
    _learn(state, made)
    uids, _ = _holders(state)
    return _mark(rows, uids - made.keys())


def _holders(state: State) -> tuple[set[str], set[str]]:
    """The resources and the workloads that have in plain what the vault has just learned."""
    assert state.vault is not None
    found = revealed.holders(state, state.vault.learned)
    uids = {owner for kind, owner in found if kind in _OF_RESOURCES}
    return uids, {owner for kind, owner in found if kind not in _OF_RESOURCES}


def _mark(rows: dict[str, ResourceRow], uids: Collection[str]) -> bool:
    """Has some resources made again; whether one of them was not to be before."""
    marked = {uid: rows[uid]._replace(digest=REVEALED) for uid in uids if uid in rows}
    is_new = any(rows[uid] != row for uid, row in marked.items())
    rows.update(marked)
    return is_new


def _take_out(session: Session, outcome: Provisioned) -> None:
    """Takes out of the state what has become a secret, and has made again what has it in plain."""
    state = session.state
    if state.vault is None or not state.vault.learned:
        return
    uids, names = _holders(state)
    uids -= outcome.made.keys()
    _mark(outcome.rows, uids)
    state.put(row._replace(digest=REVEALED) for row in state.select(ResourceRow, "uid", sorted(uids)))
    # Those in the state may be of other Score files: a run that fails leaves these as they are.
    state.put(row._replace(rendered=REVEALED) for row in state.select(WorkloadRow, "name", sorted(names)))
    workloads = session.loaded.workloads
    workloads.update((name, workloads[name]._replace(rendered=REVEALED)) for name in names & workloads.keys())
    revealed.take_out(state, state.vault.learned)


def _refuse(session: Session, outcome: Provisioned) -> None:
    """Raises ScoreError for what failed; keeps what was generated."""
    if outcome.errors:
        with session.state.transaction():
            _take_out(session, outcome)
            session.state.put(made.kept for made in outcome.made.values())
            session.state.set_meta(Meta.attic.to(outcome.attic))
        raise ScoreError.of(outcome.errors)


def _surroundings(session: Session, meta: Meta, *, same_catalogue: bool) -> Surroundings:
    return Surroundings(
        target=session.target,
        options=session.options,
        mounts_directory=session.mounts_directory,
        environment=session.settings.environment,
        hermetic=session.settings.hermetic,
        force=session.settings.force,
        commands=session.commands,
        only_commands=session.only_commands and same_catalogue,
        goes_on=session.faults is not None,
        attic=meta.attic,
        base=meta.base,
    )


def _say_what_was_provisioned(session: Session, outcome: Provisioned) -> None:
    say = session.say
    ran = sorted({**outcome.same, **outcome.made}.items())
    logs = [(uid, line) for uid, made in ran for line in made.result.info_logs]
    mask = _mask(session, outcome) if logs else str
    for uid, text in logs:
        for line in mask(text).splitlines() or ("",):
            say("info", f"{uid}: {line}")
    if outcome.gone:
        say("info", _removed(session.state, outcome.gone))
    if outcome.same:
        say("info", f"ran {words.count(outcome.same, 'command')}, with the same results as before")
    total = f" of {len(outcome.order)}" if len(outcome.made) < len(outcome.order) else ""
    say("info" if outcome.made else "debug", f"provisioned {words.count(outcome.made, 'resource')}{total}")


def _mask(session: Session, outcome: Provisioned) -> Masking:
    made = [one.result for one in (*outcome.same.values(), *outcome.made.values())]
    more = [values for result in made for values in (result.outputs, result.state)]
    return secrets.masking(session.state, outcome.attic, outcome.base, *more)


def _take_edited(session: Session) -> None:
    """The first stage of a narrow run: commits what was read, since nothing is to be provisioned."""
    state, loaded = session.state, session.loaded
    unfinished = _sweep(session, state.meta())
    _say_about_workloads(session)
    session.run = os.urandom(8).hex()
    with state.transaction():
        _begin(state, session.run, unfinished)
        state.put(session.inputs.changed())
        state.put(loaded.workloads[name] for name in loaded.changed)
    session.inputs.recorded()
    used = sorted({declaration.uid for declaration in loaded.declared})
    session.resources = {row.uid: row for row in state.select(ResourceRow, "uid", used)}
    session.say("debug", "provisioned 0 resources: nothing has changed that they depend on")


def _begin(state: State, run: str, unfinished: tuple[str, ...]) -> None:
    """Notes that a run is under way."""
    state.set_meta(Meta.complete.to(""), Meta.run.to(run), Meta.unfinished.to(unfinished))


def _sweep(session: Session, meta: Meta) -> tuple[str, ...]:
    """Removes what a killed run has left beside the files that it wrote; where this one may leave something.

    A run notes the directories that it writes to, besides the mounts, with its first commit, and takes
    the note back with its last.
    """
    settings = session.settings
    noted = set(meta.unfinished)
    written = {settings.output, settings.env_file} - {None, "-"}
    noted |= {os.path.dirname(files.followed(path)) for path in written if path}
    # A state that was recovered or is of an older version knows of no run, and has no such note.
    if not meta.complete:
        rows = session.state.rows(OutputRow)
        noted |= {
            os.path.dirname(row.path) for row in rows if not row.path.startswith(session.mounts + os.sep)
        }
        session.sink.sweep(sorted(noted), session.mounts)
        session.sink.sweep_secrets(session.state)
    return tuple(sorted(noted))


def _removed(state: State, gone: Collection[str]) -> str:
    text = f"removed {words.count(gone, 'resource')}: {', '.join(gone)}"
    kept = (state.kept(uid) for uid in gone)
    if all(row is None or row.state == "{}" for row in kept):
        return text
    return f"{text} (what was generated is kept for a return; `generate --forget` drops it)"


def _say_about_workloads(session: Session) -> None:
    loaded, say = session.loaded, session.say
    given = session.state.given() if session.settings.workloads is None and loaded.gone else {}
    heirs = loaded.heirs()
    for row in loaded.gone:
        if row.file in heirs:
            say(
                "warn",
                f"workload '{row.name}' is '{heirs[row.file]}' now (in '{row.file}'): its resources have "
                "other names too, and new values; those of before are kept for the return of the name",
            )
            continue
        # One that was given in a run that failed has never been in the project.
        never = session.settings.workloads is None and row.file not in given
        say(
            "debug" if never else "warn",
            f"workload '{row.name}' is gone (it was in '{row.file}'): removed from the project; "
            "generated values are kept for its return",
        )
    known = session.state.given() if session.settings.given else {}
    for path, options in session.settings.given:
        before, now = FileOptions.of_text(known.get(path, "")).flags(), options.flags()
        if dropped := ", ".join(flag for flag in before if flag not in now):
            say("warn", f"{path}: was named anew, so what was said before counts no longer: {dropped}")
    few = len(loaded.parsed) <= FEW
    for name, parsed in sorted(loaded.parsed.items()):
        session.warn(parsed.notices, notice=True)
        say("info" if few else "debug", f"read workload '{name}' from '{parsed.path}'")
    if not few:
        say("info", f"read {words.count(loaded.parsed, 'workload')}")


def _commit_loaded(state: State, loaded: Loaded) -> None:
    gone = [row.name for row in loaded.gone]
    state.drop_made("workload", gone)
    state.drop_made(NOTICE, gone)
    state.drop(WorkloadRow, gone)
    state.put(loaded.workloads[name] for name in loaded.changed)
    state.set_needs({**dict.fromkeys(gone, ()), **loaded.changed})


def _commit_provisioned(
    state: State, fragments: Fragments, outcome: Provisioned, known: Mapping[str, ResourceRow]
) -> None:
    state.drop_made("resource", (*outcome.gone, *outcome.made))
    state.drop(ResourceRow, outcome.gone)
    state.put(row for uid, row in outcome.rows.items() if known.get(uid) is not row)
    state.put(made.kept for made in outcome.made.values())
    state.put(
        OriginRow("resource", uid, made.parts, "", text_of_reasons(outcome.why[uid]))
        for uid, made in outcome.made.items()
    )
    state.put(
        row
        for uid, made in outcome.made.items()
        for row in fragments.rows("resource", uid, made.result.sections, made.result.file_variables)
    )
    state.put(row for uid, made in outcome.made.items() for row in resource_mounts(uid, made.result))
    state.put(row for uid, one in outcome.made.items() for row in warning_row("resource", uid, one.warnings))
    state.drop_made(UNSTABLE, _found(state, UNSTABLE).keys() - outcome.firsts)
    state.put(WarningRow(UNSTABLE, uid, text_of_problems(found)) for uid, found in outcome.tried.items())
    state.put(row for uid, found in outcome.told_anew.items() for row in warning_row("resource", uid, found))


def _found(state: State, kind: str) -> dict[str, tuple[Problem, ...]]:
    """What stands of one kind, by uid."""
    return {row.owner: problems_of(row.problems) for row in state.rows(WarningRow) if row.kind == kind}


def _is_stored(made: Made, state: State, fragments: Fragments) -> bool:
    """Whether the state has all that a provisioner returned."""
    uid, result = made.row.uid, made.result
    if state.vault is not None:
        secrets.learn(state.vault, made)
    warnings = secrets.without(made.warnings, lambda: secrets.masking(state, result.outputs, result.state))
    mounts = [row._replace(content=b"") for row in resource_mounts(uid, result)]
    return (
        state.kept(uid) == made.kept
        and state.rows(WarningRow, "resource", uid) == list(warning_row("resource", uid, warnings))
        and state.rows(MountRow, "resource", uid) == sorted(mounts)
        and state.rows(EntryRow, "resource", uid)
        == sorted(fragments.rows("resource", uid, result.sections, result.file_variables))
    )


def _note_provisioned(session: Session, outcome: Provisioned) -> None:
    journal, loaded = session.journal, session.loaded
    heirs = loaded.heirs()
    for row in loaded.gone:
        other = heirs.get(row.file)
        text = (
            f"its file '{row.file}' is gone"
            if other is None
            else f"'{row.file}' is of workload '{other}' now"
        )
        journal.note("workload", row.name, "removed", [Reason("gone", text)])
    for uid in outcome.gone:
        journal.note("resource", uid, "removed", [GONE])
    for uid in outcome.made:
        journal.note("resource", uid, "provisioned", outcome.why[uid])
