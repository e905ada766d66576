"""What tests fetch or build is kept for the next ones, in the user's cache.  It takes Python only."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path


def cached(name: str, source: Iterable[Path], make: Callable[[Path], None]) -> Path:
    """The file or directory that ``make`` makes of the files ``source``, at the path that it is given.

    It is made once for the same content of these files, whatever processes want it.
    """
    digest = hashlib.sha256()
    for path in source:
        digest.update(path.read_bytes())
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "doit-score-tests"
    cache.mkdir(parents=True, exist_ok=True)
    found = cache / f"{name}-{digest.hexdigest()[:12]}"
    with open(f"{found}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            made = Path(f"{found}.new")
            shutil.rmtree(made, ignore_errors=True)
            make(made)
            made.rename(found)
    return found
