"""Whether git would take the state, with the passwords in it, because of a .gitignore that is not ours."""

from __future__ import annotations

import os
from collections.abc import Iterator

from doit_score.engine.inputs.load import Inputs
from doit_score.store import files
from doit_score.text.errors import Problem

ROLE = "gitignore"
_ALL = frozenset({"*", "/*", "**", "/**"})


def of_repository(state_dir: str, inputs: Inputs) -> Iterator[Problem]:
    """A warning where the state directory has a .gitignore of its own that lets git take what is in it."""
    own = os.path.join(state_dir, ".gitignore")
    if not os.path.isfile(own) or _lines(own) & _ALL or _names(state_dir) & _lines(".gitignore"):
        return
    # So that the next run notices that it was mended.
    for path in (own, ".gitignore"):
        if os.path.isfile(path):
            inputs.digest(path, ROLE)
        else:
            inputs.note_absent(path, ROLE)
    yield Problem(
        "does not leave out all that is here, so git would take the passwords of the state",
        path=own,
        hint="add a line with * to it",
    )


def _lines(path: str) -> set[str]:
    if not os.path.isfile(path):
        return set()
    return {line.strip() for line in files.read(path)[0].decode("utf-8", "replace").splitlines()}


def _names(state_dir: str) -> set[str]:
    """How a .gitignore at the top can name the state directory, or the one that it is in."""
    above = [state_dir, *files.above(state_dir)]
    return {f"{start}{one}{end}" for one in above for start in ("", "/") for end in ("", "/", "/*", "/**")}
