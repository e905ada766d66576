"""The clock that says how long ago a file was written.

What was written less than a tick of the file system before it is read is looked at again by the next run
(store/files.py).  A test whose outcome that changes gives the clock, and neither waits nor hopes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from doit_score.store import files

AHEAD = 10**10
"""In nanoseconds: more than any tick."""


@contextmanager
def shifted(by: int) -> Iterator[None]:
    """The clock goes ``by`` nanoseconds ahead: by AHEAD everything is old, by -AHEAD all was just written."""
    with mock.patch.object(files, "now_ns", lambda: time.time_ns() + by):
        yield


def stamp(path: Path) -> None:
    """Gives a file that was just written a time of its own: those of the file system repeat within a tick."""
    now = time.time_ns()
    os.utime(path, ns=(now, now))
