"""The pages of help: each verb has one that says all, and its examples are run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import docking
import pytest

from doit_score.command import help, manual
from doit_score.command.cli import main
from doit_score.command.verbs import ONLY_LOOK, VERBS, below
from doit_score.options import options_of

SOURCES = Path(__file__).parent.parent / "tasks"
VERBS_THAT_ACT = [verb for verb in VERBS if not below(verb)]
# Those whose examples need an engine, or look at one.
IN_CONTAINERS = ("up", "watch", "down", "doctor", "status", "ps", "logs", "exec", "restart")

SCORE = """\
apiVersion: score.dev/v1b1
metadata:
  name: web
service:
  ports:
    web:
      port: 80
containers:
  main:
    image: nginx
    variables:
      DB: ${resources.db.host}
resources:
  db:
    type: postgres
  cache:
    type: redis
"""
# What has to be done before an example, to a project that is generated.
BEFORE = {"init": "rm -rf state compose.yaml score.yaml", "recover": "rm state/state.db"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory, in which the command is on PATH."""
    programs, place = tmp_path / "programs", tmp_path / "shop"
    programs.mkdir()
    place.mkdir()
    program = programs / "doit-score"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={SOURCES} exec {sys.executable} -m doit_score "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(place)
    return place


def shell(line: str) -> None:
    """Runs a line as somebody does who copies it; it must succeed."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line], capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stdout + done.stderr


def watch(line: str) -> None:
    """Runs a line that goes on until it is interrupted, at whatever it does then."""
    with subprocess.Popen(["bash", "-c", f"exec {line}"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        said = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said += process.stderr.read()
    # A round that is under way makes it 130; CPython then ends by the signal itself if it was evaluating
    # a text (a named tuple, a dataclass) as it came.  A shell has 130 for both.
    assert process.returncode in (0, 130, -signal.SIGINT), said
    assert said.startswith("INFO: watching what this project is made of")


@pytest.mark.parametrize("verb", [verb for verb in VERBS_THAT_ACT if verb not in IN_CONTAINERS])
def test_the_examples_of_a_verb_do_what_they_are_for(verb: str, place: Path) -> None:
    (place / "score.yaml").write_text(SCORE)
    assert main(["--quiet", "init", "--no-sample"]) == 0
    assert main(["--quiet", "generate", "score.yaml"]) == 0
    for example in manual.PAGES[verb].examples:
        shell(f"{BEFORE[verb]}\n{example.line}" if verb in BEFORE else example.line)


def test_the_examples_with_containers_do_what_they_are_for(place: Path) -> None:
    docking.need_engine()
    docking.need_image()
    (place / "score.yaml").write_text(docking.workload())
    assert main(["--quiet", "init", "--no-sample", "--project", f"dsu-manual-{os.getpid()}"]) == 0
    assert main(["--quiet", "generate", "score.yaml"]) == 0
    try:
        for verb in IN_CONTAINERS:
            for example in manual.PAGES[verb].examples:
                if verb not in ("up", "down"):
                    shell("doit-score --quiet up")
                (watch if verb == "watch" else shell)(example.line)
    finally:
        shell("doit-score --quiet down --volumes")


def test_every_verb_has_a_page_and_there_is_no_other() -> None:
    assert sorted(manual.PAGES) == sorted(VERBS_THAT_ACT)


@pytest.mark.parametrize("verb", VERBS_THAT_ACT)
def test_a_page_says_in_whole_sentences_what_a_verb_does_and_prints(verb: str) -> None:
    page = manual.PAGES[verb]
    for said in (help.about(verb), page.prints):
        assert (said[0].isupper(), said[-1]) == (True, "."), said
    assert page.examples
    for example in page.examples:
        assert f"doit-score {verb}" in example.line
    text = help.text(verb)
    flags = {flag for option in options_of(verb) for flag in option.flags}
    assert [flag for flag in flags if flag not in text] == []


@pytest.mark.parametrize("verb", [verb for verb in VERBS if " " not in verb])
def test_the_page_of_a_verb_fits_into_80_columns(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert [line for line in help.text(verb).splitlines() if len(line) > 80] == []


def test_exit_statuses_are_in_their_order_with_what_they_mean_for_the_verb() -> None:
    assert manual.statuses("exec") == {**manual.COMMON, "other": "that of the command"}
    assert list(manual.statuses("diff")) == [0, 1, 2, 130]
    assert manual.statuses("diff")[2] == "that cannot be told; stderr says why"


def test_what_only_looks_is_a_verb() -> None:
    assert [verb for verb in ONLY_LOOK if verb not in VERBS] == []
    writing = {"init", "generate", "watch", "up", "down", "exec", "restart", "export", "recover"}
    writing |= {"provisioners try", "provisioners eject"}
    assert {*VERBS} - {*ONLY_LOOK} == writing
