"""Tells where the time of one run of `doit` goes, by part of the program: `profile_run.py DIRECTORY`.

It runs `doit` in the directory (a repository that monorepo.py wrote, say) under Python's profiler, which
makes calls dearer than they are: read the shares, not the times.
"""

from __future__ import annotations

import argparse
import os
import pstats
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

TASKS = Path(__file__).parent.parent / "tasks"
PARTS = (
    "doit_score/engine",
    "doit_score/store",
    "doit_score/templating",
    "doit_score/provisioning",
    "doit_score/compose",
    "doit_score/workload",
    "doit_score/yaml12",
    "doit_score",
    "site-packages/doit",
    "site-packages/jinja2",
    "site-packages/yaml",
    "site-packages/filelock",
    "importlib",
    "re/",
    "dataclasses",
)
"""Parts by what the paths of their files contain; the first that fits counts."""

BUILT_IN = {
    "posix.": "system calls (stat, open, write, ...)",
    "sqlite3.": "SQLite",
    "_hashlib": "hashing",
    "marshal": "loading compiled modules",
    "builtins.compile": "compiling templates and modules",
}


def part_of(path: str, name: str) -> str:
    """The part of the program that a function belongs to."""
    if path == "~":
        return next((part for key, part in BUILT_IN.items() if key in name), "other built-in functions")
    return next((part for part in PARTS if part in path), "other Python")


def shares(stats: Mapping[tuple[str, int, str], tuple[int, int, float, float, object]]) -> dict[str, float]:
    """The share of the whole time by part, largest first."""
    parts: dict[str, float] = {}
    for (path, _, name), (_, _, own, _, _) in stats.items():
        part = part_of(path, name)
        parts[part] = parts.get(part, 0.0) + own
    total = sum(parts.values()) or 1.0
    return {part: own / total for part, own in sorted(parts.items(), key=lambda pair: (-pair[1], pair[0]))}


def profiled(directory: Path) -> dict[str, float]:
    """The shares of one run of `doit` in ``directory``."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, "PYTHONPATH": str(TASKS), "PYTHONPYCACHEPREFIX": f"{scratch}/compiled"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        # So that the run which counts does not compile the modules.
        subprocess.run([sys.executable, "-m", "doit", "list"], cwd=directory, env=environment, check=True,
                       capture_output=True)  # fmt: skip
        command = [sys.executable, "-m", "cProfile", "-o", f"{scratch}/profile", "-m", "doit"]
        subprocess.run(command, cwd=directory, env=environment, check=True, capture_output=True)
        return shares(pstats.Stats(f"{scratch}/profile").stats)  # type: ignore[attr-defined]  # it is there


def main() -> None:
    parser = argparse.ArgumentParser(description="Tells where the time of one run of doit goes.")
    parser.add_argument("directory", type=Path, help="a repository with a dodo.py")
    arguments = parser.parse_args()
    print("| part | share |\n|---|---:|")
    for part, share in profiled(arguments.directory).items():
        if share >= 0.01:
            print(f"| {part} | {share:.0%} |")


if __name__ == "__main__":
    main()
