"""The working directory as one in which nobody may write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


@contextmanager
def read_only() -> Iterator[None]:
    """Nothing in the working directory can be written meanwhile; root, who always can, is somebody else."""
    is_root = os.geteuid() == 0
    for above in Path.cwd().parents:
        mode = os.stat(above).st_mode
        if mode & 0o055 != 0o055:
            os.chmod(above, mode | 0o055)
    for folder, _, names in os.walk("."):
        for path in (folder, *(os.path.join(folder, name) for name in names)):
            if is_root:
                os.chown(path, NOBODY, NOBODY)
        os.chmod(folder, 0o555)
    try:
        if is_root:
            os.setresuid(NOBODY, NOBODY, 0)
        with pytest.raises(PermissionError):
            Path("new").touch()
        yield
    finally:
        if is_root:
            os.setresuid(0, 0, 0)
        for folder, _, _ in os.walk("."):
            os.chmod(folder, 0o700)
