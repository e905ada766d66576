"""What ``init`` takes in from elsewhere: provisioner files and patch templates, by URI."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from doit_score.engine.discover import SUFFIX
from doit_score.errors import ScoreError
from doit_score.store import files

# Names sort after those that begin with a digit, which are a user's own, and before zz-default, which
# score-compose's init writes.  The number falls, so that what was taken in last is read first.
_TAKEN_IN = re.compile(r"loaded-(\d{6})\.([0-9a-f]{16})" + re.escape(SUFFIX))
_FIRST_NUMBER = 999_999
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """One text that was fetched; ``uri`` is where from, and ``name`` what to call it in messages."""

    uri: str
    name: str
    content: bytes


def fetch(uri: str) -> tuple[Source, ...]:
    """What is at ``uri``: a file, all files of a directory in the order of their names, or stdin (``-``).

    Raises ScoreError if there is nothing to read there.
    """
    if uri == "-":
        content = sys.stdin.buffer.read()
        if not content.strip():
            raise ScoreError("'-' stands for stdin, which is empty", hint="pipe a file into the command")
        return (Source("-", "stdin", content),)
    scheme = _SCHEME.fullmatch(uri)
    path = uri
    if scheme is not None:
        if scheme[1] != "file":
            raise ScoreError(
                f"'{uri}' cannot be read: unsupported scheme '{scheme[1]}'",
                hint="download it, and give the path of the file",
            )
        path = scheme[2]
    if os.path.isdir(path):
        names = sorted(name for name in os.listdir(path) if os.path.isfile(os.path.join(path, name)))
        if not names:
            raise ScoreError(f"directory '{path}' contains no files", hint="name a file, or a filled directory")
        paths = [os.path.join(path, name) for name in names]
    else:
        paths = [path]
    return tuple(Source(os.path.normpath(each), each, files.read(each)[0]) for each in paths)


def take_in_provisioners(sources: Iterable[Source], directory: str, writer: files.Writer) -> list[str]:
    """Saves provisioner files into ``directory``, the last first in precedence; returns their paths.

    An earlier copy from the same URI is replaced.  Nothing is saved unless every file can be read.
    """
    from doit_score.provisioning.files import parse

    checked = list(sources)
    for source in checked:
        parse(source.content, source.name)
    files.make_directory(directory, 0o755)
    saved = []
    for source in checked:
        key = sha256(source.uri.encode()).hexdigest()[:16]
        number = _FIRST_NUMBER + 1
        for name in os.listdir(directory):
            match = _TAKEN_IN.fullmatch(name)
            if match is None:
                continue
            number = min(number, int(match[1]))
            if match[2] == key:
                files.remove(os.path.join(directory, name))
        path = os.path.join(directory, f"loaded-{number - 1:06}.{key}{SUFFIX}")
        head = f"# Taken in by `doit-score init --provisioners {source.uri}`; do so again to refresh it.\n"
        writer.write([files.NewFile(path, head.encode() + source.content, 0o644)])
        saved.append(path)
    return saved


def check_patch_template(source: Source) -> tuple[str, str]:
    """The name and text of a patch template.  Raises ScoreError if it cannot be parsed."""
    text = source.content.decode("utf-8", "replace")
    if source.name.endswith(".j2"):
        from doit_score.templating.jinja import check_jinja

        check_jinja(text)
    else:
        from doit_score.templating import compile_go

        try:
            compile_go(text)
        except ScoreError as error:
            problem = error.problems[0]
            raise ScoreError(
                f"the patch template cannot be parsed: {problem.message}",
                path=source.name,
                line=problem.line,
                column=problem.column,
                hint=problem.hint,
            ) from None
    return source.name, text
