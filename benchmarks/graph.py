"""CPU time and size of pictures: `graph.py [COUNT...]`, of 10 and 1,000 workloads unless told otherwise.

Every figure is the least user and system time of several whole processes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import monorepo

TASKS = Path(__file__).parent.parent / "tasks"
KINDS: dict[str, tuple[str, ...]] = {
    "svg": ("--format", "svg"),
    "svg, everything": ("--format", "svg", "--group", "none"),
    "svg, one workload": ("--format", "svg", "--focus", "svc-00003"),
    "dot": ("--format", "dot"),
    "mermaid": ("--format", "mermaid"),
    "json": ("--format", "json"),
    "html": ("--format", "html"),
}
LIST = "resources list"
"""What the times are to be compared with: it opens the same state and draws nothing."""


def run(directory: Path, *arguments: str) -> tuple[float, bytes]:
    """User and system time of a process in milliseconds, which must succeed, and what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(TASKS)}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=directory, env=environment, stdout=output
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(arguments)}: exit {process.returncode}")
        output.seek(0)
        return (used.ru_utime + used.ru_stime) * 1000, output.read()


def measure(count: int, kind: str, repeat: int) -> dict[str, tuple[float, int]]:
    """The time in milliseconds and the size in bytes of each kind of picture."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        monorepo.write(count, directory, kind)
        run(directory, "doit", "generate")
        found = {}
        for title, arguments in {LIST: (), **KINDS}.items():
            command = ("doit_score", *(LIST.split() if title == LIST else ("graph", *arguments)))
            done = [run(directory, *command) for _ in range(repeat)]
            found[title] = (min(time for time, _ in done), len(done[0][1]))
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", type=int, nargs="*", default=[10, 1000])
    parser.add_argument("--kind", choices=monorepo.KINDS, default=monorepo.KINDS[0])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = {count: measure(count, chosen.kind, chosen.repeat) for count in chosen.counts}
    if chosen.json:
        print(json.dumps(found))
        return
    print("| picture |" + "".join(f" {count:,} workloads |" for count in found))
    print("|---|" + "---:|" * len(found))
    for title in (LIST, *KINDS):
        cells = (f" {each[title][0]:,.0f} ms, {each[title][1] / 1000:,.0f} kB |" for each in found.values())
        print(f"| {title} |" + "".join(cells))


if __name__ == "__main__":
    main()
