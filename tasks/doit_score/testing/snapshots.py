"""What is compared with a file beside the test."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path

from doit_score.store import files
from doit_score.testing.failed import Failed
from doit_score.text import yaml12
from doit_score.text.secrets import Masking

FOLDER = "__snapshots__"
VARIES = "<varies>"
"""Stands for what is another one each time, though the same is drawn: the time, a salt, a key."""


class Snapshots:
    """The snapshots of one test: files beside it that have its name; where there are more, numbers too."""

    def __init__(self, test: Path, name: str, *, update: bool) -> None:
        self._folder = test.parent / FOLDER
        self._stem = f"{test.stem}.{re.sub(r'[^A-Za-z0-9_.-]+', '-', name).strip('-')}"
        self._update = update
        self._count = 0

    def check(self, value: Mapping[str, object]) -> None:
        """Raises Failed unless ``value`` is what the next snapshot has; writes it where that is wanted."""
        self._count += 1
        number = "" if self._count == 1 else f"-{self._count}"
        path = self._folder / f"{self._stem}{number}.yaml"
        text = yaml12.dump(value)
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return
        if self._update:
            files.make_directory(str(self._folder), 0o755)
            files.Writer(str(self._folder)).write([files.NewFile(str(path), text.encode(), 0o644)])
        elif not path.is_file():
            raise Failed(f"there is no snapshot '{_told(path)}' yet: `pytest --snapshot-update` writes it")
        else:
            before = path.read_text(encoding="utf-8")
            raise Failed(
                f"this is not what the snapshot has (`pytest --snapshot-update` replaces it):\n"
                f"{difference(before, text, _told(path), 'now')}"
            )


def _told(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def difference(before: str, now: str, first: str | Path, second: str) -> str:
    """What lines differ between two texts."""
    lines = difflib.unified_diff(before.splitlines(), now.splitlines(), str(first), second, lineterm="", n=3)
    return "\n".join(lines)


def settled(one: object, other: object, names: Masking) -> object:
    """``one`` with names for what was drawn, and with a mark where ``other``, of the same draws, differs."""
    return _same(_named(one, names), _named(other, names))


def _named(value: object, names: Masking) -> object:
    if isinstance(value, Mapping):
        return {names(str(key)): _named(item, names) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_named(item, names) for item in value]
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        named = names(str(value))
        return value if named == str(value) else named
    return value


def _same(one: object, other: object) -> object:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        alike = {key: _same(item, other[key]) for key, item in one.items() if key in other}
        return alike if len(alike) == len(one) == len(other) else {**alike, VARIES: VARIES}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [_same(item, another) for item, another in zip(one, other, strict=True)]
    return one if type(one) is type(other) and one == other else VARIES
