"""Provisioners as their files have them: shown, and copied into the project for editing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence

from doit_score.command import schemas
from doit_score.engine.inputs.discover import SUFFIX
from doit_score.provisioning.model import BUILTIN_URI, Entry
from doit_score.provisioning.shapes import Shape
from doit_score.store import files
from doit_score.text import words
from doit_score.text.errors import ScoreError
from doit_score.version import __version__

DIRECTORY = "provisioners"
"""Where a project keeps what it has written itself; it is looked at first."""


def of_type(entries: Sequence[Entry], type_: str) -> list[Entry]:
    """The provisioners of a type in their order of precedence.  Raises ScoreError if there are none."""
    found = [entry for entry in entries if entry.type == type_]
    if not found:
        hint = words.near(type_, {entry.type for entry in entries})
        raise ScoreError(f"there is no provisioner for type '{type_}'", hint=hint)
    return found


def shown(entries: Sequence[Entry]) -> str:
    """What ``entries`` say of themselves, each followed by its text."""
    return "\n".join(map(_shown, entries))


def _shown(entry: Entry) -> str:
    about = {
        "type": entry.type,
        "class": entry.class_ or "(any)",
        "id": entry.id,
        "uri": entry.uri,
        "description": " ".join(entry.description.split()),
        "params": _declared(entry.supported_params, entry.params),
        "annotations": _declared(entry.annotations, entry.annotations or {}),
        "outputs": _listed(entry.expected_outputs),
        "secrets": ", ".join(entry.secret_outputs),
        "from files": ", ".join(entry.file_variables),
        "images": ", ".join(entry.images.values()),
        "source": entry.path if entry.uri == BUILTIN_URI else f"{entry.path}:{entry.line}",
    }
    width = max(map(len, about)) + 2
    between = "\n" + " " * width
    rows = ((name, text.replace("\n", between)) for name, text in about.items() if text)
    head = "".join(f"{name + ':':<{width}}{text}\n" for name, text in rows)
    return head if entry.uri == BUILTIN_URI else f"{head}\n{_text(entry)}"


def _declared(names: Iterable[str] | None, shapes: Mapping[str, Shape]) -> str:
    """Names, each on a line of its own with what it must be where that is said of any."""
    said = {name: shape for name, shape in shapes.items() if shape != Shape()}
    if names is None or not said:
        return _listed(names)
    return "\n".join(f"{name}: {_must_be(said[name])}" if name in said else name for name in names)


def _must_be(shape: Shape) -> str:
    return f"{shape.expected()} (required)" if shape.required else shape.expected()


def _listed(names: Iterable[str] | None) -> str:
    if names is None:
        return "(not declared)"
    return ", ".join(names) or "(none)"


def _text(entry: Entry) -> str:
    from doit_score.provisioning.excerpt import excerpt

    return excerpt(files.read(entry.path)[0], entry)


def eject(entry: Entry, known_images: Sequence[str], state_dir: str, writer: files.Writer) -> str:
    """Copies ``entry`` to where it comes before all others; returns the path.

    Images that it uses and that are not among ``known_images`` are written beside it.  Raises ScoreError
    for what is the project's own already, is built in, or would replace a file.
    """
    if entry.uri == BUILTIN_URI:
        raise ScoreError(
            f"the provisioner for type '{entry.type}' is built in: there is no file to copy",
            hint="a `local-env://` entry in a file of your own comes before it",
        )
    if os.path.dirname(entry.path) == DIRECTORY:
        raise ScoreError(f"the provisioner for type '{entry.type}' is the project's own", path=entry.path,
                         line=entry.line, hint="edit it there")  # fmt: skip
    path = os.path.join(DIRECTORY, re.sub(r"[^A-Za-z0-9._-]", "-", entry.type) + SUFFIX)
    if os.path.lexists(path):
        raise ScoreError("is there already, and is not overwritten", path=path, hint="move it away first")
    command = f"doit-score provisioners eject {entry.type}"
    text = schemas.line("provisioners", path, state_dir)
    text += (
        f"# Copied by `{command}` ({__version__}), for editing: it comes before the one it was copied from.\n"
    )
    text += f"#\n{_text(entry)}"
    missing = [name for name in entry.uses_images if name not in known_images]
    if missing:
        text += f"- uri: images://ejected/{entry.type}\n  images:\n"
        text += "".join(f"    {name}: {entry.images[name]}\n" for name in missing)
    files.make_directory(DIRECTORY, 0o755)
    writer.write([files.NewFile(path, text.encode(), 0o644)])
    return path
