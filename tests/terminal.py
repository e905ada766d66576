"""A terminal of so many columns, and what a command prints in it."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path


def printed(
    command: Sequence[str], directory: Path, environment: Mapping[str, str], columns: int = 80
) -> str:
    """What ``command`` prints on both streams in a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        command, cwd=directory, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        parts = []
        with suppress(OSError):  # how a terminal tells that nobody has it open any more
            while part := os.read(ours, 65536):
                parts.append(part)
        process.wait()
    os.close(ours)
    return b"".join(parts).decode().replace("\r\n", "\n")


def left(text: str) -> str:
    """What is left in a terminal of what was printed: how far a stage is, which is told where the machine is
    slow, is taken away again."""
    return "\n".join(line.rpartition("\r\x1b[K")[2] for line in text.split("\n"))
