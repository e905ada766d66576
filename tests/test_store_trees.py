"""Whole directories, copied."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from recorded import tree

from doit_score.store import trees
from doit_score.store.trees import Copied
from doit_score.text.errors import ScoreError


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A directory with files, directories and links of all kinds of modes."""
    root = tmp_path / "source"
    (root / "shut" / "deep").mkdir(parents=True)
    (root / "empty").mkdir()
    (root / "shut" / "deep" / "data").write_bytes(b"\0" * 3_000_000)
    (root / "run").write_text("x")
    (root / "run").chmod(0o4750)
    (root / "out").symlink_to("/etc")
    (root / "gone").symlink_to("nowhere")
    os.utime(root / "run", (1_000, 1_000))
    (root / "shut").chmod(0o500)
    return str(root)


def facts(root: str) -> dict[str, tuple[int, int, bytes]]:
    """The tree, without the times of links, which are their own."""
    return {name: found for name, found in tree(root).items() if name not in ("out", "gone")}


def test_a_copy_has_the_contents_modes_and_times(source: str, tmp_path: Path) -> None:
    target = str(tmp_path / "target")
    assert trees.copy(source, target) == Copied((), None)
    assert facts(target) == facts(source)
    assert os.readlink(f"{target}/out") == "/etc"
    assert os.readlink(f"{target}/gone") == "nowhere"
    assert sorted(os.listdir(tmp_path)) == ["source", "target"]


def test_an_empty_directory_is_replaced(source: str, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    assert trees.copy(source, str(tmp_path / "target")) == Copied((), None)
    assert trees.is_same(source, str(tmp_path / "target"))


def test_what_is_there_is_moved_aside(source: str, tmp_path: Path) -> None:
    target = tmp_path / "target"
    for number in ("1", "2"):
        target.mkdir(exist_ok=True)
        (target / "own").write_text(number)
        assert trees.copy(source, str(target)).aside == f"{target}.{number}"
        assert (tmp_path / f"target.{number}" / "own").read_text() == number


def test_files_are_left_out_and_what_is_no_file_is_named(source: str, tmp_path: Path) -> None:
    os.mkfifo(f"{source}/pipe")
    copied = trees.copy(source, str(tmp_path / "target"), lambda path: path == "shut/deep/data")
    assert copied == Copied(("pipe",), None)
    assert sorted(tree(str(tmp_path / "target"))) == ["empty", "gone", "out", "run", "shut", "shut/deep"]


def test_a_copy_that_fails_leaves_nothing(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "own").write_text("x")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", refuse)
    with pytest.raises(ScoreError) as error:
        trees.copy(source, str(target))
    assert str(error.value) == (
        f"{target}.part/run: cannot be copied: No space left on device\n"
        "  hint: what containers wrote may belong to other users: copy it as root, with "
        f"`sudo cp -a {source} {target}`, and run this again"
    )
    assert sorted(os.listdir(tmp_path)) == ["source", "target"]
    assert (target / "own").read_text() == "x"


def test_what_a_killed_copy_left_is_replaced(source: str, tmp_path: Path) -> None:
    left = tmp_path / "target.part" / "shut"
    left.mkdir(parents=True)
    (left / "half").write_text("x")
    left.chmod(0o500)
    trees.copy(source, str(tmp_path / "target"))
    assert facts(str(tmp_path / "target")) == facts(source)


def test_directories_with_other_files_times_or_modes_are_not_the_same(source: str, tmp_path: Path) -> None:
    target = tmp_path / "target"
    trees.copy(source, str(target))
    assert trees.is_same(source, str(target))
    (target / "run").chmod(0o640)
    assert not trees.is_same(source, str(target))
    (target / "run").write_text("y")
    (target / "run").chmod(0o4750)
    assert not trees.is_same(source, str(target))
    assert trees.is_same(source, str(target), lambda path: path == "run")
    (target / "more").symlink_to("x")
    assert not trees.is_same(source, str(target), lambda path: path == "run")


def test_only_a_directory_with_something_in_it_is_filled(source: str, tmp_path: Path) -> None:
    assert trees.is_filled(source)
    assert not trees.is_filled(f"{source}/empty")
    assert not trees.is_filled(f"{source}/run")
    assert not trees.is_filled(str(tmp_path / "nowhere"))
