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


def test_another_mode_is_restored_though_a_container_has_written_there_since(
    capsys: pytest.CaptureFixture[str],
) -> None:
    PLACE.chmod(0o700)
    (PLACE / "data").write_text("theirs")
    recorded.run("generate")
    assert PLACE.stat().st_mode & 0o777 == 0o755
    assert f"{PLACE}: had been changed" in capsys.readouterr().err


def test_a_file_in_its_place_is_put_aside(capsys: pytest.CaptureFixture[str]) -> None:
    PLACE.rmdir()
    PLACE.touch(0o755)
    recorded.run("diff", exit=1)
    assert f"directory '{PLACE}' would be made" in capsys.readouterr().out
    recorded.run("generate")
    assert PLACE.is_dir() and Path(f"{PLACE}.aside").is_file()


def test_a_directory_that_a_container_took_over_is_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As that of a database server, which closes it and could not start with any other mode."""
    PLACE.chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: PLACE.stat().st_uid + 1)
    for command in ("diff", "generate"):
        recorded.run(command)
    assert "nothing to do" in capsys.readouterr().err
    assert PLACE.stat().st_mode & 0o777 == 0o700


@pytest.fixture
def above() -> Path:
    """A directory above files that a provisioner makes, which nobody named."""
    entry = "- {uri: 'template://tests/box', type: box, files: '{deep/er/file: hi}'}\n"
    recorded.write(".score-compose/1.provisioners.yaml", entry)
    recorded.run("--quiet", "generate")
    return Path("state/mounts/deep")


def test_the_mode_of_one_above_files_is_restored_too(above: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (above / "er").chmod(0o750)
    above.chmod(0o700)
    recorded.run("diff", exit=1)
    assert capsys.readouterr().out == (
        f"mode of '{above}' would be 0755, is 0700\nmode of '{above}/er' would be 0755, is 0750\n"
    )
    recorded.run("generate")
    assert capsys.readouterr().err == (
        f"WARN: {above}: had been changed or removed by hand, and was restored\n"
        f"WARN: {above}/er: had been changed or removed by hand, and was restored\n"
        "INFO: mounts: wrote 2, removed 0\n"
    )
    assert [path.stat().st_mode & 0o777 for path in (above, above / "er")] == [0o755] * 2
    recorded.run("generate")
    assert capsys.readouterr().err.startswith("INFO: nothing to do")


def test_a_link_in_the_place_of_one_above_files_is_told(
    above: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.rename(above, "elsewhere")
    above.symlink_to(os.path.abspath("elsewhere"))
    for command, exit in (("diff", 2), ("generate", 1), ("generate --force", 1)):
        recorded.run(*command.split(), exit=exit)
        assert f"{above}: is a symbolic link" in capsys.readouterr().err
