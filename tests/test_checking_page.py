"""docs/checking.md: what it shows of a terminal, and the hook."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import yaml
from command import Directory
from terminal import left, printed

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "checking.md").read_text(encoding="utf-8")
BAD = "apiVersion: score.dev/v1b1\nmetadata:\n  name: web\ncontainers:\n  main:\n    imege: x\n"


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def files(text: str) -> dict[str, str]:
    """The files that a section shows, by name."""
    return {m[1]: m[2] for m in re.finditer(r"^```yaml\n# (\S+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)}


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    (tmp_path / "shop").mkdir()
    return Directory(tmp_path / "shop")


def test_the_capture_of_a_terminal(here: Directory) -> None:
    part = section("What it finds")
    for name, text in files(part).items():
        here.write(name, f"# {name}\n{text}")
    (shown,) = re.findall(r"^```text\n\$ doit-score check\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)
    environment = {**here.environment, "PYTHONPATH": str(ROOT / "tasks"), "NO_COLOR": "1"}
    said = left(printed([sys.executable, "-m", "doit_score", "check"], here.path, environment))
    assert said == shown
    assert max(map(len, shown.splitlines())) <= 80


def run_as_written(here: Directory, line: str, status: int) -> str:
    """Runs a command line that a file for others has."""
    program, *arguments = line.split()
    assert program == "doit-score"
    return here.run(*arguments, status=status).stdout


def test_the_hook_runs_what_fails_for_a_faulty_project(here: Directory) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {key: hook[key] for key in ("id", "language", "pass_filenames")} == {
        "id": "doit-score-check",
        "language": "python",
        "pass_filenames": False,
    }
    here.write("score.yaml", BAD)
    assert run_as_written(here, hook["entry"], 1).endswith("2 errors in 1 file\n")
    here.write("score.yaml", BAD.replace("imege", "image"))
    run_as_written(here, hook["entry"], 0)


@pytest.mark.parametrize(
    ("path", "is_checked"),
    [
        ("score.yaml", True),
        ("a/b/score.yml", True),
        ("a/shop.score.yaml", True),
        ("provisioners/x.provisioners.yaml", True),
        ("highscore.yaml", False),
        ("compose.yaml", False),
        ("provisioners.yaml.bak", False),
    ],
)
def test_the_hook_is_for_score_files_and_provisioner_files(path: str, is_checked: bool) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (re.search(hook["files"], path) is not None) == is_checked
