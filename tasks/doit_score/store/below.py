"""What is done below a directory that others write to as well: no link in it is ever followed.

A container may exchange a directory of its mounts for a link between any look and the write after it.
So a path is walked by descriptors: each directory is opened in the one above it, and no link is opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from doit_score.store.files import Writer, make_directory, writing
from doit_score.text.errors import ScoreError

# On Linux a directory need not be readable to be passed through.
_PATH = getattr(os, "O_PATH", 0)
_PASSING = _PATH | os.O_DIRECTORY | os.O_CLOEXEC


class Below:
    """Changes what is below ``root``, which may be a link itself; paths elsewhere are taken as they are.

    The directories on the way to the last path stay open until :meth:`close`, as the next is mostly
    near it.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._folder: str | None = None
        self._parts: list[str] = []
        self._open: list[int] = []

    def __enter__(self) -> Below:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes what is open."""
        self._leave(-1)

    def place(self, path: str) -> tuple[int | None, str]:
        """The directory of ``path``, open, and the name in it; no directory for a path that is elsewhere.

        Raises ScoreError if something on the way is a link or a file, FileNotFoundError if it is not there.
        """
        with _told(path):
            return self._place(path)

    def make_directory(self, path: str, mode: int) -> None:
        """Makes ``path`` and what lacks above it, each with ``mode``, whatever the umask says; elsewhere than
        below the root with what that says."""
        if not self._has(path):
            make_directory(path, None)
            return
        if not self._open:
            make_directory(self._root, mode)
        with writing(path), _told(path):
            self._enter(path, mode)

    def set_mode(self, path: str, mode: int) -> None:
        """Gives the directory ``path`` its permission bits, if it has others."""
        with writing(path), _told(path):
            descriptor = self._enter(path)
            if stat.S_IMODE(os.stat(descriptor).st_mode) != mode:
                _chmod(descriptor, mode)

    def remove(self, path: str) -> bool:
        """Removes a file or a link; whether there was one.  One behind a link is not there."""
        with writing(path):
            try:
                folder, name = self._place(path)
                os.unlink(name, dir_fd=folder)
            except (FileNotFoundError, NotADirectoryError):
                return False
        return True

    def remove_tree(self, path: str) -> None:
        """Removes a directory with all that is in it (a link itself, not what it leads to)."""
        with writing(path), suppress(FileNotFoundError):
            folder, name = self.place(path)
            try:
                _clear(folder, name, files=True)
            except NotADirectoryError:
                os.unlink(name, dir_fd=folder)

    def remove_empty_tree(self, path: str) -> None:
        """Removes a directory in which there are at most other empty ones; no error if there is none.

        Raises ScoreError if there is a file in it.
        """
        with writing(path), suppress(FileNotFoundError, NotADirectoryError):
            _clear(*self._place(path), files=False)

    def remove_empty_directories(self, path: str, keep: Collection[str] = ()) -> None:
        """Removes ``path`` and the directories above it as long as they are empty and below the root.

        One that is missing is passed over; it ends at one of ``keep`` too.
        """
        while self._has(path) and path not in keep:
            try:
                folder, name = self._place(path)
                os.rmdir(name, dir_fd=folder)
            except FileNotFoundError:
                pass  # a killed run may have made only those above
            except OSError:
                return
            path = os.path.dirname(path)

    def put_aside(self, path: str) -> str:
        """Gives what is at ``path`` another name beside it, which is returned."""
        number, found = 1, f"{path}.aside"
        while os.path.lexists(found):
            number += 1
            found = f"{path}.aside{number}"
        with writing(path):
            folder, name = self.place(path)
            os.rename(name, self.place(found)[1], src_dir_fd=folder, dst_dir_fd=folder)
        return found

    def sweep(self, writer: Writer) -> None:
        """Removes the temporary files that killed runs of this state directory left anywhere below."""
        with suppress(FileNotFoundError, NotADirectoryError):
            root = self._enter(self._root)
            for _, _, names, folder in os.fwalk(".", dir_fd=root):
                for name in filter(writer.is_temporary, names):
                    with suppress(OSError):  # who is to write there meets it too, and can tell
                        os.unlink(name, dir_fd=folder)

    def _has(self, path: str) -> bool:
        return path.startswith(self._root + os.sep)

    def _place(self, path: str) -> tuple[int | None, str]:
        if not self._has(path):
            return None, path
        folder, _, name = path.rpartition(os.sep)
        return self._enter(folder), name

    def _enter(self, folder: str, mode: int | None = None) -> int:
        """The directory ``folder``, open; with ``mode`` what lacks of it is made."""
        if folder != self._folder:
            parts = folder[len(self._root) + 1 :].split(os.sep) if folder != self._root else []
            shared = 0
            while shared < min(len(parts), len(self._parts)) and parts[shared] == self._parts[shared]:
                shared += 1
            self._leave(shared)
            if not self._open:
                self._open.append(os.open(self._root, _PASSING))
            for part in parts[shared:]:
                self._open.append(self._opened(part, mode))
                self._parts.append(part)
            self._folder = folder
        return self._open[-1]

    def _leave(self, depth: int) -> None:
        """Closes all directories but those of the first ``depth`` parts."""
        self._folder = None
        del self._parts[max(depth, 0) :]
        while len(self._open) > depth + 1:
            os.close(self._open.pop())

    def _opened(self, name: str, mode: int | None) -> int:
        above = self._open[-1]
        try:
            try:
                return os.open(name, _PASSING | os.O_NOFOLLOW, dir_fd=above)
            except FileNotFoundError:
                if mode is None:
                    raise
                os.mkdir(name, mode, dir_fd=above)
                made = os.open(name, _PASSING | os.O_NOFOLLOW, dir_fd=above)
                _chmod(made, mode)
                return made
        except NotADirectoryError as error:
            error.filename = os.sep.join([self._root, *self._parts, name])
            raise


def link_on_the_way(link: str, path: str) -> ScoreError:
    """The error for a ``link`` above ``path``."""
    message = f"is a symbolic link, so '{path}' cannot be written safely"
    return ScoreError(message, path=link, hint="remove the link")


@contextmanager
def _told(path: str) -> Iterator[None]:
    try:
        yield
    except NotADirectoryError as error:
        if os.path.islink(error.filename):
            raise link_on_the_way(error.filename, path) from None
        raise ScoreError("is a file, but a directory is needed here", path=error.filename) from None


def _chmod(directory: int, mode: int) -> None:
    # What was opened as a path only can be changed by its name below /proc only.
    os.chmod(f"/proc/self/fd/{directory}" if _PATH else directory, mode)


def _clear(folder: int | None, name: str, *, files: bool) -> None:
    """Removes the directory ``name`` with the empty ones in it, and ``files`` too."""
    here = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        with os.scandir(here) as found:
            entries = list(found)
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _clear(here, entry.name, files=files)
            elif files:
                os.unlink(entry.name, dir_fd=here)
    finally:
        os.close(here)
    os.rmdir(name, dir_fd=folder)
