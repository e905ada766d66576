"""The counter of a long stage, in a real terminal and without one."""

from __future__ import annotations

import sys
from pathlib import Path

import running
from command import Directory
from terminal import left, printed

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


AT_ONCE = """\
import sys
from doit_score.command.cli import main
from doit_score.text import progress
progress._ON_TERMINAL = 0.0, 0.0
sys.exit(main(sys.argv[1:]))
"""


def test_what_a_slow_machine_prints_after_a_stage_begins_a_line(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.write("score.yaml", running.score())
    here.init()
    here.run("generate", "score.yaml")
    here.write("score.yaml", running.score(image="redis"))
    environment = {**here.environment, "PYTHONPATH": str(ROOT / "tasks"), "TERM": "xterm", "NO_COLOR": "1"}
    shown = printed([sys.executable, "-c", AT_ONCE, "diff"], tmp_path, environment)
    assert "\r\x1b[Krendered 0 of 1 workload\r\x1b[K" in shown
    assert left(shown) == here.run("diff", status=1).stdout
