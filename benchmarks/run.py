"""Times whole runs of `doit` on repositories of 1, 10, 100, 1,000 ... workloads.

Every figure is the median wall time of whole processes (with `--cpu`, for a machine that others use too,
the least user and system time), beside floors that were taken in the same
run on the same machine; compare the ratios, not the milliseconds.  After every run it is checked
that compose.yaml says what the run was to bring about, so a broken build cannot look fast.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
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
    """Medians for one size, in milliseconds; ``peak`` is the largest memory of a first run, in MiB.

    ``doit_empty`` was taken in turns with the runs that are compared with it.
    """

    workloads: int
    doit_empty: float
    first: float
    unchanged: float
    one_file: float
    touched: float
    after_touched: float
    peak: float
    stat_files: float
    parse_files: float
    dump_project: float


@dataclass(frozen=True, slots=True)
class Report:
    """One run of this program; times in milliseconds."""

    python: str
    cores: int
    of: str
    repeat: int
    kind: str
    python_pass: float
    rows: tuple[Row, ...]


class Runner:
    """Runs this interpreter with the sources of this checkout, compiled once as an installation has them."""

    def __init__(self, compiled: Path) -> None:
        self._environment = {**os.environ, "PYTHONPATH": str(TASKS), "PYTHONPYCACHEPREFIX": str(compiled)}
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.peak = 0.0

    def run(self, directory: Path, *arguments: str) -> None:
        """Runs a command in ``directory``; fails loudly.  :attr:`peak` is then its largest memory, in MiB."""
        command = [sys.executable, *arguments]
        with tempfile.TemporaryFile("w+") as output:
            process = subprocess.Popen(
                command, cwd=directory, env=self._environment, stdout=output, stderr=subprocess.STDOUT
            )
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.peak = used.ru_maxrss / 1024
            if process.returncode:
                output.seek(0)
                text = f"{' '.join(command)} in {directory}: exit {process.returncode}\n{output.read()}"
                raise SystemExit(text)


def cpu() -> float:
    """The CPU time of this process and of those that it has waited for, in seconds."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


clock: Callable[[], float] = time.perf_counter
typical: Callable[[list[float]], float] = statistics.median


def median(repeat: int, action: Callable[[], object], before: Callable[[], object] | None = None) -> float:
    """The typical time of ``action`` in milliseconds; ``before`` is run each time, untimed."""
    times = []
    for _ in range(repeat):
        if before is not None:
            before()
        start = clock()
        action()
        times.append((clock() - start) * 1000)
    return round(typical(times), 2)


def in_turns(repeat: int, *actions: Callable[[], float]) -> list[float]:
    """What each of ``actions`` typically gives, taken in turns: machines have better and worse times."""
    taken = [[action() for action in actions] for _ in range(repeat)]
    return [round(typical(list(times)), 2) for times in zip(*taken, strict=True)]


def timed(action: Callable[[], object], before: Callable[[], object] | None = None) -> Callable[[], float]:
    """``action`` as one that gives its time in milliseconds."""
    return lambda: median(1, action, before)


