"""Names of files and directories that are not UTF-8, and a locale that knows ASCII alone.

Public report: maestral#230.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import recorded
import yaml

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
WORD = "- {uri: 'template://tests/word', type: word, state: 'a: b', outputs: 'a: b'}\n"
SCORE = recorded.SCORE + "    files: {/etc/a: {source: %s}}\nresources: {box: {type: word}}\n"
DODO = """\
from doit_score import Score

score = Score(
    workloads=("*.yaml", "*/*.yaml"), provisioners=".score-compose/*.provisioners.yaml",
    default_provisioners=False, output="made.yml",
)
DOIT_CONFIG = {"dep_file": score.dep_file, "default_tasks": ["generate"]}
"""


def run(*command: bytes | str, exit: int = 0) -> str:
    done = subprocess.run(command, capture_output=True, timeout=60)
    said = (done.stdout + done.stderr).decode("utf-8", "backslashreplace")
    assert done.returncode == exit, said
    assert "Traceback" not in said
    return said


@pytest.fixture(params=["utf-8", "ascii"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PATH", f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}")
    for name, value in ASCII.items() if request.param == "ascii" else ():
        monkeypatch.setenv(name, value)
    yield tmp_path


def fill(place: Path, letter: bytes, source: str) -> None:
    """A project whose own directory and files have ``letter`` in their names."""
    root = os.fsencode(place) + b"/caf" + letter
    os.makedirs(root + b"/.score-compose")
    os.makedirs(root + b"/s" + letter)
    os.chdir(root)
    for name, text in (
        (b"sc" + letter + b"re.yaml", SCORE % source),
        (b"s" + letter + b"/b.yaml", recorded.SCORE.replace("lantern", "lamp")),
        (b".score-compose/" + letter + b".provisioners.yaml", WORD),
        (source.encode(), "glass"),
    ):
        with open(name, "wb") as file:
            file.write(text.encode())


@pytest.fixture(autouse=True)
def back() -> Iterator[None]:
    here = os.getcwd()
    yield
    os.chdir(here)


def services(path: str = "compose.yaml") -> list[str]:
    return sorted(name for name in yaml.safe_load(Path(path).read_bytes())["services"] if "wick" in name)


@pytest.mark.parametrize(("letter", "source"), [(b"\xe9", "plain"), (b"\xc3\xa9", "verre-é")])
def test_the_command(place: Path, letter: bytes, source: str) -> None:
    fill(place, letter, source)
    named = b"sc" + letter + b"re.yaml"
    run("doit-score", "init", "--no-sample", "--no-default-provisioners")
    run("doit-score", "generate", named, b"s" + letter + b"/b.yaml")
    assert services() == ["lamp-wick", "lantern-wick"]
    assert run("doit-score", "generate").startswith("INFO: nothing to do: 2 workloads")
    assert run("doit-score", "diff") == ""
    assert "it is new" in run("doit-score", "why")
    with open(named, "ab") as file:
        file.write(b"# edited\n")
    assert "rendered 1 workload of 2" in run("doit-score", "generate")
    os.unlink(b"s" + letter + b"/b.yaml")
    run("doit-score", "generate")
    assert services() == ["lantern-wick"]
    os.unlink("state/state.db")
    run("doit-score", "recover")
    assert "rendered 1 workload" in run("doit-score", "generate")
    run("doit-score", "generate", "-o", b"out" + letter)
    assert os.path.exists(b"out" + letter)


def test_export_tells_what_score_compose_cannot_hold(place: Path) -> None:
    fill(place, b"\xe9", "plain")
    named = (b"sc\xe9re.yaml", b"--build", b"wick=s\xe9")
    run("doit-score", "--quiet", "init", "--no-sample", "--no-default-provisioners")
    run("doit-score", "--quiet", "generate", *named)
    why = "is not UTF-8, so the state file of score-compose cannot hold it"
    hint = "hint: rename the file or directory there, and run `doit-score generate` again"
    keys = ("builds/wick/context", "file")
    problems = [f"  .score-compose/state.yaml: /workloads/lantern/{key}: {why}\n    {hint}\n" for key in keys]
    assert run("doit-score", "export", exit=1) == f"Error: 2 problems:\n{''.join(problems)}"
    assert not os.path.exists(".score-compose/state.yaml")


def test_doit(place: Path) -> None:
    fill(place, b"\xe9", "plain")
    recorded.write("dodo.py", DODO)
    run("doit")
    assert services("made.yml") == ["lamp-wick", "lantern-wick"]
    assert run("doit") == "-- init\n-- provision\n-- render\n-- generate\n"


def test_doit_says_what_helps_where_a_score_file_has_a_name_that_python_does_not_know(place: Path) -> None:
    fill(place, b"\xc3\xa9", "verre-é")
    recorded.write("dodo.py", DODO)
    if os.environ.get("LC_ALL") == "C":
        assert "set PYTHONUTF8=1" in run("doit", exit=1)
    else:
        run("doit")
