"""The man page: what the tables give, as programs that read man pages want it."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from manual_page import PAGE, page

from doit_score.command.verbs import VERBS, below
from doit_score.options import options_of


def need(program: str) -> None:
    """Fails in CI, and skips elsewhere, unless there is such a program."""
    if shutil.which(program) is None:
        reason = f"{program} is not installed"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def test_the_man_page_is_what_the_tables_give() -> None:
    """If not: ``python tests/manual_page.py``."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_mandoc_has_nothing_to_say_but_that_there_is_no_day() -> None:
    need("mandoc")
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", PAGE], capture_output=True, text=True)
    # It would be another with each change, or a wrong one.
    assert done.stdout == f'mandoc: {PAGE}:2:19: WARNING: missing date, using "": TH\n'


def test_groff_has_nothing_to_say() -> None:
    need("groff")
    done = subprocess.run(["groff", "-man", "-ww", "-T", "utf8", PAGE], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_shown_has_every_verb_flag_and_example_as_it_is_typed() -> None:
    need("mandoc")
    done = subprocess.run(
        ["mandoc", "-T", "ascii", "-O", "width=200", PAGE], capture_output=True, text=True, check=True
    )
    # What is bold is printed twice, with a backspace between.
    shown = done.stdout.replace("\b", "\0")
    while "\0" in shown:
        at = shown.index("\0")
        shown = shown[: at - 1] + shown[at + 1 :]
    for verb in (verb for verb in VERBS if not below(verb)):
        assert f"doit-score {verb}" in shown
        assert [flag for option in options_of(verb) for flag in option.flags if flag not in shown] == []
    assert "doit-score resources get-outputs 'postgres.default#web.db' --format '{{ .host }}'\n" in shown
    assert "source <(doit-score completion bash)\n" in shown
