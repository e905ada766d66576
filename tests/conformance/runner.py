"""Runs a case of the conformance data: its files in a fresh directory, its commands one after the other.

The format of the cases is told in README.md beside this file.  A command runs as
``doit_score.command.cli.main`` in a forked child: the command without the time that Python needs to start.
What else runs commands so (``running``, ``processes``) takes the programs from here.
"""

from __future__ import annotations

import base64
import importlib
import io
import json
import os
import pkgutil
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any

import doit_score
from doit_score.command import cli

CASES = {"compose": Path(__file__).parent / "cases", "kubernetes": Path(__file__).parent / "kubernetes"}
"""The directories of the cases, by target."""
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
WORKDIR = "<WORKDIR>"
STATE = ".score-compose/state.yaml"
MOUNTS = "state/mounts"
"""Where we have what the reference has in REFERENCE_MOUNTS."""
REFERENCE_MOUNTS = ".score-compose/mounts"
CRASHED = 70

# Loaded once by the parent, so that no child has to: all of ours, and what is imported where it is needed.
for _found in pkgutil.walk_packages(doit_score.__path__, "doit_score."):
    if not _found.name.endswith("__main__"):
        importlib.import_module(_found.name)
for _name in ("decimal", "doit.doit_cmd", "filelock", "jinja2", "json", "logging", "sqlite3", "yaml"):
    importlib.import_module(_name)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a command (``run``) with what is expected of it, or a file that is written or deleted."""

    run: tuple[str, ...] = ()
    stdin: str = ""
    write: str | None = None
    text: str = ""
    delete: str | None = None
    may_fail: bool = False
    exit: int = 0
    panics: bool = False
    stdout: str = ""
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A case, with the bytes of its files; ``expected`` is what the reference left behind."""

    id: str
    target: str
    group: str
    title: str
    input: Mapping[str, bytes]
    modes: Mapping[str, int]
    workdir: str
    environment: Mapping[str, str]
    path_prepend: tuple[str, ...]
    steps: tuple[Step, ...]
    expected: Mapping[str, bytes | None]
    unordered: frozenset[str]
    normalise: tuple[tuple[str, str], ...]
    """Patterns of what is random, and what stands for it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command did."""

    status: int
    stdout: str
    stderr: str


@dataclass(slots=True)
class Run:
    """A case that ran: the directory as it was left, and the answers of its commands by step."""

    directory: Path
    answers: dict[int, Answer] = field(default_factory=dict)
    state: bytes | None = None
    """What ``doit-score export`` hands back to score-compose, where every command succeeded."""


def load() -> Iterator[Case]:
    """All cases in the order of their files."""
    for target, directory in CASES.items():
        for path in sorted(directory.glob("*.jsonl")):
            for line in path.read_bytes().splitlines():
                yield _case(target, json.loads(line))


def run(case: Case, base: Path) -> Run:
    """Runs ``case`` below the empty directory ``base``."""
    directory = base / case.workdir
    home = base / "home"
    directory.mkdir()
    home.mkdir()
    for name, content in case.input.items():
        _write(directory / name, content)
    for name, mode in case.modes.items():
        (directory / name).chmod(mode)
    path = [str(directory / part) for part in case.path_prepend] + [SYSTEM_PATH]
    environment = {"PATH": ":".join(path), "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC"}
    environment.update({key: _here(value, directory) for key, value in case.environment.items()})
    result = Run(directory)
    for number, step in enumerate(case.steps):
        if step.write is not None:
            _write(directory / step.write, step.text.encode())
        elif step.delete is not None:
            _delete(directory / step.delete)
        else:
            arguments = [_here(argument, directory) for argument in step.run]
            if case.target != "compose" and arguments[:1] == ["init"]:
                arguments[1:1] = ["--target", case.target]
            result.answers[number] = call(arguments, directory, environment, step.stdin.encode())
    if _is_complete(case, result):
        exported = base / "exported"
        shutil.copytree(directory, exported, symlinks=True)
        answer = call(["export", "--force"], exported, environment)
        result.state = (exported / STATE).read_bytes() if answer.status == 0 else answer.stderr.encode()
    return result


def _is_complete(case: Case, result: Run) -> bool:
    """Whether the reference and we have a project, of which nothing failed, and that can be handed back."""
    if case.target != "compose":
        return False
    if any(answer.status for answer in result.answers.values()) or any(step.exit for step in case.steps):
        return False
    return "state.yaml" in case.expected and any("generate" in step.run for step in case.steps)


