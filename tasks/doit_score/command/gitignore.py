"""``init --gitignore``: git leaves out the output, where there are passwords in it."""

from __future__ import annotations

import os
import subprocess

from doit_score.command import lines
from doit_score.engine.settings import Settings
from doit_score.store import files
from doit_score.store.meta import Meta
from doit_score.targets import find
from doit_score.text.errors import ScoreError
from doit_score.text.messages import Say

NAME = ".gitignore"


def private(settings: Settings, meta: Meta) -> str:
    """The output with passwords in it, as things are now; empty for none."""
    return find(settings.target or meta.target).private(settings.output, settings.options(meta))


def check(path: str) -> None:
    """Raises ScoreError where a .gitignore of this directory cannot be for the output at ``path``."""
    if not _is_here(path):
        raise ScoreError(
            f"--gitignore: '{path}' is not in this directory",
            hint="name it in the .gitignore of the directory that it is in",
        )


def write(path: str, settings: Settings, writer: files.Writer, say: Say) -> None:
    """Adds the line of the output at ``path``, unless git leaves it out as it is; says so."""
    if not path:
        say("info", f"there are no passwords in '{settings.output}', which git may have")
        return
    line = _line(path)
    known = {one.strip() for one in lines.text_of(NAME, settings.state_dir).splitlines()}
    if line in known or _git("check-ignore", "--quiet", "--no-index", path) == 0:
        say("info", f"git leaves out '{path}'")
    else:
        lines.add(NAME, [line], settings.state_dir, writer)
        say("info", f"added to '{NAME}': {line}")
    if _git("ls-files", "--error-unmatch", path) == 0:
        say(
            "warn",
            f"{path}: git has it already, with what was in it"
            f"\n  hint: `git rm -r --cached {path}` takes it out of what is committed from here on",
        )


def offer(path: str, say: Say) -> None:
    """Tells of it where git would take the output at ``path``."""
    if path and _is_here(path) and _git("check-ignore", "--quiet", path) == 1:
        say(
            "info",
            f"git would take '{path}', with the passwords that come to be in it: `doit-score init "
            "--gitignore` has it left out; `--secrets` of `generate` can keep them elsewhere",
        )


def _is_here(path: str) -> bool:
    path = os.path.normpath(path)
    return not os.path.isabs(path) and path.split(os.sep)[0] != os.pardir


def _line(output: str) -> str:
    path = os.path.normpath(output)
    return f"/{path}/" if output.endswith("/") else f"/{path}"


def _git(*arguments: str) -> int | None:
    """The exit status of git; None if there is no git."""
    try:
        return subprocess.run(["git", *arguments], capture_output=True, check=False).returncode
    except OSError:
        return None
