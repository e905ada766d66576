"""The last step: the files of the user and of the mounts directory as they are to be, and no others.

Nothing is written that is there already; what was edited or deleted by hand is noticed and restored.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache, partial

from doit_score.store import files
from doit_score.store.below import Below, link_on_the_way
from doit_score.store.rows import REMOVALS, OutputRow, What
from doit_score.store.state import State
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import NamedTuple, dataclass, field

OUTPUT_MODE = 0o644
_NAME_OF_LINE = re.compile(rb"^[ \t]*(?:export[ \t]+)?([^\s=:#]+)", re.MULTILINE)
_FIRST_LINE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:[ \t\r]*(?:#.*)?\n)*[ \t]*"
    rb"(?:(?:export[ \t]+)?[\w.-]+[ \t]*(?:=|\r?\n|\Z)|(?:#.*)?\Z)"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be at a path.

    ``content`` is called only if it has to be written; ``owner`` says in messages who wants it.  Where it
    ``follows``, a link at the path stays, and what it leads to is written.
    """

    what: What
    mode: int
    digest: str
    content: Callable[[], bytes]
    owner: str = "the project"
    follows: bool = False

    def place(self, path: str) -> str:
        """Where that is to be, if it is wanted at ``path``."""
        return files.followed(path) if self.follows else path


def output_file(path: str, content: bytes, usual: int | None = None, *, anew: bool = False) -> Wanted:
    """The output with this content, and with the mode of what is there: whoever changed that wants it.

    What is new has the mode ``usual``, or that which the umask gives; ``anew``, what is there as well.
    """
    mode = None if anew else files.file_mode(files.followed(path))
    if mode is None:
        mode = files.usual_mode() if usual is None else usual
    return Wanted("file", mode, files.content_digest(content), lambda: content, follows=True)


class Place(NamedTuple):
    """Where the output is: the directory that it is, with ``/`` at its end, if it is one, and which paths are
    of its files."""

    folder: str = ""
    has_file: Callable[[str], bool] = lambda path: False


_NOWHERE = Place()


@dataclass(slots=True)
class Plan:
    """What is to be done.

    ``rows`` are of what is as it is to be already, ``restored`` the paths of ``to_write`` that were
    changed by hand.  ``in_the_way`` must go before anything is written: it is at a path above or below
    one of ``to_write``; ``unwanted`` goes when everything is written, so that what still refers to it
    finds it as long as possible.  ``aside`` is in the way too, below the mounts directory, but has what is
    not ours in it, and gets another name.  ``directories`` are to be there also if they are empty;
    ``closed`` are those above what is wanted that somebody gave another mode.  ``folder`` is the output,
    where that is a directory.
    """

    rows: list[OutputRow] = field(default_factory=list)
    to_write: dict[str, Wanted] = field(default_factory=dict)
    restored: list[str] = field(default_factory=list)
    in_the_way: list[OutputRow] = field(default_factory=list)
    unwanted: list[OutputRow] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    directories: frozenset[str] = frozenset()
    closed: list[str] = field(default_factory=list)
    folder: str = ""

    def intended(self, recorded: Mapping[str, OutputRow]) -> Iterator[OutputRow]:
        """Rows for what is written for the first time: who finishes a killed run must know of it."""
        for path, want in self.to_write.items():
            if path not in recorded and want.what not in REMOVALS:
                yield OutputRow.intended(path, want.what, want.mode, want.digest)


@dataclass(slots=True)
class Written:
    """What was done: the rows to record, and the paths by kind of change."""

    rows: list[OutputRow]
    changed: list[str]
    restored: list[str]
    removed: list[str]
    aside: list[tuple[str, str]] = field(default_factory=list)
    """What was in the way and is not ours, with the names that it has now."""


def plan(
    wanted: Mapping[str, Wanted],
    recorded: Mapping[str, OutputRow],
    root: str,
    place: Place = _NOWHERE,
) -> Plan:
    """How to get from what is there, of which ``recorded`` is ours, to what is ``wanted``.

    ``root`` is the mounts directory: paths below it are checked for links that lead out of it.  Only there
    is anything removed, and in the ``place`` of the output.  Raises ScoreError if a path cannot be used.
    """
    directories = frozenset(path for path, want in wanted.items() if want.what == "directory")
    made = Plan(directories=directories, folder=place.folder)
    for path, want in wanted.items():
        row = recorded.get(path)
        is_that = row is not None and (row.what, row.mode, row.digest) == (want.what, want.mode, want.digest)
        # The signature of a directory says nothing of its mode, or of a link to it.
        is_as_recorded = row is not None and want.what != "directory" and row.matches(files.signature(path))
        if row is not None and is_that and is_as_recorded:
            made.rows.append(row)
        elif not (is_as_recorded and row is not None and row.digest != want.digest) and _is_as_wanted(
            path, want
        ):
            made.rows += _recorded(path, want)
        else:
            if row is not None and is_that and not row.is_intended:
                made.restored.append(path)
            made.to_write[path] = want
    kept = {path for path, want in wanted.items() if want.what not in REMOVALS}
    unwanted = {
        path: row
        for path, row in recorded.items()
        if path not in kept and (_below(path, root) or place.has_file(path))
    }
    blocking = set(_blocking(made.to_write, recorded, unwanted)) if made.to_write else set()
    made.in_the_way = [recorded[path] for path in sorted(blocking)]
    made.unwanted = [row for path, row in sorted(unwanted.items()) if path not in blocking]
    _check_paths(made, root)
    made.closed = list(_closed(wanted, root))
    return made


