"""Times whole runs of `doit` on repositories of 1, 10, 100, 1,000 ... workloads.

Every figure is the median wall time of whole processes, beside floors that were taken in the same
run on the same machine; compare the ratios, not the milliseconds.  After every run it is checked
that compose.yaml says what the run was to bring about, so a broken build cannot look fast.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

import monorepo

TASKS = Path(__file__).parent.parent / "tasks"
EMPTY_DODO = """\
def task_nothing():
    return {"actions": []}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """Medians for one size, in milliseconds."""

    workloads: int
    first: float
    unchanged: float
    one_file: float
    stat_files: float
    parse_files: float


@dataclass(frozen=True, slots=True)
class Report:
    """One run of this program; times in milliseconds."""

    python: str
    cores: int
    syntax: str
    repeat: int
    python_pass: float
    doit_empty: float
    rows: tuple[Row, ...]


def run(directory: Path, *arguments: str) -> None:
    """Runs this interpreter in ``directory``, with the sources of this checkout; fails loudly."""
    environment = {**os.environ, "PYTHONPATH": str(TASKS)}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True)
    if done.returncode:
        output = done.stdout + done.stderr
        raise SystemExit(f"{' '.join(command)} in {directory}: exit {done.returncode}\n{output}")


def median(repeat: int, action: Callable[[], object], before: Callable[[], object] | None = None) -> float:
    """The median time of ``action`` in milliseconds; ``before`` is run each time, untimed."""
    times = []
    for _ in range(repeat):
        if before is not None:
            before()
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(times), 2)


class Repository:
    """A generated repository, and the three kinds of run that are timed in it."""

    def __init__(self, directory: Path, count: int, syntax: str) -> None:
        self.directory = directory
        self.output = directory / "compose.yaml"
        self.files = [monorepo.score_file(directory, number) for number in range(count)]
        self.edits = 0
        monorepo.write(count, directory, syntax)

    def generate(self) -> None:
        run(self.directory, "-m", "doit")

    def forget(self) -> None:
        """Takes the repository back to before its first run."""
        shutil.rmtree(self.directory / "state", ignore_errors=True)
        self.output.unlink(missing_ok=True)
        (self.directory / "state").mkdir()

    def edit(self) -> None:
        """Changes one variable in the Score file in the middle."""
        path = self.files[len(self.files) // 2]
        old = f"NAME: ${{metadata.name}}{self.marker}\n"
        self.edits += 1
        text = path.read_text()
        if old not in text:
            raise SystemExit(f"{path}: expected the line {old!r}")
        path.write_text(text.replace(old, f"NAME: ${{metadata.name}}{self.marker}\n"))

    @property
    def marker(self) -> str:
        return f"-edit-{self.edits}" if self.edits else ""

    def check(self) -> None:
        """Checks that the output has every workload, and the last edit."""
        text = self.output.read_text()
        for path in self.files:
            if f"  {path.parent.name}-main:\n" not in text:
                raise SystemExit(f"{self.output}: no service for {path}")
        name = self.files[len(self.files) // 2].parent.name
        if f"NAME: {name}{self.marker}\n" not in text:
            raise SystemExit(f"{self.output}: not what {name} says now")

    def parse(self) -> None:
        """What it costs to read every Score file with the C parser, which nothing here may need."""
        for path in self.files:
            yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)

    def stat(self) -> None:
        """What it costs to ask for the state of every Score file, which any build has to."""
        for path in self.files:
            os.stat(path)


def measure(directory: Path, count: int, syntax: str, repeat: int) -> Row:
    """Times the runs for one size."""
    repository = Repository(directory, count, syntax)
    first = median(repeat, repository.generate, repository.forget)
    repository.check()
    before = repository.output.read_bytes()
    unchanged = median(repeat, repository.generate)
    if repository.output.read_bytes() != before:
        raise SystemExit(f"{repository.output}: a run without a change changed it")
    one_file = median(repeat, repository.generate, repository.edit)
    repository.check()
    stat_files, parse_files = median(repeat, repository.stat), median(repeat, repository.parse)
    return Row(count, first, unchanged, one_file, stat_files, parse_files)


def measure_all(sizes: list[int], syntax: str, repeat: int) -> Report:
    """The floors, then every size, each in a temporary directory of its own."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "dodo.py").write_text(EMPTY_DODO)
        run(root, "-m", "doit")
        python_pass = median(repeat, lambda: run(root, "-c", "pass"))
        doit_empty = median(repeat, lambda: run(root, "-m", "doit"))
        rows = tuple(measure(root / str(size), size, syntax, repeat) for size in sizes)
    cores = os.cpu_count() or 1
    return Report(platform.python_version(), cores, syntax, repeat, python_pass, doit_empty, rows)


def markdown(report: Report) -> str:
    """The report as a table; in brackets how many times `doit` with one empty task."""

    def cell(milliseconds: float) -> str:
        return f"{milliseconds:,.0f} ({milliseconds / report.doit_empty:.1f})"

    lines = [
        f"CPython {report.python}, {report.cores} cores, provisioners in {report.syntax}, medians of "
        f"{report.repeat} whole processes, ms (times the floor). Floors: `python -c pass` "
        f"{report.python_pass:,.0f} ms; `doit` with one empty task {report.doit_empty:,.0f} ms.",
        "",
        "| workloads | first run | unchanged | one file changed | stat all | parse all |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for row in report.rows:
        timed = " | ".join(cell(value) for value in (row.first, row.unchanged, row.one_file))
        lines.append(f"| {row.workloads:,} | {timed} | {row.stat_files:,.1f} | {row.parse_files:,.1f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Times doit on repositories of many workloads.")
    parser.add_argument("sizes", type=int, nargs="*", default=[1, 10, 100, 1000], help="numbers of workloads")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each kind, of which the median counts")
    parser.add_argument("--syntax", choices=["jinja", "go"], default="jinja", help="of the provisioners")
    parser.add_argument("--json", action="store_true", help="print JSON, not a table")
    arguments = parser.parse_args()
    report = measure_all(arguments.sizes, arguments.syntax, arguments.repeat)
    print(json.dumps(asdict(report), indent=2) if arguments.json else markdown(report))


if __name__ == "__main__":
    main()
