"""The command ``doit-score``: the verbs and flags of score-compose, run by the engine."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Collection, Sequence

from doit_score.command import flags
from doit_score.options import DIRECTORIES, TARGETS
from doit_score.text import messages, words
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING
from doit_score.text.streams import know_all_names, make_steady
from doit_score.version import __version__

if TYPE_CHECKING:
    from types import SimpleNamespace

    from doit_score.engine.settings import Settings
    from doit_score.fetching import Source
    from doit_score.running import Verbs
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
    try:
        chosen = parse(given)
        status = _COMMANDS[chosen.command](chosen)
        sys.stdout.flush()
        return status
    except ScoreError as error:
        messages.print_error(error)
    except KeyboardInterrupt:
        print("Error: interrupted; what was generated so far is kept", file=sys.stderr)
        return 130
    except Exception as error:
        if os.environ.get("DOIT_SCORE_DEBUG"):
            import traceback

            traceback.print_exc()
        else:
            print(
                f"Error: this is a fault of doit-score: {type(error).__name__}: {error}\n"
                "  hint: set DOIT_SCORE_DEBUG=1 to see where it happened, and report it",
                file=sys.stderr,
            )
    return failure


def _init(chosen: SimpleNamespace) -> int:
    from doit_score import moving
    from doit_score.command import imports, sample, schemas
    from doit_score.engine.inputs.catalogue import Catalogue
    from doit_score.engine.inputs.load import Inputs
    from doit_score.engine.run import Engine
    from doit_score.engine.stages.project import check_name
    from doit_score.store import files
    from doit_score.store.lock import locked
    from doit_score.store.state import exists, open_state

    if chosen.project is not None:
        check_name(chosen.project, "--project")
    provisioners, templates = _fetched(chosen)
    settings = flags.settings(chosen, patches=templates or None)
    say = _say(chosen)
    moving.take_over(settings, say)
    settings = _recalled(settings)
    directory = DIRECTORIES[settings.target or TARGETS[0]]
    # Provisioner files that cannot be read are told of now, not at the first generate.
    Catalogue(settings, Inputs({}), defaults=chosen.default_provisioners is not False).entries()
    if not chosen.no_sample:
        sample.check(chosen.file, settings.state_dir)
    with locked(settings.state_dir, settings.lock_timeout, lambda text: say("warn", text)):
        if exists(settings.state_dir):
            # One that cannot be used is told of before anything is written.
            with open_state(settings.state_dir, create=True):
                pass
        writer = files.Writer(settings.state_dir)
        # What an init that was killed has left.
        writer.sweep([os.path.dirname(chosen.file), directory])
        if not chosen.no_sample:
            sample.write(chosen.file, settings.state_dir, writer, say)
        schemas.write(settings.state_dir, writer)
        for path in imports.take_in_provisioners(provisioners, directory, writer):
            say("info", f"took in provisioners as '{path}'")
    engine = Engine(settings, say)
    if engine.is_initialised():
        say("info", f"found the state directory '{settings.state_dir}'")
    else:
        engine.init()
    return 0


def _fetched(chosen: SimpleNamespace) -> tuple[list[Source], tuple[tuple[str, str], ...]]:
    """The provisioner files, and the names and texts of the patch templates, that are to be taken in."""
    from doit_score import fetching
    from doit_score.command import imports

    provisioners = fetching.fetch_all("provisioner", chosen.provisioners)
    imports.check_provisioners(provisioners)
    patches = fetching.fetch_all("patch template", chosen.patch_templates)
    return provisioners, tuple(imports.check_patch_template(source) for source in patches)


def _recalled(settings: Settings) -> Settings:
    """``settings`` with the target of the project, where there is one already."""
    from doit_score.store.state import exists, open_state

    if not exists(settings.state_dir):
        return settings
    with open_state(settings.state_dir) as state:
        return settings.recalled(state.meta())


def _generate(chosen: SimpleNamespace) -> int:
    from doit_score.engine.run import Engine

    given = flags.given(chosen)  # what is wrong with the flags is told before anything is looked at
    _need_state(chosen)
    flags.check_files([path for path, _ in given])
    say = _say(chosen)
    settings = flags.settings(chosen, given=given)
    flags.check_output(chosen.output)
    for flag in ("image", "build") if not settings.given else ():
        if getattr(chosen, flag):
            say("warn", f"--{flag} is for the Score files that are given, and none is: it changes nothing")
    Engine(settings, say).update(forget=chosen.forget)
    return 0


def _diff(chosen: SimpleNamespace) -> int:
    from doit_score.command import unified
    from doit_score.engine.difference import difference
    from doit_score.engine.settings import not_for

    given = flags.given(chosen)
    if chosen.output == "-":
        raise ScoreError("there is no file to compare with: -o is '-'", hint="name the Compose file")
    flags.check_files([path for path, _ in given])
    flags.check_output(chosen.output)
    print_ = _say(chosen)

    def say(level: str, text: str) -> None:
        if level == "warn":  # the rest tells what was done, and nothing is
            print_(level, text)

    recalled = flags.recalled(chosen) if chosen.live else None
    if recalled is not None and recalled.target != "kubernetes":
        raise not_for("--live", "kubernetes", recalled.target)
    found = difference(flags.settings(chosen, given=given), say, commands=chosen.run_commands)
    text = unified.text_of(found)
    if recalled is not None:
        from doit_score.running.cluster.project import ClusterProject

        text = ClusterProject(recalled, say, found).live_difference()
    sys.stdout.write(words.harmless(text))
    for uid in found.held:
        say(
            "warn",
            f"`generate` would run the command of resource '{uid}', which diff does not: what is shown is "
            "for what it returned before (--run-commands runs it)",
        )
    return 1 if text or found.held else 0


def _check(chosen: SimpleNamespace) -> int:
    from doit_score.checking.check import check
    from doit_score.command import findings

    flags.check_files(chosen.files)
    checked = check(flags.settings(chosen), chosen.files, commands=chosen.run_commands)
    say = _say(chosen)
    if checked.task:
        say("warn", f"what the Score(...) of `doit {checked.task}` says is for doit, and not for a check")
    for uid in checked.held:
        say("warn", f"the command of resource '{uid}' was not run (--run-commands runs it)")
    if chosen.format == "json":
        sys.stdout.write(findings.json(checked.findings))
    elif chosen.format == "github":
        sys.stdout.write(findings.github(checked.findings))
    else:
        sys.stdout.write(messages.fitted(findings.text(checked), sys.__stdout__))
    counted = (finding for finding in checked.findings if finding.is_error or not chosen.lenient)
    return 1 if any(counted) else 0


def _up(chosen: SimpleNamespace) -> int:
    from doit_score.engine.run import Engine

    _need_state(chosen)
    Engine(flags.settings(chosen), _say(chosen)).update()
    running = _running(chosen)
    if running.is_current():
        running.describe()
    else:
        running.up(force=chosen.force)
    _tell_reaching(chosen)
    return 0


def _tell_reaching(chosen: SimpleNamespace) -> None:
    from doit_score.running import reaching

    reaching.tell(chosen.state_dir, _say(chosen))


def _down(chosen: SimpleNamespace) -> int:
    _need_state(chosen)
    _running(chosen).down(volumes=chosen.volumes, force=chosen.force)
    return 0


def _status(chosen: SimpleNamespace) -> int:
    _need_state(chosen)
    _running(chosen).show_status(chosen.format)
    _tell_reaching(chosen)
    return 0


def _logs(chosen: SimpleNamespace) -> int:
    _need_state(chosen)
    _running(chosen).logs(chosen.names, follow=chosen.follow, tail=chosen.tail)
    return 0


def _running(chosen: SimpleNamespace) -> Verbs:
    from doit_score.running import verbs
    from doit_score.text import messages

    terminal = not chosen.quiet and messages.terminal()
    return verbs(flags.recalled(chosen), _say(chosen), terminal=terminal)


def _why(chosen: SimpleNamespace) -> int:
    from doit_score.command import listing
    from doit_score.engine.why import answer as why
    from doit_score.store.state import open_state

    with open_state(chosen.state_dir) as state, state.snapshot():
        state.check()
        found = why.look_up(state, chosen.names)
    if found.rows or chosen.format == "json":
        sys.stdout.write(listing.reasons(found.rows, found.warnings, chosen.format))
    say = _say(chosen)
    for level, text in found.lines:
        say(level, text)
    for one in found.warnings if chosen.format != "json" else ():
        say("warn", messages.text_of(one.problem))
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


def _version(chosen: SimpleNamespace) -> int:
    import platform

    print(f"doit-score {__version__} (Python {platform.python_version()})")
    return 0


def _check_version(chosen: SimpleNamespace) -> int:
    from doit_score.command.version_check import check

    check(chosen.constraint)
    return 0


def _completion(chosen: SimpleNamespace) -> int:
    from doit_score.command import completion

    # The first four are what the scripts ask for.
    if chosen.shell == "topics":
        from doit_score.command import explain

        sys.stdout.writelines(f"{name}\n" for name in explain.names())
    elif chosen.shell in ("uids", "names"):
        sys.stdout.writelines(f"{name}\n" for name in sorted(_known(chosen)))
    elif chosen.shell == "types":
        from doit_score.command import provisioners

        types = {entry.type for entry in provisioners.catalogue(chosen).entries()}
        sys.stdout.writelines(f"{type_}\n" for type_ in sorted(types))
    else:
        sys.stdout.write(completion.script(chosen.shell))
    return 0


def _known(chosen: SimpleNamespace) -> Collection[str]:
    from doit_score.engine.why import answer as why
    from doit_score.store.state import open_state

    if chosen.shell == "uids":
        from doit_score.command import resources

        _need_state(chosen)
        with resources.opened(chosen) as state:
            return resources.rows(state)
    with open_state(chosen.state_dir) as state, state.snapshot():
        return why.names_in(state)


def _need_state(chosen: SimpleNamespace) -> None:
    from doit_score import moving
    from doit_score.store.state import exists

    moving.take_over(flags.settings(chosen), _say(chosen), getattr(chosen, "files", ()))
    if not exists(chosen.state_dir):
        # doit's database may be there already, where a dodo.py says `score.dep_file`.
        lacks = "has no state in it yet" if os.path.isdir(chosen.state_dir) else "does not exist yet"
        raise ScoreError(
            f"the state directory '{chosen.state_dir}' {lacks}", hint='please run "doit-score init" first'
        )


def _say(chosen: SimpleNamespace) -> Say:
    return messages.printer("none" if chosen.quiet else "debug" if chosen.verbose else "info")


_COMMANDS = {
    "init": _init,
    "generate": _generate,
    "diff": _diff,
    "check": _check,
    "why": _why,
    "up": _up,
    "down": _down,
    "status": _status,
    "logs": _logs,
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
    "version": _version,
    "check-version": _check_version,
    "completion": _completion,
}
