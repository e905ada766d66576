"""Completion scripts: what they offer where, asked of the shells themselves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import tree_sitter
import tree_sitter_powershell

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
        "compadd() { print -rl -- ${@[$@[(i)--]+1,-1]} }\n"
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
    assert ask("resources", "list", "--format", "") == ["json", "name", "table"]
    assert ask("resources", "get-outputs", "-f", "") == ["json", "name", "yaml"]
    assert ask("completion", "") == ["bash", "fish", "powershell", "zsh"]


def test_words_are_offered_where_a_flag_takes_them(ask: Ask) -> None:
    assert ask("generate", "--start-order", "") == ["direct", "wait"]
    assert ask("up", "--pull", "") == ["always", "missing", "never"]
    assert ask("doctor", "--format", "") == ["json", "name", "table"]
    assert ask("help", "") == VERBS


@pytest.mark.parametrize("verb", [["logs"], ["logs", "--follow"], ["up"], ["exec"], ["restart"], ["why"]])
def test_workloads_and_resources_are_offered(verb: list[str], ask: Ask, place: Path) -> None:
    (place / "score.yaml").write_text(SCORE)
    assert main(["--quiet", "init"]) == 0
    assert main(["--quiet", "generate", "score.yaml"]) == 0
    assert ask(*verb, "") == ["volume.default#web.data", "volume.default#web.logs", "web"]


def test_what_is_offered_is_told(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (place / "score.yaml").write_text(SCORE)
    assert main(["--quiet", "init"]) == 0
    assert main(["--quiet", "generate", "score.yaml"]) == 0
    assert main(["completion", "names"]) == 0
    assert capfd.readouterr().out == (
        "volume.default#web.data\tresource by jinja://doit-score/volume\n"
        "volume.default#web.logs\tresource by jinja://doit-score/volume\n"
        "web\tworkload of score.yaml\n"
    )


def test_fish_shows_what_words_are(place: Path) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")
    program = script("fish") + 'complete -C "$argv"\n'
    done = subprocess.run(
        ["fish", "--no-config", "-c", program, "doit-score generate --start-order "],
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(done.stdout.splitlines()) == [
        "direct\teach when its own are",
        "wait\tworkloads start when all resources are ready (usual)",
    ]


def test_zsh_shows_what_words_are(place: Path) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed")
    program = (
        "compdef() { : }\ncompset() { : }\ncompadd() { print -rl -- $shown }\n" + script("zsh")
    ).replace("[[ $funcstack[1] == _doit-score ]]", "false")
    program += 'words=("$@") CURRENT=$#\n_doit_score\n'
    words = ["doit-score", "generate", "--start-order", ""]
    assert run("zsh", "-f", "-c", program, "zsh", *words) == [
        "direct  -- each when its own are",
        "wait  -- workloads start when all resources are ready (usual)",
    ]


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
    assert ask_bash("re") == ["recover", "resources", "restart"]
    assert ask_bash("generate", "a") == ["a b.yaml"]
    assert ask_bash("zzz") == []


def test_a_shell_loads_the_script_as_its_help_says(place: Path) -> None:
    program = "source <(doit-score completion bash) && complete -p doit-score"
    assert run("bash", "--norc", "-c", program) == ["complete -F _doit_score doit-score"]


@pytest.mark.parametrize("shell", ["tcsh", ""])
def test_other_shells_are_an_error(shell: str) -> None:
    with pytest.raises(ScoreError) as error:
        script(shell)
    assert str(error.value) == (
        f"completion for '{shell}' is not supported\n"
        "  hint: there are scripts for bash, zsh, fish and powershell"
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


def test_environments_are_offered_and_what_is_of_one_of_another_directory(ask: Ask, place: Path) -> None:
    (place / "sub" / "doit-score.toml").write_text("[env.dev]\n[env.stage]\n")
    (place / "sub" / "score.yaml").write_text(SCORE)
    assert ask("-C", "sub", "generate", "-e", "") == ["dev", "stage"]
    assert main(["-C", "sub", "-e", "dev", "--quiet", "generate"]) == 0
    uids = ["volume.default#web.data", "volume.default#web.logs"]
    assert ask("-C", "sub", "-e", "dev", "resources", "show", "") == uids


def test_verbs_are_read_from_the_tables() -> None:
    found = {verb.name: verb for verb in completion.every_verb()}
    assert found["resources"].help == "look at the resources of the project"
    assert found["resources"].verbs == ["list", "show", "get-outputs"]
    assert [option.chosen for option in found["resources get-outputs"].options] == [
        *("state_dir", "lock_timeout", "format", "uid", "directory", "env"),
        *("color", "quiet", "verbose", "help"),
    ]


def test_powershell_understands_the_script() -> None:
    """By its grammar: there is no PowerShell for these tests to ask."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
    assert not parser.parse(script("powershell").encode()).root_node.has_error
    assert parser.parse(script("powershell").replace("foreach (", "foreach ", 1).encode()).root_node.has_error


def test_powershell_is_told_what_the_other_shells_are() -> None:
    tables = powershell_tables()
    assert tables["next"]["resources list"] == "'resources list'"
    assert tables["values"]["generate --start-order"] == (
        "@('wait\tworkloads start when all resources are ready (usual)', 'direct\teach when its own are')"
    )
    assert tables["values"]["resources show -e"] == "'environments'"
    assert tables["words"]["logs"] == "'names'"
    assert tables["words"]["resources get-outputs"] == "'uids'"
    assert tables["words"]["check-version"] == "@()"
    assert "'--strict\twarnings are errors'" in tables["flags"]["generate"]
    assert {*tables["flags"]} == {verb.name for verb in completion.every_verb()} == {*tables["words"]}


def test_powershell_can_tell_all_keys_apart() -> None:
    # It does not by case, and a table with one key twice is an error.
    for table in powershell_tables().values():
        assert len({key.lower() for key in table}) == len(table)


def powershell_tables() -> dict[str, dict[str, str]]:
    """The tables of the script, by their variables."""
    found: dict[str, dict[str, str]] = {}
    for name, text in re.findall(r"^    \$(\w+) = @\{\n(.*?)^    \}\n", script("powershell"), re.M | re.S):
        rows = [line.strip().partition(" = ") for line in text.splitlines()]
        assert all(separator for _, separator, _ in rows)
        found[name] = {key[1:-1]: value for key, _, value in rows}
        assert len(found[name]) == len(rows)
    return found


@pytest.mark.parametrize("shell", SHELLS)
def test_scripts_are_as_they_were(shell: str) -> None:
    expected = Path(__file__).parent / "data" / "completion" / f"small.{shell}"
    assert completion.script(shell, SMALL) == expected.read_text(encoding="utf-8")


def test_every_verb_is_known() -> None:
    names = [verb.name for verb in completion.every_verb()]
    assert sorted(name for name in names if name and " " not in name) == VERBS
    assert {"check-version", "completion", "generate", "init", "resources"} <= set(VERBS)
