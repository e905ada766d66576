"""Completion scripts: what they offer where, asked of the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from doit_score.command import completion
from doit_score.command.cli import main
from doit_score.command.completion import Verb
from doit_score.command.verbs import below
from doit_score.options import ACTION, FLAG, PATH, SHELLS, TEXT, Option
from doit_score.text.errors import ScoreError

SOURCES = Path(__file__).parent.parent / "tasks"
VERBS = sorted(below(""))

SCORE = """\
apiVersion: score.dev/v1b1
metadata:
  name: web
containers:
  main:
    image: nginx
resources:
  data:
    type: volume
  logs:
    type: volume
"""

Ask = Callable[..., list[str]]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with some files, and the command on PATH."""
    programs = tmp_path / "programs"
    programs.mkdir()
    program = programs / "doit-score"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={SOURCES} exec {sys.executable} -m doit_score "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    place = tmp_path / "place"
    (place / "sub").mkdir(parents=True)
    for name in ("a b.yaml", "c.yaml"):
        (place / name).touch()
    monkeypatch.chdir(place)
    return place


def run(*command: str) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return sorted(line.partition("\t")[0] for line in done.stdout.splitlines() if line)


def script(shell: str) -> str:
    return completion.script(shell)


def ask_bash(*words: str) -> list[str]:
    """What bash offers for the last of ``words``, which are split as bash splits them."""
    program = script("bash") + (
        'COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))\n_doit_score doit-score\nprintf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    return run("bash", "--norc", "-c", program, "bash", "doit-score", *words)


def ask_zsh(*words: str) -> list[str]:
    """What zsh offers for the last of ``words``, with its own functions for files as this test has them."""
    program = (
        "compdef() { : }\n"
        "compset() { : }\n"
        "compadd() { shift; print -rl -- $@ }\n"
        "_files() { [[ $1 == -/ ]] && print -rl -- *(/) || print -rl -- * }\n" + script("zsh")
    ).replace("[[ $funcstack[1] == _doit-score ]]", "false") + 'words=("$@") CURRENT=$#\n_doit_score\n'
    return run("zsh", "-f", "-c", program, "zsh", "doit-score", *words)


def ask_fish(*words: str) -> list[str]:
    program = script("fish") + 'complete -C "$argv"\n'
    offered = run("fish", "--no-config", "-c", program, " ".join(("doit-score", *words)))
    return sorted(word.removesuffix("/").rpartition("=")[2] for word in offered)


@pytest.fixture(params=["bash", "zsh", "fish"])
def ask(request: pytest.FixtureRequest, place: Path) -> Ask:
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    return {"bash": ask_bash, "zsh": ask_zsh, "fish": ask_fish}[request.param]


def test_verbs_are_offered(ask: Ask) -> None:
    assert ask("") == VERBS
    assert ask("--quiet", "-v", "") == VERBS
    assert ask("resources", "") == ["get-outputs", "list", "show"]
    assert ask("provisioners", "") == ["eject", "explain", "list", "show", "try"]


def test_flags_are_offered_where_they_are_taken(ask: Ask) -> None:
    assert {"--output", "--image", "--strict"} <= set(ask("generate", "--"))
    assert "--output" not in ask("init", "--")
    assert "--no-sample" in ask("init", "--")
    assert "--version" in ask("--")


def test_files_and_directories_are_offered(ask: Ask) -> None:
    assert ask("generate", "") == ["a b.yaml", "c.yaml", "sub"]
    assert ask("generate", "-o", "") == ["a b.yaml", "c.yaml", "sub"]
    assert ask("init", "--provisioners", "") == ["a b.yaml", "c.yaml", "sub"]
    assert ask("generate", "--state-dir", "") == ["sub"]


def test_words_are_offered(ask: Ask) -> None:
    assert ask("resources", "list", "--format", "") == ["json", "table"]
    assert ask("resources", "get-outputs", "-f", "") == ["json", "yaml"]
    assert ask("completion", "") == ["bash", "fish", "zsh"]


def test_nothing_is_offered_where_anything_can_stand(ask: Ask) -> None:
    assert ask("generate", "--image", "") == []
    assert ask("check-version", "") == []


def test_types_are_offered(ask: Ask, place: Path) -> None:
    (place / "provisioners").mkdir()
    (place / "provisioners" / "x.provisioners.yaml").write_text("- uri: jinja://x\n  type: own\n")
    for verb in ("show", "eject"):
        assert {"own", "redis", "volume"} <= {*ask("provisioners", verb, "")}


def test_resources_are_offered(ask: Ask, place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert ask("resources", "get-outputs", "") == []
    (place / "score.yaml").write_text(SCORE)
    assert main(["init", "--state-dir", "kept"]) == 0
    assert main(["generate", "score.yaml", "--state-dir", "kept"]) == 0
    capfd.readouterr()
    assert ask("resources", "get-outputs", "") == []
    assert ask("resources", "get-outputs", "--state-dir", "kept", "") == [
        "volume.default#web.data",
        "volume.default#web.logs",
    ]


def test_a_flag_and_its_value_can_be_one_word(place: Path) -> None:
    # bash makes three of it.
    assert ask_bash("generate", "--output", "=") == ["a b.yaml", "c.yaml", "sub"]
    assert ask_bash("generate", "--output", "=", "c") == ["c.yaml"]
    assert ask_bash("generate", "--output", "=", "x", "--imag") == ["--image"]


def test_what_begins_as_the_word_is_offered(place: Path) -> None:
    assert ask_bash("re") == ["recover", "resources"]
    assert ask_bash("generate", "a") == ["a b.yaml"]
    assert ask_bash("zzz") == []


def test_a_shell_loads_the_script_as_its_help_says(place: Path) -> None:
    program = "source <(doit-score completion bash) && complete -p doit-score"
    assert run("bash", "--norc", "-c", program) == ["complete -F _doit_score doit-score"]


@pytest.mark.parametrize("shell", ["powershell", "tcsh", ""])
def test_other_shells_are_an_error(shell: str) -> None:
    with pytest.raises(ScoreError) as error:
        script(shell)
    assert str(error.value) == (
        f"completion for '{shell}' is not supported\n  hint: there are scripts for bash, zsh and fish"
    )


HELP = Option("help", ACTION, "show this help", flags=("-h", "--help"))
SMALL = [
    Verb(
        "",
        "",
        (
            HELP,
            Option("quiet", FLAG, "", flags=("--quiet",)),
            Option("verbose", FLAG, "", flags=("--verbose",)),
        ),
        ("write",),
    ),
    Verb(
        "write",
        "it's written",
        (
            HELP,
            Option("output", PATH, "where", flags=("-o", "--output"), metavar="FILE"),
            Option("many", FLAG, "how many", flags=("--many",), says="more"),
            Option("word", TEXT, "any", flags=("--word",), metavar="WORD"),
            Option("uid", TEXT, "", metavar="UID"),
        ),
        (),
    ),
]


def test_verbs_are_read_from_the_tables() -> None:
    found = {verb.name: verb for verb in completion.every_verb()}
    assert found["resources"].help == "look at the resources of the project"
    assert found["resources"].verbs == ["list", "show", "get-outputs"]
    assert [option.chosen for option in found["resources get-outputs"].options] == [
        *("state_dir", "lock_timeout", "format", "uid", "quiet", "verbose", "help")
    ]


@pytest.mark.parametrize("shell", SHELLS)
def test_scripts_are_as_they_were(shell: str) -> None:
    expected = Path(__file__).parent / "data" / "completion" / f"small.{shell}"
    assert completion.script(shell, SMALL) == expected.read_text(encoding="utf-8")


def test_every_verb_is_known() -> None:
    names = [verb.name for verb in completion.every_verb()]
    assert sorted(name for name in names if name and " " not in name) == VERBS
    assert {"check-version", "completion", "generate", "init", "resources"} <= set(VERBS)
