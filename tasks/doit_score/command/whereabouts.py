"""Which project a command is about: its directory, and what is said of it there."""

from __future__ import annotations

import os
from contextlib import suppress

from doit_score import options
from doit_score.configuring import places
from doit_score.text import words
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import SimpleNamespace

    from doit_score.engine.settings import Settings
    from doit_score.text.messages import Say

VARIABLE = "DOIT_SCORE_ENV"
"""Names the environment where the command line does not."""
_OF_NO_PROJECT = ("version", "check-version", "schema", "provisioners explain")
_ASKS_PROJECT = ("uids", "names", "types")
"""What completion scripts ask for that is of a project."""


def enter(chosen: SimpleNamespace, say: Say) -> None:
    """Goes where the project is, and notes what is said of it there.

    ``chosen.configured`` are its settings, None where flags say all.  Paths that were said on the command
    line are paths from the project then.  Raises ScoreError if there is no such directory or environment.
    """
    chosen.configured = None
    options.speak_to(options.FLAGS)
    if chosen.directory is not None:
        _go(chosen.directory)
    if chosen.command in _OF_NO_PROJECT or getattr(chosen, "shell", "uids") not in _ASKS_PROJECT:
        return
    found = places.find(is_here=chosen.command == "init", by_state="state_dir" not in chosen.said)
    here = os.getcwd()
    if found.directory != here:
        from doit_score.command.standing import rebase

        rebase(chosen, found.directory)
        say("info", f"the project is in '{os.path.relpath(found.directory)}', and paths are from there")
        _go(found.directory)
    name = chosen.env or os.environ.get(VARIABLE) or None
    if found.config:
        chosen.env, settings = _of_toml(found.config, name)
        _configure(chosen, settings)
    elif found.has_dodo and (name is not None or not _is_of_command(chosen.state_dir)):
        _take_dodo(chosen, name)
    elif name is not None:
        raise ScoreError(
            f"there is no environment '{name}': nothing here says which there are",
            hint=f"write a section [env.{name}] into '{places.TOML}'"
            + ("" if chosen.env else f"; {VARIABLE} names it"),
        )


def environments() -> list[str]:
    """The names of the environments that can be chosen here."""
    found = places.find()
    _go(found.directory)
    names: Mapping[str, Settings] = {}
    if found.config:
        from doit_score.configuring import toml

        names = toml.read(found.config).environments
    elif found.has_dodo:
        from doit_score.pack.loading import environments

        names = environments(places.DODO)
    return sorted(name for name in names if name)


def _go(directory: str) -> None:
    try:
        os.chdir(directory)
    except OSError as error:
        raise ScoreError(f"-C: cannot go to '{directory}': {error.strerror}") from None


def _configure(chosen: SimpleNamespace, settings: Settings) -> None:
    options.speak_to(settings.config or options.SCORE)
    chosen.configured = settings
    for name in ("state_dir", "lock_timeout"):
        if name not in chosen.said:
            setattr(chosen, name, getattr(settings, name))


def read_again(chosen: SimpleNamespace) -> None:
    """Notes what is said now in the file of the project.  Raises ScoreError for what is wrong there."""
    chosen.env, settings = _of_toml(chosen.configured.config, chosen.env)
    _configure(chosen, settings)


def _is_of_command(state_dir: str) -> bool:
    """Whether the state there is of a project of which flags have said all."""
    from doit_score.store.state import exists, open_state

    if exists(state_dir):
        with suppress(ScoreError), open_state(state_dir) as state:
            return not state.meta().task
    return False


def _take_dodo(chosen: SimpleNamespace, name: str | None) -> None:
    """Takes what the Score(...) of the dodo.py says; of several, that which was named or has the state.

    Raises ScoreError for what only doit can do, since other tasks may have to run before: generate and diff.
    """
    from doit_score.engine.settings import of_dodo
    from doit_score.pack.loading import environments

    packs = environments(places.DODO)
    options.speak_to(options.FLAGS)  # which no longer holds once there is a Score(...)
    if name is None and "state_dir" in chosen.said:
        name = next(
            (one for one in packs if packs[one].state_dir == os.path.normpath(chosen.state_dir)), None
        )
        if name is None:
            return  # a project of its own, beside those of the dodo.py
    if not packs and name is None:
        return  # it uses something else of ours
    if name is None and (len(packs) == 1 or "" in packs):
        name = "" if "" in packs else next(iter(packs))
    chosen.env, settings = one_of(places.DODO, packs, name)
    goes_on_without = chosen.command == "generate" and chosen.force
    if chosen.command in ("generate", "up", "watch", "diff") and not goes_on_without:
        raise of_dodo(settings.task)
    _configure(chosen, settings)
    if goes_on_without:
        options.speak_to(options.FLAGS)
        chosen.configured = None


def _of_toml(path: str, name: str | None) -> tuple[str, Settings]:
    from doit_score.configuring import toml

    project = toml.read(path)
    return one_of(path, project.environments, project.default if name is None else name)


def one_of(path: str, environments: Mapping[str, Settings], name: str | None) -> tuple[str, Settings]:
    """The environment ``name`` of those that ``path`` says, and its name; ScoreError if there is none."""
    names = sorted(environments)
    if name is None:
        raise ScoreError(
            f"there are several environments: {', '.join(names)}",
            path=path,
            hint=f"name one: `-e {names[0]}`, or {VARIABLE}={names[0]}"
            + ("" if path == places.DODO else "; `default_env` there is the usual one"),
        )
    if name not in environments:
        hint = words.near(name, names) if names != [""] else f"write a section [env.{name}]"
        raise ScoreError(f"there is no environment '{name}'", path=path, hint=hint)
    return name, environments[name]
