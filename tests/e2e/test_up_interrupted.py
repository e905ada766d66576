"""`up` that is killed half way, and two of them at once."""

from __future__ import annotations

import signal

import docking
from docking import Docked, workload

# Compose has to wait for the first, so there is a middle to be killed in.
SLOW = """\
- uri: jinja://tests/slow
  type: slow
  outputs: |
    host: slow
  services: |
    slow:
      image: dsu-busybox:2
      command: [sh, -c, "sleep 3; touch /tmp/ready; sleep 1000"]
      healthcheck: {test: [CMD, test, -f, /tmp/ready], interval: 500ms, retries: 60}
"""


def _slow(here: Docked) -> None:
    here.write("provisioners/slow.provisioners.yaml", SLOW)
    here.write("score.yaml", workload(resources={"db": "slow"}))


def test_up_after_one_that_was_killed_in_the_middle(here: Docked) -> None:
    _slow(here)
    process = here.start("up")
    docking.wait_until(lambda: here.states().get("slow") == "running")
    docking.kill(process)
    assert here.states().get("web-main") != "running"
    here.doit("up")
    assert here.states() == {"slow": "running", "wait-for-resources": "exited", "web-main": "running"}
    assert here.doit("up").out.endswith("-- up\n")


def test_up_after_one_that_was_interrupted(here: Docked) -> None:
    _slow(here)
    process = here.start("up")
    docking.wait_until(lambda: here.states().get("slow") == "running")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode != 0
    here.doit("up")
    assert here.states() == {"slow": "running", "wait-for-resources": "exited", "web-main": "running"}


def test_of_two_at_once_one_waits_and_finds_nothing_to_do(here: Docked) -> None:
    _slow(here)
    here.doit("generate")
    both = [here.start("up"), here.start("up")]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    (first, second) = sorted(said, key=lambda streams: "INFO: nothing to do: " in streams[1])
    assert f"INFO: project '{here.project}' is up: 3 containers\n" in first[1]
    assert "INFO: nothing to do: 3 containers as the project wants\n" in second[1]
    assert f"WARN: waiting for the lock of 'state/running', held by process {both[0].pid}" in second[1] or (
        f"WARN: waiting for the lock of 'state/running', held by process {both[1].pid}" in second[1]
    )
    assert "Container" not in second[1]
    assert here.states() == {"slow": "running", "wait-for-resources": "exited", "web-main": "running"}


def test_generating_does_not_wait_for_an_up_that_takes_long(here: Docked) -> None:
    _slow(here)
    process = here.start("up")
    docking.wait_until(lambda: here.states().get("slow") == "running")
    here.write("other.score.yaml", workload("other"))
    assert here.doit("generate").out.endswith(".  generate\n")
    assert process.poll() is None
    process.communicate(timeout=60)
    assert process.returncode == 0
