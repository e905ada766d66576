"""What Compose makes of a project, read from its own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from doit_score.running.compose import Compose, last_line
from doit_score.text.errors import ScoreError


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\ntwo \n\n", "two"),
        ("", "it does not say why"),
        ("  \n", "it does not say why"),
    ],
)
def test_the_last_line_is_the_error(text: str, line: str) -> None:
    assert last_line(text) == line


def test_a_program_that_cannot_be_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("bin")
    (folder / "docker").write_text("#!/bin/sh\n")
    (folder / "docker").chmod(0o644)
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(ScoreError) as error:
        Compose("compose.yaml", {}).require()
    assert str(error.value) == "the program 'docker' cannot be run: Permission denied"


def test_files_of_the_environment_are_not_read_where_a_project_is_only_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "docker").write_text('#!/bin/sh\necho "$COMPOSE_FILE: $@"\n')
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    compose = Compose("compose.yaml", {"COMPOSE_FILE": "compose.yaml:more.yaml"})
    monkeypatch.chdir(tmp_path)

    def printed(project: str | None) -> str:
        return compose.start(["down"], terminal=False, project=project).communicate()[0]

    assert printed("shop") == ": compose --project-name shop --progress plain down\n"
    assert printed(None).startswith("compose.yaml:more.yaml: compose --file compose.yaml ")
