"""Below the mounts, a directory that is exchanged for a link at any moment leads no write outside.

Found by an attack on 0.1.0, which had a container exchange it all the time: 1 of 80 runs wrote outside.
Here it is done before each call that a run makes of the system, one after the other.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from doit_score.engine.stages import disk
from doit_score.engine.stages.disk import Wanted
from doit_score.store import files
from doit_score.store.rows import OutputRow
from doit_score.text.errors import ScoreError

ROOT = "state/mounts"
CALLS = (
    *("open", "stat", "lstat", "scandir", "mkdir", "chmod", "fchmod", "write"),
    *("replace", "rename", "unlink", "rmdir", "fsync", "fwalk"),
)
OUTSIDE = ("b/deep", "old", "full/x", "going", "mode", "aside/mine")


def file(text: str) -> Wanted:
    return Wanted("file", 0o644, files.content_digest(text.encode()), text.encode)


BEFORE = {"a/old": file("1"), "a/b/deep": file("2"), "a/mode": Wanted("directory", 0o755, "", bytes)}
AFTER = {
    **{"a/new": file("3"), "a/b/deep": file("4"), "a/c/d": file("5"), "a/aside": file("6")},
    "a/mode": Wanted("directory", 0o700, "", bytes),
    "a/full": Wanted("no directory", 0, "", bytes),
    "a/going": Wanted("no file", 0, "", bytes),
}


def bring(wanted: dict[str, Wanted], recorded: dict[str, OutputRow]) -> dict[str, OutputRow]:
    made = disk.plan({f"{ROOT}/{path}": want for path, want in wanted.items()}, recorded, ROOT)
    sink = disk.Disk("state")
    sink.sweep([], ROOT)
    return {row.path: row for row in sink.write(made, ROOT).rows}


@contextmanager
def exchanged(count: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Exchanges the directory before the ``count``-th call; gives that call, nothing if it came to none."""
    made: list[str] = []
    left = count
    rename, symlink = os.rename, os.symlink

    def watched(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                made.append(name)
                rename(f"{ROOT}/a", f"{ROOT}/was")
                symlink(os.path.abspath("outside"), f"{ROOT}/a")
            return function(*arguments, **more)

        return call

    with monkeypatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, watched(name, getattr(os, name)))
        yield made


def outside() -> list[tuple[str, int]]:
    found = [
        os.path.join(folder, name) for folder, dirs, names in os.walk("outside") for name in [*dirs, *names]
    ]
    return sorted((path, stat.S_IMODE(os.stat(path).st_mode)) for path in found)


def prepare(directory: Path) -> dict[str, OutputRow]:
    directory.mkdir()
    os.chdir(directory)
    os.makedirs(ROOT)
    recorded = bring(BEFORE, {})
    for top in (f"{ROOT}/a", "outside"):
        for name in (*OUTSIDE, f"{files.Writer('state').prefix}0.tmp"):
            path = Path(top, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if name == "mode":
                path.mkdir(exist_ok=True)
            elif not path.exists():
                path.write_text("theirs")
    os.chmod("outside/mode", 0o755)
    return recorded


def test_an_exchange_at_any_moment_leads_nothing_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    count, came = 0, True
    while came:
        count += 1
        recorded = prepare(tmp_path / str(count))
        before = outside()
        with exchanged(count, monkeypatch) as calls, suppress(ScoreError):
            bring(AFTER, recorded)
        came = bool(calls)
        assert (count, calls, outside()) == (count, calls, before)
    assert count > 100
    assert sorted(os.listdir(f"{ROOT}/a")) == ["aside", "aside.aside", "b", "c", "mode", "new"]
