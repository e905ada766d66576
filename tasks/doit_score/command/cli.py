"""The command ``doit-score``: the verbs and flags of score-compose, run by the engine."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from doit_score.command import flags, whereabouts
from doit_score.text import messages, progress, terminal, words
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING
from doit_score.text.streams import know_all_names, make_steady

if TYPE_CHECKING:
    from types import SimpleNamespace

    from doit_score.engine.settings import Settings
    from doit_score.text.messages import Say


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command with ``arguments`` (default: the process's); returns the exit status."""
    from doit_score.command.arguments import parse

    # Most runs end before there is anything to collect; a large one still collects now and then.
    gc.set_threshold(100_000)
    if arguments is None:
        know_all_names()
        make_steady()
    given = sys.argv[1:] if arguments is None else arguments
    # As with diff(1), where 1 says that there are differences.
    failure = 2 if next((word for word in given if word in _COMMANDS), "") == "diff" else 1
    origin = None
    try:
        terminal.choose(terminal.said(given))  # what is wrong with the words themselves is told so too
        chosen = parse(given)
        terminal.choose(chosen.color)
        progress.begin(None if chosen.quiet else progress.Progress())
        if arguments is not None:
            origin = os.getcwd()
        whereabouts.enter(chosen, _say(chosen))
        status = _COMMANDS[chosen.command](chosen)
        sys.stdout.flush()
        return status
    except ScoreError as error:
        messages.print_error(error)
    except KeyboardInterrupt:
        messages.print_failure("interrupted; what was generated so far is kept")
        return 130
    except Exception as error:
        if os.environ.get("DOIT_SCORE_DEBUG"):
            import traceback

            traceback.print_exc()
        else:
            messages.print_failure(
                words.harmless(f"this is a fault of doit-score: {type(error).__name__}: {error}")
                + "\n  hint: set DOIT_SCORE_DEBUG=1 to see where it happened, and report it"
            )
    finally:
        progress.begin(None)
        if origin is not None:
            os.chdir(origin)  # it is that of the caller
    return failure


def _init(chosen: SimpleNamespace) -> int:
    from doit_score.command import init

    flags.check_init(chosen)
    init.run(chosen, _say(chosen), lambda settings: _take_over(chosen, settings))
    return 0


def _generate(chosen: SimpleNamespace) -> int:
    from doit_score.engine.run import Engine

    given = flags.given(chosen)  # what is wrong with the flags is told before anything is looked at
    _need_state(chosen)
    flags.check_files([path for path, _ in given])
    flags.check_named(chosen)
    say = _say(chosen)
    settings = flags.settings(chosen, given=given)
    flags.check_output(chosen.output)
    if chosen.format != "text" and chosen.output == "-":
        raise ScoreError(f"--format {chosen.format}: standard output is for what -o - writes there")
    for flag in ("image", "build") if not settings.given else ():
        if getattr(chosen, flag):
            say("warn", f"--{flag} is for the Score files that are given, and none is: it changes nothing")
    engine = Engine(settings, say)
    engine.update(forget=chosen.forget)
    progress.clear()
    _tell_places(chosen, say)
    if chosen.format != "text":
        from doit_score.answers import done

        done.tell(settings.state_dir, engine.did, chosen.format)
    return 0


def _tell_places(chosen: SimpleNamespace, say: Say) -> None:
    """Says with -vv which provisioner each resource has, and where that is."""
    if chosen.verbose > 1:
        from doit_score.command import resources

        resources.tell_places(chosen, say)


def _diff(chosen: SimpleNamespace) -> int:
    from doit_score.answers import difference

    given = flags.given(chosen)
    if chosen.output == "-":
        raise ScoreError("there is no file to compare with: -o is '-'", hint="name the Compose file")
    flags.check_files([path for path, _ in given])
    flags.check_output(chosen.output)
    flags.check_named(chosen)
    live = flags.recalled(chosen) if chosen.live else None
    settings = flags.settings(chosen, given=given)
    return difference.tell(
        settings, _say(chosen), live=live, commands=chosen.run_commands, format_=chosen.format
    )


def _check(chosen: SimpleNamespace) -> int:
    from doit_score.checking.check import check
    from doit_score.command import findings

    flags.check_files(chosen.files)
    checked = check(flags.settings(chosen), chosen.files, commands=chosen.run_commands)
    say = _say(chosen)
    if checked.task and chosen.configured is None:
        say("warn", f"what the Score(...) of `doit {checked.task}` says is for doit, and not for a check")
    for uid in checked.held:
        say("warn", f"the command of resource '{uid}' was not run (--run-commands runs it)")
    sys.stdout.write(findings.printed(checked, chosen.format))
    counted = (finding for finding in checked.findings if finding.is_error or not chosen.lenient)
    return 1 if any(counted) else 0


def _run(chosen: SimpleNamespace) -> int:
    from doit_score.command import running

    _need_state(chosen)
    say = _say(chosen)
    status = running.run(chosen, say)
    if chosen.command == "up":
        _tell_places(chosen, say)
    return status


def _watch(chosen: SimpleNamespace) -> int:
    from doit_score.command import watch

    _need_state(chosen)
    watch.run(chosen, _say(chosen))
    return 0


def _why(chosen: SimpleNamespace) -> int:
    from doit_score.answers import why

    why.tell(chosen.state_dir, chosen.names, chosen.format, _say(chosen))
    return 0


