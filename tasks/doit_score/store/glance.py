"""The signatures of all files of a project, packed so that ten thousand are read at once.

The tables ``inputs`` and ``outputs`` have a row per file, which is what a run changes and what costs
too much to read where all that is asked is whether anything has changed.  So what that question needs
is kept a second time: the files in some buckets by their names, of each bucket the paths in one text
and the numbers of their signatures in one array.  A changed file costs the rewriting of its bucket.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from zlib import crc32

from doit_score.store.files import above, is_tree
from doit_score.store.rows import ROLES, InputRow, OutputRow
from doit_score.text.light import NamedTuple, TypeAlias

BUCKETS = 64
_DIRECTORY = "directory"
_NUL = "\0"  # No path has one.

Numbers: TypeAlias = tuple[int, ...]
"""The four numbers of a signature."""


class Bucket(NamedTuple):
    """Some files of one kind (the roles of an input, what an output is): their paths, and their numbers."""

    kind: str
    number: int
    paths: str
    numbers: bytes

    def unpacked(self) -> dict[str, Numbers]:
        """The numbers by path."""
        numbers = array("q", self.numbers)
        return {
            path: tuple(numbers[4 * index : 4 * index + 4]) for index, path in enumerate(_split(self.paths))
        }

    @classmethod
    def packed(cls, kind: str, number: int, files: dict[str, Numbers]) -> Bucket:
        """The bucket of which :meth:`unpacked` makes ``files``."""
        ordered = sorted(files)
        numbers = array("q", chain.from_iterable(files[path] for path in ordered))
        return cls(kind, number, _NUL.join(ordered), numbers.tobytes())


def bucket_of(row: InputRow | OutputRow) -> tuple[str, int]:
    """The key of the bucket in which a file belongs: the same in every process."""
    number = crc32(row.path.encode("utf-8", "surrogateescape")) % BUCKETS
    return row.role if isinstance(row, InputRow) else row.what, number


def numbers_of(row: InputRow | OutputRow) -> Numbers:
    """What a bucket keeps of a file."""
    return row.mtime_ns, row.ctime_ns, row.size, row.inode


class Changed(NamedTuple):
    """A file that is not what its signature says; ``is_there`` tells one that is gone from others."""

    path: str
    kind: str
    is_there: bool


class Glance:
    """All buckets, to be compared with the disk."""

    def __init__(self, buckets: Iterable[Bucket]) -> None:
        self._paths: dict[str, list[str]] = {}
        self._numbers: dict[str, array[int]] = {}
        for bucket in buckets:
            self._paths.setdefault(bucket.kind, []).extend(_split(bucket.paths))
            self._numbers.setdefault(bucket.kind, array("q")).frombytes(bucket.numbers)

    def inputs(self, role: str) -> set[str]:
        """The inputs that have this role, alone or among others."""
        return {path for kind in self._paths if role in kind.split(ROLES) for path in self._paths[kind]}

    def changed(self) -> Iterator[Changed]:
        """Every file whose signature is another than the recorded one, by one ``stat`` for each file."""
        for kind, paths in self._paths.items():
            if kind == _DIRECTORY:
                yield from _other_directories(paths)
                continue
            numbers = self._numbers[kind]
            stat = os.stat
            columns = (numbers[0::4], numbers[1::4], numbers[2::4], numbers[3::4])
            for path, mtime_ns, ctime_ns, size, inode in zip(paths, *columns, strict=True):
                try:
                    found = stat(path)
                except OSError:
                    # One that was looked for and was not there has the size -1.
                    if size >= 0:
                        yield Changed(path, kind, False)
                    continue
                if (
                    found.st_ctime_ns != ctime_ns
                    or found.st_mtime_ns != mtime_ns
                    or found.st_size != size
                    or found.st_ino != inode
                ):
                    yield Changed(path, kind, True)

    def changed_above(self, root: str) -> Iterator[Changed]:
        """Every directory between ``root`` and an output below it that is not as ours are."""
        outputs = chain(self._paths.get("file", ()), self._paths.get(_DIRECTORY, ()))
        folders = {path.rpartition("/")[0] for path in outputs}
        known = {root, *self._paths.get(_DIRECTORY, ())}
        every = {folder for one in folders for folder in (one, *above(one)) if folder.startswith(f"{root}/")}
        return _other_directories(every - known)


def _other_directories(paths: Iterable[str]) -> Iterator[Changed]:
    # What is inside of a directory is not ours, so its times and size say nothing.
    for path in paths:
        try:
            if not is_tree(os.lstat(path)):
                yield Changed(path, _DIRECTORY, True)
        except OSError:
            yield Changed(path, _DIRECTORY, False)


def _split(text: str) -> list[str]:
    return text.split(_NUL) if text else []
