"""The project of docs/graph.md, and what is drawn of it: `python tests/graphs.py` writes all that anew."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "graph.svg"
DATA = ROOT / "tests" / "data" / "graph"
FORMATS = ("svg", "dot", "mermaid", "json")


def write(folder: Path) -> None:
    """The files of the first section of the page."""
    import test_docs

    for kind, text in test_docs.read_sections(ROOT / "docs" / "graph.md")[0].blocks:
        if kind == "yaml":
            file = folder / text.partition("\n")[0].removeprefix("# ")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)


def run(folder: Path, *arguments: str) -> str:
    """What the command prints."""
    command = [sys.executable, "-m", "doit_score", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tasks")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def drawn() -> dict[str, str]:
    """The project as text in each format."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "shop"
        folder.mkdir()
        write(folder)
        run(folder, "--quiet", "init", "--no-sample")
        run(folder, "--quiet", "generate", "orders/score.yaml", "mailer/score.yaml")
        return {format_: run(folder, "graph", "--format", format_) for format_ in FORMATS}


def main() -> None:
    found = drawn()
    PICTURE.write_text(found["svg"], encoding="utf-8")
    DATA.mkdir(exist_ok=True)
    for format_ in FORMATS[1:]:
        (DATA / f"shop.{format_}").write_text(found[format_], encoding="utf-8")


if __name__ == "__main__":
    main()
