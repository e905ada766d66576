"""Standard output or error that is closed, full, or read no further ends nothing half way.

Found by trying 0.1.0 and by an attack on it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import recorded

DODO = "from doit_score import Score\nscore = Score()\n"
FULL = "Error: standard output cannot be written: No space left on device\n"


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}")
    recorded.write("score.yaml", recorded.SCORE)
    recorded.run("--quiet", "init", "--no-sample")


def shell(command: str) -> tuple[int, str]:
    """Status of the first program of a pipeline and what it says on stderr."""
    script = f"set -o pipefail; {command}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "command", ["generate score.yaml -o -", "generate score.yaml -v 2>&1", "provisioners list", "--help"]
)
def test_who_reads_no_further_ends_nothing(command: str) -> None:
    assert shell(f"doit-score --quiet {command} | true") == (0, "")


@pytest.mark.parametrize(
    "closed", ["2>&-", ">&-", ">&- 2>&-", "2>/dev/full", "<&- >&- 2>&-", "-v 2>&1 | true"]
)
def test_a_run_is_complete_though_nobody_hears_of_it(closed: str) -> None:
    shell(f"doit-score generate score.yaml {closed}")
    assert recorded.compose()["services"].keys() == {"lantern-wick"}
    assert shell("doit-score generate")[1].startswith("INFO: nothing to do")


@pytest.mark.parametrize(("command", "status"), [("provisioners list", 1), ("diff", 2), ("generate -o -", 1)])
def test_an_output_that_is_full_is_an_error(command: str, status: int) -> None:
    recorded.run("--quiet", "generate", "score.yaml")
    Path("compose.yaml").unlink()
    assert shell(f"doit-score --quiet {command} >/dev/full") == (status, FULL)


@pytest.mark.parametrize("command", ["generate", "list"])
def test_doit_with_nobody_who_reads_on(command: str) -> None:
    recorded.write("dodo.py", DODO)
    status, said = shell(f"doit {command} | true")
    assert (status, "Traceback" in said) == (0, False)
    if command == "generate":
        assert Path("compose.yaml").exists()


@pytest.mark.parametrize("command", ["generate", "list", "help generate"])
def test_doit_with_an_output_that_is_full(command: str) -> None:
    recorded.write("dodo.py", DODO)
    status, said = shell(f"doit {command} >/dev/full")
    assert (status, said) == (3, FULL.replace("Error", "ERROR"))