class Repository:
    """A generated repository, and the kinds of run that are timed in it."""

    def __init__(self, root: Path, count: int, of: str, runner: Runner) -> None:
        self._root = root
        self._count = count
        self._of = of
        self._runner = runner
        self._made = 0
        self._edits = 0
        self.fresh()

    def fresh(self) -> None:
        """A new directory: a file system may be slow where ten thousand files were removed just before."""
        self._made += 1
        self._edits = 0
        shutil.rmtree(self._root / f"{self._count}-{self._made - 1}", ignore_errors=True)
        self.directory = self._root / f"{self._count}-{self._made}"
        self.output = self.directory / ("manifests.yaml" if self.is_cluster else "compose.yaml")
        self.files = [monorepo.score_file(self.directory, number) for number in range(self._count)]
        monorepo.write(self._count, self.directory, self._of)
        os.sync()

    @property
    def is_cluster(self) -> bool:
        return monorepo.target(self._of) == "kubernetes"

    def load(self) -> list[object]:
        """The output as data."""
        return list(yaml.load_all(self.output.read_bytes(), Loader=yaml.CSafeLoader))

    def generate(self) -> None:
        self._runner.run(self.directory, "-m", "doit")

    def edit(self) -> None:
        """Changes one variable in the Score file in the middle."""
        path = self.files[len(self.files) // 2]
        old = f"NAME: ${{metadata.name}}{self.marker}\n"
        self._edits += 1
        text = path.read_text()
        if old not in text:
            raise SystemExit(f"{path}: expected the line {old!r}")
        path.write_text(text.replace(old, f"NAME: ${{metadata.name}}{self.marker}\n"))
        settle()

    def touch(self) -> None:
        """What a checkout of another branch and back does: every Score file has another time."""
        for path in self.files:
            os.utime(path)
        settle()

    @property
    def marker(self) -> str:
        return f"-edit-{self._edits}" if self._edits else ""

    def check(self) -> None:
        """Checks that the output has every workload, and the last edit."""
        text = self.output.read_text()
        for path in self.files:
            there = f"  name: {path.parent.name}\n" if self.is_cluster else f"  {path.parent.name}-main:\n"
            if there not in text:
                raise SystemExit(f"{self.output}: nothing for {path}")
        name = self.files[len(self.files) // 2].parent.name
        said = f"value: {name}{self.marker}\n" if self.is_cluster else f"NAME: {name}{self.marker}\n"
        if said not in text:
            raise SystemExit(f"{self.output}: not what {name} says now")

    def parse(self) -> None:
        """What it costs to read every Score file with the C parser, which nothing here may need."""
        for path in self.files:
            yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)

    def stat(self) -> None:
        """What it costs to ask for the state of every Score file, which any build has to."""
        for path in self.files:
            os.stat(path)


def settle() -> None:
    """What is read within a tick of the clock after it was written is read again by the next run."""
    time.sleep(0.05)


def measure(root: Path, count: int, of: str, repeat: int, runner: Runner) -> Row:
    """Times the runs for one size."""
    repository = Repository(root, count, of, runner)
    first = median(repeat, repository.generate, repository.fresh)
    peak = runner.peak
    repository.check()
    before = repository.output.read_bytes()
    project = repository.load()
    empty = timed(lambda: runner.run(root, "-m", "doit"))
    edited = timed(repository.generate, repository.edit)
    doit_empty, unchanged = in_turns(repeat, empty, timed(repository.generate))
    touched = median(1, repository.generate, repository.touch)
    after_touched = median(repeat, repository.generate)
    if repository.output.read_bytes() != before:
        raise SystemExit(f"{repository.output}: a run without a change changed it")
    _, one_file = in_turns(repeat, empty, edited)
    repository.check()
    return Row(
        workloads=count,
        doit_empty=doit_empty,
        first=first,
        unchanged=unchanged,
        one_file=one_file,
        touched=touched,
        after_touched=after_touched,
        peak=round(peak),
        stat_files=median(repeat, repository.stat),
        parse_files=median(repeat, repository.parse),
        dump_project=median(repeat, lambda: yaml.dump_all(project, Dumper=yaml.CSafeDumper)),
    )


def measure_all(sizes: list[int], of: str, repeat: int) -> Report:
    """The floors, then every size, each in directories of its own."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        runner = Runner(root / "compiled")
        (root / "dodo.py").write_text(EMPTY_DODO)
        runner.run(root, "-m", "doit")
        Repository(root / "warm", 1, of, runner).generate()
        python_pass = median(repeat, lambda: runner.run(root, "-c", "pass"))
        rows = tuple(measure(root, size, of, repeat, runner) for size in sizes)
    cores = os.cpu_count() or 1
    kind = "medians" if typical is statistics.median else "least CPU time"
    return Report(platform.python_version(), cores, of, repeat, kind, python_pass, rows)


def markdown(report: Report) -> str:
    """The report as tables; in brackets how many times `doit` with one empty task."""

    def cell(milliseconds: float, floor: float) -> str:
        return f"{milliseconds:,.0f} ({milliseconds / floor:.1f})"

    lines = [
        f"CPython {report.python}, {report.cores} cores, provisioners: {report.of}, {report.kind} of "
        f"{report.repeat} whole processes, ms (times `doit` with one empty task, taken in turns). "
        f"`python -c pass`: {report.python_pass:,.0f} ms.",
        "",
        "| workloads | empty task | first run | unchanged | one file edited | all touched | the run after |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in report.rows:
        kinds = (row.first, row.unchanged, row.one_file, row.touched, row.after_touched)
        cells = " | ".join(cell(time, row.doit_empty) for time in kinds)
        lines.append(f"| {row.workloads:,} | {row.doit_empty:,.0f} | {cells} |")
    lines += [
        "",
        "Floors of each size, ms; and the first run in multiples of reading the Score files and writing the",
        "project with PyYAML's C parser and dumper.",
        "",
        "| workloads | stat all | parse all | dump project | first run / (parse + dump) | peak memory, MiB |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for row in report.rows:
        ratio = row.first / (row.parse_files + row.dump_project)
        floors = f"{row.stat_files:,.1f} | {row.parse_files:,.1f} | {row.dump_project:,.1f}"
        lines.append(f"| {row.workloads:,} | {floors} | {ratio:,.1f} | {row.peak:,.0f} |")
    return "\n".join(lines)


def main() -> None:
    global clock, typical
    parser = argparse.ArgumentParser(description="Times doit on repositories of many workloads.")
    parser.add_argument("sizes", type=int, nargs="*", default=[1, 10, 100, 1000], help="numbers of workloads")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each kind, of which the median counts")
    parser.add_argument("--kind", choices=monorepo.KINDS, default="jinja", help="of the provisioners")
    parser.add_argument("--json", action="store_true", help="print JSON, not tables")
    parser.add_argument("--cpu", action="store_true", help="count the least CPU time, not median wall time")
    arguments = parser.parse_args()
    if arguments.cpu:
        clock, typical = cpu, min
    report = measure_all(arguments.sizes, arguments.kind, arguments.repeat)
    print(json.dumps(asdict(report), indent=2) if arguments.json else markdown(report))


if __name__ == "__main__":
    main()
