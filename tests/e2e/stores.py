"""MinIO, and FerretDB with MongoDB's own shell: built of Go modules, and fetched from npm's registry.

Run as a program it builds all of it, so that tests need not wait for it; that takes Python, Go and npm.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from e2e.cache import cached

SERVERS = Path(__file__).parent / "servers"
ROLES = {"mc": "minio", "minio": "minio", "mongo": "mongo"}
"""Targets of Dockerfiles, and the directories below servers/ that these are in."""


def missing() -> str:
    """What these need and is not there; empty if nothing."""
    if platform.machine() != "x86_64":
        return "the Node.js that MongoDB's shell is run by is one for x86_64"
    needed = (("go", "Go"), ("npm", "npm, which fetches MongoDB's shell"))
    return ", ".join(f"there is no {what}" for name, what in needed if not shutil.which(name))


def programs(name: str) -> Path:
    """The directory with the programs that servers/NAME is made of, each built or fetched once."""
    source = SERVERS / name
    if name == "minio":
        return cached(name, [source / "programs"], partial(_minio, source))
    return cached(name, [source / "go.version", source / "package.json"], partial(_mongo, source))


def _minio(source: Path, directory: Path) -> None:
    for line in (source / "programs").read_text(encoding="utf-8").splitlines():
        module, _, flags = line.partition(" ")
        _run(["go", "install", "-trimpath", f"-ldflags=-s -w {flags}", module], GOBIN=str(directory))


def _mongo(source: Path, directory: Path) -> None:
    directory.mkdir()
    shutil.copy(source / "package.json", directory)
    _run(["npm", "install", "--ignore-scripts", "--omit=optional", "--no-package-lock", "--no-audit",
          "--no-fund", f"--prefix={directory}"])  # fmt: skip
    # The module lacks the file with its version, and what `go install` makes of it ends at once without.
    version = (source / "go.version").read_text(encoding="utf-8").strip()
    fetched = json.loads(_run(["go", "mod", "download", "-json", f"github.com/FerretDB/FerretDB@{version}"]))
    with tempfile.TemporaryDirectory() as whole:
        tree = shutil.copytree(fetched["Dir"], Path(whole) / "ferretdb", copy_function=shutil.copyfile)
        for folder, _, _ in os.walk(tree):
            os.chmod(folder, 0o755)
        (tree / "build" / "version" / "version.txt").write_text(version, encoding="utf-8")
        build = [
            "go",
            "build",
            "-trimpath",
            "-ldflags=-s -w",
            "-o",
            str(directory / "ferretdb"),
            "./cmd/ferretdb",
        ]
        _run(build, cwd=tree)


def _run(command: list[str], cwd: Path | None = None, **environment: str) -> str:
    """What it prints on standard output."""
    done = subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, "CGO_ENABLED": "0", **environment},
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout


if __name__ == "__main__":
    for name in sorted({*ROLES.values()}):
        print(programs(name))
