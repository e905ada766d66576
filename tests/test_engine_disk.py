from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest
from engineering import Project, score, tree

from doit_score.engine.stages import disk
from doit_score.engine.stages.disk import Wanted
from doit_score.store import files
from doit_score.store.rows import OutputRow
from doit_score.text.errors import ScoreError

ROOT = "state/mounts"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.makedirs(ROOT)


def file(text: str, mode: int = 0o644) -> Wanted:
    return Wanted("file", mode, files.content_digest(text.encode()), lambda: text.encode())


DIRECTORY = Wanted("directory", 0o755, "", lambda: b"")
NO_FILE = Wanted("no file", 0, "", lambda: b"")
NO_DIRECTORY = Wanted("no directory", 0, "", lambda: b"")


def bring(
    wanted: Mapping[str, Wanted], recorded: Mapping[str, OutputRow] | None = None
) -> tuple[dict[str, OutputRow], disk.Written]:
    """Brings the mounts directory to ``wanted``; what is to be recorded, and what was done."""
    below = {f"{ROOT}/{path}": want for path, want in wanted.items()}
    made = disk.plan(below, recorded or {}, ROOT)
    written = disk.Disk("state").write(made, ROOT)
    return {row.path: row for row in written.rows}, written


def names(paths: list[str]) -> list[str]:
    return [os.path.relpath(path, ROOT) for path in paths]


def test_what_is_wanted_is_written_with_its_mode_and_then_left_alone() -> None:
    wanted = {"a": file("one"), "b/c": file("two", 0o600), "d": DIRECTORY, "e": NO_FILE, "f": NO_DIRECTORY}
    recorded, written = bring(wanted)
    assert tree() == {"a": ("one", 0o644), "b/": ("", 0o755), "b/c": ("two", 0o600), "d/": ("", 0o755)}
    assert names(written.changed) == ["a", "b/c", "d"]
    times = {path: os.stat(path).st_ctime_ns for path in recorded}
    again, written = bring(wanted, recorded)
    assert (again, written.changed, written.restored, written.removed) == (recorded, [], [], [])
    assert {path: os.stat(path).st_ctime_ns for path in recorded} == times


def test_what_is_there_already_is_recorded_and_not_written() -> None:
    Path(ROOT, "a").write_text("one")
    os.chmod(f"{ROOT}/a", 0o644)
    before = os.stat(f"{ROOT}/a")
    recorded, written = bring({"a": file("one")})
    assert (list(recorded), written.changed) == ([f"{ROOT}/a"], [])
    assert os.stat(f"{ROOT}/a").st_ctime_ns == before.st_ctime_ns


@pytest.mark.parametrize("how", ["edit", "remove", "chmod", "link", "replace"])
def test_what_was_changed_by_hand_is_restored_and_told(how: str) -> None:
    wanted = {"a": file("one"), "b": file("two")}
    recorded, _ = bring(wanted)
    path = Path(ROOT, "a")
    if how == "edit":
        path.write_text("eno")
    elif how == "chmod":
        path.chmod(0o600)
    else:
        path.unlink()
    if how == "link":
        Path(ROOT, "other").write_text("one")
        path.symlink_to("other")
    elif how == "replace":
        path.mkdir()
    _, written = bring(wanted, recorded)
    assert (names(written.changed), names(written.restored)) == (["a"], ["a"])
    assert (path.read_text(), stat.S_IMODE(path.lstat().st_mode)) == ("one", 0o644)


def test_what_is_wanted_otherwise_than_before_was_not_changed_by_hand() -> None:
    recorded, _ = bring({"a": file("one")})
    _, written = bring({"a": file("two")}, recorded)
    assert (names(written.changed), written.restored) == (["a"], [])


def test_what_a_killed_run_was_about_to_write_was_not_changed_by_hand() -> None:
    wanted = {"a": file("one"), "b": DIRECTORY, "c": NO_FILE}
    made = disk.plan({f"{ROOT}/{path}": want for path, want in wanted.items()}, {}, ROOT)
    intended = {row.path: row for row in made.intended({})}
    assert names(list(intended)) == ["a", "b"]
    assert list(made.intended(intended)) == []
    _, written = bring(wanted, intended)
    assert (names(written.changed), written.restored) == (["a", "b"], [])
    # And if there is nothing to finish any more, it goes.
    _, written = bring({}, intended)
    assert (names(written.removed), tree()) == (["a"], {})


