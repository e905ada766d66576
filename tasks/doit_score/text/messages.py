"""What is told to the user: to stderr, so that stdout is for what was asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from doit_score.text import progress, terminal, words
from doit_score.text.errors import Problem, ScoreError, together
from doit_score.text.light import Any, replace

Say = Callable[[str, str], None]
"""Tells the user something: (level, text); level is one of debug, info, warn."""

_PREFIX = {"debug": "DEBUG", "info": "INFO", "warn": "WARN"}
_RANK = {"debug": 0, "info": 1, "warn": 2}
_COLOUR = {"debug": terminal.DIM, "info": "", "warn": terminal.YELLOW}
# To mask a line takes time, and of a part nobody can tell where a password begins.
_LONGEST_SHOWN = 1 << 16


def printer(least: str = "info") -> Say:
    """A function that prints what is at least of level ``least``; ``none`` prints nothing."""
    rank = _RANK.get(least, 3)

    def say(level: str, text: str) -> None:
        if _RANK[level] >= rank:
            progress.clear()
            told = fitted(f"{_PREFIX[level]}: {words.harmless(text)}")
            print(_in_colour(told, _COLOUR[level]), file=sys.stderr)

    return say


def print_error(error: ScoreError) -> None:
    """Tells what ends a command."""
    print_failure(words.harmless(text_of(error)))


def print_failure(text: str) -> None:
    """The same of a text in which nothing can do harm."""
    progress.clear()
    print(_in_colour(fitted(f"Error: {text}"), f"{terminal.BOLD};{terminal.RED}"), file=sys.stderr)


def _in_colour(text: str, colour: str) -> str:
    return in_colour(text, colour) if terminal.has_colour(sys.__stderr__) else text


def in_colour(text: str, colour: str) -> str:
    """``text`` with its first word in a colour, the lines of files pale, and the word hint told apart."""
    word, colon, rest = text.partition(":")
    return terminal.painted(word + colon, colour) + lines_in_colour(rest)


def lines_in_colour(text: str) -> str:
    """``text``, of which all lines but the first are painted by what they are."""
    first, *others = text.split("\n")
    return "\n".join([first, *map(_line_in_colour, others)])


def _line_in_colour(line: str) -> str:
    said = line.lstrip(" ")
    start = line[: len(line) - len(said)]
    if said.startswith("| "):
        return start + terminal.painted(said, terminal.DIM)
    if said.startswith("hint:"):
        return f"{start}{terminal.painted('hint:', terminal.CYAN)}{said[5:]}"
    return line


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
    width = terminal.width(stream or sys.__stderr__)
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


def seen() -> bool:
    """Whether somebody looks at stderr."""
    return terminal.is_seen(sys.__stderr__)
