"""Files of this machine, and stdin."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

from doit_score.fetching.source import SIZE_LIMIT, Source, limited, shown
from doit_score.text.errors import ScoreError


def fetch(uri: str) -> tuple[Source, ...]:
    """The file at the path or file:// URI ``uri``, all files of a directory there, or stdin for ``-``.

    A pipe, such as a shell's ``<(command)``, is read to its end, however long that takes.
    Raises ScoreError if there is nothing to read.
    """
    if uri == "-":
        content = _read(sys.stdin.buffer, "-")
        if not content.strip():
            raise ScoreError("'-' stands for stdin, which is empty", hint="pipe a file into the command")
        return (Source("-", "stdin", content),)
    path = uri
    if uri[:7].lower() == "file://":
        from urllib.parse import unquote

        path = unquote(uri[7:])
    if path.startswith("~/"):
        path = os.path.expanduser(path)
    if "\0" in path:
        raise ScoreError(f"'{shown(path)}' is no path: it has a zero byte in it", hint="check the path")
    try:
        paths = _files_of(path) if os.path.isdir(path) else [path]
        return tuple(_file(each) for each in paths)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ScoreError(f"stat {shown(error.filename or path)}: {reason}", hint="check the path") from None


def _files_of(directory: str) -> list[str]:
    paths = [os.path.join(directory, name) for name in sorted(os.listdir(directory))]
    found = [path for path in paths if os.path.isfile(path)]
    if not found:
        raise ScoreError(
            f"directory {shown(directory)} contains no files", hint="name a file, or a filled directory"
        )
    return found


def _file(path: str) -> Source:
    with open(path, "rb") as file:
        return Source(os.path.normpath(path), path, _read(file, path))


def _read(file: BinaryIO, path: str) -> bytes:
    return limited(file.read(SIZE_LIMIT + 1), path)
