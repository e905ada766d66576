"""Which project a command is about: directories, environments, files that say what it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import running
from running import Command

pytestmark = pytest.mark.usefixtures("settled")

SAID = "INFO: the project is in '..', and paths are from there\n"
TOML = "[env.dev]\n[env.stage]\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    command = Command(tmp_path / "shop", capsys)
    monkeypatch.chdir(command.path)
    monkeypatch.delenv("DOIT_SCORE_ENV", raising=False)
    command.write("score.yaml", running.score())
    command.write("sub/other.score.yaml", running.score("other"))
    return command


@pytest.fixture
def below(here: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The same, for who stands in `sub`."""
    here.main("init", "--no-sample")
    monkeypatch.chdir(here.path / "sub")
    return here


def test_a_command_finds_the_project_above_and_stays_where_it_was(below: Command) -> None:
    assert below.main("generate", "other.score.yaml") == (
        0,
        "",
        SAID
        + "INFO: read workload 'other' from 'sub/other.score.yaml'\n"
        + "INFO: rendered 1 workload\nINFO: wrote compose.yaml\n",
    )
    assert list(below.services()) == ["other-main"]
    assert os.getcwd() == str(below.path / "sub")
    assert below.main("--quiet", "generate", "../score.yaml").err == ""
    assert list(below.services()) == ["other-main", "web-main"]


def test_an_output_is_where_the_user_wants_it(below: Command) -> None:
    below.main("generate", "../score.yaml", "-o", "here.yaml")
    assert below.exists("sub/here.yaml")
    assert not below.exists("compose.yaml")


def test_init_makes_a_project_where_the_user_stands(below: Command) -> None:
    assert below.main("init", "--no-sample").err == "INFO: initialised 'state' for project 'sub'\n"
    assert below.exists("sub/state/state.db")


def test_another_directory(here: Command) -> None:
    assert here.main("-C", "sub", "init", "--no-sample").exit == 0
    assert here.exists("sub/state/state.db")
    assert here.main("generate", "-C", "sub", "other.score.yaml").exit == 0
    assert list(here.services("sub/compose.yaml")) == ["other-main"]
    assert here.main("-C", "nowhere", "generate") == (
        1,
        "",
        "Error: -C: cannot go to 'nowhere': No such file or directory\n",
    )


def test_verbs_that_are_about_no_project_look_for_none(below: Command) -> None:
    below.write("doit-score.toml", "broken")
    for line in (
        "version",
        "check-version >=0",
        "schema score",
        "provisioners explain dig",
        "completion bash",
    ):
        assert below.main(*line.split())[::2] == (0, ""), line


def test_a_file_says_what_the_project_is_and_no_init_is_needed(here: Command) -> None:
    here.write("doit-score.toml", 'workloads = ["score.yaml", "sub/*.score.yaml"]\npublish = ["80:web:80"]\n')
    assert here.main("generate") == (
        0,
        "",
        "INFO: initialised 'state' for project 'shop'\n"
        "INFO: read workload 'other' from 'sub/other.score.yaml'\n"
        "INFO: read workload 'web' from 'score.yaml'\n"
        "INFO: rendered 2 workloads\n"
        "INFO: wrote compose.yaml\n",
    )
    assert here.services()["web-main"]["ports"] == [{"target": 80, "published": "80"}]
    assert here.main("generate").err == "INFO: nothing to do: 2 workloads, 0 resources up to date\n"


def test_a_flag_counts_in_the_place_of_the_file_for_one_run(here: Command) -> None:
    here.write("doit-score.toml", 'publish = ["80:web:80"]\n')
    here.main("generate", "--publish", "81:web:80")
    assert here.services()["web-main"]["ports"] == [{"target": 80, "published": "81"}]
    here.main("generate")
    assert here.services()["web-main"]["ports"] == [{"target": 80, "published": "80"}]


