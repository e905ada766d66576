"""`init --dockerignore`: lines that keep what is generated out of images."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import SCORE, Command


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    command = Command(tmp_path / "shop", capsys)
    monkeypatch.chdir(command.path)
    return command


def init(here: Command, *arguments: str) -> tuple[int, list[str]]:
    """The status of an `init`, and what it said."""
    done = here.main("init", "--no-sample", *arguments)
    return done.exit, done.err.splitlines()


def test_a_new_file_has_a_line_for_each_path(here: Command) -> None:
    said = [
        "INFO: added to '.dockerignore': state, compose.yaml",
        "INFO: initialised 'state' for project 'shop'",
    ]
    assert init(here, "--dockerignore", ".") == (0, said)
    assert here.read(".dockerignore") == "state\ncompose.yaml\n"


def test_what_is_in_the_file_stays_and_nothing_is_added_twice(here: Command) -> None:
    here.write(".dockerignore", "# mine\n*.yaml\n!keep")
    (here.path / ".dockerignore").chmod(0o600)
    assert init(here, "--dockerignore", ".")[1][0] == "INFO: added to '.dockerignore': state"
    assert here.read(".dockerignore") == "# mine\n*.yaml\n!keep\nstate\n"
    assert (here.path / ".dockerignore").stat().st_mode & 0o777 == 0o600
    before = here.tree()[".dockerignore"]
    assert init(here, "--dockerignore", ".")[1][0] == "INFO: '.dockerignore' leaves out all that is generated"
    assert here.tree()[".dockerignore"] == before


def test_an_exception_is_followed_by_the_line_that_counts(here: Command) -> None:
    here.write(".dockerignore", "state\ncompose.yaml\n!state/mounts\n")
    assert init(here, "--dockerignore", ".")[1][0] == "INFO: added to '.dockerignore': state"
    assert here.read(".dockerignore") == "state\ncompose.yaml\n!state/mounts\nstate\n"


def test_a_link_stays_and_what_it_leads_to_is_written(here: Command) -> None:
    here.write("ignored", "a\n")
    (here.path / ".dockerignore").symlink_to("ignored")
    init(here, "--dockerignore", ".")
    assert (here.path / ".dockerignore").is_symlink()
    assert here.read("ignored") == "a\nstate\ncompose.yaml\n"


def test_paths_are_as_seen_from_the_directory_and_of_the_output_that_is_remembered(here: Command) -> None:
    here.write("score.yaml", SCORE)
    init(here)
    (here.path / "out").mkdir()
    assert here.main("generate", "score.yaml", "-o", "out/c.yaml").exit == 0
    assert init(here, "--dockerignore", "..")[1][0] == (
        "INFO: added to '../.dockerignore': shop/state, shop/out/c.yaml"
    )


def test_beside_a_dodo_py_the_database_of_doit_is_left_out_too(here: Command) -> None:
    here.write("dodo.py", "")
    init(here, "--dockerignore", ".")
    assert here.read(".dockerignore") == "state\ncompose.yaml\n.doit.db*\n"


@pytest.mark.parametrize(
    ("directory", "said"),
    [
        ("no", ["Error: no: --dockerignore: there is no such directory"]),
        (
            "app",
            [
                "Error: app: --dockerignore: neither the state directory 'state' nor 'compose.yaml' is in "
                "this directory",
                "  hint: name a directory that images are built of, such as .",
            ],
        ),
    ],
)
def test_a_directory_without_anything_generated_is_refused_and_nothing_is_made(
    here: Command, directory: str, said: list[str]
) -> None:
    (here.path / "app").mkdir()
    assert init(here, "--dockerignore", directory) == (1, said)
    assert [*here.tree()] == ["app"]


def test_a_file_that_is_no_file_is_an_error(here: Command) -> None:
    (here.path / ".dockerignore").mkdir()
    said = ["Error: .dockerignore: is a directory, so no file can be written there"]
    assert init(here, "--dockerignore", ".") == (1, said)
