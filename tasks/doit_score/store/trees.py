"""Whole directories: copied so that the copy is there completely or not at all."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple

_PART = ".part"
"""What the name of a copy ends with until it is complete."""


def is_filled(path: str) -> bool:
    """Whether ``path`` is a directory with something in it."""
    try:
        with os.scandir(path) as entries:
            return any(True for _ in entries)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise ScoreError(f"cannot be read: {error.strerror}", path=path) from None


class Copied(NamedTuple):
    """What a copy came across: ``odd`` are the paths of what is neither file, directory nor link, which
    is not copied; ``aside`` is where that is now what was at the target."""

    odd: tuple[str, ...]
    aside: str | None


def copy(source: str, target: str, left_out: Callable[[str], bool] = lambda _: False) -> Copied:
    """Copies the directory ``source`` to ``target``.  What is there and not empty gets another name.

    Modes and times are kept, and owners where we may set them.  A link is copied as the link that it
    is, never followed.  ``left_out`` is asked for the path of each file, relative to ``source``.

    Raises ScoreError naming the first thing that cannot be read or written; ``target`` is then as it was.
    """
    part = target + _PART
    try:
        _remove(part)
        odd = tuple(_copy_directory(source, part, "", left_out))
        aside = move_aside(target) if is_filled(target) else None
        with _told(target):
            if aside is None and os.path.lexists(target):
                os.rmdir(target)
            os.rename(part, target)
    except ScoreError as error:
        _remove(part)
        (problem,) = error.problems
        raise ScoreError(
            problem.message,
            path=problem.path,
            hint="what containers wrote may belong to other users: copy it as root, with "
            f"`sudo cp -a {shlex.quote(source)} {shlex.quote(target)}`, and run this again",
        ) from None
    except BaseException:
        _remove(part)
        raise
    return Copied(odd, aside)


def _copy_directory(source: str, target: str, inside: str, left_out: Callable[[str], bool]) -> Iterator[str]:
    with _told(source):
        entries = sorted(os.scandir(source), key=lambda entry: entry.name)
        found = os.stat(source)
    with _told(target):
        os.mkdir(target, 0o700)
    for entry in entries:
        path = os.path.join(inside, entry.name)
        there = os.path.join(target, entry.name)
        if entry.is_symlink():
            with _told(there):
                os.symlink(os.readlink(entry.path), there)
        elif entry.is_dir(follow_symlinks=False):
            yield from _copy_directory(entry.path, there, path, left_out)
        elif not entry.is_file(follow_symlinks=False):
            yield path
        elif not left_out(path):
            _copy_file(entry.path, there)
    with _told(target):
        _keep_facts(found, target)


def _copy_file(source: str, target: str) -> None:
    with _told(source):
        descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as old:
            found = os.fstat(descriptor)
            with _told(target), open(target, "xb") as new:
                shutil.copyfileobj(old, new, 1 << 20)
                new.flush()
                os.fsync(new.fileno())
    with _told(target):
        _keep_facts(found, target)


def _keep_facts(found: os.stat_result, target: str) -> None:
    if os.geteuid() == 0:
        # What containers wrote belongs to their users, who must be able to go on.
        os.chown(target, found.st_uid, found.st_gid)
    os.chmod(target, stat.S_IMODE(found.st_mode))
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))


def is_same(one: str, other: str, left_out: Callable[[str], bool] = lambda _: False) -> bool:
    """Whether two directories have the same files and links, as far as sizes, modes and times tell, apart
    from those that are ``left_out``.

    Raises ScoreError if a directory in them cannot be read.
    """
    return dict(_facts(one, "", left_out)) == dict(_facts(other, "", left_out))


def _facts(
    root: str, inside: str, left_out: Callable[[str], bool]
) -> Iterator[tuple[str, str | tuple[int, int, int]]]:
    """Each link with where it leads, and each file with mode, size and time."""
    with _told(os.path.join(root, inside)):
        entries = list(os.scandir(os.path.join(root, inside)))
    for entry in entries:
        path = os.path.join(inside, entry.name)
        if entry.is_symlink():
            yield path, os.readlink(entry.path)
        elif entry.is_dir(follow_symlinks=False):
            yield from _facts(root, path, left_out)
        elif entry.is_file(follow_symlinks=False) and not left_out(path):
            found = entry.stat(follow_symlinks=False)
            yield path, (stat.S_IMODE(found.st_mode), found.st_size, found.st_mtime_ns)


def move_aside(path: str) -> str:
    """Gives ``path`` a name beside it that is free; returns that name."""
    number = 1
    while os.path.lexists(f"{path}.{number}"):
        number += 1
    with _told(path):
        os.rename(path, f"{path}.{number}")
    return f"{path}.{number}"


def _remove(path: str) -> None:
    """Removes what a copy left, if anything; directories may have got modes that forbid it."""
    with _told(path):
        if os.path.islink(path) or os.path.isfile(path):
            os.unlink(path)
        elif os.path.lexists(path):
            os.chmod(path, 0o700)
            for folder, names, _ in os.walk(path):
                for name in names:
                    if not os.path.islink(os.path.join(folder, name)):
                        os.chmod(os.path.join(folder, name), 0o700)
            shutil.rmtree(path)


@contextmanager
def _told(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ScoreError(f"cannot be copied: {error.strerror}", path=str(error.filename or path)) from None
