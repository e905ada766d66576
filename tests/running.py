"""A user's working directory, and the commands that are run in it, as a user runs them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import clock
import pytest
import yaml
from conformance import runner

from doit_score.command import cli

SOURCES = Path(__file__).parent.parent / "tasks"

SCORE = """\
apiVersion: score.dev/v1b1
metadata:
  name: web
containers:
  main:
    image: nginx
"""

# A resource type with a generated name: `word` is what an edit of the provisioner changes.
PROVISIONER = """\
- uri: template://tests/thing
  type: thing
  state: |
    name: {{ dig "name" (randAlphaNum 8 | lower) .State }}
  outputs: |
    name: {{ .State.name }}
    word: first
"""


UP_TO_DATE = "-- init\n-- provision\n-- render\n-- generate\n"

# What a bare doit says of the tasks that run only if they are asked for.
NOT_ASKED = "".join(
    f"-- {name} (only runs if it is asked for: `doit {name}`)\n"
    for name in ("up", "down", "status", "ps", "logs", "exec", "restart", "diff", "why", "graph", "watch")
)


class Ran(NamedTuple):
    """What a command printed."""

    out: str
    err: str


def score(name: str = "web", *, things: tuple[str, ...] = (), image: str = "nginx", **variables: str) -> str:
    """A Score file of one container, with a resource of type `thing` for each of ``things``."""
    lines = [SCORE.replace("name: web", f"name: {name}").replace("image: nginx", f"image: {image}")]
    variables |= {thing.upper(): f"${{resources.{thing}.word}}" for thing in things}
    if variables:
        lines.append("    variables:\n")
        lines += [f"      {key}: {value}\n" for key, value in sorted(variables.items())]
    if things:
        lines.append("resources:\n")
        lines += [f"  {thing}:\n    type: thing\n" for thing in things]
    return "".join(lines)


class Directory:
    """A working directory.  Paths are relative to it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        clock.stamp(file)

    def read(self, name: str) -> str:
        return (self.path / name).read_text(encoding="utf-8")

    def exists(self, name: str) -> bool:
        return (self.path / name).exists()

    def remove(self, name: str) -> None:
        (self.path / name).unlink()

    def run(self, *command: str, exit: int = 0, stdin: str = "", **environment: str) -> Ran:
        """Runs a command; its exit status must be ``exit``."""
        done = subprocess.run(
            command,
            cwd=self.path,
            env=self._environment(environment),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == exit, done.stdout + done.stderr
        return Ran(done.stdout, done.stderr)

    def doit(self, *arguments: str, exit: int = 0, **environment: str) -> Ran:
        return self._fork(runner.doit, arguments, exit, "", environment)

    def score(self, *arguments: str, exit: int = 0, stdin: str = "", **environment: str) -> Ran:
        return self._fork(cli.main, arguments, exit, stdin, environment)

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONDONTWRITEBYTECODE": "1", **more}

    def _fork(
        self,
        program: Callable[[Sequence[str]], int],
        arguments: Sequence[str],
        exit: int,
        stdin: str,
        environment: Mapping[str, str],
    ) -> Ran:
        """Runs a program of Python as :meth:`run` would, without the time that Python needs to start."""
        done = runner.call(arguments, self.path, self._environment(environment), stdin.encode(), program)
        assert done.status == exit, done.stdout + done.stderr
        return Ran(done.stdout, done.stderr)

    def compose(self, name: str = "compose.yaml") -> dict[str, Any]:
        """The Compose project as data."""
        found: dict[str, Any] = yaml.safe_load(self.read(name))
        return found

    def services(self, name: str = "compose.yaml") -> dict[str, dict[str, Any]]:
        """The services of the Compose project."""
        found: dict[str, dict[str, Any]] = self.compose(name)["services"]
        return found

    def tree(self) -> dict[str, tuple[int, int, bytes]]:
        """Every file and directory with mode, time of last change and content; without doit's database.

        As long as the state is open SQLite has two files beside it, which change the time of its directory.
        """
        found = {}
        for path in sorted(self.path.rglob("*")):
            if path.name.startswith(".doit.db"):
                continue
            stat = path.stat()
            content = b"" if path.is_dir() else path.read_bytes()
            time = 0 if (path / "state.db").exists() else stat.st_mtime_ns
            found[path.relative_to(self.path).as_posix()] = (stat.st_mode, time, content)
        return found


class Project(Directory):
    """A directory with a dodo.py whose pack can be given other arguments."""

    def generate(self, arguments: str = "", exit: int = 0, **environment: str) -> str:
        """Runs `doit generate` with these arguments of Score; returns what was said."""
        self.write("dodo.py", f"from doit_score import Score\n\nscore = Score({arguments})\n")
        ran = self.doit("generate", exit=exit, **environment)
        if exit == 0:
            assert self.doit("generate", exit=0, **environment).out == UP_TO_DATE
            return ran.err
        return ran.out

    @property
    def main(self) -> dict[str, Any]:
        """The service of the workload `web`."""
        return self.services()["web-main"]


class Done(NamedTuple):
    """What a command in this process returned and printed."""

    exit: int
    out: str
    err: str


class Command(Directory):
    """The current directory, in which the command is run in this process."""

    def __init__(self, path: Path, capture: pytest.CaptureFixture[str]) -> None:
        super().__init__(path)
        path.mkdir()
        self._capture = capture

    def printed(self) -> tuple[str, str]:
        """What was printed since this was asked last."""
        return self._capture.readouterr()

    def main(self, *arguments: str) -> Done:
        self.printed()
        exit = cli.main(arguments)
        return Done(exit, *self.printed())