def _closed(wanted: Mapping[str, Wanted], root: str) -> Iterator[str]:
    """The directories above what is wanted that are not as ours are; a link is an error."""
    folders = {os.path.dirname(path): path for path, want in wanted.items() if want.what not in REMOVALS}
    every = {above: path for folder, path in folders.items() for above in (folder, *files.above(folder))}
    for folder, path in sorted(every.items()):
        if not _below(folder, root) or not os.path.lexists(folder):
            continue
        if os.path.islink(folder):
            raise link_on_the_way(folder, path)
        if os.path.isdir(folder) and folder not in wanted and not files.is_tree(os.lstat(folder)):
            yield folder


def _blocking(
    to_write: Mapping[str, Wanted], recorded: Mapping[str, OutputRow], unwanted: Mapping[str, OutputRow]
) -> Iterator[str]:
    """The paths of ours that are in the way: files above what is to be written, anything below a file,
    and what is of another kind than what is to be at its place."""
    files_wanted = {path for path, want in to_write.items() if want.what == "file"}
    for path, want in to_write.items():
        row = recorded.get(path)
        if row is not None and want.what not in REMOVALS and row.what != want.what:
            yield path
        for above in files.above(path):
            if above in unwanted and unwanted[above].what == "file":
                yield above
    for path in unwanted:
        if any(above in files_wanted for above in files.above(path)):
            yield path


def _is_as_wanted(path: str, want: Wanted) -> bool:
    path = want.place(path)
    if want.what == "no file":
        return not os.path.lexists(path) or (os.path.isdir(path) and not os.path.islink(path))
    if want.what == "no directory":
        return not os.path.lexists(path)
    if want.what == "directory":
        return os.path.lexists(path) and files.is_tree(os.lstat(path))
    if files.file_mode(path) != want.mode or os.path.islink(path):
        return False
    return os.path.isfile(path) and files.content_digest(files.read(path)[0]) == want.digest


def _recorded(path: str, want: Wanted) -> Iterator[OutputRow]:
    """The row for a path that is as wanted; of one that is not to be there, there is nothing to note."""
    if want.what not in REMOVALS:
        found = files.signature(path)
        if found is None:
            raise ScoreError("was removed while it was written", path=path, hint="run the command again")
        yield OutputRow.of(path, want.what, want.mode, want.digest, found)


def _check_paths(made: Plan, root: str) -> None:
    going = {row.path for row in made.in_the_way}
    # Ten thousand files of workloads are in one directory.
    leads_out = lru_cache(maxsize=None)(partial(files.leads_out, root))
    file_above = lru_cache(maxsize=None)(partial(_file_above, root))
    aside: dict[str, None] = {}
    for path, want in made.to_write.items():
        if _below(path, root):
            link = leads_out(path if want.what == "directory" else os.path.dirname(path))
            if link is not None:
                raise link_on_the_way(link, path)
            if want.what not in REMOVALS:
                other = file_above(path if want.what == "directory" else os.path.dirname(path))
                if other is not None and other not in going:
                    aside[other] = None
        if want.what == "file" and os.path.isdir(path) and not os.path.islink(path):
            if not _below(path, root):
                raise ScoreError(
                    f"is a directory, but {want.owner} wants a file there",
                    path=path,
                    hint="move the directory away",
                )
            if not all(name in going for name in _files_below(path)):
                aside[path] = None
    made.aside = list(aside)


def _file_above(root: str, path: str) -> str | None:
    """What is no directory at ``path`` or above it, below ``root``; None if nothing is."""
    while _below(path, root):
        if _is_file(path):
            return path
        path = os.path.dirname(path)
    return None


def _files_below(directory: str) -> Iterator[str]:
    for folder, _, names in os.walk(directory):
        for name in names:
            yield os.path.join(folder, name)


