"""`init --gitignore`: a line that keeps the output, with the passwords in it, out of a repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from running import SCORE, Command

INITIALISED = "INFO: initialised 'state' for project 'shop'"
OFFER = (
    "INFO: git would take 'compose.yaml', with the passwords that come to be in it: `doit-score init "
    "--gitignore` has it left out; `--secrets` of `generate` can keep them elsewhere"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    command = Command(tmp_path / "shop", capsys)
    monkeypatch.chdir(command.path)
    return command


def init(here: Command, *arguments: str) -> tuple[int, list[str]]:
    """The status of an `init`, and what it said."""
    done = here.main("init", "--no-sample", *arguments)
    return done.exit, done.err.splitlines()


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout


def test_in_a_repository_that_takes_the_output_it_is_offered(here: Command) -> None:
    git("init", "--quiet")
    assert init(here) == (0, [OFFER, INITIALISED])


def test_elsewhere_and_where_git_leaves_it_out_nothing_is_said(here: Command) -> None:
    assert init(here) == (0, [INITIALISED])
    git("init", "--quiet")
    here.write(".gitignore", "*.yaml\n")
    assert init(here)[1] == ["INFO: found the state directory 'state'"]


def test_a_line_is_added_once_and_what_is_there_stays(here: Command) -> None:
    git("init", "--quiet")
    here.write(".gitignore", "# mine")
    assert init(here, "--gitignore") == (0, ["INFO: added to '.gitignore': /compose.yaml", INITIALISED])
    assert here.read(".gitignore") == "# mine\n/compose.yaml\n"
    assert init(here, "--gitignore")[1][0] == "INFO: git leaves out 'compose.yaml'"
    assert here.read(".gitignore") == "# mine\n/compose.yaml\n"
    here.write("compose.yaml", "name: shop\n")
    assert git("status", "--porcelain", "--untracked-files=all") == "?? .gitignore\n"


def test_without_a_repository_the_line_is_added_too(here: Command) -> None:
    assert init(here, "--gitignore")[1][0] == "INFO: added to '.gitignore': /compose.yaml"
    assert init(here, "--gitignore")[1][0] == "INFO: git leaves out 'compose.yaml'"
    assert here.read(".gitignore") == "/compose.yaml\n"


def test_the_output_that_is_remembered_counts(here: Command) -> None:
    here.write("score.yaml", SCORE)
    init(here)
    (here.path / "out").mkdir()
    assert here.main("generate", "score.yaml", "-o", "out/c.yaml").exit == 0
    assert init(here, "--gitignore")[1][0] == "INFO: added to '.gitignore': /out/c.yaml"


def test_a_directory_of_manifests_is_left_out_as_one(here: Command) -> None:
    here.write("score.yaml", SCORE)
    init(here, "--target", "kubernetes")
    assert here.main("generate", "score.yaml", "-o", "k8s/").exit == 0
    assert init(here, "--gitignore")[1][0] == "INFO: added to '.gitignore': /k8s/"


def test_what_git_has_already_is_told(here: Command) -> None:
    git("init", "--quiet")
    here.write("compose.yaml", "name: shop\nservices: {}\n")
    git("add", "compose.yaml")
    assert init(here, "--gitignore") == (
        0,
        [
            "INFO: added to '.gitignore': /compose.yaml",
            "WARN: compose.yaml: git has it already, with what was in it",
            "  hint: `git rm -r --cached compose.yaml` takes it out of what is committed from here on",
            INITIALISED,
        ],
    )


def test_an_output_elsewhere_is_refused_before_anything_is_made(here: Command) -> None:
    here.write("score.yaml", SCORE)
    init(here)
    assert here.main("generate", "score.yaml", "-o", "../c.yaml").exit == 0
    assert init(here, "--gitignore") == (
        1,
        [
            "Error: --gitignore: '../c.yaml' is not in this directory",
            "  hint: name it in the .gitignore of the directory that it is in",
        ],
    )
    assert not (here.path / ".gitignore").exists()


def test_nothing_is_offered_or_added_where_secrets_are_apart(here: Command) -> None:
    git("init", "--quiet")
    here.write("score.yaml", SCORE)
    init(here)
    assert here.main("generate", "score.yaml", "--secrets", "env").exit == 0
    assert init(here)[1] == ["INFO: found the state directory 'state'"]
    assert init(here, "--gitignore")[1][0] == (
        "INFO: there are no passwords in 'compose.yaml', which git may have"
    )
    assert not (here.path / ".gitignore").exists()


@pytest.mark.parametrize(
    ("output", "line"), [("manifests.yaml", "/manifests.secrets.yaml"), ("k8s/", "/k8s/secrets/")]
)
def test_of_manifests_without_secrets_only_these_are_left_out(here: Command, output: str, line: str) -> None:
    here.write("score.yaml", SCORE)
    init(here, "--target", "kubernetes")
    assert here.main("generate", "score.yaml", "-o", output, "--secrets", "separate").exit == 0
    assert init(here, "--gitignore")[1][0] == f"INFO: added to '.gitignore': {line}"