def _graph(chosen: SimpleNamespace) -> int:
    from doit_score.drawing.draw import draw

    _need_state(chosen)
    draw(
        flags.settings(chosen, **({} if chosen.configured else {"recalls_output": True})),
        _say(chosen),
        file=chosen.output,
        format_=chosen.format,
        focus=chosen.focus,
        group=chosen.group,
        force=chosen.force,
    )
    return 0


def _resources(chosen: SimpleNamespace) -> int:
    from doit_score.command import resources

    _need_state(chosen)
    return resources.run(chosen)


def _provisioners(chosen: SimpleNamespace) -> int:
    from doit_score.command import provisioners

    if chosen.command == "provisioners list":
        _need_state(chosen)
    return provisioners.run(chosen, _say(chosen))


def _schema(chosen: SimpleNamespace) -> int:
    from doit_score.command import schemas

    sys.stdout.write(schemas.text(chosen.schema))
    return 0


def _export(chosen: SimpleNamespace) -> int:
    from doit_score import moving

    _need_state(chosen)
    moving.hand_back(flags.settings(chosen), _say(chosen), force=chosen.force)
    return 0


def _recover(chosen: SimpleNamespace) -> int:
    from doit_score.store import backup
    from doit_score.store.lock import locked

    say = _say(chosen)
    if not os.path.isdir(chosen.state_dir):
        raise ScoreError(f"there is no state directory '{chosen.state_dir}'")
    with locked(chosen.state_dir, chosen.lock_timeout, lambda text: say("warn", text)):
        aside = backup.recover(chosen.state_dir, force=chosen.force)
    for path in aside:
        say("info", f"what was in its place is '{path}' now")
    say("info", f"made a new state in '{chosen.state_dir}' from its backup; run `generate` to do the rest")
    return 0


def _doctor(chosen: SimpleNamespace) -> int:
    from doit_score.command import doctor

    return doctor.run(chosen)


def _version(chosen: SimpleNamespace) -> int:
    from doit_score.command import version_check

    sys.stdout.write(version_check.told(chosen.format))
    return 0


def _check_version(chosen: SimpleNamespace) -> int:
    from doit_score.command.version_check import check

    check(chosen.constraint)
    return 0


def _completion(chosen: SimpleNamespace) -> int:
    from doit_score.command import completion

    # All but the last are what the scripts ask for.
    if chosen.shell == "environments":
        sys.stdout.writelines(f"{name}\n" for name in whereabouts.environments())
    elif chosen.shell == "topics":
        from doit_score.command import explain

        sys.stdout.writelines(f"{name}\n" for name in explain.names())
    elif chosen.shell in ("uids", "names"):
        sys.stdout.writelines(f"{name}\t{what}\n" for name, what in sorted(_known(chosen).items()))
    elif chosen.shell == "types":
        from doit_score.command import provisioners

        types = {entry.type for entry in provisioners.catalogue(chosen).entries()}
        sys.stdout.writelines(f"{type_}\n" for type_ in sorted(types))
    else:
        sys.stdout.write(completion.script(chosen.shell))
    return 0


def _known(chosen: SimpleNamespace) -> dict[str, str]:
    """The resources, or workloads and resources, by the names that commands take, with what each is."""
    from doit_score.engine.why import answer as why
    from doit_score.store.state import open_state

    if chosen.shell == "uids":
        from doit_score.command import resources

        _need_state(chosen)
        with resources.opened(chosen) as state:
            return {uid: row.provisioner for uid, row in resources.rows(state).items()}
    with open_state(chosen.state_dir) as state, state.snapshot():
        return why.names_in(state)


def _need_state(chosen: SimpleNamespace) -> None:
    from doit_score.store.state import exists

    _take_over(chosen, flags.settings(chosen))
    # Nobody has to say anything with `init` where all is said already.
    if not exists(chosen.state_dir) and not (chosen.configured and chosen.command in _WITHOUT_STATE):
        # doit's database may be there already, where a dodo.py says `score.dep_file`.
        lacks = "has no state in it yet" if os.path.isdir(chosen.state_dir) else "does not exist yet"
        raise ScoreError(
            f"the state directory '{chosen.state_dir}' {lacks}", hint='please run "doit-score init" first'
        )


def _take_over(chosen: SimpleNamespace, settings: Settings) -> None:
    """Takes over what another tool left, for the project without a name: it had no others."""
    from doit_score import moving

    if not chosen.env:
        moving.take_over(settings, _say(chosen), getattr(chosen, "files", ()))


def _say(chosen: SimpleNamespace) -> Say:
    return messages.printer("none" if chosen.quiet else "debug" if chosen.verbose else "info")


_WITHOUT_STATE = ("generate", "up", "watch", "provisioners list")
_COMMANDS = {
    "init": _init,
    "generate": _generate,
    "diff": _diff,
    "check": _check,
    "why": _why,
    "graph": _graph,
    **dict.fromkeys(("up", "down", "status", "logs", "exec", "restart"), _run),
    "watch": _watch,
    "resources list": _resources,
    "resources show": _resources,
    "resources get-outputs": _resources,
    "provisioners list": _provisioners,
    "provisioners show": _provisioners,
    "provisioners try": _provisioners,
    "provisioners eject": _provisioners,
    "provisioners explain": _provisioners,
    "schema": _schema,
    "export": _export,
    "recover": _recover,
    "doctor": _doctor,
    "version": _version,
    "check-version": _check_version,
    "completion": _completion,
}