def _is_file(path: str) -> bool:
    """Whether there is something at ``path`` that is no directory; a link is none."""
    return os.path.islink(path) or (os.path.exists(path) and not os.path.isdir(path))


def _below(path: str, root: str) -> bool:
    return path.startswith(root + os.sep)


class Disk:
    """Where a run puts what it has made, outside of the state.

    One that takes ``faults`` is put in them what would stop the run, which then goes on with all else.
    """

    faults: list[Problem] | None = None

    def __init__(self, state_dir: str) -> None:
        self._state_dir = state_dir
        self._writer = files.Writer(state_dir)

    def sweep(self, directories: Iterable[str], mounts: str) -> None:
        """Removes what a killed run may have left in ``directories`` and below ``mounts``."""
        self._writer.sweep(directories)
        with Below(mounts) as below:
            below.sweep(self._writer)

    def sweep_secrets(self, state: State) -> None:
        """Removes what a killed run may have left of secrets where they are no more."""
        from doit_score.store.apart import sweep

        sweep(state, self._state_dir)

    def write(self, made: Plan, root: str) -> Written:
        """Does what was planned: what is in the way goes, files come in their order, the rest goes."""
        with Below(root) as below:
            removed = _remove(made.in_the_way, below, made.directories)
            aside = [(path, below.put_aside(path)) for path in made.aside]
            for path, want in made.to_write.items():
                _prepare(path, want, below, made.directories)
            self._writer.write(
                (
                    files.NewFile(want.place(path), want.content(), want.mode)
                    for path, want in made.to_write.items()
                    if want.what == "file"
                ),
                place=below.place,
            )
            written = (row for path, want in made.to_write.items() for row in _recorded(path, want))
            rows = [*made.rows, *written]
            removed += _remove(made.unwanted, below, made.directories)
            remove_empty([row.path for row in made.unwanted], made.folder)
            for path in made.closed:
                below.set_mode(path, files.TREE_MODE)
        changed, restored = [*made.to_write, *made.closed], [*made.restored, *made.closed]
        return Written(rows, changed, restored, removed, aside)

    def write_env_file(self, path: str, names: Iterable[str]) -> list[str]:
        """Adds a ``NAME=`` line for Compose's ``--env-file`` for each name that has none, sorted; returns
        those.  All that is there stays."""
        present = files.read(path)[0] if os.path.exists(path) else None
        if present and not _FIRST_LINE.match(present):
            message = "cannot be written: it is no environment file, whose lines are NAME=VALUE"
            raise ScoreError(message, path=path, hint="name another file")
        known = set(_NAME_OF_LINE.findall(present or b""))
        missing = [name for name in sorted(names) if name.encode("utf-8", "surrogateescape") not in known]
        if missing or present is None:
            content = present or b""
            content += b"\n" if content and not content.endswith(b"\n") else b""
            content += "".join(f"{name}=\n" for name in missing).encode("utf-8", "surrogateescape")
            mode = files.file_mode(path)
            self._writer.write([files.NewFile(path, content, files.FILE_MODE if mode is None else mode)])
        return missing

    def print(self, text: str) -> None:
        """Gives the output to whoever reads standard output."""
        import sys

        sys.stdout.write(text)


def _prepare(path: str, want: Wanted, below: Below, keep: frozenset[str]) -> None:
    """Makes ``path`` ready for the file that comes there; of all else it makes what is wanted."""
    if want.what == "directory":
        below.make_directory(path, files.TREE_MODE)
        below.set_mode(path, want.mode)
    elif want.what == "file":
        below.remove_empty_tree(path)
        below.make_directory(os.path.dirname(path), files.TREE_MODE)
    else:
        if want.what == "no file":
            below.remove(path)
        else:
            below.remove_tree(path)
        below.remove_empty_directories(os.path.dirname(path), keep)


def remove_empty(paths: Iterable[str], folder: str) -> None:
    """Removes the empty directories between ``folder`` (which ends in ``/``) and what was at ``paths``."""
    for path in paths:
        above = os.path.dirname(path) if folder and path.startswith(folder.removeprefix("./")) else ""
        while above and f"{above}/" != folder:
            with suppress(OSError):
                os.rmdir(above)
            above = os.path.dirname(above)


def _remove(rows: Iterable[OutputRow], below: Below, keep: frozenset[str]) -> list[str]:
    """Removes what nobody wants any more; of a directory only what is empty: the rest is not ours."""
    removed = []
    for row in sorted(rows, key=lambda row: row.path, reverse=True):
        if row.what == "file":
            if _is_file(row.path) and below.remove(row.path):
                removed.append(row.path)
            below.remove_empty_directories(os.path.dirname(row.path), keep)
        else:
            below.remove_empty_directories(row.path, keep)
    return removed
