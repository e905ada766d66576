"""One writer at a time: the lock of a state directory."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from doit_score.options import said
from doit_score.store.database import exists
from doit_score.store.files import FILE_MODE, NewFile, Writer, keep_private, make_directory, remove
from doit_score.text.errors import ScoreError

GITIGNORE = b"# Generated names and passwords are kept here: not for a repository.\n*\n"
LOCK_NAME = "lock"
HOLDER_NAME = "lock.holder"
_OWN_NAMES = (
    *(LOCK_NAME, HOLDER_NAME, "mounts", "running", "schemas", "README.md", ".gitignore", ".gitkeep"),
    *("secrets", "secrets.env"),
)
_OWN_STARTS = ("state.db", "backup.db", "doit.db", ".doit-score-")


@contextmanager
def locked(state_dir: str, timeout: float, notify: Callable[[str], None]) -> Iterator[None]:
    """Holds the lock of ``state_dir``, which is made if it is missing, and kept out of git.

    If another process holds it, ``notify`` is told once who; after ``timeout`` seconds (negative:
    never) a ScoreError says so.  The lock is the operating system's: it ends with its process.
    """
    check_ours(state_dir)
    make_directory(state_dir)
    keep_private(state_dir)
    with _system_lock(state_dir, timeout, notify):
        holder = os.path.join(state_dir, HOLDER_NAME)
        writer = Writer(state_dir)
        try:
            writer.sweep([state_dir])
            _keep_out_of_git(state_dir, writer)
            command = " ".join([os.path.basename(sys.argv[0]), *sys.argv[1:2]]).strip()
            text = f"process {os.getpid()} ({command})\n"
            writer.write([NewFile(holder, text.encode(), FILE_MODE)], lasting=False)
            yield
        finally:
            remove(holder)


def check_ours(state_dir: str) -> None:
    """Raises ScoreError for a directory with anything else in it, which would be closed and hidden."""
    here, own = os.path.realpath("."), os.path.realpath(state_dir)
    if os.path.isdir(own) and (os.path.commonpath([here, own]) == own or not _is_ours(own)):
        raise ScoreError(
            "is not a state directory, and there is something else in it",
            path=state_dir,
            hint=f"name one that is new or empty: {said('state_dir')}",
        )


def _is_ours(directory: str) -> bool:
    """Whether there is nothing in ``directory`` but what we put there; beside a state there may be."""
    if exists(directory) and os.path.lexists(os.path.join(directory, LOCK_NAME)):
        return True
    with os.scandir(directory) as entries:
        return all(
            entry.name in _OWN_NAMES
            or entry.name.startswith(_OWN_STARTS)
            or (entry.is_dir(follow_symlinks=False) and _is_ours(entry.path))
            for entry in entries
        )


@contextmanager
def _system_lock(state_dir: str, timeout: float, notify: Callable[[str], None]) -> Iterator[None]:
    path = os.path.join(state_dir, LOCK_NAME)
    descriptor = _taken_at_once(path)
    if descriptor is not None:
        try:
            yield
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)  # also where a forked child has it too
            os.close(descriptor)
        return
    from filelock import FileLock, Timeout

    lock = FileLock(path, mode=FILE_MODE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        notify(f"waiting for the lock of '{state_dir}', held by {holder(state_dir)}")
        try:
            lock.acquire(timeout=timeout)
        except Timeout:
            raise ScoreError(
                f"'{state_dir}' is still locked by {holder(state_dir)} after {timeout:g} s",
                hint="wait for that process or end it, or allow a longer wait "
                f"({said('lock_timeout', 'SECONDS')})",
            ) from None
    except OSError as error:
        raise ScoreError(f"'{state_dir}' cannot be locked: {error.strerror}") from None
    try:
        yield
    finally:
        lock.release()


def _taken_at_once(path: str) -> int | None:
    """The lock at ``path`` as an open file, if it is free.

    It is filelock's: the same file, locked in the same way, so that each keeps the other out.  But
    filelock takes four times as long to import as Python to start, so it is asked only where this fails:
    where somebody has to wait, and on file systems that have another way.
    """
    try:
        is_new = not os.path.lexists(path)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
        if is_new:
            os.fchmod(descriptor, FILE_MODE)  # whatever the umask says
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink:  # else somebody has removed it meanwhile
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def _keep_out_of_git(state_dir: str, writer: Writer) -> None:
    """Has git ignore a new state directory, since there are passwords in it; an old one is left alone."""
    path = os.path.join(state_dir, ".gitignore")
    if not exists(state_dir) and not os.path.lexists(path):
        writer.write([NewFile(path, GITIGNORE, FILE_MODE)])


def holder(state_dir: str) -> str:
    """Who holds the lock, as far as that is known."""
    try:
        with open(os.path.join(state_dir, HOLDER_NAME), encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return "another process"
