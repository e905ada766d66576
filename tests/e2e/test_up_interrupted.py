"""`up` that is killed half way, and two of them at once."""

from __future__ import annotations

import signal
import subprocess
from threading import Thread

import docking
from docking import Docked, workload

# Compose has to wait for the first until the test says that it is ready: there is a middle to be killed in.
SLOW = """\
- uri: jinja://tests/slow
  type: slow
  outputs: |
    host: slow
  services: |
    slow:
      image: dsu-busybox:2
      command: [sleep, "1000"]
      healthcheck: {test: [CMD, test, -f, /tmp/ready], interval: 500ms, retries: 1000}
"""
UP = {"slow": "running", "wait-for-resources": "exited", "web-main": "running"}


def _slow(here: Docked) -> None:
    here.write("provisioners/slow.provisioners.yaml", SLOW)
    here.write("score.yaml", workload(resources={"db": "slow"}))


def _in_the_middle(here: Docked) -> None:
    """Waits until an `up` has started the first, for which it has to wait then."""
    docking.wait_until(lambda: here.states().get("slow") == "running")


def _go_on(here: Docked) -> None:
    here.inside("slow", "touch", "/tmp/ready")


def test_up_after_one_that_was_killed_in_the_middle(here: Docked) -> None:
    _slow(here)
    process = here.start("up")
    _in_the_middle(here)
    docking.kill(process)
    assert here.states().get("web-main") != "running"
    _go_on(here)
    here.doit("up")
    assert here.states() == UP
    assert here.doit("up").out.endswith("-- up\n")


def test_up_after_one_that_was_interrupted(here: Docked) -> None:
    _slow(here)
    process = here.start("up")
    _in_the_middle(here)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=docking.LIMIT)
    assert process.returncode != 0
    assert here.states().get("web-main") != "running"
    _go_on(here)
    here.doit("up")
    assert here.states() == UP


def test_of_two_at_once_one_waits_and_finds_nothing_to_do(here: Docked) -> None:
    here.dodo(f"lock_timeout={docking.LIMIT}")
    _slow(here)
    here.doit("generate")
    both = [_Heard(here.start("up")), _Heard(here.start("up"))]
    _in_the_middle(here)
    held = [
        f"WARN: waiting for the lock of 'state/running', held by process {one.process.pid}" for one in both
    ]
    docking.wait_until(lambda: held[0] in both[1].said or held[1] in both[0].said)
    _go_on(here)
    assert [one.process.wait(docking.LIMIT) for one in both] == [0, 0]
    first, second = sorted((one.all() for one in both), key=lambda said: "INFO: nothing to do: " in said)
    assert f"INFO: project '{here.project}' is up: 3 containers\n" in first
    assert "INFO: nothing to do: 3 containers as the project wants\n" in second
    assert "Container" not in second
    assert here.states() == UP


class _Heard:
    """A process, and what it has said so far on stderr."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""
        self._thread = Thread(target=self._hear, daemon=True)
        self._thread.start()

    def _hear(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said += line

    def all(self) -> str:
        """All that it said, once it has ended."""
        self._thread.join()
        return self.said


def test_generating_does_not_wait_for_an_up_that_takes_long(here: Docked) -> None:
    _slow(here)
    process = here.start("up")
    _in_the_middle(here)
    here.write("other.score.yaml", workload("other"))
    assert here.doit("generate").out.endswith(".  generate\n")
    assert process.poll() is None
    _go_on(here)
    process.communicate(timeout=docking.LIMIT)
    assert process.returncode == 0
