"""JSON Schemas of the files that people write: printed, and put where editors find them.

A file names its schema by a comment that language servers of YAML read.  The address is a path from the file
to a copy below the state directory: it works without a network, wherever this is installed, and as git
ignores the state, each checkout has the copy of its own version, written by `init`.
"""

from __future__ import annotations

import json
import os

from doit_score.options import SCHEMAS
from doit_score.store import files
from doit_score.text import words
from doit_score.text.errors import ScoreError

DIRECTORY = "schemas"
"""Where the copies are, below the state directory."""


def text(name: str) -> str:
    """The schema called ``name``, one of SCHEMAS of options.py, as JSON.  ScoreError for any other name."""
    if name not in SCHEMAS:
        raise ScoreError(f"there is no schema '{name}'", hint=words.near(name, SCHEMAS))
    if name == "score":
        from doit_score.score.workload.schema import schema
    else:
        from doit_score.command.provisioner_schema import schema
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def write(state_dir: str, writer: files.Writer) -> None:
    """Writes the copies, as far as they are not there as they should be."""
    writer.sweep([os.path.join(state_dir, DIRECTORY)])  # what one that was killed has left
    for name in SCHEMAS:
        path, content = _copy(name, state_dir), text(name).encode()
        if not os.path.isfile(path) or files.read(path)[0] != content:
            files.make_directory(os.path.dirname(path))
            writer.write([files.NewFile(path, content, files.FILE_MODE)])


def line(name: str, file: str, state_dir: str) -> str:
    """The comment with which ``file`` names its schema."""
    path = os.path.relpath(_copy(name, state_dir), os.path.dirname(file) or ".")
    return f"# yaml-language-server: $schema={path}\n"


def _copy(name: str, state_dir: str) -> str:
    return os.path.join(state_dir, DIRECTORY, f"{name}.schema.json")
