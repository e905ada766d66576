"""Real runs of `doit` and `doit-score` as processes of their own, started without waiting for them.

Each is forked off this process, which has imported everything already: it is the command without the
time that Python needs to start.  It can be killed at any moment, and many can run at once.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from conformance import runner

"".encode("utf-8-sig")  # who becomes another user cannot load it any more

CRASHED = runner.CRASHED


class Ended(NamedTuple):
    """How a process ended: its exit status (negative: the signal), and what it printed to both streams."""

    status: int
    text: str


class Process:
    """A command under way in ``directory``.  ``before`` is called in the process, ahead of the command."""

    def __init__(
        self,
        command: Sequence[str],
        directory: str | Path,
        *,
        environment: Mapping[str, str] | None = None,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self.command = tuple(command)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # closed by wait
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # see runner.call
            self.pid = os.fork()
        if self.pid == 0:
            self._be(directory, environment or {}, before)

    def wait(self) -> Ended:
        """Waits until it has ended."""
        _, status = os.waitpid(self.pid, 0)
        return self._ended(status)

    def poll(self) -> Ended | None:
        """How it ended, None if it is still under way."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return self._ended(status) if pid else None

    def kill(self) -> None:
        """Ends it at once (SIGKILL)."""
        os.kill(self.pid, signal.SIGKILL)

    def _ended(self, status: int) -> Ended:
        self._said.seek(0)
        with self._said:
            text = self._said.read().decode("utf-8", "replace")
        return Ended(os.waitstatus_to_exitcode(status), text)

    def _be(self, directory: str | Path, environment: Mapping[str, str], before: Callable[[], None]) -> None:
        """Never returns: the child must not go on as a second pytest."""
        status = CRASHED
        try:
            for number in (1, 2):
                os.dup2(self._said.fileno(), number)
            sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb"), encoding="utf-8", line_buffering=True)
            sys.stderr = io.TextIOWrapper(os.fdopen(2, "wb"), encoding="utf-8", line_buffering=True)
            os.chdir(directory)
            os.environ.update(environment)
            sys.argv = list(self.command)
            before()
            status = _run(self.command)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)


def _run(command: Sequence[str]) -> int:
    if command[0] == "doit-score":
        from doit_score.command import cli

        return cli.main(command[1:])
    return runner.doit(command[1:])


def aside(work: Callable[[], str]) -> Callable[[], str]:
    """Does ``work`` in a process of its own; returns what waits for it and returns its result.

    A thread would not do for work that starts processes: one that is forked while another thread is in
    SQLite never gets SQLite's locks.
    """
    result = tempfile.TemporaryFile()  # noqa: SIM115  # closed by wait
    pid = os.fork()
    if pid == 0:
        status = CRASHED
        try:
            text = work()
            status = 0
        except BaseException:
            text = traceback.format_exc()
        result.write(text.encode())
        result.flush()
        os._exit(status)

    def wait() -> str:
        _, status = os.waitpid(pid, 0)
        result.seek(0)
        with result:
            text = result.read().decode()
        assert status == 0, text
        return text

    return wait


def run(*command: str, directory: str | Path = ".", status: int = 0, **environment: str) -> str:
    """Runs a command to its end, which must be with ``status``; returns what it printed."""
    ended = Process(command, directory, environment=environment).wait()
    assert ended.status == status, f"{command} ended with {ended.status}:\n{ended.text}"
    return ended.text
