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
from itertools import chain, repeat
from typing import NamedTuple, TypeAlias
from zlib import crc32

from doit_score.store.rows import InputRow, OutputRow

BUCKETS = 64
INPUTS = "inputs"
OUTPUTS = "outputs"
_DIRECTORY = "directory"
_NUL = "\0"  # No path has one.


Numbers: TypeAlias = tuple[str, tuple[int, ...]]
"""The role of a file (of an output: what it is), and the four numbers of its signature."""


class Bucket(NamedTuple):
    """Some files: their paths and roles (of outputs: what they are), and four numbers for each."""

    kind: str
    number: int
    paths: str
    roles: str
    numbers: bytes

    def unpacked(self) -> dict[str, Numbers]:
        """Role and numbers by path."""
        numbers = array("q", self.numbers)
        return {
            path: (role, tuple(numbers[4 * index : 4 * index + 4]))
            for index, (path, role) in enumerate(zip(_split(self.paths), _split(self.roles), strict=True))
        }

    @classmethod
    def packed(cls, kind: str, number: int, files: dict[str, Numbers]) -> Bucket:
        """The bucket of which :meth:`unpacked` makes ``files``."""
        ordered = sorted(files)
        numbers = array("q", chain.from_iterable(files[path][1] for path in ordered))
        roles = (files[path][0] for path in ordered)
        return cls(kind, number, _NUL.join(ordered), _NUL.join(roles), numbers.tobytes())


def bucket_of(row: InputRow | OutputRow) -> tuple[str, int]:
    """The key of the bucket in which a file belongs: the same in every process."""
    number = crc32(row.path.encode("utf-8", "surrogateescape")) % BUCKETS
    return INPUTS if isinstance(row, InputRow) else OUTPUTS, number


def numbers_of(row: InputRow | OutputRow) -> Numbers:
    """What a bucket keeps of a file."""
    role = row.role if isinstance(row, InputRow) else row.what
    return role, (row.mtime_ns, row.ctime_ns, row.size, row.inode)


class Changed(NamedTuple):
    """A file that is not what its signature says; ``is_there`` tells one that is gone from others."""

    path: str
    kind: str
    role: str
    is_there: bool


class Glance:
    """All buckets, to be compared with the disk."""

    def __init__(self, buckets: Iterable[Bucket]) -> None:
        self._paths: list[str] = []
        self._roles: list[str] = []
        self._kinds: list[str] = []
        self._numbers = array("q")
        for bucket in buckets:
            paths = _split(bucket.paths)
            self._paths += paths
            self._roles += _split(bucket.roles)
            self._kinds += repeat(bucket.kind, len(paths))
            self._numbers.frombytes(bucket.numbers)

    def inputs(self, role: str) -> set[str]:
        """The paths of the inputs with this role."""
        return {
            path
            for path, other, kind in zip(self._paths, self._roles, self._kinds, strict=True)
            if other == role and kind == INPUTS
        }

    def changed(self) -> Iterator[Changed]:
        """Every file whose signature is another than the recorded one, by one ``stat`` for each file."""
        stat, numbers = os.stat, self._numbers
        columns = (self._paths, numbers[0::4], numbers[1::4], numbers[2::4], numbers[3::4])
        for index, (path, mtime_ns, ctime_ns, size, inode) in enumerate(zip(*columns, strict=True)):
            try:
                found = stat(path)
            except (FileNotFoundError, NotADirectoryError):
                # One that was looked for and was not there has the size -1.
                if size >= 0:
                    yield Changed(path, self._kinds[index], self._roles[index], False)
                continue
            if (
                found.st_ctime_ns != ctime_ns
                or found.st_mtime_ns != mtime_ns
                or found.st_size != size
                or found.st_ino != inode
            ):
                # What is inside of a directory is not ours.
                if self._roles[index] == _DIRECTORY and found.st_ino == inode:
                    continue
                yield Changed(path, self._kinds[index], self._roles[index], True)


def _split(text: str) -> list[str]:
    return text.split(_NUL) if text else []
