"""Whether what is generated, with the passwords in it, gets into the images that are built."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from doit_score.engine.inputs.load import Inputs
from doit_score.engine.settings import Settings
from doit_score.store import files
from doit_score.targets import BuildContext, dockerignore
from doit_score.text import words
from doit_score.text.errors import Problem

ROLE = "dockerignore"
_OF_STATE = (
    *("state.db", "state.db-wal", "state.db-shm", "backup.db", "doit.db", "lock", "lock.holder"),
    *("running/lock", "running/lock.holder", "mounts/files/file", "schemas/schema.json"),
    *("secrets.env", "secrets/SECRET"),
)
"""What is in a state directory, or comes to be: each of it has to be left out."""
_OF_DOIT = ("", ".db", ".dat", ".dir", ".bak")
"""What a database of doit is of, by how the names end."""


def of_contexts(contexts: Iterable[BuildContext], settings: Settings, inputs: Inputs) -> Iterator[Problem]:
    """Warnings of directories that images are built of, and that have in them what is generated."""
    found: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for context in contexts if settings.output != "-" else ():
        directory = _directory(context, settings)
        # Most are not above what is generated, and nothing of them need be read.
        if not let_in("", directory, settings):
            continue
        path, text = _rules(context, directory, inputs)
        left = let_in(text, directory, settings)
        if left:
            found.setdefault((directory, path), (left, []))[1].append(context.who)
    for (directory, path), (left, built) in sorted(found.items()):
        others = f" (and {words.count(len(built) - 1, 'other')})" if built[1:] else ""
        by_us = f"; `doit-score init --dockerignore {directory}` does"
        yield Problem(
            f"the image of {built[0]}{others} is built of this directory, in which is what is generated: "
            "passwords get into the image, and it is another one whenever something is generated",
            path=directory,
            hint=f"add to '{path}' {words.count(left, 'line')}: "
            + ", ".join(left)
            + (by_us if os.path.basename(path) == dockerignore.NAME else ""),
        )


def let_in(rules: str, directory: str, settings: Settings) -> list[str]:
    """The lines that ``rules`` lack so that what is generated in ``directory`` is left out of images."""
    top, read = os.path.realpath(directory), dockerignore.rules(rules)
    lines = []
    for path, ends, more in (
        (settings.state_dir, [f"/{name}" for name in _OF_STATE], ""),
        (settings.output, [""], ""),
        *((path, _OF_DOIT, "*") for path in settings.beside),
    ):
        below = os.path.relpath(os.path.realpath(path), top)
        is_inside = below.split(os.sep)[0] not in (os.pardir, os.curdir)
        if is_inside and not all(dockerignore.leaves_out(read, below + end) for end in ends):
            lines.append(dockerignore.line_of(below) + more)
    return lines


def _directory(context: BuildContext, settings: Settings) -> str:
    place = os.path.expanduser(context.directory)
    return os.path.normpath(os.path.join(os.path.dirname(settings.output), place))


def _rules(context: BuildContext, directory: str, inputs: Inputs) -> tuple[str, str]:
    """The file that says what is left out of a context, and its text.

    All that were looked for are noted, so that the next run notices that one was changed.
    """
    paths = [os.path.normpath(os.path.join(directory, name)) for name in context.rules]
    for path in paths:
        if os.path.isfile(path):
            inputs.digest(path, ROLE)
            return path, files.read(path)[0].decode("utf-8", "replace")
        inputs.note_absent(path, ROLE)
    return paths[-1], ""
