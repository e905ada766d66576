"""`doit-score watch` and `doit watch`: real processes, edited files, and what they print."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import running
from docking import wait_until
from running import SOURCES, Directory

LIMIT = 120.0
"""Seconds for what happens at once on a machine that has nothing else to do."""
BEGINNING = "INFO: watching what this project is made of; Ctrl-C ends"
NEW = "INFO: rendered workload 'web': it is new; wrote 'compose.yaml'"


def edited(what: str, name: str = "web", file: str = "web.score.yaml") -> str:
    return f"INFO: rendered workload '{name}': '{file}' changed: '{what}'; wrote 'compose.yaml'"


class Watched(Directory):
    """A directory in which something watches.  What is written there is there at once, whole."""

    def write(self, name: str, text: str) -> None:
        super().write(f"../beside/{name}", text)
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(self.path.parent / "beside" / name, self.path / name)

    def begin(self, *command: str) -> None:
        self.said = self.path.parent / "said"
        environment = {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONDONTWRITEBYTECODE": "1"}
        with open(self.said, "w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=self.path,
                stdout=said,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
                # What is started in the background of a shell ignores it.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            )

    def lines(self) -> list[str]:
        return self.said.read_text().splitlines()

    def has_said(self, *lines: str) -> None:
        """Waits until just these lines were printed."""

        def holds() -> bool:
            assert self.process.poll() is None, self.lines()
            return len(self.lines()) >= len(lines)

        wait_until(holds, LIMIT)
        assert self.lines() == list(lines)

    def end(self) -> int:
        """Interrupts it, as a terminal does all that runs there; the exit status."""
        time.sleep(0.5)  # a round tells its last line a moment before it ends
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(LIMIT)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Watched]:
    (tmp_path / "shop").mkdir()
    found = Watched(tmp_path / "shop")
    yield found
    if found.process.poll() is None:
        os.killpg(found.process.pid, signal.SIGKILL)
        found.process.wait()


def test_the_command_has_a_round_for_each_save_and_a_line_for_each_that_does_something(here: Watched) -> None:
    here.write("doit-score.toml", 'workloads = ["*.score.yaml"]\n')
    here.write("web.score.yaml", running.score("web"))
    here.begin("doit_score", "watch")
    said = [BEGINNING, NEW]
    here.has_said(*said)
    here.write("web.score.yaml", running.score("web", A="one"))
    said.append(edited("containers.main.variables"))
    here.has_said(*said)
    # What is no matter of the project, and what we write, is no reason for a word.
    here.write("README.md", "text")
    here.write(".web.score.yaml.swp", "text")
    # An error is told, and does not end it.
    here.write("web.score.yaml", running.score("web").replace("image:", "imago:"))
    wait_until(lambda: here.lines()[-1] == "    hint: did you mean 'image'?", LIMIT)
    assert here.lines()[: len(said) + 1] == [*said, "Error: validation errors in workload 'web':"]
    said = here.lines()
    here.write("README.md", "other text")
    here.write("web.score.yaml", running.score("web", A="two"))
    said += [edited("containers.main.variables.A"), "INFO: what was wrong is put right"]
    here.has_said(*said)
    assert here.services()["web-main"]["environment"] == {"A": "two"}
    # A new file, and one that is gone.
    here.write("more.score.yaml", running.score("more"))
    said.append("INFO: rendered workload 'more': it is new; wrote 'compose.yaml'")
    here.has_said(*said)
    here.remove("more.score.yaml")
    wait_until(lambda: "removed workload 'more'" in here.lines()[-1], LIMIT)
    assert list(here.services()) == ["web-main"]
    # Options are read again.
    here.write("doit-score.toml", 'workloads = ["*.score.yaml"]\nprobes = "http"\n')
    wait_until(lambda: "the probes changed: none -> http" in here.lines()[-1], LIMIT)
    count = len(here.lines())
    assert here.end() == 0
    assert len(here.lines()) == count


def test_sources_provisioners_and_overrides_that_are_saved_count(here: Watched) -> None:
    here.write("doit-score.toml", '[overrides]\n"web.score.yaml" = "more.yaml"\n')
    here.write("web.score.yaml", running.score("web", things=("cup",)) + "")
    here.write("provisioners/thing.provisioners.yaml", running.PROVISIONER)
    here.write("more.yaml", "containers: {main: {files: {/text: {source: text.txt}}}}\n")
    here.write("text.txt", "one")
    here.begin("doit_score", "watch")
    wait_until(lambda: len(here.lines()) == 2, LIMIT)
    here.write("text.txt", "two")
    wait_until(lambda: "'text.txt', which it mounts, changed" in here.lines()[-1], LIMIT)
    mounted = here.path / "state/mounts/files/web.main.text"
    wait_until(lambda: mounted.read_text() == "two", LIMIT)
    here.write(
        "provisioners/thing.provisioners.yaml", running.PROVISIONER.replace("word:", "more: x\n    word:")
    )
    wait_until(lambda: "provisioned resource 'thing.default#web.cup'" in here.lines()[-1], LIMIT)
    here.write("more.yaml", "containers: {main: {image: redis}}\n")
    wait_until(lambda: "the overrides file 'more.yaml' changed" in here.lines()[-1], LIMIT)
    assert here.services()["web-main"]["image"] == "redis"
    assert here.end() == 0


def test_a_cluster_has_its_manifests_written(here: Watched) -> None:
    here.write("doit-score.toml", 'target = "kubernetes"\n')
    here.write("score.yaml", running.score("web"))
    here.begin("doit_score", "watch")
    here.has_said(BEGINNING, NEW.replace("compose", "manifests"))
    here.write("score.yaml", running.score("web", image="redis"))
    line = edited("containers.main.image", file="score.yaml").replace("compose", "manifests")
    here.has_said(BEGINNING, NEW.replace("compose", "manifests"), line)
    assert here.end() == 0


def test_where_a_dodo_py_says_what_the_project_is_doit_watches(here: Watched) -> None:
    here.write("dodo.py", "from doit_score import Score\nscore = Score()\n")
    here.write("score.yaml", running.score("web"))
    here.begin("doit_score", "watch")
    assert here.process.wait(LIMIT) == 1
    assert here.lines()[0] == (
        "Error: this project is generated by a dodo.py, and only that knows all that its Score(...) says"
    )


DODO = """\
from doit_score import Score

