"""The counter of a long stage, in a real terminal and without one."""

from __future__ import annotations

import sys
from pathlib import Path

import running
from command import Directory
from terminal import printed

ROOT = Path(__file__).parent.parent
SLOW = """\
- uri: cmd://sh
  type: thing
  args: [-c, "sleep 0.7; echo '{\\"resource_outputs\\": {\\"word\\": \\"x\\"}}'"]
  inputs: []
"""
"""Longer than what a stage may take without being told of: a slow machine makes it longer still."""


def test_a_terminal_counts_and_leaves_no_line_of_it(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.write("provisioners/slow.provisioners.yaml", SLOW)
    here.write("score.yaml", running.score(things=("one", "two", "three")))
    here.init()
    command = [sys.executable, "-m", "doit_score", "generate"]
    environment = {**here.environment, "PYTHONPATH": str(ROOT / "tasks"), "TERM": "xterm"}
    shown = printed([*command, "score.yaml"], tmp_path, environment)
    counted = [part for part in shown.split("\r\x1b[K") if part.startswith("provisioned ")]
    assert counted[:2] == ["provisioned 1 of 3 resources", "provisioned 2 of 3 resources"]
    assert {*counted[2:]} <= {"provisioned 2 of 3 resources"}
    assert shown.rpartition("\r\x1b[K")[2].splitlines() == [
        "INFO: provisioned 3 resources",
        "INFO: rendered 1 workload",
        "INFO: wrote compose.yaml",
    ]
    quiet = printed([*command, "--force", "--quiet"], tmp_path, environment)
    assert quiet == ""
