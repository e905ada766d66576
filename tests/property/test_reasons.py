"""Laws of telling: what ran has a reason and what did not has none; `diff` tells what a run then does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from engine_edits import Edits
from engine_entries import UNDECLARED
from engine_targets import ComposeEdits, KubernetesEdits
from engineering import Project
from hypothesis import HealthCheck, Phase, settings

from doit_score.engine.difference import Difference, difference
from doit_score.engine.stages import rounds
from doit_score.engine.why import reasons
from doit_score.store.rows import ReasonRow
from doit_score.store.state import open_state
from doit_score.targets.compose.target import Compose
from doit_score.targets.kubernetes.target import Kubernetes
from doit_score.text.errors import ScoreError
from doit_score.text.secrets import MADE_UP


@contextmanager
def watched() -> Iterator[set[str]]:
    """The resources whose provisioners run, and the workloads that are rendered."""
    ran: set[str] = set()
    run_entry = rounds.run_entry  # type: ignore[attr-defined]  # what the module uses

    def provisioning(entry, given, **more):  # type: ignore[no-untyped-def]  # as the function that it stands for
        ran.add(given.uid)
        return run_entry(entry, given, **more)

    def watching(target: Any) -> Any:
        convert = target.convert

        def rendering(self, workload, *more):  # type: ignore[no-untyped-def]  # as what it stands for
            ran.add(workload.name)
            return convert(self, workload, *more)

        return mock.patch.object(target, "convert", rendering)

    with mock.patch.object(rounds, "run_entry", provisioning), watching(Compose), watching(Kubernetes):
        yield ran


def notes() -> dict[str, ReasonRow]:
    if not os.path.exists("state/state.db"):
        return {}
    with open_state("state") as state:
        return {row.name: row for row in state.rows(ReasonRow)}


def disk() -> dict[str, tuple[int, bytes]]:
    """Every file but those of the state itself, and every directory below the mounts, with its mode."""
    found = {}
    for path in sorted(Path().rglob("*")):
        is_mount = path.parts[:2] == ("state", "mounts")
        if not path.is_symlink() and (is_mount or (path.parts[0] != "state" and path.is_file())):
            found[str(path)] = (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
    return found


def times() -> dict[str, int]:
    """When each file and directory was changed; without the one where SQLite has two files while it reads."""
    return {str(path): path.lstat().st_mtime_ns for path in sorted(Path().rglob("*")) if str(path) != "state"}


class Telling(Edits):
    """Runs of which it is told what they do, before and after."""

    def __init__(self) -> None:
        super().__init__()
        self.watching = ExitStack()
        self.ran = self.watching.enter_context(watched())
        self.earlier_ran: set[str] = set()

    def teardown(self) -> None:
        self.watching.close()
        super().teardown()

    def check(self) -> None:
        before = disk()
        told = self.told()
        error = self.run()
        if isinstance(told, str):
            assert told == error
        elif isinstance(told, Difference) and error is None:
            self.check_difference(told, before)

    def run(self) -> str | None:
        """Runs, and checks what is told of a run that is complete."""
        # What ran since the last complete run, in runs that failed or were cut short.
        self.earlier_ran |= self.ran
        self.ran.clear()
        earlier = notes()
        error = super().run()
        if error is None:
            self.check_notes(earlier, self.ran)
            self.earlier_ran.clear()
            self.ran.clear()
        return error

    def told(self) -> Difference | str | None:
        """What `diff` says, or its error; None where it cannot know of another project's name."""
        project = Project()
        if not project.engine(**self.changes()).is_initialised():
            return None
        before, ran = times(), {*self.ran}
        try:
            return difference(project._settings(self.changes()), lambda level, text: None, commands=True)
        except ScoreError as error:
            return str(error)
        finally:
            assert times() == before, "diff has written something"
            # What it ran in memory is nothing that a run did.
            self.ran.intersection_update(ran)

    def check_notes(self, earlier: dict[str, ReasonRow], ran: set[str]) -> None:
        now = notes()
        made = {name for name, row in now.items() if row.did in ("provisioned", "rendered")}
        if any("with the same results as before" in line for line in self.said):
            noted = made if now != earlier else set()
            ran = {name for name in ran if name in noted or not name.startswith(f"{UNDECLARED}.")}
        if ran or made <= self.earlier_ran:
            assert ran <= made <= ran | self.earlier_ran
        else:
            assert now == earlier
        for row in now.values():
            words = [reason.word for reason in reasons.reasons_of(row)]
            assert words and "unknown" not in words, row

    def check_difference(self, told: Difference, before: dict[str, tuple[int, bytes]]) -> None:
        after = disk()
        changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        if not told.changes:
            assert not changed
        elif MADE_UP not in dict(told.marks).values():
            files = {change.path: change for change in told.changes if change.what == "file"}
            assert {path for path in changed if not os.path.isdir(path)} <= {
                *files,
                *self.directories(before),
            }
            for path, change in files.items():
                if change.new is None:
                    assert not os.path.isfile(path)
                else:
                    assert Path(path).read_bytes() == change.new
                    assert os.stat(path).st_mode & 0o777 == change.new_mode

    def directories(self, before: dict[str, tuple[int, bytes]]) -> set[str]:
        """What was an empty directory, and may be gone with the last file in it."""
        return {path for path, (mode, _) in before.items() if mode & 0o40000}


class TellingOfCompose(Telling, ComposeEdits):
    pass


class TellingOfKubernetes(Telling, KubernetesEdits):
    pass


EXAMPLES = int(os.environ.get("TELLING_EXAMPLES", "15"))
LAW = settings(
    stateful_step_count=int(os.environ.get("TELLING_STEPS", "20")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)

TellingOfCompose.TestCase.settings = settings(LAW, max_examples=EXAMPLES)
TellingOfKubernetes.TestCase.settings = settings(LAW, max_examples=max(EXAMPLES // 3, 1))
TestCompose, TestKubernetes = TellingOfCompose.TestCase, TellingOfKubernetes.TestCase
