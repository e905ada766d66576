"""What is seen of a stream: how wide it is, and whether in colour."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
from collections.abc import Iterator

import pytest

from doit_score.text import messages, terminal
from doit_score.text.errors import Problem, ScoreError


class Stream:
    """A terminal, or a pipe."""

    def __init__(self, number: int) -> None:
        self.fileno = lambda: number


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("NO_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)
    yield
    terminal.choose(terminal.AUTO)


@pytest.fixture
def screen() -> Iterator[Stream]:
    """A terminal of 90 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 90, 0, 0))
    yield Stream(theirs)
    os.close(ours)
    os.close(theirs)


@pytest.fixture
def pipe() -> Iterator[Stream]:
    ends = os.pipe()
    yield Stream(ends[1])
    for end in ends:
        os.close(end)


def test_a_terminal_is_as_wide_as_it_is_or_as_columns_says(
    screen: Stream, pipe: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (terminal.width(screen), terminal.width(pipe), terminal.width(None)) == (90, 0, 0)
    widths = {"120": 120, "7": 40, "0": 90, "": 90, "wide": 90, "-5": 90, "\N{SUPERSCRIPT TWO}": 90}
    for said, width in widths.items():
        monkeypatch.setenv("COLUMNS", said)
        assert (terminal.width(screen), terminal.width(pipe)) == (width, 0), said


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm"}, True),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    screen: Stream, pipe: Stream, monkeypatch: pytest.MonkeyPatch, said: dict[str, str], expected: bool
) -> None:
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    assert (terminal.has_colour(screen), terminal.has_colour(pipe)) == (expected, False)
    terminal.choose(terminal.ALWAYS)
    assert (terminal.has_colour(screen), terminal.has_colour(pipe)) == (True, True)
    terminal.choose(terminal.NEVER)
    assert (terminal.has_colour(screen), terminal.has_colour(pipe)) == (False, False)


def test_nothing_is_painted_but_what_is_there() -> None:
    assert terminal.painted("x\n", terminal.RED) == "\x1b[31mx\x1b[0m\n"
    assert (terminal.painted("\n", terminal.RED), terminal.painted("x", "")) == ("\n", "x")


def test_an_error_and_a_warning_have_their_word_in_colour(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.choose(terminal.ALWAYS)
    error = ScoreError.of([Problem("wrong: \x1b[2J", "a.yaml", excerpt="a: 1", hint="mend it")])
    messages.print_error(error)
    say = messages.printer("debug")
    for level in ("warn", "info", "debug"):
        say(level, "a: b\n  hint: c")
    assert capsys.readouterr().err == (
        "\x1b[1;31mError:\x1b[0m a.yaml: wrong: \\x1b[2J\n"
        "  \x1b[2m| a: 1\x1b[0m\n"
        "  \x1b[36mhint:\x1b[0m mend it\n"
        "\x1b[33mWARN:\x1b[0m a: b\n  \x1b[36mhint:\x1b[0m c\n"
        "INFO: a: b\n  \x1b[36mhint:\x1b[0m c\n"
        "\x1b[2mDEBUG:\x1b[0m a: b\n  \x1b[36mhint:\x1b[0m c\n"
    )
