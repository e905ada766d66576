"""Which files make up a project for `docker compose`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from doit_score.running.files import environment_files, project_files, value_of
from doit_score.text.errors import ScoreError
from doit_score.text.messages import text_of

Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.chdir(tmp_path)

    def write(*names: str, **env: str) -> None:
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("")
        if env:
            (tmp_path / ".env").write_text("".join(f"{key}={value}\n" for key, value in env.items()))

    return write


def test_what_is_generated_alone(write: Write) -> None:
    write("compose.yaml")
    assert project_files("compose.yaml", {}) == ["compose.yaml"]
    assert project_files("gone/compose.yaml", {}) == ["gone/compose.yaml"]


@pytest.mark.parametrize(
    ("there", "output", "found"),
    [
        (("compose.yaml", "compose.override.yaml"), "compose.yaml", ["compose.override.yaml"]),
        (
            ("compose.yaml", "compose.override.yaml", "compose.override.yml"),
            "compose.yaml",
            ["compose.override.yml"],
        ),
        (
            ("docker-compose.yml", "docker-compose.override.yml"),
            "docker-compose.yml",
            ["docker-compose.override.yml"],
        ),
        (("sub/compose.yaml", "sub/compose.override.yml"), "sub/compose.yaml", ["sub/compose.override.yml"]),
        (("sub/compose.yaml", "compose.override.yml"), "sub/compose.yaml", []),
        # Compose finds no override for what it has to be told.
        (("dev.yaml", "compose.override.yaml"), "dev.yaml", []),
        # It would choose the other one.
        (("compose.yml", "compose.yaml", "compose.override.yaml"), "compose.yml", []),
    ],
)
def test_an_override_file(write: Write, there: tuple[str, ...], output: str, found: list[str]) -> None:
    write(*there)
    assert project_files(output, {}) == [output, *found]


def test_what_compose_file_names(write: Write) -> None:
    write("compose.yaml", "compose.override.yaml", "more.yaml")
    both = ["compose.yaml", "more.yaml"]
    assert project_files("compose.yaml", {"COMPOSE_FILE": "compose.yaml:more.yaml"}) == both
    assert project_files("compose.yaml", {"COMPOSE_FILE": "./compose.yaml"}) == ["compose.yaml"]
    separated = {"COMPOSE_FILE": "compose.yaml,more.yaml", "COMPOSE_PATH_SEPARATOR": ","}
    assert project_files("compose.yaml", separated) == both
    assert project_files("compose.yaml", {"COMPOSE_FILE": ""}) == ["compose.yaml", "compose.override.yaml"]


@pytest.mark.parametrize(
    "line",
    [
        "COMPOSE_FILE=compose.yaml:more.yaml",
        "export COMPOSE_FILE = 'compose.yaml:more.yaml' # both",
        'COMPOSE_FILE="compose.yaml:more.yaml"',
        "COMPOSE_FILE: compose.yaml:more.yaml  # both",
        "COMPOSE_FILE=other.yaml\nA=b\nCOMPOSE_FILE=compose.yaml:more.yaml",
    ],
)
def test_what_compose_file_names_in_an_environment_file(write: Write, line: str, tmp_path: Path) -> None:
    write("compose.yaml")
    (tmp_path / ".env").write_text(f"# COMPOSE_FILE=x\n{line}\n")
    assert project_files("compose.yaml", {}) == ["compose.yaml", "more.yaml"]
    # The environment comes first, and may say that there is no such file.
    assert project_files("compose.yaml", {"COMPOSE_FILE": "compose.yaml"}) == ["compose.yaml"]
    assert project_files("compose.yaml", {"COMPOSE_DISABLE_ENV_FILE": "true"}) == ["compose.yaml"]
    (tmp_path / "other.env").write_text("COMPOSE_FILE=compose.yaml:third.yaml\n")
    named = {"COMPOSE_ENV_FILES": "other.env"}
    assert project_files("compose.yaml", named) == ["compose.yaml", "third.yaml"]


def test_paths_are_those_of_the_directory_where_they_are_said(write: Write, tmp_path: Path) -> None:
    write("sub/compose.yaml")
    (tmp_path / "sub" / ".env").write_text("COMPOSE_FILE=compose.yaml:more.yaml\n")
    assert project_files("sub/compose.yaml", {}) == ["sub/compose.yaml", "sub/more.yaml"]
    write("sub/compose.yaml", COMPOSE_FILE="base.yaml:sub/compose.yaml")
    assert project_files("sub/compose.yaml", {}) == ["base.yaml", "sub/compose.yaml"]
    assert environment_files("sub/compose.yaml", {}) == ["./.env", "sub/.env"]


def test_compose_file_that_names_another_project(write: Write) -> None:
    write("compose.yaml", COMPOSE_FILE="other.yaml")
    with pytest.raises(ScoreError) as error:
        project_files("compose.yaml", {})
    assert text_of(error.value) == (
        "COMPOSE_FILE names 'other.yaml', and not 'compose.yaml', which is what is generated here\n"
        "  hint: name that too, as in COMPOSE_FILE=compose.yaml:MORE.yaml, or take COMPOSE_FILE out of '.env'"
    )


def test_the_value_of_a_variable_is_that_of_the_environment_or_of_the_file_beside_the_project(
    write: Write,
) -> None:
    write(TOK="one", EMPTY="")
    assert value_of("TOK", "compose.yaml", {"TOK": "two"}) == "two"
    assert value_of("TOK", "compose.yaml", {}) == "one"
    assert value_of("TOK", "sub/compose.yaml", {}) == "one"
    write("sub/compose.yaml")
    Path("sub/.env").write_text("TOK='three'\n")
    assert value_of("TOK", "sub/compose.yaml", {}) == "three"
    assert (value_of("EMPTY", "compose.yaml", {}), value_of("GONE", "compose.yaml", {})) == (None, None)
