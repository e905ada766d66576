"""The last step: the files of the user and of the mounts directory as they are to be, and no others.

Nothing is written that is there already; what was edited or deleted by hand is noticed and restored.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from doit_score.errors import ScoreError
from doit_score.store import files
from doit_score.store.rows import OutputRow, What

OUTPUT_MODE = 0o644
TREE_MODE = 0o755


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be at a path.  ``content`` is called only if it has to be written."""

    what: What
    mode: int
    digest: str
    content: Callable[[], bytes]


@dataclass(slots=True)
class Written:
    """What was done: the rows to record, and the paths by kind of change."""

    rows: list[OutputRow] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def write(
    wanted: Mapping[str, Wanted], recorded: Mapping[str, OutputRow], writer: files.Writer, root: str
) -> Written:
    """Makes the files as ``wanted``, in its order, and removes what was ``recorded`` and is not wanted.

    ``root`` is the mounts directory: paths below it are checked for links that lead out of it.
    Raises ScoreError before anything is written if a path cannot be used.
    """
    done = Written()
    to_write: dict[str, Wanted] = {}
    for path, want in wanted.items():
        row = recorded.get(path)
        found = files.signature(path)
        if row and found and (row.what, row.mode, row.digest) == _facts(want) and row.matches(found):
            done.rows.append(row)
        elif _is_as_wanted(path, want):
            _record(path, want, done)
        else:
            if row and (row.what, row.mode, row.digest) == _facts(want):
                done.restored.append(path)
            to_write[path] = want
    _check_paths(to_write, root)
    _write(to_write, writer)
    for path, want in to_write.items():
        _record(path, want, done)
    done.changed = list(to_write)
    _remove((row for path, row in recorded.items() if path not in wanted), root, done)
    return done


def _facts(want: Wanted) -> tuple[str, int, str]:
    return want.what, want.mode, want.digest


def _is_as_wanted(path: str, want: Wanted) -> bool:
    if want.what.startswith("no "):
        return not os.path.lexists(path)
    if files.file_mode(path) != want.mode or os.path.islink(path):
        return False
    if want.what == "directory":
        return os.path.isdir(path)
    return os.path.isfile(path) and files.content_digest(files.read(path)[0]) == want.digest


def _record(path: str, want: Wanted, done: Written) -> None:
    """Notes that a path is as wanted; of one that is not to be there, there is nothing to note."""
    if want.what.startswith("no "):
        return
    found = files.signature(path)
    if found is None:
        raise ScoreError("was removed while it was written", path=path, hint="run the command again")
    done.rows.append(OutputRow.of(path, want.what, want.mode, want.digest, found))


def _check_paths(to_write: Mapping[str, Wanted], root: str) -> None:
    for path, want in to_write.items():
        if want.what == "file" and os.path.isdir(path):
            raise ScoreError(
                "is a directory, but a file is to be written there", path=path, hint="move the directory away"
            )
        if want.what == "directory" and os.path.lexists(path) and not os.path.isdir(path):
            raise ScoreError(
                "is a file, but a directory is to be made there", path=path, hint="move the file away"
            )
        if not path.startswith(root + os.sep):
            continue
        link = files.leads_out(root, os.path.dirname(path))
        if link is not None:
            raise ScoreError(
                f"is a symbolic link, so '{path}' cannot be written safely", path=link, hint="remove the link"
            )


def _write(to_write: Mapping[str, Wanted], writer: files.Writer) -> None:
    for path, want in to_write.items():
        if want.what == "directory":
            files.make_directory(path, TREE_MODE)
        elif want.what == "file":
            files.make_directory(os.path.dirname(path), TREE_MODE)
        elif want.what == "no file":
            files.remove(path)
        else:
            files.remove_tree(path)
    writer.write(
        files.NewFile(path, want.content(), want.mode)
        for path, want in to_write.items()
        if want.what == "file"
    )


def _remove(rows: Iterable[OutputRow], root: str, done: Written) -> None:
    """Removes what nobody wants any more; of a directory only what is empty: the rest is not ours."""
    for row in sorted(rows, key=lambda row: row.path, reverse=True):
        if not row.path.startswith(root + os.sep):
            continue
        if row.what == "file":
            files.remove(row.path)
            done.removed.append(row.path)
            files.remove_empty_directories(os.path.dirname(row.path), root)
        else:
            files.remove_empty_directories(row.path, root)


def write_env_file(path: str, names: Iterable[str], writer: files.Writer) -> None:
    """Writes ``NAME=`` lines for Compose's ``--env-file``, sorted; values that the user filled in stay."""
    known: dict[str, str] = {}
    if os.path.isfile(path):
        for line in files.read(path)[0].decode("utf-8", "replace").splitlines():
            name, equals, value = line.partition("=")
            if equals:
                known[name.strip()] = value
    text = "".join(f"{name}={known.get(name, '')}\n" for name in sorted(names))
    writer.write([files.NewFile(path, text.encode(), files.FILE_MODE)])
