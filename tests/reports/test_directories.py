"""A directory below the mounts that somebody changed is noticed.  Found by an attack on 0.1.0."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import recorded

ENTRY = "- {uri: 'template://tests/box', type: box, directories: '{glass: true}'}\n"
PLACE = Path("state/mounts/glass")


@pytest.fixture(autouse=True)
def directory(settled: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    recorded.write(".score-compose/1.provisioners.yaml", ENTRY)
    recorded.write("score.yaml", recorded.SCORE + "resources: {box: {type: box}}\n")
    recorded.run("--quiet", "init", "--no-sample", "--no-default-provisioners")
    recorded.run("--quiet", "generate", "score.yaml")


def test_another_mode_is_restored(capsys: pytest.CaptureFixture[str]) -> None:
    PLACE.chmod(0o700)
    recorded.run("generate")
    assert PLACE.stat().st_mode & 0o777 == 0o755
    assert f"{PLACE}" in capsys.readouterr().err
    recorded.run("generate")
    assert capsys.readouterr().err.startswith("INFO: nothing to do")


def test_a_link_to_itself_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    os.rename(PLACE, "elsewhere")
    PLACE.symlink_to(os.path.abspath("elsewhere"))
    recorded.run("generate", exit=1)
    assert f"{PLACE}: is a symbolic link" in capsys.readouterr().err


def test_what_containers_write_in_it_is_theirs(capsys: pytest.CaptureFixture[str]) -> None:
    (PLACE / "data").write_text("theirs")
    recorded.run("generate")
    assert capsys.readouterr().err.startswith("INFO: nothing to do")
