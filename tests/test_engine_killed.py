"""Runs that are killed before each of the things that they do to the disk, and the run after that."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engineering import ROUTE, Project, same_generated_values, score, tree

from doit_score.store.rows import KeptRow
from doit_score.store.state import open_state

KILLED = 9
WRITERS = ("open", "write", "fsync", "sync", "replace", "unlink", "mkdir", "rmdir", "chmod", "fchmod")

GENERATED = re.compile(r"gen[a-z0-9]{12}")
MAKER = """\
- uri: template://tests/maker
  type: maker
  state: |
    name: {{ dig "name" (print "gen" (randAlphaNum 12 | lower)) .State }}
  shared: |
    server: {{ dig "server" (print "gen" (randAlphaNum 12 | lower)) .Shared }}
  outputs: |
    name: {{ .State.name }}
    server: {{ .Shared.server }}
  files: |
    {{ .Shared.server }}/{{ .State.name }}: {{ .State.name }}
    both/list: {{ .Shared.server }}
  directories: |
    empty/{{ .Id }}: true
  services: |
    {{ .Shared.server }}:
      image: server
"""
USING = {"NAME": "${resources.one.name}", "SERVER": "${resources.one.server}"}
MOUNTED = "files: {/etc/name: {content: '${resources.one.name}'}}\n"


@pytest.fixture
def directory() -> Iterator[str]:
    """An empty directory in which syncing takes no time, if there is such a place, as working directory."""
    back = os.getcwd()
    root = tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    yield root
    os.chdir(back)
    shutil.rmtree(root)


class Killer:
    """Ends the process at the ``count``-th thing that it is about to do to the disk."""

    def __init__(self, count: int) -> None:
        self._left = count

    def tick(self) -> None:
        self._left -= 1
        if self._left == 0:
            os._exit(KILLED)

    def watch(self) -> None:
        """For a process of its own: there is no way back."""
        for name in WRITERS:
            setattr(os, name, self._watched(getattr(os, name), name))
        killer = self

        class Connection(sqlite3.Connection):
            def execute(self, statement, *more):  # type: ignore[no-untyped-def]  # as in sqlite3
                if not statement.startswith(("SELECT", "PRAGMA")):
                    killer.tick()
                return super().execute(statement, *more)

            def executemany(self, statement, *more):  # type: ignore[no-untyped-def]  # as in sqlite3
                killer.tick()
                return super().executemany(statement, *more)

            def executescript(self, statement):  # type: ignore[no-untyped-def]  # as in sqlite3
                killer.tick()
                return super().executescript(statement)

        connect = sqlite3.connect
        sqlite3.connect = lambda *names, **more: connect(*names, factory=Connection, **more)  # type: ignore[assignment]  # in this process only

    def _watched(self, function: Callable[..., object], name: str) -> Callable[..., object]:
        def watched(*arguments: object, **more: object) -> object:
            writes = name != "open" or int(arguments[1]) & (os.O_WRONLY | os.O_RDWR)  # type: ignore[call-overload]  # flags
            if writes:
                self.tick()
            return function(*arguments, **more)

        return watched


def run_and_kill(project: Project, count: int) -> bool:
    """Runs ``project`` in a process that is killed at the ``count``-th write; whether it came to that."""
    child = os.fork()
    if child == 0:
        try:
            Killer(count).watch()
            project.run()
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, KILLED)
    return status == KILLED


def generated(root: str = ".") -> set[str]:
    """Every generated value that the outputs show."""
    found = set(tree()) if os.path.exists("state/mounts") else set()
    texts = [text for text, _ in tree().values()] if found else []
    texts += [Path("compose.yaml").read_text()] if os.path.exists("compose.yaml") else []
    return set(GENERATED.findall("\n".join([*found, *texts])))


def remembered() -> set[str]:
    """Every generated value that the state has."""
    with open_state("state") as state:
        texts = [row.state for row in state.rows(KeptRow)] + list(state.meta().values())
    return set(GENERATED.findall("\n".join(texts)))


def check_whole(project: Project) -> None:
    """What is there is what a run from scratch would leave, and nothing of the killed one."""
    found = [name for _, _, names in os.walk(".") for name in names]
    # Where nothing was left to be done, nobody took the lock again.
    strays = [name for name in found if name.startswith(".doit-score-") or name.endswith("-journal")]
    assert strays == []
    before = (Path("compose.yaml").read_bytes(), tree())
    scratch = os.path.abspath("../scratch")
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(".", scratch, ignore=shutil.ignore_patterns("state", "compose.yaml"))
    same_generated_values("state", f"{scratch}/state")
    here = os.getcwd()
    os.chdir(scratch)
    try:
        project.run()
        assert (Path("compose.yaml").read_bytes(), tree()) == before
    finally:
        os.chdir(here)


def first(project: Project) -> None:
    """Two workloads with what they need."""
    project.provisioner(MAKER, ROUTE)
    resources = {"one": "{type: maker}", "way": "{type: route, params: {host: a}}"}
    project.write("a.score.yaml", score("alpha", resources, variables=USING, more=MOUNTED))
    project.write("b.score.yaml", score("beta", {"one": "{type: maker}"}, variables=USING))


def second(project: Project) -> None:
    """One of them is gone, another has come, and a file has taken the place of a directory."""
    os.remove("b.score.yaml")
    project.provisioner(MAKER.replace("both/list", "both"), ROUTE)
    project.write("c.score.yaml", score("gamma", {"one": "{type: maker}"}, variables=USING, more=MOUNTED))


def nothing(project: Project) -> None:
    """No edit."""


def only_gamma(project: Project) -> None:
    for name in ("a", "b"):
        if os.path.exists(f"{name}.score.yaml"):
            os.remove(f"{name}.score.yaml")
    project.write("c.score.yaml", score("gamma"))


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        (None, first, nothing),
        (first, second, nothing),
        (first, second, only_gamma),
        (None, first, only_gamma),
    ],
)
def test_the_run_after_one_that_was_killed_leaves_what_it_would_have_left(
    directory: str,
    before: Callable[[Project], None] | None,
    edit: Callable[[Project], None],
    after: Callable[[Project], None],
) -> None:
    project = Project(project="p")
    os.makedirs(f"{directory}/template")
    os.chdir(f"{directory}/template")
    if before is not None:
        before(project)
        project.run()
    edit(project)
    count = 0
    killed = True
    while killed:
        count += 1
        os.chdir(directory)
        shutil.rmtree("here", ignore_errors=True)
        shutil.copytree("template", "here")
        os.chdir("here")
        killed = run_and_kill(project, count)
        shown = generated()
        if count % 7 == 0:
            run_and_kill(project, count // 2)  # Misfortunes come in pairs.
            shown |= generated()
        after(project)
        project.run()
        assert shown <= remembered(), f"killed at {count}"
        check_whole(project)
    assert count > 40