def test_what_nobody_wants_any_more_goes_with_the_directories_that_are_empty_then() -> None:
    recorded, _ = bring({"a/b/c": file("one"), "a/b/d": file("two"), "e": DIRECTORY, "f/g": DIRECTORY})
    Path(ROOT, "a", "mine").write_text("by hand")
    Path(ROOT, "f", "g", "mine").write_text("by hand")
    _, written = bring({}, recorded)
    assert names(written.removed) == ["a/b/d", "a/b/c"]
    assert sorted(tree()) == ["a/", "a/mine", "f/", "f/g/", "f/g/mine"]


def test_a_directory_that_is_wanted_stays_when_the_last_file_in_it_goes() -> None:
    recorded, _ = bring({"a": DIRECTORY, "a/b": file("one"), "c": DIRECTORY, "c/d": file("two")})
    bring({"a": DIRECTORY, "c": DIRECTORY, "c/d": NO_FILE}, recorded)
    assert sorted(tree()) == ["a/", "c/"]


def test_an_output_elsewhere_is_not_removed() -> None:
    recorded = {"compose.yaml": OutputRow("compose.yaml", "file", 0o644, "d", 1, 1, 1, 1)}
    Path("compose.yaml").write_text("old")
    _, written = bring({}, recorded)
    assert (written.removed, Path("compose.yaml").exists()) == ([], True)


def test_deleting_takes_what_others_left_there() -> None:
    for name in ("a/b/c", "d"):
        Path(ROOT, name).parent.mkdir(parents=True, exist_ok=True)
        Path(ROOT, name).write_text("left")
    bring({"a": NO_DIRECTORY, "d": NO_FILE, "e": NO_FILE})
    assert tree() == {}


def test_a_directory_is_no_file_to_be_deleted() -> None:
    Path(ROOT, "a").mkdir()
    bring({"a": NO_FILE})
    assert sorted(tree()) == ["a/"]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"a": file("x")}, {"a/b/c": file("y")}),
        ({"a": file("x")}, {"a": DIRECTORY}),
        ({"a/b/c": file("x"), "a/d": DIRECTORY}, {"a": file("y")}),
        ({"a": DIRECTORY}, {"a": file("y")}),
        ({"a/b": file("x"), "a/c": file("x")}, {"a/b/d": file("y"), "a/c": file("x")}),
    ],
)
def test_what_is_ours_makes_way(first: dict[str, Wanted], then: dict[str, Wanted]) -> None:
    recorded, _ = bring(first)
    after, written = bring(then, recorded)
    assert written.restored == []
    found = tree()
    assert {path for path in found if not path.endswith("/")} == {
        path for path, want in then.items() if want.what == "file"
    }
    again, written = bring(then, after)
    assert (again, written.changed, written.removed) == (after, [], [])


@pytest.mark.parametrize(
    ("there", "wanted", "moved"),
    [
        ("a/mine", {"a": file("x")}, "a.aside/mine"),
        ("a", {"a": DIRECTORY}, "a.aside"),
        ("a", {"a/b/c": file("x"), "a/d": DIRECTORY}, "a.aside"),
        ("d/a/deep/mine", {"d/a": file("x"), "d/b": file("y")}, "d/a.aside/deep/mine"),
    ],
)
def test_what_was_put_there_by_hand_gets_another_name(
    there: str, wanted: dict[str, Wanted], moved: str
) -> None:
    Path(ROOT, there).parent.mkdir(exist_ok=True, parents=True)
    Path(ROOT, there).write_text("by hand")
    recorded, written = bring(wanted)
    before = moved.partition(".aside")[0]
    assert written.aside == [(f"{ROOT}/{before}", f"{ROOT}/{before}.aside")]
    assert Path(ROOT, moved).read_text() == "by hand"
    assert bring(wanted, recorded)[1].changed == []


def test_a_directory_of_ours_goes_where_a_file_is_not_to_be() -> None:
    recorded, _ = bring({"made/a": DIRECTORY, "b": file("x")})
    recorded, _ = bring({"made/a": Wanted("no file", 0, "", bytes), "b": file("x")}, recorded)
    assert [path for path in tree() if not path.endswith("/")] == ["b"]
    assert not os.path.exists(f"{ROOT}/made")


