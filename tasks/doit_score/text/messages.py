"""What is told to the user: to stderr, so that stdout is for what was asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError, together
from doit_score.text.light import replace

Say = Callable[[str, str], None]
"""Tells the user something: (level, text); level is one of debug, info, warn."""

_PREFIX = {"debug": "DEBUG", "info": "INFO", "warn": "WARN"}
_RANK = {"debug": 0, "info": 1, "warn": 2}
_NARROWEST = 40


def printer(least: str = "info") -> Say:
    """A function that prints what is at least of level ``least``; ``none`` prints nothing."""
    rank = _RANK.get(least, 3)

    def say(level: str, text: str) -> None:
        if _RANK[level] >= rank:
            print(fitted(f"{_PREFIX[level]}: {words.harmless(text)}"), file=sys.stderr)

    return say


def print_error(error: ScoreError) -> None:
    """Tells what ends a command."""
    print(fitted(f"Error: {words.harmless(text_of(error))}"), file=sys.stderr)


def text_of(told: Problem | ScoreError) -> str:
    """The text of what is wrong, with the line of the file at each place that is known."""
    if isinstance(told, Problem):
        return str(_with_excerpt(told))
    return together(told.title, [_with_excerpt(problem) for problem in told.problems])


def _with_excerpt(problem: Problem) -> Problem:
    if problem.excerpt is not None or problem.line is None or not problem.path:
        return problem
    from doit_score.text.secrets import Masking

    line = Masking({}).loose(_line(problem.path, problem.line))
    return replace(problem, excerpt=words.clipped(line, problem.column or 1) or None)


def _line(path: str, number: int) -> str:
    """A line of the file as it is now, empty if there is none; that of a pipe is not waited for."""
    try:
        if os.path.isfile(path):
            with open(path, "rb") as file:
                for at, line in enumerate(file, 1):
                    if at == number:
                        return line.decode("utf-8-sig", "replace").rstrip()
    except (OSError, ValueError):
        pass
    return ""


def fitted(text: str) -> str:
    """``text`` with lines that fit into the terminal, if stderr is one."""
    width = _width()
    if not width:
        return text
    return "\n".join(part for line in text.split("\n") for part in _broken(line, width))


def _broken(line: str, width: int) -> list[str]:
    """``line`` in parts, of which the later ones begin further to the right."""
    if len(line) <= width:
        return [line]
    start = line[: len(line) - len(line.lstrip())]
    if line.startswith("|", len(start)):
        return [f"{line[: width - 3]}..."]
    import textwrap

    return textwrap.wrap(
        line, width, subsequent_indent=f"{start}    ", break_long_words=False, break_on_hyphens=False
    )


def _width() -> int:
    """How many columns those have who look at stderr, 0 if nobody does."""
    if not terminal():
        return 0
    try:
        return max(os.get_terminal_size(sys.__stderr__.fileno()).columns, _NARROWEST)  # type: ignore[union-attr]  # or it is no terminal
    except OSError:
        return 0


def terminal() -> bool:
    """Whether somebody looks at stderr."""
    try:
        return os.isatty(sys.__stderr__.fileno()) if sys.__stderr__ else False
    except (OSError, ValueError):
        return False  # closed, or not a file at all
