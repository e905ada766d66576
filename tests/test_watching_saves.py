"""What is noticed of what is saved, and what is not."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from doit_score.text.errors import ScoreError
from doit_score.watching import saves
from doit_score.watching.saves import Known


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def begun(known: Callable[[], Known] = Known) -> Iterator[frozenset[str]]:
    """Saves, from when they are noticed on."""
    every = saves.saves("state", known, ".doit.db")
    assert [next(every), next(every)] == [frozenset(), frozenset()]
    return every


def test_a_file_that_is_saved_is_told_and_so_is_a_new_directory_with_one(here: Path) -> None:
    every = begun()
    Path("score.yaml").write_text("a")
    assert next(every) == {"score.yaml"}
    Path("new/deep").mkdir(parents=True)
    Path("new/deep/score.yaml").write_text("a")
    # What is written before the system watches the directory is not told by itself: a round looks for it.
    assert frozenset() < next(every) <= {"new", "new/deep", "new/deep/score.yaml"}


def test_what_is_saved_while_nobody_asks_is_told_then_all_at_once(here: Path) -> None:
    every = begun()
    for name in ("one", "two"):
        Path(name).write_text("a")
    os.rename("two", "three")
    assert next(every) == {"one", "two", "three"}


@pytest.mark.parametrize(
    "name",
    [
        *("state/state.db", "state/mounts/files/x", "compose.yaml", ".git/index", "node_modules/x"),
        *(".score.yaml.swp", ".score.yaml.swx", "score.yaml~", "4913", ".#score.yaml", "#score.yaml#"),
        *(".goutputstream-AB12", ".~lock.score.yaml#", "score.yaml.tmp", "score.yaml.___jb_tmp___"),
        *(".doit-score-1-0.tmp", "x.pyc", ".doit.db", ".doit.db.dat"),
    ],
)
def test_what_nobody_edits_is_not_told(here: Path, name: str) -> None:
    (here / name).parent.mkdir(parents=True, exist_ok=True)
    outputs = frozenset({str(here / "compose.yaml")})
    every = begun(lambda: Known(outputs=outputs))
    (here / name).write_text("a")
    # What comes after it is the first that is told.
    Path("marker").write_text("a")
    assert next(every) == {"marker"}


def test_what_the_project_is_made_of_is_told_wherever_it_is(here: Path) -> None:
    Path("node_modules").mkdir()
    Path("../outside").mkdir()
    sources = [here / "node_modules/x", here.parent / "outside/y"]
    for source in sources:
        source.write_text("a")
    every = begun(lambda: Known(inputs=frozenset(map(str, sources))))
    sources[0].write_text("b")
    assert next(every) == {"node_modules/x"}
    sources[1].write_text("bb")
    assert next(every) == {"../outside/y"}
    sources[1].unlink()
    assert next(every) == {"../outside/y"}


def test_without_the_package_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    saves.need()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ScoreError) as error:
        saves.need()
    assert str(error.value) == (
        "`watch` takes the package watchfiles, which is not installed\n"
        "  hint: install it: `pip install 'doit-score[watch]'`"
    )


def test_that_the_system_gives_up_is_told(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import watchfiles

    def full(*given: object, **more: object) -> Iterator[object]:
        raise OSError("OS file watch limit reached.")

    monkeypatch.setattr(watchfiles, "watch", full)
    every = saves.saves("state", Known)
    next(every)
    with pytest.raises(ScoreError) as error:
        next(every)
    assert str(error.value) == (
        "the system does not tell what is saved here: OS file watch limit reached.\n"
        "  hint: there may be more directories than it watches (`sysctl fs.inotify.max_user_watches`); "
        "with WATCHFILES_FORCE_POLLING=1 it need not"
    )
