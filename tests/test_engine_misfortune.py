"""Real runs that are killed at random moments, and the run after each."""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import processes
import pytest
from engineering import MAKER, ROUTE, same_generated_values, score, tree
from processes import Process

KILLS = int(os.environ.get("DOIT_SCORE_KILLS", "200"))
CHOSEN = os.environ.get("DOIT_SCORE_SEED") or ("1" if os.environ.get("CI") else None)
SEED = int(CHOSEN or random.SystemRandom().randrange(10**6))
"""Of all random choices: always the same in CI, elsewhere another each time; a failure tells it."""
LINES = 2
"""So many projects are worked on at the same time, one for each core of a small machine."""

GENERATED = re.compile(r"gen[a-z0-9]{12}")
DODO = """\
from doit_score import Score

score = Score(default_provisioners=False, project="p")

DOIT_CONFIG = {"default_tasks": ["generate"], "dep_file": score.dep_file, "backend": "sqlite3"}
"""
USING = {"NAME": "${resources.one.name}", "SERVER": "${resources.one.server}"}


class Line:
    """A project that is edited and killed again and again."""

    def __init__(self, root: str, number: int) -> None:
        self.random = random.Random(f"{SEED}-{number}")
        self.tool = ("doit", "doit-score")[number % 2]
        self.place = Path(root) / f"line{number}"
        self.scratch = Path(root) / f"scratch{number}"
        self.shown: set[str] = set()
        self.kills = 0
        self.place.mkdir()
        self.write("provisioners/50.provisioners.yaml", MAKER + ROUTE)
        for name in ("aa", "bb", "cc"):
            self.workload(name)
        if self.tool == "doit":
            self.write("dodo.py", DODO)
        else:
            init = ("doit-score", "init", "--no-sample", "--no-default-provisioners", "-p", "p")
            processes.run(*init, directory=self.place)
        started = time.monotonic()
        processes.run(*self.command(), directory=self.place)
        self.length = time.monotonic() - started

    def command(self) -> tuple[str, ...]:
        if self.tool == "doit":
            return ("doit", "generate")
        files = sorted(path.name for path in self.place.glob("*.score.yaml"))
        return ("doit-score", "generate", *files)

    def write(self, path: str, text: str) -> None:
        file = self.place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def workload(self, name: str) -> None:
        number = self.random.randrange(10**6)
        resources = {"one": "{type: maker}", "way": f"{{type: route, params: {{host: h{number}}}}}"}
        mounted = "files: {/etc/name: {content: '${resources.one.name}'}}\n"
        self.write(f"{name}.score.yaml", score(name, resources, variables=USING, more=mounted))

    def edit(self) -> str:
        """One random edit; what it was."""
        kind = self.random.choice(("change", "add", "remove", "provisioner", "by hand", "none"))
        files = sorted(self.place.glob("*.score.yaml"))
        if kind == "change":
            self.workload(self.random.choice(files).name.partition(".")[0])
        elif kind == "add":
            self.workload(f"w{self.random.randrange(5)}")
        elif kind == "remove" and len(files) > 2:
            self.random.choice(files).unlink()
        elif kind == "provisioner":
            other = self.random.choice(("both/list", "both", f"other/{self.random.randrange(5)}"))
            self.write("provisioners/50.provisioners.yaml", MAKER.replace("both/list", other) + ROUTE)
        elif kind == "by hand":
            (self.place / "compose.yaml").unlink(missing_ok=True)
        return kind

    def go_on(self) -> None:
        """An edit, a run that is killed, now and then another, and one that is let be; and what that left."""
        story = [self.edit()]
        for _ in range(self.random.choice((1, 1, 1, 2))):
            delay = self.random.uniform(0, self.length * 1.1)
            process = Process(self.command(), self.place)
            time.sleep(delay)
            process.kill()
            ended = process.wait()
            story.append(f"{delay * 1000:.1f} ms: {ended.status}")
            self.kills += ended.status < 0
            self.look()
        story.append(f"seed {SEED}, {self.tool}, after {self.kills} kills")
        started = time.monotonic()
        processes.run(*self.command(), directory=self.place)
        self.length = (4 * self.length + time.monotonic() - started) / 5
        self.look()
        assert self.shown <= self.remembered(), story
        assert self.strays() == [], story
        assert self.outcome(self.place) == self.from_scratch(), story

    def look(self) -> None:
        """Notes every generated value that an output shows."""
        compose = self.place / "compose.yaml"
        texts = [compose.read_text()] if compose.exists() else []
        for path, (text, _) in tree(f"{self.place}/state/mounts").items():
            texts += [path, text]
        self.shown.update(GENERATED.findall("\n".join(texts)))

    def remembered(self) -> set[str]:
        """Every generated value that is in the state, and in its backup."""
        found = []
        for name in ("state.db", "backup.db"):
            with closing(sqlite3.connect(self.place / "state" / name)) as connection:
                texts = [text for (text,) in connection.execute("SELECT state FROM kept")]
                texts += [text for (text,) in connection.execute("SELECT value FROM meta")]
            found.append(set(GENERATED.findall("\n".join(texts))))
        assert found[0] == found[1]
        return found[0]

    def strays(self) -> list[str]:
        """What a killed run has left, and nobody has taken away.

        Not lock.holder: one that was killed after it was complete leaves it to who next takes the lock.
        """
        names = [name for _, _, files in os.walk(self.place) for name in files]
        ends = ("-wal", "-shm", "-journal", ".tmp")
        return [name for name in names if name.startswith(".doit-score-") or name.endswith(ends)]

    def outcome(self, place: Path) -> tuple[bytes, dict[str, tuple[str, int]]]:
        return (place / "compose.yaml").read_bytes(), tree(f"{place}/state/mounts")

    def from_scratch(self) -> tuple[bytes, dict[str, tuple[str, int]]]:
        """What a run from scratch with the same generated values leaves."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        shutil.copytree(self.place, self.scratch, ignore=shutil.ignore_patterns("state", "compose.yaml"))
        same_generated_values(f"{self.place}/state", f"{self.scratch}/state")
        processes.run(*self.command(), directory=self.scratch)
        return self.outcome(self.scratch)


@pytest.fixture
def root() -> Iterator[str]:
    """A directory in memory, if there is such a place: a run is to be killed, the disk not waited for."""
    root = tempfile.mkdtemp()
    yield root
    shutil.rmtree(root)


def test_runs_killed_at_random_moments_end_as_if_nothing_had_happened(root: str) -> None:
    print(f"seed {SEED}: repeat with DOIT_SCORE_SEED={SEED}")
    every = [processes.aside(partial(work, root, number)) for number in range(LINES)]
    kills = [int(wait()) for wait in every]
    print(f"killed {sum(kills)} times, each without a difference")
    assert sum(kills) >= KILLS


def work(root: str, number: int) -> str:
    """Goes on with one line until it was killed often enough; how often it was."""
    line = Line(root, number)
    while line.kills < KILLS / LINES:
        line.go_on()
    return str(line.kills)
