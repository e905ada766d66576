from __future__ import annotations

import glob
import os
from pathlib import Path

import pytest

from doit_score.engine.inputs import discover


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Score files at several depths, and what could be taken for one."""
    monkeypatch.chdir(tmp_path)
    for path in (
        "score.yaml",
        "a/score.yaml",
        "b/score.yaml",
        ".hidden/score.yaml",
        "services/a/score.yaml",
        "services/b/score.yaml",
        "services/.c/score.yaml",
        "services/a/deep/score.yaml",
        "teams/one/x/score.yaml",
        "teams/two/x/score.yaml",
        "s[1]/score.yaml",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    (tmp_path / "services/file").touch()
    (tmp_path / "services/empty").mkdir()
    (tmp_path / "services/folder/score.yaml").mkdir(parents=True)
    os.symlink("a", tmp_path / "services/link")
    (tmp_path / "services/broken").mkdir()
    os.symlink("nowhere", tmp_path / "services/broken/score.yaml")
    return tmp_path


@pytest.mark.parametrize(
    "pattern",
    [
        "score.yaml",
        "*/score.yaml",
        "services/*/score.yaml",
        "./services/*/score.yaml",
        "services//*/score.yaml",
        "services/.*/score.yaml",
        "services/?/score.yaml",
        "services/[!a]*/score.yaml",
        "*/*/score.yaml",
        "*/one/*/score.yaml",
        "teams/*/x/score.yaml",
        "services/*/../a/score.yaml",
        "**/score.yaml",
        "services/**/score.yaml",
        "nowhere/*/score.yaml",
        "score.yaml/*/score.yaml",
        "s[[]1]/score.yaml",
        "services/*/none.yaml",
    ],
)
def test_a_pattern_matches_what_glob_says(repository: Path, pattern: str) -> None:
    for spelled in (pattern, str(repository / pattern)):
        expected = {os.path.normpath(path) for path in glob.glob(spelled, recursive=True)}
        assert discover.score_files([spelled]) == expected


def test_a_known_file_counts_without_a_look(repository: Path) -> None:
    """The caller looks at it."""
    os.remove("services/a/score.yaml")
    found = discover.score_files(["services/?/score.yaml"], {"services/a/score.yaml"})
    assert found == {"services/a/score.yaml", "services/b/score.yaml"}


def test_a_known_file_whose_directory_is_gone_does_not_count(repository: Path) -> None:
    found = discover.score_files(["services/?/score.yaml"], {"services/x/score.yaml"})
    assert found == {"services/a/score.yaml", "services/b/score.yaml"}


def test_a_file_that_is_shipped_for_a_target_takes_the_place_of_its_namesake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("dns", "redis", "kubernetes/redis", "kubernetes/zoo", "other/dns"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / f"{path}{discover.SUFFIX}").touch()
    (tmp_path / "kubernetes/notes.txt").touch()
    monkeypatch.setattr(discover, "default_directory", lambda: str(tmp_path))

    def shipped(target: str | None) -> list[str]:
        found = discover.provisioner_files((), shipped_for=target)
        assert all(map(discover.is_shipped, found))
        return [os.path.relpath(path, tmp_path).removesuffix(discover.SUFFIX) for path in found]

    assert shipped(None) == []
    assert shipped("compose") == ["dns", "redis"]
    assert shipped("kubernetes") == ["dns", "kubernetes/redis", "kubernetes/zoo"]
    assert not discover.is_shipped(f"provisioners/redis{discover.SUFFIX}")
    monkeypatch.setattr(discover, "default_directory", lambda: "")
    assert shipped("compose") == []
    assert not discover.is_shipped("/redis.provisioners.yaml")