def test_environments_have_output_and_state_of_their_own(
    here: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.write("doit-score.toml", TOML)
    assert here.main("-e", "dev", "generate").err.endswith("INFO: wrote compose.dev.yaml\n")
    monkeypatch.setenv("DOIT_SCORE_ENV", "stage")
    assert here.main("generate").err.endswith("INFO: wrote compose.stage.yaml\n")
    assert (
        here.main("generate", "--env", "dev").err
        == "INFO: nothing to do: 1 workload, 0 resources up to date\n"
    )
    assert [here.exists(f"state/{name}/state.db") for name in ("dev", "stage")] == [True, True]
    assert here.main("why", "web").out.count("rendered") == 1


@pytest.mark.parametrize(
    ("toml", "arguments", "said"),
    [
        (
            TOML,
            ("generate",),
            "doit-score.toml: there are several environments: dev, stage\n"
            "  hint: name one: `-e dev`, or DOIT_SCORE_ENV=dev; `default_env` there is the usual one\n",
        ),
        (
            TOML,
            ("generate", "-e", "sage"),
            "doit-score.toml: there is no environment 'sage'\n  hint: did you mean 'stage'?\n",
        ),
        (
            "",
            ("generate", "-e", "dev"),
            "doit-score.toml: there is no environment 'dev'\n  hint: write a section [env.dev]\n",
        ),
        (
            None,
            ("generate", "-e", "dev"),
            "there is no environment 'dev': nothing here says which there are\n"
            "  hint: write a section [env.dev] into 'doit-score.toml'\n",
        ),
        (
            "",
            ("generate", "sub/other.score.yaml", "--image", "x", "--override-property", "a=b"),
            "3 problems:\n"
            "  'sub/other.score.yaml' is not one of the Score files of 'doit-score.toml'\n"
            "    hint: `workloads` there are: score.yaml, *.score.yaml, */score.yaml\n"
            "  --image cannot be used: 'doit-score.toml' says all of a Score file\n"
            "    hint: say it there, in `images`\n"
            "  --override-property cannot be used: 'doit-score.toml' says all of a Score file\n"
            "    hint: say it there, in `overrides`\n",
        ),
        (
            "",
            ("init", "--project", "x", "--target", "compose"),
            "2 problems:\n"
            "  --project cannot be used: 'doit-score.toml' says that\n"
            "    hint: say it there: `project = ...`\n"
            "  --target cannot be used: 'doit-score.toml' says that\n"
            "    hint: say it there: `target = ...`\n",
        ),
        (
            "",
            ("status",),
            "the state directory 'state' does not exist yet\n  hint: please run \"doit-score init\" first\n",
        ),
    ],
)
def test_what_cannot_be(here: Command, toml: str | None, arguments: tuple[str, ...], said: str) -> None:
    if toml is not None:
        here.write("doit-score.toml", toml)
    assert here.main(*arguments) == (1, "", f"Error: {said}")
    assert not here.exists("state")


def test_a_variable_that_names_no_environment(here: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOIT_SCORE_ENV", "dev")
    assert here.main("init").err == (
        "Error: there is no environment 'dev': nothing here says which there are\n"
        "  hint: write a section [env.dev] into 'doit-score.toml'; DOIT_SCORE_ENV names it\n"
    )


def test_naming_score_files_that_the_project_has_is_fine(here: Command) -> None:
    here.write("doit-score.toml", "")
    assert here.main("generate", "score.yaml").exit == 0


def test_init_in_a_project_that_a_file_says(here: Command) -> None:
    here.write("doit-score.toml", TOML)
    assert (
        here.main("-e", "dev", "init", "--no-sample").err
        == "INFO: initialised 'state/dev' for project 'shop-dev'\n"
    )
    assert here.exists("state/dev/schemas/score.schema.json")


def test_a_file_that_is_gone_is_missed(here: Command) -> None:
    here.write("doit-score.toml", "")
    here.main("generate")
    before = here.read("compose.yaml")
    here.remove("doit-score.toml")
    assert here.main("generate") == (
        1,
        "",
        "Error: what this project is was said in 'doit-score.toml', and is not any more\n"
        "  hint: write that file again; to go on without it: `doit-score generate --force`\n",
    )
    assert here.read("compose.yaml") == before
    assert here.main("generate", "score.yaml", "--force").exit == 0
    assert here.main("generate").exit == 0


def test_check_and_diff_and_the_list_of_provisioners_know_the_file(here: Command) -> None:
    here.write("doit-score.toml", 'workloads = "sub/*.yaml"\nprovisioners = "own/*.yaml"\n')
    here.write("own/a.yaml", running.PROVISIONER)
    here.main("generate")
    here.write("sub/other.score.yaml", running.score("other", image="."))
    assert here.main("check").out.startswith(
        "sub/other.score.yaml:6:12: error: container 'main' of workload "
    )
    here.write("sub/other.score.yaml", running.score("other", image="busybox"))
    assert "+    image: busybox\n" in here.main("diff").out
    assert "own/a.yaml:1" in here.main("provisioners", "list").out
