from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from doit_score.store import files
from doit_score.store.files import NewFile, Signature, Writer
from doit_score.text.errors import ScoreError


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_write_sets_content_and_mode_whatever_the_umask() -> None:
    before = os.umask(0o077)
    try:
        Writer("state").write([NewFile("a", b"one", 0o644), NewFile("b", b"two", 0o600)])
    finally:
        os.umask(before)
    assert {name: (Path(name).read_bytes(), files.file_mode(name)) for name in os.listdir()} == {
        "a": (b"one", 0o644),
        "b": (b"two", 0o600),
    }


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else() -> None:
    Path("a").write_text("old")
    Path("taken").mkdir()
    with pytest.raises(ScoreError) as error:
        Writer("state").write([NewFile("taken", b"x", 0o644), NewFile("a", b"new", 0o644)])
    assert str(error.value) == "taken: cannot be written: Is a directory"
    assert (sorted(os.listdir()), Path("a").read_text()) == (["a", "taken"], "old")


def test_a_missing_directory_is_an_error_that_names_the_file() -> None:
    with pytest.raises(ScoreError, match=r"^no/such/file: cannot be written: No such file or directory$"):
        Writer("state").write([NewFile("no/such/file", b"", 0o600)])


def test_sweep_removes_only_what_runs_of_the_same_state_left() -> None:
    ours, theirs = Writer("state"), Writer("other")
    for name in (f"{ours.prefix}0.tmp", f"{theirs.prefix}0.tmp", "mine.tmp"):
        Path(name).touch()
    ours.sweep([".", "missing"])
    assert sorted(os.listdir()) == sorted([f"{theirs.prefix}0.tmp", "mine.tmp"])


def test_a_file_read_long_after_it_was_written_has_its_own_signature() -> None:
    Path("a").write_text("x")
    found = os.stat("a")
    settled = files.settled(
        Signature(found.st_mtime_ns, found.st_ctime_ns, 1, found.st_ino), found.st_ctime_ns + 3_000_000_000
    )
    assert settled == files.signature("a")


def test_a_file_read_at_the_time_it_was_written_never_matches() -> None:
    Path("a").write_text("x")
    found = files.signature("a")
    assert found is not None
    assert files.settled(found, found.mtime_ns).mtime_ns == -1


def test_a_time_without_fraction_is_taken_for_one_of_a_coarse_clock() -> None:
    coarse = Signature(5_000_000_000, 5_000_000_000, 1, 1)
    assert files.settled(coarse, 6_900_000_000).mtime_ns == -1
    assert files.settled(coarse, 7_100_000_000) == coarse


def test_reading_what_is_not_there_is_an_error_with_its_name() -> None:
    with pytest.raises(ScoreError) as error:
        files.read("missing")
    assert str(error.value) == "missing: cannot be read: No such file or directory"


def test_directories_are_made_for_their_owner() -> None:
    files.make_directory("a/b/c")
    assert [stat.S_IMODE(os.stat(path).st_mode) for path in ("a", "a/b", "a/b/c")] == [0o700] * 3


def test_a_file_in_the_way_of_a_directory_is_told() -> None:
    Path("a").touch()
    with pytest.raises(ScoreError) as error:
        files.make_directory("a/b")
    assert str(error.value) == "a: is a file, but a directory is needed here"


def test_keep_private_takes_the_directory_from_others() -> None:
    os.mkdir("open", 0o755)
    files.keep_private("open")
    assert files.file_mode("open") == 0o700


def test_a_link_on_the_way_is_found() -> None:
    os.makedirs("root/a")
    os.symlink("/", "root/a/link")
    assert files.leads_out("root", "root/a/link/etc") == "root/a/link"
    assert files.leads_out("root", "root/a/file") is None


@pytest.mark.parametrize("count", [1, 33])
def test_few_files_and_many_are_synced_before_any_takes_its_place(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    done: list[str] = []
    for name in ("fsync", "sync", "replace"):
        function = getattr(os, name)

        def noted(
            *more: object, name: str = name, function: Callable[..., object] = function, **to: int
        ) -> object:
            done.append(name)
            return function(*more, **to)

        monkeypatch.setattr(os, name, noted)
    Writer("state").write(NewFile(f"f{number}", b"x", 0o644) for number in range(count))
    assert sorted(os.listdir()) == sorted(f"f{number}" for number in range(count))
    together = count > 32 and sys.platform == "linux"
    assert done == [*(["sync"] if together else ["fsync"] * count), *["replace"] * count, "fsync"]


def test_a_directory_with_the_name_of_a_temporary_file_is_told(tmp_path: Path) -> None:
    writer = files.Writer(f"{tmp_path}/state")
    there = tmp_path / f"{writer.prefix}0.tmp"
    there.mkdir()
    writer.sweep([str(tmp_path)])
    with pytest.raises(ScoreError) as error:
        writer.write([files.NewFile(f"{tmp_path}/a", b"a", 0o644)])
    assert str(error.value) == f"{there}: cannot be written: Is a directory"
    assert sorted(path.name for path in tmp_path.iterdir()) == [there.name]
