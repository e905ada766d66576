"""Working directories as score-compose left them, from the conformance data."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from doit_score.command import cli
from doit_score.text import yaml12

CASES = Path(__file__).parent / "conformance" / "cases"
GUID = "11111111-2222-4333-8444-555555555555"
"""What stands in the directories for identifiers, which differ from run to run."""

SCORE = """\
apiVersion: score.dev/v1b1
metadata:
  name: lantern
containers:
  wick:
    image: registry.example/wick:1
"""


@cache
def case(name: str) -> Mapping[str, Any]:
    """The case whose id is, or begins with, ``name``."""
    group = name.partition("-")[0]
    for line in (CASES / f"{group}.jsonl").read_text(encoding="utf-8").split("\n"):
        found: dict[str, Any] = json.loads(line)
        if found["id"] == name or found["id"].startswith(f"{name}-"):
            return found
    raise LookupError(name)


def state_of(name: str) -> str:
    """The state file that score-compose left in a case."""
    text: str = case(name)["expected"]["state.yaml"]["text"]
    return text.replace("<guid>", GUID)


def compose_of(name: str) -> object:
    """The Compose project that score-compose wrote in a case."""
    return yaml12.load(case(name)["expected"]["compose.yaml"]["text"])


def write(path: str, content: str | bytes, mode: int | None = None) -> None:
    """Writes a file in the working directory."""
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    if mode is not None:
        file.chmod(mode)


def lay_out(name: str, *, state: bool = True) -> None:
    """Fills the working directory with what is there after all steps of a case but our own files:
    inputs, and what score-compose left in ``.score-compose`` (with ``state``)."""
    found = case(name)
    for path, file in found["input"].items():
        write(path, _bytes(file), int(file["mode"], 8) if "mode" in file else None)
    for step in found["steps"]:
        if "write" in step:
            write(step["write"], step["text"])
        elif "delete" in step and os.path.exists(step["delete"]):
            os.unlink(step["delete"])
    if not state:
        return
    write(".score-compose/state.yaml", state_of(name))
    for path, file in found["expected"].items():
        if path.startswith("mounts/") and "dir" not in file:
            write(f".score-compose/{path}", _bytes(file))


def _bytes(file: Mapping[str, str]) -> bytes:
    return base64.b64decode(file["base64"]) if "base64" in file else file["text"].encode()


def steps(name: str) -> Iterator[list[str]]:
    """The commands of a case."""
    for step in case(name)["steps"]:
        if "run" in step:
            yield step["run"]


def run(*arguments: str, exit: int = 0) -> None:
    """Runs a command in the working directory; its exit status must be ``exit``."""
    assert cli.main(arguments) == exit, arguments


def compose(path: str = "compose.yaml") -> Any:
    """The Compose project that is there, with paths as score-compose would have them."""
    return yaml.safe_load(
        Path(path).read_text(encoding="utf-8").replace("state/mounts", ".score-compose/mounts")
    )


def stored(text: str | None = None) -> Any:
    """A state file as data; the exported one unless another is given."""
    return yaml12.load(
        Path(".score-compose/state.yaml").read_text(encoding="utf-8") if text is None else text
    )


def tree(root: str) -> dict[str, tuple[int, int, bytes]]:
    """Every file, link and directory below ``root`` with mode, time of last change and content."""
    found = {}
    for path in sorted(Path(root).rglob("*")):
        facts = path.lstat()
        content = b""
        if path.is_symlink():
            content = os.readlink(path).encode()
        elif path.is_file():
            content = path.read_bytes()
        found[path.relative_to(root).as_posix()] = (facts.st_mode, facts.st_mtime_ns, content)
    return found
