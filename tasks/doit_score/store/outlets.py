"""Where the user has us write: one rule for every such path, however it is spelled or linked."""

from __future__ import annotations

import os
from collections.abc import Iterable

from doit_score.store.rows import ROLES, InputRow
from doit_score.text.errors import ScoreError

# Names of what a process has open: what they lead to is not a file of that name.
_OF_A_PROCESS = ("/proc/", "/dev/fd/", "/dev/stdin", "/dev/stdout", "/dev/stderr")


class Outlets:
    """Tells where is written, besides the state directory ``state_dir`` and ``inputs`` of the project."""

    def __init__(self, state_dir: str, inputs: Iterable[InputRow] = ()) -> None:
        self._state_dir = state_dir
        self._state = os.path.realpath(state_dir)
        self._present: dict[int, list[InputRow]] = {}
        self._absent: dict[str, InputRow] = {}
        for row in inputs:
            if row.is_absent:
                self._absent.setdefault(os.path.realpath(row.path), row)
            else:
                self._present.setdefault(row.inode, []).append(row)

    def place(self, path: str) -> str:
        """The file to write for ``path``: the target of a link, which stays.

        Raises ScoreError for a directory or device, for what is in the state directory, and for an input.
        """
        real = _regular(path)
        if os.path.commonpath([real, self._state]) == self._state:
            raise ScoreError(
                f"cannot be written: it is in the state directory '{self._state_dir}'",
                path=path,
                hint="keep what you use and what this tool remembers apart",
            )
        row = self._input(real)
        if row is not None:
            role = row.role.replace(ROLES, ", ")
            message = f"cannot be written: it is an input of the project ({role})"
            raise ScoreError(message, path=path, hint="name another file")
        return real

    def _input(self, real: str) -> InputRow | None:
        if not os.path.exists(real):
            return self._absent.get(real)
        for row in self._present.get(os.stat(real).st_ino, ()):
            if os.path.exists(row.path) and os.path.samefile(row.path, real):
                return row
        return self._absent.get(real)


def _regular(path: str) -> str:
    real = os.path.realpath(path)
    if os.path.islink(real):
        raise ScoreError("cannot be written: it is a link that leads back to itself", path=path)
    if os.path.isdir(real):
        raise ScoreError("is a directory, so no file can be written there", path=path)
    if _is_of_a_process(path) or (os.path.exists(real) and not os.path.isfile(real)):
        hint = "name a file; `generate -o -` writes the project to standard output"
        raise ScoreError("cannot be written: it is no regular file", path=path, hint=hint)
    return real


def _is_of_a_process(path: str) -> bool:
    for _ in range(40):  # more links than any system follows
        if os.path.abspath(path).startswith(_OF_A_PROCESS):
            return True
        if not os.path.islink(path):
            return False
        path = os.path.join(os.path.dirname(path), os.readlink(path))
    return False