def doit(arguments: Sequence[str]) -> int:
    """The program ``doit``."""
    from doit import cmd_run
    from doit.doit_cmd import DoitMain

    cmd_run.opt_outfile["default"] = sys.stdout  # it keeps that of when it was imported
    sys.argv = ["doit", *arguments]
    return int(DoitMain().run(list(arguments)) or 0)


def call(
    arguments: Sequence[str],
    directory: Path,
    environment: Mapping[str, str],
    stdin: bytes = b"",
    program: Callable[[Sequence[str]], int] = cli.main,
) -> Answer:
    """What ``program`` with ``arguments`` answers in ``directory``, knowing only ``environment``."""
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as printed,
        tempfile.TemporaryFile() as told,
    ):
        given.write(stdin)
        given.seek(0)
        with warnings.catch_warnings():
            # Python 3.12 warns of threads, which other tests may have left: the child uses none of theirs.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            _be(partial(program, arguments), directory, environment, (given, printed, told))
        _, status = os.waitpid(child, 0)
        printed.seek(0)
        told.seek(0)
        return Answer(
            os.waitstatus_to_exitcode(status),
            printed.read().decode("utf-8", "replace"),
            told.read().decode("utf-8", "replace"),
        )


def _be(
    command: Callable[[], int],
    directory: Path,
    environment: Mapping[str, str],
    streams: tuple[IO[bytes], IO[bytes], IO[bytes]],
) -> None:
    """Never returns: the child must not go on as a second pytest."""
    status = CRASHED
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream.fileno(), number)
        sys.stdin = io.TextIOWrapper(os.fdopen(0, "rb"), encoding="utf-8")
        sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb"), encoding="utf-8")
        sys.stderr = io.TextIOWrapper(os.fdopen(2, "wb"), encoding="utf-8", line_buffering=True)
        os.chdir(directory)
        os.environ.clear()
        os.environ.update(environment)
        time.tzset()
        sys.dont_write_bytecode = True
        status = _status(command)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _status(command: Callable[[], int]) -> int:
    try:
        return command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return CRASHED


def _here(text: str, directory: Path) -> str:
    return text.replace(WORKDIR, str(directory))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _delete(path: Path) -> None:
    # What the reference's directory was called, ours need not have made.
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _case(target: str, raw: Mapping[str, Any]) -> Case:
    modes = {name: value["mode"] for name, value in raw["input"].items() if "mode" in value}
    expected = {name: _content(value) for name, value in raw["expected"].items()}
    return Case(
        id=raw["id"],
        target=target,
        group=raw["group"],
        title=raw["title"],
        input={name: _content(value) or b"" for name, value in raw["input"].items()},
        modes={name: int(mode, 8) for name, mode in {**modes, **raw.get("modes", {})}.items()},
        workdir=raw.get("workdir", "work"),
        environment=raw.get("env", {}),
        path_prepend=tuple(raw.get("path_prepend", ())),
        steps=tuple(
            _step(step, expect, expected) for step, expect in zip(raw["steps"], raw["expect"], strict=True)
        ),
        expected=expected,
        unordered=frozenset(raw.get("nondeterministic", ())),
        normalise=tuple((one["pattern"], one["with"]) for one in raw.get("normalise", ())),
    )


def _step(raw: Mapping[str, Any], expect: Mapping[str, Any], expected: Mapping[str, bytes | None]) -> Step:
    stdout = expect.get("stdout", "")
    if "stdout_file" in expect:
        stdout = (expected[expect["stdout_file"].removeprefix("expected/")] or b"").decode()
    return Step(
        run=tuple(raw.get("run", ())),
        stdin=raw.get("stdin", ""),
        write=raw.get("write"),
        text=raw.get("text", ""),
        delete=raw.get("delete"),
        may_fail=raw.get("may_fail", False),
        exit=expect.get("exit", 0),
        panics=expect.get("panic", False),
        stdout=stdout,
        says=tuple(expect.get("stderr_contains", ())),
    )


def _content(raw: Mapping[str, str | bool]) -> bytes | None:
    """The bytes of a file; None for a directory."""
    if "dir" in raw:
        return None
    if "base64" in raw:
        return base64.b64decode(str(raw["base64"]))
    return str(raw["text"]).encode()
