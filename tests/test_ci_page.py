"""docs/ci.md: the hook is there and what workflows run works, in a project as the page has it."""

from __future__ import annotations

import re
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

import docking
import pytest
import yaml
from test_docs import EXAMPLES, ROOT, environment

__all__ = ["environment"]

HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
BLOCKS = [
    yaml.safe_load(block)
    for block in re.findall(
        r"^```yaml\n(.*?)^```$", (ROOT / "docs" / "ci.md").read_text(), re.MULTILINE | re.DOTALL
    )
]
CONFIG, GITHUB, GITLAB = BLOCKS

RUN = {
    "github": [step["run"] for job in GITHUB["jobs"].values() for step in job["steps"] if "run" in step],
    "gitlab": [line for job in GITLAB.values() for line in job["script"]],
}


def test_the_hook_of_the_page_is_the_one_that_there_is() -> None:
    (repository,) = CONFIG["repos"]
    assert repository["hooks"] == [{"id": hook["id"]} for hook in HOOKS]


@pytest.mark.parametrize("where", RUN)
def test_what_a_workflow_runs_works_in_the_example(
    where: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    docking.need_engine()
    docking.need_image()
    shop = tmp_path / f"dsu-{uuid.uuid4().hex[:8]}"
    shutil.copytree(EXAMPLES / "monorepo", shop)
    commands = [line for line in RUN[where] if not line.startswith(("pip ", "apk "))]
    assert commands
    try:
        for command in commands:
            done = subprocess.run(
                ["bash", "-c", command], cwd=shop, env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    finally:
        name = f"{shop.name}-dev"
        docking.docker("compose", "--project-name", name, "down", "--volumes", "--timeout", "0", check=False)
