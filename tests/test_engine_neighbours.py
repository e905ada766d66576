"""An output of another project of the same tree is not written over."""

from __future__ import annotations

from pathlib import Path

import pytest
import running
from running import Command

REFUSED = (
    "Error: compose.yaml: is the output of another project, whose state is in '{}', and is not replaced\n"
    "  hint: move it away, have another file written (--output FILE), or replace it: "
    "`doit-score generate --force`\n"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    command = Command(tmp_path / "shop", capsys)
    monkeypatch.chdir(command.path)
    command.write("score.yaml", running.score())
    command.write("other.yaml", running.score("other"))
    return command


@pytest.mark.parametrize(
    ("first", "second"),
    [("state", "state/stage"), ("state/dev", "state/stage"), ("a", "b"), ("a", "state/b")],
)
def test_it_is_told_whose_it_is(here: Command, first: str, second: str) -> None:
    for state_dir in (first, second):
        here.main("init", "--no-sample", "--state-dir", state_dir)
    here.main("generate", "score.yaml", "--state-dir", first)
    assert here.main("generate", "other.yaml", "--state-dir", second) == (
        1,
        "",
        "INFO: read workload 'other' from 'other.yaml'\nINFO: rendered 1 workload\n" + REFUSED.format(first),
    )
    assert list(here.services()) == ["web-main"]
    assert here.main("generate", "other.yaml", "--state-dir", second, "-o", "b.yaml").exit == 0
    assert here.main("generate", "--state-dir", second, "-o", "compose.yaml", "--force").exit == 0
    assert list(here.services()) == ["other-main"]


def test_one_of_a_project_whose_state_is_lost_is_taken_for_ours(here: Command) -> None:
    here.main("init", "--no-sample", "--state-dir", "a")
    here.main("generate", "score.yaml", "--state-dir", "a")
    (here.path / "a").rename(here.path / "away")
    (here.path / "away" / "state.db").unlink()
    here.main("init", "--no-sample", "--state-dir", "b")
    assert here.main("generate", "score.yaml", "--state-dir", "b").exit == 0


def test_where_the_same_is_written_nothing_is_lost(here: Command) -> None:
    for state_dir in ("a", "b"):
        here.main("init", "--no-sample", "--state-dir", state_dir)
        assert here.main("generate", "score.yaml", "--state-dir", state_dir).exit == 0