def test_what_was_put_aside_before_stays() -> None:
    for _ in range(2):
        Path(ROOT, "a").mkdir()
        Path(ROOT, "a", "mine").write_text("by hand")
        bring({"a": file("x")})
        os.remove(f"{ROOT}/a")
    assert {path for path in tree() if not path.endswith("/")} == {"a.aside/mine", "a.aside2/mine"}


@pytest.mark.parametrize("wanted", [{"link/a": file("x")}, {"link/b/a": file("x")}, {"link": DIRECTORY}])
def test_a_link_below_the_mounts_directory_is_not_followed(wanted: dict[str, Wanted]) -> None:
    os.mkdir("elsewhere")
    os.symlink("../../elsewhere", f"{ROOT}/link")
    with pytest.raises(ScoreError) as error:
        bring({"before": file("x"), **wanted})
    (path,) = wanted
    assert str(error.value) == (
        f"state/mounts/link: is a symbolic link, so 'state/mounts/{path}' cannot be written safely\n"
        "  hint: remove the link"
    )
    assert (os.listdir("elsewhere"), os.listdir(ROOT)) == ([], ["link"])


def test_nothing_is_removed_through_a_link() -> None:
    recorded, _ = bring({"a/b": file("x")})
    os.makedirs("elsewhere")
    Path("elsewhere/b").write_text("mine")
    os.remove(f"{ROOT}/a/b")
    os.rmdir(f"{ROOT}/a")
    os.symlink("../../elsewhere", f"{ROOT}/a")
    _, written = bring({}, recorded)
    assert (written.removed, Path("elsewhere/b").read_text()) == ([], "mine")


def test_a_link_in_place_of_a_file_is_replaced_and_not_followed() -> None:
    Path("mine").write_text("mine")
    os.symlink("../../mine", f"{ROOT}/a")
    bring({"a": file("x")})
    assert (Path("mine").read_text(), os.path.islink(f"{ROOT}/a"), tree()) == (
        "mine",
        False,
        {"a": ("x", 0o644)},
    )


def test_the_env_file_keeps_what_the_user_filled_in() -> None:
    Path("env").write_text("# mine\nB=two=2\nGONE=1\nA =one\n")
    disk.Disk("state").write_env_file("env", ["C", "B", "A"])
    os.chmod("env", 0o640)
    disk.Disk("state").write_env_file("env", ["D", "B", "A"])
    kept = "# mine\nB=two=2\nGONE=1\nA =one\nC=\nD=\n"
    assert (Path("env").read_text(), files.file_mode("env")) == (kept, 0o640)


def test_the_state_is_for_its_owner_and_the_mounts_are_for_containers() -> None:
    os.rmdir(ROOT)
    os.rmdir("state")
    project = Project(project="p")
    project.provisioner(
        "- uri: template://tests/files\n  type: files\n  directories: |\n    made: true\n"
        "  files: |\n    a/b: text\n"
    )
    project.write("score.yaml", score("alpha", {"one": "{type: files}"}))
    before = os.umask(0o077)
    try:
        project.run()
    finally:
        os.umask(before)
    modes = {name: files.file_mode(name) for name in ("state", "state/state.db", "state/lock")}
    assert modes == {"state": 0o700, "state/state.db": 0o600, "state/lock": 0o600}
    assert sorted(os.listdir("state")) == [".gitignore", "backup.db", "lock", "mounts", "state.db"]
    assert tree() == {"made/": ("", 0o755), "a/": ("", 0o755), "a/b": ("text", 0o644)}
    assert files.file_mode("compose.yaml") == 0o600


def test_drift_is_restored_with_a_notice() -> None:
    project = Project(project="p")
    project.write("score.yaml", score("alpha", more="files: {/etc/data: {content: text}}\n"))
    project.run()
    path = "state/mounts/files/alpha.main.etc+data"
    os.remove(path)
    Path("compose.yaml").write_text("by hand")
    assert project.run() == [
        f"{path}: had been changed or removed by hand, and was restored",
        "compose.yaml: had been changed or removed by hand, and was restored",
        "wrote compose.yaml",
        "mounts: wrote 1, removed 0",
    ]
    assert Path(path).read_text() == "text"
