"""What a type checker sees of what others write against this package."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def test_a_type_checker_sees_what_is_misspelt(tmp_path: Path) -> None:
    written = tmp_path / "dodo.py"
    written.write_text(
        "from doit_score import Score\n"
        "from doit_score.store.meta import Meta\n"
        "Score('stage', publish=['8080:web:80'], strict=True, start_order='direct')\n"
        "Score(publised=['8080:web:80'])\n"
        "Score(strict='yes')\n"
        "Score(start_order='never')\n"
        "Meta({}).published\n"
        "Meta.published.to(())\n"
        "Meta.publish.to(3)\n"
        "Meta.publish.to(Meta({}).publish)\n"
    )
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path), "--no-error-summary", "dodo.py"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert re.findall(r"^dodo.py:(\d+): error: .* \[([a-z-]+)\]$", found.stdout, re.MULTILINE) == [
        ("4", "call-arg"),
        ("5", "arg-type"),
        ("6", "arg-type"),
        ("7", "attr-defined"),
        ("8", "attr-defined"),
        ("9", "arg-type"),
    ], found.stdout
