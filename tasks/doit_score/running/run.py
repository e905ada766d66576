"""Running `docker compose` while looking at what it does."""

from __future__ import annotations

import queue
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from typing import IO

from doit_score.running.watch import Watch
from doit_score.text import progress
from doit_score.text.light import NamedTuple

_LOOK = 0.5
_PATIENCE = 10.0
_LOGGED = re.compile(
    r'time="[^"]*" level=(?P<level>\w+) msg=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"]+))'
)


class Ended(NamedTuple):
    """How it ended.  ``said`` is the text of all that it said; empty where it said it to a terminal."""

    status: int
    said: str


def plain(line: str) -> tuple[str, str]:
    """The level and text of a line that Compose said, whether or not it is one of its log."""
    found = _LOGGED.fullmatch(line)
    if found is None:
        return "info", line
    text = found["bare"] or re.sub(r"\\(.)", r"\1", found["quoted"])
    return "info" if found["level"] in ("info", "debug") else "warn", text


def run(process: subprocess.Popen[str], tell: Callable[[str], None], watch: Watch | None) -> Ended:
    """Waits for ``process``, passing on line by line what it says.

    With ``watch`` it is ended early if a container crashes over and over, for which it might wait for
    ever.
    """
    lines: queue.Queue[str | None] = queue.Queue()
    if process.stdout is not None:
        threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    said: list[str] = []
    try:
        looked = time.monotonic()
        reading = process.stdout is not None
        while reading or process.poll() is None:
            try:
                line = lines.get(timeout=_LOOK / 5)
            except queue.Empty:
                pass
            else:
                reading = line is not None
                if line is not None:
                    text = " ".join(line.split())
                    said.append(plain(text)[1])
                    tell(text)
            if watch is not None and time.monotonic() - looked >= _LOOK and process.poll() is None:
                looked = time.monotonic()
                scene = watch.look(looked)
                if watch.looping(scene):
                    _end(process)
                elif process.stdout is not None:  # else Compose draws
                    progress.wait(watch.waiting(scene, looked))
    except BaseException:
        _end(process)
        raise
    return Ended(process.wait(), "\n".join(said))


def _read(stream: IO[str], lines: queue.Queue[str | None]) -> None:
    with stream:
        for line in stream:
            if line.strip():
                lines.put(line)
    lines.put(None)


def _end(process: subprocess.Popen[str]) -> None:
    """Ends Compose as Ctrl-C does, so that it leaves nothing half done."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
