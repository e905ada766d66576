"""What is told to the user: to stderr, so that stdout is for what was asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError, together
from doit_score.text.light import Any, replace

Say = Callable[[str, str], None]
"""Tells the user something: (level, text); level is one of debug, info, warn."""

_PREFIX = {"debug": "DEBUG", "info": "INFO", "warn": "WARN"}
_RANK = {"debug": 0, "info": 1, "warn": 2}
_NARROWEST = 40
# To mask a line takes time, and of a part nobody can tell where a password begins.
_LONGEST_SHOWN = 1 << 16


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
        return str(with_excerpt(told))
    return together(told.title, [with_excerpt(problem) for problem in told.problems])


def with_excerpt(problem: Problem) -> Problem:
    """``problem`` with the line of the file at its place, if that can be had."""
    if problem.excerpt is not None or problem.line is None or not problem.path:
        return problem
    from doit_score.text.secrets import Masking

    line = Masking({}).loose(_line(problem.path, problem.line))
    return replace(problem, excerpt=words.clipped(line, problem.column or 1) or None)


def _line(path: str, number: int) -> str:
    """A line of the file as it is now, empty if there is none or it is very long; that of a pipe is not
    waited for."""
    try:
        if os.path.isfile(path):
            with open(path, "rb") as file:
                for at, line in enumerate(file, 1):
                    if at == number:
                        return (
                            line.decode("utf-8-sig", "replace").rstrip()
                            if len(line) <= _LONGEST_SHOWN
                            else ""
                        )
    except (OSError, ValueError):
        pass
    return ""


def fitted(text: str, stream: Any = None) -> str:
    """``text`` with lines that fit into the terminal, if ``stream``, usually stderr, is one."""
    width = _width(stream or sys.__stderr__)
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


def _width(stream: Any) -> int:
    """How many columns those have who look at ``stream``, 0 if nobody does."""
    if stream is None or not _is_seen(stream):
        return 0
    try:
        return max(os.get_terminal_size(stream.fileno()).columns, _NARROWEST)
    except OSError:
        return 0


def terminal() -> bool:
    """Whether somebody looks at stderr."""
    return sys.__stderr__ is not None and _is_seen(sys.__stderr__)


def _is_seen(stream: Any) -> bool:
    try:
        return os.isatty(stream.fileno())
    except (OSError, ValueError):
        return False  # closed, or not a file at all
