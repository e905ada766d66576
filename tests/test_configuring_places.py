"""Where the project is of somebody who stands in one of its directories."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from doit_score.configuring.places import Found, find
from doit_score.text.errors import ScoreError


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with others in it, in the inner one of which one stands."""
    path = tmp_path / "home" / "shop"
    (path / "a" / "b").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(path / "a" / "b")
    return path


def write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_without_any_mark_it_is_the_working_directory(shop: Path) -> None:
    assert find() == Found(str(shop / "a" / "b"))


@pytest.mark.parametrize(
    ("name", "text", "config", "has_dodo"),
    [
        ("doit-score.toml", "", "doit-score.toml", False),
        ("pyproject.toml", "[tool.doit-score]\n", "pyproject.toml", False),
        ("pyproject.toml", "[tool.doit-score.env.dev]\n", "pyproject.toml", False),
        ("dodo.py", "from doit_score import Score\n", "", True),
        ("state/state.db", "", "", False),
        ("state/backup.db", "", "", False),
        (".score-compose/state.yaml", "", "", False),
        (".score-k8s/state.yaml", "", "", False),
    ],
)
def test_marks(shop: Path, name: str, text: str, config: str, has_dodo: bool) -> None:
    write(shop / name, text)
    assert find() == Found(str(shop), config, has_dodo)
    assert find(is_here=True) == Found(str(shop / "a" / "b"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.doit-scores]\n"),
        ("dodo.py", "def task_x(): pass\n"),
        ("state/store.js", ""),
        ("score.yaml", ""),
    ],
)
def test_what_is_no_mark(shop: Path, name: str, text: str) -> None:
    write(shop / name, text)
    assert find() == Found(str(shop / "a" / "b"))


def test_the_nearest_counts(shop: Path) -> None:
    write(shop / "doit-score.toml")
    write(shop / "a" / "state" / "state.db")
    assert find() == Found(str(shop / "a"))
    assert find(by_state=False) == Found(str(shop), "doit-score.toml")


def test_a_repository_is_not_left(shop: Path) -> None:
    write(shop / "doit-score.toml")
    (shop / "a" / ".git").mkdir()
    assert find() == Found(str(shop / "a" / "b"))
    (shop / "a" / ".git").rename(shop / ".git")
    assert find() == Found(str(shop), "doit-score.toml")


def test_a_home_directory_is_looked_at_by_those_only_who_stand_in_it(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(shop.parent / "doit-score.toml")
    assert find() == Found(str(shop / "a" / "b"))
    monkeypatch.chdir(shop.parent)
    assert find() == Found(str(shop.parent), "doit-score.toml")


def test_what_anybody_may_write_to_is_not_looked_at_from_below(shop: Path) -> None:
    write(shop / "doit-score.toml")
    shop.chmod(0o1777)
    assert find() == Found(str(shop / "a" / "b"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_what_belongs_to_another_user_is_not_looked_at_from_below(shop: Path) -> None:
    write(shop / "doit-score.toml")
    os.chown(shop, 12345, -1)
    assert find() == Found(str(shop / "a" / "b"))


def test_two_files_that_say_what_the_project_is(shop: Path) -> None:
    write(shop / "doit-score.toml")
    write(shop / "pyproject.toml", "[tool.doit-score]\n")
    with pytest.raises(ScoreError) as error:
        find()
    assert str(error.value) == (
        f"{shop}/doit-score.toml: there is a [tool.doit-score] in '{shop}/pyproject.toml' too\n"
        "  hint: keep one of the two"
    )
