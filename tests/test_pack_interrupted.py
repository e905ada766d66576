"""Ctrl-C in doit."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import running
from running import Project

DODO = """\
import time
from pathlib import Path
from doit_score import Score

score = Score()


def task_wait():
    def wait():
        Path("waiting").touch()
        time.sleep(60)
    return {"actions": [wait]}
"""
COMMAND = """\
- uri: cmd://sh
  type: thing
  args: [-c, "touch waiting; sleep 60"]
"""


@pytest.mark.parametrize("arguments", [("generate",), ("wait",), ("-n", "2", "wait")])
def test_it_ends_with_one_line_and_by_the_signal(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    here = Project(tmp_path)
    here.write("dodo.py", DODO)
    here.write("score.yaml", running.score(things=("one",)))
    here.write("provisioners/thing.provisioners.yaml", COMMAND)
    process = subprocess.Popen(
        [sys.executable, "-m", "doit", *arguments],
        cwd=tmp_path,
        env=here._environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not here.exists("waiting"):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    subprocess.run(["kill", "-INT", "--", f"-{process.pid}"], check=True)
    out, err = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT
    assert "Traceback" not in out + err
    assert err.splitlines()[-1] == "Error: interrupted; what was generated so far is kept"
