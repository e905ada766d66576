"""The command ``doit-score``: the verbs and flags of score-compose, run as the tasks of the pack."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from doit_score.errors import ScoreError
from doit_score.version import __version__

if TYPE_CHECKING:
    from argparse import Namespace

    from doit_score.engine.catalogue import Catalogue
    from doit_score.engine.run import Say
    from doit_score.engine.settings import FileOptions, Settings
    from doit_score.store.rows import ResourceRow

PROVISIONER_DIRECTORY = ".score-compose"
"""Where score-compose's users keep their provisioner files; ours find them there too."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command with ``arguments`` (default: the process's); returns the exit status."""
    from doit_score.arguments import parse

    try:
        chosen = parse(sys.argv[1:] if arguments is None else arguments)
        return _COMMANDS[chosen.command](chosen)
    except ScoreError as error:
        print(f"Error: {error}", file=sys.stderr)
    except BrokenPipeError:
        # Whoever read our output has enough; the interpreter must not complain when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("Error: interrupted; what was generated so far is kept", file=sys.stderr)
        return 130
    return 1


def _init(chosen: Namespace) -> int:
    from doit_score import fetching, imports, moving, pack
    from doit_score.engine.catalogue import Catalogue
    from doit_score.engine.load import Inputs
    from doit_score.engine.project import check_name
    from doit_score.store import files
    from doit_score.store.state import exists

    if chosen.project is not None:
        check_name(chosen.project, "--project")
    provisioners = fetching.fetch_all("provisioner", chosen.provisioners)
    patches = fetching.fetch_all("patch template", chosen.patch_templates)
    templates = tuple(imports.check_patch_template(source) for source in patches)
    settings = _settings(
        chosen,
        project=chosen.project,
        default_provisioners=False if chosen.no_default_provisioners else None,
        patches=templates or None,
    )
    say = _say(chosen)
    moving.take_over(settings, say)
    # Provisioner files that cannot be read are told of now, not at the first generate.
    Catalogue(settings, Inputs({}), defaults=not chosen.no_default_provisioners).entries()
    if not chosen.no_sample:
        _write_sample(chosen.file, settings, say)
    # Where a provisioner file is put by hand next; not secret, unlike the state.
    files.make_directory(PROVISIONER_DIRECTORY, 0o755)
    writer = files.Writer(settings.state_dir)
    for path in imports.take_in_provisioners(provisioners, PROVISIONER_DIRECTORY, writer):
        say("info", f"took in provisioners as '{path}'")
    if exists(settings.state_dir):
        say("info", f"found the state directory '{settings.state_dir}'")
    return pack.run(settings, say, ["init"])


def _write_sample(path: str, settings: Settings, say: Say) -> None:
    from doit_score.sample import SAMPLE
    from doit_score.store import files

    if os.path.isdir(path):
        raise ScoreError("is a directory, so no sample Score file can be written there", path=path)
    if os.path.exists(path):
        say("info", f"found '{path}', no sample is written")
        return
    files.Writer(settings.state_dir).write([files.NewFile(path, SAMPLE.encode(), 0o644)])
    say("info", f"wrote a sample Score file to '{path}'")


def _generate(chosen: Namespace) -> int:
    from doit_score import pack

    given = _given(chosen)  # what is wrong with the flags is told before anything is looked at
    _need_state(chosen)
    _check_files([path for path, _ in given])
    say = _say(chosen)
    settings = _settings(
        chosen,
        output=chosen.output,
        given=given,
        publish=tuple(chosen.publish) if _given_any(chosen.publish) else None,
        env_file=chosen.env_file,
        strict=chosen.strict,
        force=chosen.force,
    )
    if not chosen.output:
        raise ScoreError("no output file specified", hint="name one with -o FILE, or `-o -` for stdout")
    if not os.path.isdir(os.path.dirname(chosen.output) or "."):
        raise ScoreError(
            "cannot be written: its directory does not exist", path=chosen.output, hint="make the directory"
        )
    for flag in ("image", "build") if not settings.given else ():
        if getattr(chosen, flag):
            say("warn", f"--{flag} is for the Score files that are given, and none is: it changes nothing")
    return pack.run(settings, say, ["generate"])


def _given(chosen: Namespace) -> tuple[tuple[str, FileOptions], ...]:
    """The Score files named, each with what the flags say of it.  ScoreError for flags that do not fit."""
    from doit_score.engine.discover import canonical_path
    from doit_score.engine.settings import FileOptions

    paths = [canonical_path(path) for path in chosen.files]
    for flag, value in (
        ("--overrides-file", chosen.overrides_file),
        ("--override-property", _given_any(chosen.override_property)),
        ("--image", chosen.image),
        ("--build", chosen.build),
    ):
        if value and len(paths) > 1:
            raise ScoreError(
                f"{flag} cannot be used when multiple Score files are provided",
                hint="generate them one after the other: each run adds to the project",
            )
        if value and not paths and flag.startswith("--override"):
            raise ScoreError(f"{flag} cannot be used without providing a Score file")
    return tuple((path, _options(chosen) if len(paths) == 1 else FileOptions()) for path in paths)


def _check_files(paths: Sequence[str]) -> None:
    """ScoreError for a Score file that is not there, or is named twice."""
    for path in paths:
        if not os.path.exists(path):
            raise ScoreError(f"failed to read '{path}': there is no such file", hint="check the path")
        if paths.count(path) > 1:
            raise ScoreError(f"'{path}' is named more than once, so its workload would be too")


def _given_any(values: Sequence[str]) -> bool:
    """Whether a repeatable flag was given; one empty value (an unset shell variable) is none."""
    return list(values) not in ([], [""])


def _options(chosen: Namespace) -> FileOptions:
    from doit_score.compose.build import parse_build
    from doit_score.engine.settings import FileOptions
    from doit_score.overrides import parse_property

    overrides = _overrides(chosen.overrides_file) if chosen.overrides_file else None
    given = chosen.override_property if _given_any(chosen.override_property) else []
    properties = tuple(parse_property(text).source for text in given)
    return FileOptions(
        builds=dict(parse_build(text) for text in chosen.build),
        image=chosen.image or None,
        overrides=overrides,
        overrides_file=chosen.overrides_file or None,
        properties=properties,
    )


def _overrides(path: str) -> dict[str, object]:
    """What is in an overrides file; an empty one says nothing."""
    from doit_score import yaml12
    from doit_score.store import files

    try:
        document = yaml12.load(files.read(path)[0], path)
        if document is None:
            return {}
        if not isinstance(document, dict):
            raise ScoreError("expected a mapping, like a Score file", path=path)
    except ScoreError as error:
        raise ScoreError.of(error.problems, f"--overrides-file '{path}' is invalid:") from None
    return document


def _resources_list(chosen: Namespace) -> int:
    from doit_score import listing

    sys.stdout.write(listing.resources(_resource_rows(chosen).values(), chosen.format))
    return 0


def _resources_get_outputs(chosen: Namespace) -> int:
    from doit_score import listing

    rows = _resource_rows(chosen)
    row = rows.get(chosen.uid)
    if row is None:
        import difflib

        close = difflib.get_close_matches(chosen.uid, rows, 1)
        listed = "`doit-score resources list` shows what there is"
        raise ScoreError(
            f"no such resource '{chosen.uid}'", hint=f"did you mean '{close[0]}'?" if close else listed
        )
    sys.stdout.write(listing.outputs(row, chosen.format))
    return 0


def _resource_rows(chosen: Namespace) -> dict[str, ResourceRow]:
    from doit_score.store.rows import ResourceRow
    from doit_score.store.state import open_state

    _need_state(chosen)
    settings = _settings(chosen)
    with open_state(settings.state_dir) as state, state.snapshot():
        return {row.uid: row for row in state.rows(ResourceRow)}


def _provisioners_list(chosen: Namespace) -> int:
    from doit_score import listing

    _need_state(chosen)
    entries = _catalogue(chosen).entries()
    sys.stdout.write(listing.provisioners(entries[:-1], chosen.format))
    return 0


def _provisioners_show(chosen: Namespace) -> int:
    from doit_score import ejection

    sys.stdout.write(ejection.shown(ejection.of_type(_catalogue(chosen).entries(), chosen.type)))
    return 0


def _provisioners_eject(chosen: Namespace) -> int:
    from doit_score import ejection
    from doit_score.store import files

    # A project that does without the shipped ones may still want one of them.
    entry = ejection.of_type(_catalogue(chosen, defaults=True).entries(), chosen.type)[0]
    path = ejection.eject(entry, [*_catalogue(chosen).images()], files.Writer(chosen.state_dir))
    _say(chosen)("info", f"wrote '{path}': it counts from the next run on")
    return 0


def _catalogue(chosen: Namespace, *, defaults: bool | None = None) -> Catalogue:
    """The provisioners of the project, or of one that is still to be set up."""
    from doit_score.engine.catalogue import Catalogue
    from doit_score.engine.load import Inputs
    from doit_score.store.state import exists, open_state

    settings = _settings(chosen)
    if defaults is None:
        defaults = True
        if exists(settings.state_dir):
            with open_state(settings.state_dir) as state:
                defaults = state.meta().get("default_provisioners") == "1"
    return Catalogue(settings, Inputs({}), defaults=defaults)


def _export(chosen: Namespace) -> int:
    from doit_score import moving

    _need_state(chosen)
    moving.hand_back(_settings(chosen), _say(chosen), force=chosen.force)
    return 0


def _version(chosen: Namespace) -> int:
    import platform

    print(f"doit-score {__version__} (Python {platform.python_version()})")
    return 0


def _check_version(chosen: Namespace) -> int:
    from doit_score.version_check import check

    check(chosen.constraint)
    return 0


def _completion(chosen: Namespace) -> int:
    from doit_score import arguments, completion

    # The first two are what the scripts ask for.
    if chosen.shell == "uids":
        sys.stdout.writelines(f"{uid}\n" for uid in sorted(_resource_rows(chosen)))
    elif chosen.shell == "types":
        types = {entry.type for entry in _catalogue(chosen).entries()}
        sys.stdout.writelines(f"{type_}\n" for type_ in sorted(types))
    else:
        sys.stdout.write(completion.script(chosen.shell, arguments.definition()[0]))
    return 0


def _settings(chosen: Namespace, **more: object) -> Settings:
    from doit_score.engine.settings import Settings

    return Settings(
        state_dir=chosen.state_dir,
        workloads=None,
        lock_timeout=chosen.lock_timeout,
        **more,  # type: ignore[arg-type]  # fields of Settings
    )


def _need_state(chosen: Namespace) -> None:
    from doit_score import moving
    from doit_score.store.state import exists

    moving.take_over(_settings(chosen), _say(chosen), getattr(chosen, "files", ()))
    if not exists(chosen.state_dir):
        raise ScoreError(
            f"the state directory '{chosen.state_dir}' does not exist yet",
            hint='please run "doit-score init" first',
        )


def _say(chosen: Namespace) -> Say:
    from doit_score.messages import printer

    return printer("none" if chosen.quiet else "debug" if chosen.verbose else "info")


_COMMANDS = {
    "init": _init,
    "generate": _generate,
    "resources list": _resources_list,
    "resources get-outputs": _resources_get_outputs,
    "provisioners list": _provisioners_list,
    "provisioners show": _provisioners_show,
    "provisioners eject": _provisioners_eject,
    "export": _export,
    "version": _version,
    "check-version": _check_version,
    "completion": _completion,
}