DOIT_CONFIG = {"default_tasks": ["generate"]}


def count():
    with open("../rounds", "a") as file:
        file.write("x")


def task_count():
    return {"actions": [count], "uptodate": [False]}


def tagged():
    return {"image": "shop/web:" + open("Dockerfile").read().strip()}


def task_tag():
    return {"actions": [tagged], "file_dep": ["Dockerfile"]}


score = Score(images={"main": task_tag}, task_dep="count")
"""


def test_doit_has_a_round_of_its_tasks_for_each_save(here: Watched) -> None:
    here.write("dodo.py", DODO)
    here.write("Dockerfile", "1\n")
    here.write("web.score.yaml", running.score("web"))
    here.begin("doit", "watch")
    said = [".  watch", BEGINNING, NEW]
    here.has_said(*said)
    here.write("web.score.yaml", running.score("web", A="one"))
    said.append(edited("containers.main.variables"))
    here.has_said(*said)
    # What only doit knows of: the task that makes the image.
    here.write("Dockerfile", "2\n")
    said.append("INFO: rendered workload 'web': images changed for 'main'; wrote 'compose.yaml'")
    here.has_said(*said)
    assert here.services()["web-main"]["image"] == "shop/web:2"
    # The dodo.py itself.
    here.write("dodo.py", DODO.replace("images=", "probes='http', images="))
    wait_until(lambda: "the probes changed: none -> http" in here.lines()[-1], LIMIT)
    said.append(here.lines()[-1])
    here.write("web.score.yaml", running.score("web").replace("image:", "imago:"))
    wait_until(lambda: here.lines()[-1].strip() == "hint: did you mean 'image'?", LIMIT)
    assert here.lines()[: len(said) + 2] == [
        *said,
        "Error: taskid:provision - TaskFailed",
        "validation errors in workload 'web':",
    ]
    here.write("web.score.yaml", running.score("web", A="three"))
    wait_until(lambda: here.lines()[-1] == "INFO: what was wrong is put right", LIMIT)
    # What doit writes itself begins no round, or they would never end.
    counted = here.read("../rounds")
    time.sleep(2)
    assert here.read("../rounds") == counted
    assert here.end() == 0


def test_a_bare_doit_does_not_watch(here: Watched) -> None:
    here.write("dodo.py", "from doit_score import Score\nscore = Score()\n")
    here.write("score.yaml", running.score("web"))
    here.begin("doit")
    assert here.process.wait(LIMIT) == 0
    assert "-- watch (only runs if it is asked for: `doit watch`)" in here.lines()
