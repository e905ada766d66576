"""``init --dockerignore``: what is generated is left out of what images are built of."""

from __future__ import annotations

import os

from doit_score.command import lines
from doit_score.engine.settings import Settings
from doit_score.engine.stages.contexts import let_in
from doit_score.store import files
from doit_score.targets.dockerignore import NAME
from doit_score.text.errors import ScoreError
from doit_score.text.light import replace
from doit_score.text.messages import Say

DODO = "dodo.py"
_DATABASE = ".doit.db"
"""Where doit has its database, unless a dodo.py says something else."""


def check(directory: str, settings: Settings) -> None:
    """Raises ScoreError for a ``directory`` that has nothing in it that is generated."""
    if not os.path.isdir(directory):
        raise ScoreError("--dockerignore: there is no such directory", path=directory)
    if not let_in("", directory, _with_doit(settings)):
        raise ScoreError(
            f"--dockerignore: neither the state directory '{settings.state_dir}' nor '{settings.output}' is "
            "in this directory",
            path=directory,
            hint="name a directory that images are built of, such as .",
        )


def write(directory: str, settings: Settings, writer: files.Writer, say: Say) -> None:
    """Adds the lines that are missing to the file of ``directory``, or makes it; says so."""
    path = os.path.normpath(os.path.join(directory, NAME))
    missing = let_in(lines.text_of(path, settings.state_dir), directory, _with_doit(settings))
    if not missing:
        say("info", f"'{path}' leaves out all that is generated")
        return
    lines.add(path, missing, settings.state_dir, writer)
    say("info", f"added to '{path}': {', '.join(missing)}")


def _with_doit(settings: Settings) -> Settings:
    return replace(settings, beside=(_DATABASE,)) if os.path.exists(DODO) else settings
