"""Many runs at once in one directory, readers among them; and packs that have nothing in common."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import processes
import pytest
from engineering import MAKER, ROUTE, same_generated_values, score, tree
from processes import Process

from doit_score.store.lock import locked
from doit_score.store.rows import KeptRow
from doit_score.store.state import open_state

DODO = """\
from doit_score import Score

score = Score(default_provisioners=False, project="p")

DOIT_CONFIG = {"default_tasks": ["generate"], "dep_file": score.dep_file, "backend": "sqlite3"}
"""
OUTPUTS = ("compose.yaml", "manifests.yaml")
NAMES = tuple(f"w{number}" for number in range(16))
LISTED = {f"maker.default#{name}.one" for name in NAMES} | {f"route.default#{name}.way" for name in NAMES}


@pytest.fixture
def place() -> Iterator[Path]:
    """A working directory in memory, if there is such a place."""
    back = os.getcwd()
    root = tempfile.mkdtemp()
    place = Path(root) / "place"
    (place / "provisioners").mkdir(parents=True)
    (place / "provisioners" / "50.provisioners.yaml").write_text(MAKER + ROUTE)
    os.chdir(place)
    yield place
    os.chdir(back)
    shutil.rmtree(root)


def workload(name: str, host: str) -> str:
    return score(
        name,
        {"one": "{type: maker}", "way": f"{{type: route, params: {{host: {host}}}}}"},
        variables={"NAME": "${resources.one.name}", "SERVER": "${resources.one.server}"},
    )


def outcome(place: str | Path = ".") -> tuple[bytes, dict[str, tuple[str, int]]]:
    (output,) = (path for path in map(Path(place).joinpath, OUTPUTS) if path.exists())
    return output.read_bytes(), tree(f"{place}/state/mounts")


def from_scratch(*command: str) -> tuple[bytes, dict[str, tuple[str, int]]]:
    """What a run from scratch with the same generated values leaves."""
    scratch = os.path.abspath("../scratch")
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(".", scratch, ignore=shutil.ignore_patterns("state", *OUTPUTS))
    same_generated_values("state", f"{scratch}/state")
    processes.run(*command, directory=scratch)
    return outcome(scratch)


class Readers:
    """Lists the resources as long as runs are under way.  None of it may fail, or see half of a commit."""

    def __init__(self) -> None:
        self.seen: list[set[str]] = []
        self._end = Path("../runs have ended")
        self._end.unlink(missing_ok=True)

    def __enter__(self) -> Readers:
        self._wait = processes.aside(self._read)
        return self

    def __exit__(self, *_: object) -> None:
        self._end.touch()
        self.seen = [set(uids) for uids in json.loads(self._wait())]

    def _read(self) -> str:
        seen = []
        while not self._end.exists():
            listed = processes.run("doit-score", "resources", "list", "-f", "json")
            seen.append([row["UID"] for row in json.loads(listed)])
        return json.dumps(seen)


def whole(seen: set[str]) -> bool:
    """Whether the resources of every workload are there together or not at all."""
    owners = {uid.partition("#")[2].partition(".")[0] for uid in seen}
    return seen == {uid for uid in LISTED if uid.partition("#")[2].partition(".")[0] in owners}


@pytest.mark.parametrize(
    ("target", "shown"),
    [("compose", "\n  {}-main:"), ("kubernetes", "k8s.score.dev/workload-name: {}\n")],
)
def test_sixteen_runs_of_the_command_with_a_file_each_add_up(place: Path, target: str, shown: str) -> None:
    for name in NAMES:
        Path(f"{name}.score.yaml").write_text(workload(name, "first"))
    init = ("doit-score", "init", "--no-sample", "--no-default-provisioners", "-p", "p", "--target", target)
    processes.run(*init)
    with Readers() as readers:
        every = [Process(("doit-score", "generate", f"{name}.score.yaml"), ".") for name in NAMES]
        ended = [process.wait() for process in every]
    assert [(one.status, one.text) for one in ended if one.status] == []
    assert [seen for seen in readers.seen if not whole(seen)] == []
    left = outcome()
    assert [name for name in NAMES if shown.format(name) not in left[0].decode()] == []
    processes.run("doit-score", "generate")
    assert outcome() == left == from_scratch("doit-score", "generate")


def test_sixteen_runs_of_both_kinds_while_files_are_edited(place: Path) -> None:
    chance = random.Random(16)
    for name in NAMES:
        Path(f"{name}.score.yaml").write_text(workload(name, "first"))
    Path("dodo.py").write_text(DODO)
    processes.run("doit", "generate")
    # Each takes the project over from the other.
    by_command = ("doit-score", "generate", "--force", *(f"{name}.score.yaml" for name in NAMES))
    commands = [("doit", "generate"), by_command]
    with Readers() as readers:
        every = []
        for number in range(16):
            every.append(Process(commands[number % 2], "."))
            name = chance.choice(NAMES)
            # As editors do it: the file is the old one or the new one.
            Path("edited").write_text(workload(name, f"host{number}"))
            os.replace("edited", f"{name}.score.yaml")
            time.sleep(chance.uniform(0, 0.05))
        ended = [process.wait() for process in every]
    explained = "changed while it was read"
    assert [one for one in ended if one.status and explained not in one.text] == []
    assert [seen for seen in readers.seen if seen != LISTED] == []
    processes.run("doit", "generate")
    left = outcome()
    assert left == from_scratch("doit", "generate")
    assert "Traceback" not in "".join(one.text for one in ended)


def test_sixteen_first_runs_begin_together(place: Path) -> None:
    for name in NAMES[:3]:
        Path(f"{name}.score.yaml").write_text(workload(name, "first"))
    Path("dodo.py").write_text(DODO)
    every = [Process(("doit", "generate"), ".") for _ in range(16)]
    ended = [process.wait() for process in every]
    assert [one for one in ended if one.status] == []
    assert outcome() == from_scratch("doit", "generate")
    with closing(sqlite3.connect("state/state.db")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (6,)


def test_a_reader_does_not_wait_for_a_commit(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one process, where waiting would never end: so nobody has any patience."""
    monkeypatch.setattr("doit_score.store.database._BUSY_SECONDS", 0.0)
    rows = [KeptRow(f"t.default#w{number}.r", "guid", "uri", "x" * 1000) for number in range(3000)]

    def read() -> int:
        with open_state("state") as state, state.snapshot():
            return len(state.rows(KeptRow))

    with locked("state", 1, print), open_state("state", create=True) as state:
        with state.transaction():
            state.put(rows[:1])
        with state.transaction():
            state.put(rows)
            assert read() == 1
        assert read() == 3000
    assert read() == 3000
    assert sorted(os.listdir("state")) == [".gitignore", "backup.db", "lock", "state.db"]


def test_two_packs_with_two_state_directories_do_not_wait_for_each_other(place: Path) -> None:
    for name in ("one", "two"):
        Path(f"{name}.score.yaml").write_text(workload(name, name))
    Path("dodo.py").write_text(
        "from doit_score import Score\n\n"
        "one = Score('one', workloads='one.score.yaml', default_provisioners=False, lock_timeout=0)\n"
        "two = Score('two', workloads='two.score.yaml', default_provisioners=False, lock_timeout=0)\n\n"
        'DOIT_CONFIG = {"dep_file": two.dep_file, "backend": "sqlite3"}\n'
    )
    listed = processes.run("doit", "list")
    assert "one-generate" in listed
    with locked("state/one", 1, print):
        assert "INFO: wrote compose.two.yaml\n" in processes.run("doit", "two-generate")
        failed = processes.run("doit", "one-generate", status=1)
    assert "'state/one' is still locked by process" in failed
    processes.run("doit", "one-generate")
