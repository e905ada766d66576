"""What the flags say, as settings.

Everything that is wrong with them is told before anything is looked at.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress

from doit_score.options import Option, options_of
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import SimpleNamespace

    from doit_score.engine.settings import FileOptions, Settings
    from doit_score.store.meta import Meta


def check_named(chosen: SimpleNamespace) -> None:
    """ScoreError for files that are not there, but named by what is configured."""
    if chosen.configured is not None:
        from doit_score.configuring.named import check, named

        check(named(chosen.configured))


def settings(chosen: SimpleNamespace, **more: Any) -> Settings:
    """What the command line says, with ``more`` fields of Settings; over that which is configured."""
    if chosen.configured is not None:
        return _over(chosen.configured, chosen, more)
    from doit_score.engine.settings import Settings

    said: dict[str, Any] = {
        option.field: _said(option, getattr(chosen, option.chosen))
        for option in options_of(chosen.command)
        if option.field
    }
    if said.get("output", "") is None:
        del said["output"]
        said["recalls_output"] = True
    return Settings(**{"workloads": None, **said, **more})


def _over(configured: Settings, chosen: SimpleNamespace, more: Mapping[str, Any]) -> Settings:
    """What is configured, with what the command line says in its place for this run."""
    from doit_score.text.light import replace

    said: dict[str, Any] = {
        option.field: _said(option, getattr(chosen, option.chosen))
        for option in options_of(chosen.command)
        if option.field and option.chosen in chosen.said
    }
    if said.get("namespace", configured.namespace) != configured.namespace:
        said.setdefault("generate_namespace", False)  # what is configured is about another one
    return replace(configured, **{name: value for name, value in said.items() if value is not None}, **more)


def recalled(chosen: SimpleNamespace, **more: Any) -> Settings:
    """What :func:`settings` says, with the target and the output that the state remembers, if there is one.

    Raises ScoreError for what is not for that target.
    """
    from doit_score.engine.settings import check_said

    found = settings(chosen, **more).recalled(remembered(chosen))
    check_said(chosen.command, vars(chosen), found.target)
    return found


def remembered(chosen: SimpleNamespace) -> Meta:
    """What the state remembers; nothing where there is none that can be read."""
    from doit_score.store.meta import Meta
    from doit_score.store.state import exists, open_state

    if exists(chosen.state_dir):
        with suppress(ScoreError), open_state(chosen.state_dir) as state:
            return state.meta()
    return Meta({})


def _said(option: Option, value: Any) -> object:
    """What a flag says of a field; None where what is remembered counts."""
    if option.is_repeatable:
        return tuple(value) if _given_any(value) else None
    return value


def check_output(output: str | None) -> None:
    """ScoreError for an output that cannot be written where the flags want it."""
    if output is None:
        return
    if not output:
        raise ScoreError("no output file specified", hint="name one with -o FILE, or `-o -` for stdout")
    if not os.path.isdir(os.path.dirname(output.rstrip("/")) or "."):
        raise ScoreError(
            "cannot be written: its directory does not exist", path=output, hint="make the directory"
        )


def given(chosen: SimpleNamespace) -> tuple[tuple[str, FileOptions], ...]:
    """The Score files named, each with what the flags say of it.  ScoreError for flags that do not fit."""
    from doit_score.engine.inputs.discover import canonical_path
    from doit_score.engine.settings import FileOptions

    if chosen.configured is not None:
        _check_configured(chosen, chosen.configured)
        return ()
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


def _check_configured(chosen: SimpleNamespace, configured: Settings) -> None:
    """ScoreError for what flags say of Score files, and for files that are none of the project."""
    from doit_score.engine.inputs.patterns import matched

    workloads = configured.workloads or ()
    problems = [
        Problem(
            f"{option.flags[-1]} cannot be used: '{configured.config}' says all of a Score file",
            hint=f"say it there, in `{option.says_of_files}`",
        )
        for option in options_of(chosen.command)
        if option.says_of_files and option.chosen in chosen.said
    ]
    problems += [
        Problem(
            f"'{path}' is not one of the Score files of '{configured.config}'",
            hint=f"`workloads` there are: {', '.join(workloads)}",
        )
        for path in chosen.files
        if matched(path, workloads) is None
    ]
    ScoreError.raise_for(problems)


def check_init(chosen: SimpleNamespace) -> None:
    """ScoreError for flags of `init` that say what the file of the project is to say."""
    names = ("project", "target", "default_provisioners", "patch_templates")
    if chosen.configured is not None:
        config = chosen.configured.config
        ScoreError.raise_for(
            [
                Problem(
                    f"--{name.replace('_', '-')} cannot be used: '{config or 'dodo.py'}' says that",
                    hint=f"say it there: {f'`{name} = ...`' if config else f'Score({name}=...)'}",
                )
                for name in names
                if name in chosen.said
            ]
        )


def check_files(paths: Sequence[str]) -> None:
    """ScoreError for a Score file that is not there, is no file, or is named twice."""
    for path in paths:
        if not os.path.exists(path):
            raise ScoreError(f"failed to read '{path}': there is no such file", hint="check the path")
        of_a_process = os.path.abspath(path).startswith(("/dev/stdin", "/dev/fd/", "/proc/"))
        if of_a_process or not (os.path.isfile(path) or os.path.isdir(path)):
            raise ScoreError(
                f"'{path}' is no regular file",
                hint="a Score file is read again at later runs: write it to a file, and name that one",
            )
        if paths.count(path) > 1:
            raise ScoreError(f"'{path}' is named more than once, so its workload would be too")


def _given_any(values: Sequence[str]) -> bool:
    """Whether a repeatable flag was given; one empty value (an unset shell variable) is none."""
    return list(values) not in ([], [""])


def _options(chosen: SimpleNamespace) -> FileOptions:
    from doit_score.engine.settings import FileOptions
    from doit_score.score.overrides import parse_property
    from doit_score.targets.compose.build import parse_build

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
    from doit_score.store import files
    from doit_score.text import yaml12

    try:
        document = yaml12.load(files.read(path)[0], path)
        if document is None:
            return {}
        if not isinstance(document, dict):
            raise ScoreError("expected a mapping, like a Score file", path=path)
    except ScoreError as error:
        raise ScoreError.of(error.problems, f"--overrides-file '{path}' is invalid:") from None
    return document
