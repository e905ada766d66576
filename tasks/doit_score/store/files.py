"""Files: signatures of what is read, and the only way in which anything is written.

A file is written as a temporary file in its own directory, synced, given its mode and renamed, so
that a reader sees the old or the new content and never a part (the database of ``state.py`` keeps
the same promise by itself).  Temporary files carry a mark of their state directory; what a killed
run has left is removed by :func:`sweep`, which never touches those of another pack.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple, TypeAlias, dataclass, sha256

DIRECTORY_MODE = 0o700
TREE_MODE = 0o755
"""That of directories below the mounts."""
FILE_MODE = 0o600

_MOST = (1 << 63) - 1

# How far apart two writes must be for a file system to give them two times.  A time without a part
# below the second is taken for one of a file system that counts in (two) seconds.
_FINE_TICK_NS = 20_000_000
_COARSE_TICK_NS = 2_000_000_000

# The clock that says how long ago a file was written; tests give another.
now_ns = time.time_ns

LARGEST = 128 << 20
"""The size in bytes beyond which no file is read."""

# Beyond this number of files it is quicker to have everything synced at once.
_MANY = 32


class Signature(NamedTuple):
    """What ``stat`` says of a file: equal signatures, equal content, within the limits of :func:`read`.

    ``mtime_ns`` is -1 where the file was written so shortly before it was read that a later write
    could leave the same times (the racy-clean rule of git's index); no file ever has it, so that
    the next run looks at the content again.
    """

    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int


def signature(path: str) -> Signature | None:
    """The signature of the file at ``path``, None if there is none that can be looked at."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return _signature(found)


def settled(found: Signature, looked_at_ns: int) -> Signature:
    """``found`` as it may be recorded by somebody who began to read at ``looked_at_ns``."""
    tick = _FINE_TICK_NS if found.mtime_ns % 1_000_000_000 else _COARSE_TICK_NS
    if max(found.mtime_ns, found.ctime_ns) < looked_at_ns - tick:
        return found
    return found._replace(mtime_ns=-1)


def read(path: str) -> tuple[bytes, Signature]:
    """The content of a file and the signature it may be recorded with.

    Raises ScoreError naming the file if it cannot be read, is no regular file, or is larger than
    :data:`LARGEST`.  It does not wait: a pipe that nobody writes to would hold the lock for ever.
    """
    now = now_ns()
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            found = os.fstat(descriptor)
            content = _content(path, descriptor, found)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise _irregular(path) from None
        raise ScoreError(f"cannot be read: {error.strerror}", path=path) from None
    return content, settled(_signature(found), now)


def _content(path: str, descriptor: int, found: os.stat_result) -> bytes:
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        raise _irregular(path)
    pieces, size, wanted = [], 0, found.st_size + 1
    while max(size, wanted) <= LARGEST and (piece := os.read(descriptor, wanted)):
        pieces.append(piece)
        size += len(piece)
        wanted = max(wanted - len(piece), 1 << 16)
    if max(size, wanted) > LARGEST:
        raise ScoreError(
            f"is larger than {LARGEST >> 20} MiB",
            path=path,
            hint="what is that large is better mounted from a volume than read",
        )
    return b"".join(pieces)


def _irregular(path: str) -> ScoreError:
    hint = "write what it gives to a file, and name that one"
    return ScoreError("is no regular file", path=path, hint=hint)


Place: TypeAlias = "Callable[[str], tuple[int | None, str]]"
"""Where a path is: the directory, open, and the name in it; no directory where the path says it all."""


def as_named(path: str) -> tuple[int | None, str]:
    """The place of a path that may be followed."""
    return None, path


def content_digest(content: bytes) -> str:
    """The name of a content."""
    return sha256(content).hexdigest()


def make_directory(path: str, mode: int | None = DIRECTORY_MODE) -> None:
    """Makes ``path`` and what lacks above it, each with ``mode``, whatever the umask says; with what that
    says for None."""
    if not path or os.path.isdir(path):
        return
    make_directory(os.path.dirname(path), mode)
    try:
        os.mkdir(path)
        if mode is not None:
            os.chmod(path, mode)
    except FileExistsError:
        if not os.path.isdir(path):
            raise ScoreError("is a file, but a directory is needed here", path=path) from None
    except OSError as error:
        raise ScoreError(f"the directory cannot be made: {error.strerror}", path=path) from None


def is_tree(found: os.stat_result) -> bool:
    """Whether that (of ``lstat``) is a directory as those below the mounts are to be.

    One that belongs to another user is a container's by now, and so is its mode.
    """
    ours = found.st_uid == os.geteuid()
    return stat.S_ISDIR(found.st_mode) and not (ours and found.st_mode & 0o777 != TREE_MODE)


def keep_private(path: str) -> None:
    """Takes the directory ``path`` away from everybody but its owner: there are passwords below it."""
    mode = file_mode(path)
    if mode is not None and mode & 0o077:
        with writing(path):
            os.chmod(path, mode & 0o700)


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be written: where, what, and with which permission bits."""

    path: str
    content: bytes
    mode: int


class Writer:
    """Writes files for one state directory, whose ``mark`` its temporary files carry."""

    def __init__(self, state_dir: str) -> None:
        mark = sha256(os.path.abspath(state_dir).encode("utf-8", "surrogateescape")).hexdigest()[:8]
        self.prefix = f".doit-score-{mark}-"

    def write(self, files: Iterable[NewFile], *, lasting: bool = True, place: Place = as_named) -> None:
        """Writes all ``files``; each is old or new, never half.  Their directories must exist.

        ``place`` is asked for the way to each path.  What need not be ``lasting`` may be lost or empty
        after a power failure, and is not synced.

        Raises ScoreError naming the first file that cannot be written; what was renamed before stays,
        no temporary file does.
        """
        pending: list[tuple[str, NewFile]] = []
        renamed = 0
        try:
            for number, file in enumerate(files):
                temporary = os.path.join(os.path.dirname(file.path), f"{self.prefix}{number}.tmp")
                pending.append((temporary, file))
                with writing(temporary if os.path.isdir(temporary) else file.path):
                    _write(*place(temporary), file)
            if lasting:
                _sync_all(pending, place)
            for temporary, file in pending:
                with writing(file.path):
                    folder, name = place(file.path)
                    os.replace(place(temporary)[1], name, src_dir_fd=folder, dst_dir_fd=folder)
                renamed += 1
            for directory in sorted({os.path.dirname(file.path) for _, file in pending}) if lasting else ():
                _sync_directory(directory, place)
        finally:
            for temporary, _ in pending[renamed:]:
                # One that somebody else made, or on whose way something is now.
                with suppress(IsADirectoryError, PermissionError, FileNotFoundError, ScoreError):
                    _unlink(*place(temporary))

    @contextmanager
    def replacing(self, path: str) -> Iterator[str]:
        """The name of a temporary file for somebody else to write; then it is synced and renamed to ``path``.

        Raises ScoreError if that cannot be done; then, and after any other error, ``path`` is as it was.
        """
        temporary = os.path.join(os.path.dirname(path), f"{self.prefix}{os.path.basename(path)}.tmp")
        try:
            with writing(path):
                yield temporary
                _sync(None, temporary)
                os.replace(temporary, path)
        except BaseException:
            _unlink(None, temporary)
            raise
        _sync_directory(os.path.dirname(path))

    def sweep(self, directories: Iterable[str]) -> None:
        """Removes the temporary files that killed runs of this state directory left in ``directories``."""
        for directory in directories:
            try:
                names = os.listdir(directory or ".")
            except OSError:  # who is to write there meets it too, and can tell
                continue
            for name in names:
                if self.is_temporary(name):
                    with suppress(OSError):
                        _unlink(None, os.path.join(directory, name))

    def is_temporary(self, name: str) -> bool:
        """Whether a file of this name is one that a killed run of this state directory left."""
        return name.startswith(self.prefix) and name.endswith(".tmp")


def remove(path: str) -> None:
    """Removes a file or a link; no error if there is none.  Raises ScoreError if it cannot be done."""
    with writing(path):
        _unlink(None, path)


def followed(path: str) -> str:
    """``path``, or where the link leads that is there."""
    return os.path.realpath(path) if os.path.islink(path) else path


def usual_mode() -> int:
    """The permission bits that a new file gets from the umask; its owner can always read it again."""
    os.umask(mask := os.umask(0o077))  # there is no other way to ask
    return 0o666 & ~mask | FILE_MODE


def leads_out(root: str, path: str) -> str | None:
    """The first part of ``path`` below ``root`` that is a symbolic link, None if there is none.

    A provisioner names relative paths; a link on the way would let it write outside of ``root``.
    """
    # Most paths are made of their root; to ask where we are costs two system calls.
    below = path.startswith(root + os.sep)
    inside = path[len(root) + 1 :] if below else os.path.relpath(path, root)
    here = root
    for part in inside.split(os.sep):
        here = os.path.join(here, part)
        if os.path.islink(here):
            return here
    return None


def above(path: str) -> Iterator[str]:
    """The directories above ``path``, the nearest first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def file_mode(path: str) -> int | None:
    """The permission bits of a file, None if there is none.  Raises ScoreError if that cannot be told."""
    try:
        return stat.S_IMODE(os.lstat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ScoreError(f"cannot be looked at: {error.strerror}", path=path) from None


def _signature(found: os.stat_result) -> Signature:
    mtime, ctime, inode = found.st_mtime_ns, found.st_ctime_ns, found.st_ino
    if max(mtime, ctime, inode) > _MOST or min(mtime, ctime) < -_MOST:  # no integer of SQLite, from 2262 on
        mtime, ctime, inode = mtime % _MOST, ctime % _MOST, inode % _MOST
    return Signature(mtime, ctime, found.st_size, inode)


def _write(folder: int | None, name: str, file: NewFile) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    descriptor = os.open(name, flags, FILE_MODE, dir_fd=folder)
    try:
        view = memoryview(file.content)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fchmod(descriptor, file.mode)
    finally:
        os.close(descriptor)


def _sync_all(written: Sequence[tuple[str, NewFile]], place: Place) -> None:
    """Waits until every temporary file is on the disk."""
    if len(written) > _MANY and sys.platform == "linux":
        # Elsewhere this does not wait until it is done.
        os.sync()
        return
    for temporary, file in written:
        with writing(file.path):
            _sync(*place(temporary))


def _sync(folder: int | None, name: str) -> None:
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_directory(path: str, place: Place = as_named) -> None:
    with writing(path or "."):
        _sync(*place(os.path.join(path, ".")))


@contextmanager
def writing(path: str) -> Iterator[None]:
    """Has an error of the system told as one of ``path``, which cannot be written then."""
    try:
        yield
    except OSError as error:
        raise ScoreError(f"cannot be written: {error.strerror}", path=path) from None


def _unlink(folder: int | None, name: str) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        os.unlink(name, dir_fd=folder)
