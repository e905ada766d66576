"""CPU of whole processes in a project of one workload with one resource, as most projects are.

Every figure is the least user and system time of several processes, in multiples of `python -c pass`
taken in turns with them: what is left of the machine's noise is small, and another machine gives nearly
the same figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

TASKS = Path(__file__).parent.parent / "tasks"

# What an installer writes as the program `doit-score`.
PROGRAM = "import sys; from doit_score.command.cli import main; sys.exit(main())"
PASS = ("-c", "pass")

SCORE = """\
apiVersion: score.dev/v1b1
metadata:
  name: web
containers:
  main:
    image: nginx:1
    variables:
      DATABASE: postgres://${resources.db.username}:${resources.db.password}@${resources.db.host}/app
service:
  ports:
    web:
      port: 80
resources:
  db:
    type: postgres
"""
UID = "postgres.default#web.db"
EMPTY_DODO = """\
def task_nothing():
    return {"actions": []}
"""
SCORE_DODO = "from doit_score import Score\n\nscore = Score()\n"


@dataclass(frozen=True, slots=True)
class Report:
    """One run of this program.  ``python_pass`` and ``doit_empty`` in milliseconds, ``rows`` by the kind of
    run: in multiples of the first; the last of the second."""

    python: str
    repeat: int
    python_pass: float
    doit_empty: float
    rows: dict[str, float]


class Projects:
    """The directories that are measured in, and whole processes in them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(TASKS),
            "PYTHONPYCACHEPREFIX": str(root / "compiled"),
        }
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._count = 0
        self.made = self.fresh()
        self.score(self.made, "generate", "score.yaml")
        self.tasks = self._directory("tasks", dodo=SCORE_DODO)
        self.empty = self._directory("empty", dodo=EMPTY_DODO)

    def _directory(self, name: str, **files: str) -> Path:
        directory = self._root / name
        directory.mkdir()
        (directory / "score.yaml").write_text(SCORE)
        for kind, text in files.items():
            (directory / f"{kind}.py").write_text(text)
        # What is read within a tick of the clock after it was written is read again by the next run.
        time.sleep(0.05)
        return directory

    def fresh(self) -> Path:
        """A directory as `init` leaves it."""
        self._count += 1
        directory = self._directory(f"shop-{self._count}")
        self.score(directory, "init")
        return directory

    def edit(self) -> None:
        """Changes the image in the Score file."""
        self._count += 1
        (self.made / "score.yaml").write_text(SCORE.replace("nginx:1", f"nginx:{self._count}"))
        time.sleep(0.05)

    def score(self, directory: Path, *arguments: str) -> float:
        return self.run(directory, "-c", PROGRAM, *arguments)

    def doit(self, directory: Path, *arguments: str) -> float:
        return self.run(directory, "-m", "doit", *arguments)

    def run(self, directory: Path, *arguments: str) -> float:
        """User and system time of a process in milliseconds; it must succeed."""
        command = [sys.executable, *arguments]
        with tempfile.TemporaryFile("w+") as output:
            process = subprocess.Popen(
                command, cwd=directory, env=self._environment, stdout=output, stderr=subprocess.STDOUT
            )
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                output.seek(0)
                raise SystemExit(f"{' '.join(command)}: exit {process.returncode}\n{output.read()}")
        return (used.ru_utime + used.ru_stime) * 1000


def least(repeat: int, actions: Iterable[Callable[[], float]]) -> list[float]:
    """The least of what each of ``actions`` gives, taken in turns; once before, for what is cached."""
    every = list(actions)
    taken = [[action() for action in every] for _ in range(repeat + 1)][1:]
    return [min(times) for times in zip(*taken, strict=True)]


def measure(repeat: int) -> Report:
    """Measures every kind of run."""
    with tempfile.TemporaryDirectory() as name:
        projects = Projects(Path(name))
        score, made = projects.score, projects.made

        def edited() -> float:
            projects.edit()
            return score(made, "generate")

        def first() -> float:
            directory = projects.fresh()
            used = score(directory, "generate", "score.yaml")
            shutil.rmtree(directory)
            return used

        kinds: dict[str, Callable[[], float]] = {
            "python -c pass": lambda: projects.run(made, *PASS),
            "doit, an empty task": lambda: projects.doit(projects.empty),
            "doit-score generate, unchanged": lambda: score(made, "generate"),
            "doit-score generate, after one edit of the image": edited,
            "doit-score generate, first after init": first,
            "doit-score resources get-outputs": lambda: score(made, "resources", "get-outputs", UID),
            "doit generate, unchanged": lambda: projects.doit(projects.tasks, "generate"),
        }
        times = dict(zip(kinds, least(repeat, kinds.values()), strict=True))
    python_pass, doit_empty = times.pop("python -c pass"), times.pop("doit, an empty task")
    rows = {
        kind: round(time / (doit_empty if kind.startswith("doit ") else python_pass), 2)
        for kind, time in times.items()
    }
    return Report(platform.python_version(), repeat, round(python_pass, 2), round(doit_empty, 2), rows)


def markdown(report: Report) -> str:
    """The report as a table."""
    lines = [
        f"CPython {report.python}, least CPU time of {report.repeat} whole processes, in multiples of "
        f"`python -c pass` ({report.python_pass:.1f} ms).",
        "",
        "| run | times |",
        "|---|---:|",
    ]
    for kind, times in report.rows.items():
        floor = " (of an empty task of doit)" if kind.startswith("doit ") else ""
        lines.append(f"| `{kind.partition(',')[0]}`{''.join(kind.partition(',')[1:])} | {times}{floor} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU of whole processes in a small project.")
    parser.add_argument("--repeat", type=int, default=9, help="processes of each kind; the least counts")
    parser.add_argument("--json", action="store_true", help="print JSON, not a table")
    arguments = parser.parse_args()
    report = measure(arguments.repeat)
    print(json.dumps(asdict(report), indent=2) if arguments.json else markdown(report))


if __name__ == "__main__":
    main()
