from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from doit_score.store.below import Below
from doit_score.store.files import NewFile, Writer
from doit_score.text.errors import ScoreError


@pytest.fixture
def below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Below]:
    monkeypatch.chdir(tmp_path)
    os.mkdir("root")
    with Below("root") as found:
        yield found


def test_what_was_opened_is_closed(below: Below) -> None:
    before = os.listdir("/proc/self/fd")
    below.make_directory("root/a/b", 0o755)
    below.place("root/a/c")
    below.place("root/d")
    below.close()
    assert os.listdir("/proc/self/fd") == before


def test_directories_get_their_mode_whatever_the_umask_and_elsewhere_what_that_says(below: Below) -> None:
    before = os.umask(0o077)
    try:
        below.make_directory("root/a/b", 0o755)
        below.make_directory("elsewhere/a", 0o755)
    finally:
        os.umask(before)
    paths = ("root/a", "root/a/b", "elsewhere", "elsewhere/a")
    assert [stat.S_IMODE(os.stat(path).st_mode) for path in paths] == [0o755, 0o755, 0o700, 0o700]


def test_a_root_that_is_gone_is_made_again(below: Below) -> None:
    os.rmdir("root")
    below.make_directory("root/a", 0o755)
    assert os.listdir("root") == ["a"]


def test_the_mode_is_set_only_where_it_is_another(below: Below) -> None:
    os.mkdir("root/a", 0o700)
    before = os.stat("root/a").st_ctime_ns
    below.set_mode("root/a", 0o700)
    assert os.stat("root/a").st_ctime_ns == before
    below.set_mode("root/a", 0)
    below.set_mode("root/a", 0o755)
    assert stat.S_IMODE(os.stat("root/a").st_mode) == 0o755


def test_a_file_in_the_way_of_a_directory_is_told(below: Below) -> None:
    Path("root/a").touch()
    with pytest.raises(ScoreError) as error:
        below.make_directory("root/a/b", 0o755)
    assert str(error.value) == "root/a: is a file, but a directory is needed here"


WRITE: dict[str, Callable[[Below], object]] = {
    "make": lambda below: below.make_directory("root/a/b", 0o755),
    "mode": lambda below: below.set_mode("root/a", 0o755),
    "tree": lambda below: below.remove_tree("root/a/kept"),
    "aside": lambda below: below.put_aside("root/a/kept"),
    "write": lambda below: Writer("s").write([NewFile("root/a/new", b"x", 0o644)], place=below.place),
}


@pytest.mark.parametrize("what", WRITE)
def test_a_link_on_the_way_is_told_and_not_followed(below: Below, what: str) -> None:
    os.mkdir("elsewhere", 0o700)
    Path("elsewhere/kept").touch()
    os.symlink("../elsewhere", "root/a")
    with pytest.raises(ScoreError) as error:
        WRITE[what](below)
    path = {"make": "a/b", "mode": "a", "write": "a/" + Writer("s").prefix + "0.tmp"}.get(what, "a/kept")
    assert str(error.value) == (
        f"root/a: is a symbolic link, so 'root/{path}' cannot be written safely\n  hint: remove the link"
    )
    assert (os.listdir("elsewhere"), stat.S_IMODE(os.stat("elsewhere").st_mode)) == (["kept"], 0o700)


def test_behind_a_link_there_is_nothing_to_remove(below: Below) -> None:
    os.makedirs("elsewhere/empty")
    Path("elsewhere/kept").touch()
    os.symlink("../elsewhere", "root/a")
    assert below.remove("root/a/kept") is False
    below.remove_empty_tree("root/a/empty")
    below.remove_empty_directories("root/a/empty")
    assert (sorted(os.listdir("elsewhere")), os.listdir("root")) == (["empty", "kept"], ["a"])


def test_whether_there_was_something_to_remove_is_said(below: Below) -> None:
    Path("root/a").touch()
    os.symlink("nowhere", "root/b")
    found = [below.remove(path) for path in ("root/a", "root/b", "root/c", "root/c/d")]
    assert (found, os.listdir("root")) == ([True, True, False, False], [])


def test_a_tree_is_removed_but_not_what_a_link_leads_to(below: Below) -> None:
    os.makedirs("elsewhere/x")
    os.makedirs("root/a/b")
    Path("root/a/b/file").touch()
    for link in ("root/link", "root/a/b/link"):
        os.symlink(os.path.abspath("elsewhere"), link)
    for path in ("root/a", "root/link", "root/missing", "root/missing/x"):
        below.remove_tree(path)
    assert (os.listdir("root"), os.listdir("elsewhere")) == ([], ["x"])


def test_a_tree_of_empty_directories_goes_and_one_with_a_file_does_not(below: Below) -> None:
    os.makedirs("root/empty/a/b")
    os.makedirs("root/full/a")
    Path("root/full/a/file").touch()
    os.symlink("full", "root/link")
    for name in ("empty", "link", "missing"):
        below.remove_empty_tree(f"root/{name}")
    with pytest.raises(ScoreError, match=r"^root/full: cannot be written: Directory not empty$"):
        below.remove_empty_tree("root/full")
    assert sorted(os.listdir("root")) == ["full", "link"]


def test_empty_directories_go_upwards_to_the_root_or_to_one_that_is_kept(below: Below) -> None:
    for path in ("root/a/b/c", "root/kept/b", "root/full/b", "root/missing"):
        os.makedirs(path)
    Path("root/full/file").touch()
    for path in ("root/a/b/c", "root/kept/b", "root/full/b", "root/missing/x/y", "elsewhere"):
        below.remove_empty_directories(path, {"root/kept"})
    assert sorted(os.listdir("root")) == ["full", "kept"]
    assert os.listdir("root/full") == ["file"]


def test_sweep_removes_only_what_runs_of_the_same_state_left(below: Below) -> None:
    ours, theirs = Writer("state"), Writer("other")
    os.makedirs("root/a/b")
    os.mkdir("elsewhere")
    os.symlink("../elsewhere", "root/link")
    left = f"{ours.prefix}0.tmp"
    for path in ("root", "root/a/b", "elsewhere"):
        for name in (left, f"{theirs.prefix}0.tmp", "mine.tmp"):
            Path(path, name).touch()
    below.sweep(ours)
    found = [path for path in ("root", "root/a/b", "elsewhere") if left in os.listdir(path)]
    assert found == ["elsewhere"]
    assert sorted(os.listdir("root/a/b")) == sorted([f"{theirs.prefix}0.tmp", "mine.tmp"])
