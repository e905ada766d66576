"""What a type checker sees of what others write against this package."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def test_a_type_checker_sees_what_is_misspelt(tmp_path: Path) -> None:
    written = tmp_path / "dodo.py"
    written.write_text(
        "from doit_score.store.meta import Meta\n"
        "Meta({}).published\n"
        "Meta.published.to(())\n"
        "Meta.publish.to(3)\n"
        "Meta.publish.to(Meta({}).publish)\n"
    )
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path), "--no-error-summary", "dodo.py"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert re.findall(r"^dodo.py:(\d+): error: .* \[([a-z-]+)\]$", found.stdout, re.MULTILINE) == [
        ("2", "attr-defined"),
        ("3", "attr-defined"),
        ("4", "arg-type"),
    ], found.stdout
