"""The help of the command and of each verb, from the tables of both."""

from __future__ import annotations

import shutil
import textwrap

from doit_score.command import manual
from doit_score.command.verbs import VERBS, below, program
from doit_score.options import EVERY, Option, options_of, usual

_COLUMN = 28
"""Where help begins beside what it is for."""


def text(verb: str) -> str:
    """The help of a verb; of the command itself, if it is empty."""
    names, options = below(verb), options_of(verb)
    words = [option for option in options if not option.flags]
    flags = [option for option in options if option.flags]
    blocks = [
        _wrapped(f"usage: {usage(verb)}", "", "       "),
        _wrapped(about(verb), ""),
        [line for name in names for line in _entry(name, VERBS[f"{verb} {name}".strip()].help)],
        [line for option in words for line in _entry(*described(option))],
        [line for option in flags if option.verbs is not EVERY for line in _entry(*described(option))],
        [line for option in flags if option.verbs is EVERY for line in _entry(*described(option))],
        *([] if names else _of_page(verb)),
    ]
    if names:
        blocks.append([f"`{' '.join(filter(None, (program('help'), verb, 'COMMAND')))}` tells of one."])
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def usage(verb: str) -> str:
    """How a verb is said."""
    words = [option for option in options_of(verb) if not option.flags]
    if below(verb):
        takes = ["[-h]", *([] if verb else ["[--version]"]), "COMMAND ..."]
    else:
        takes = ["[FLAG ...]", *(f"[{w.metavar} ...]" if w.is_repeatable else w.metavar for w in words)]
    return f"{program(verb)} {' '.join(takes)}"


def about(verb: str) -> str:
    """What a verb does."""
    if not verb:
        return "From Score files to a Docker Compose project, doing only what changed."
    return VERBS[verb].description or f"{VERBS[verb].help[0].upper()}{VERBS[verb].help[1:]}."


def _of_page(verb: str) -> list[list[str]]:
    page = manual.PAGES[verb]
    told = [_entry(str(status), meaning, 10) for status, meaning in manual.statuses(verb).items()]
    shown = [[f"  {one.line}", *_wrapped(one.purpose, " " * 6)] for one in page.examples]
    return [
        _wrapped(f"Prints: {page.prints}", ""),
        ["Exit status:", *(line for lines in told for line in lines)],
        ["Examples:", *(line for lines in shown for line in lines)],
    ]


def described(option: Option) -> tuple[str, str]:
    """How an option is said, and what it is."""
    if not option.flags:
        return option.metavar, option.asked
    said, default = option.asked, usual(option) if option.takes_value else None
    if option.is_repeatable:
        said += " (repeatable)"
    elif default:
        said += f" ({default:g})" if isinstance(default, float) else f" ({default})"
    return f"{', '.join(option.flags)} {option.metavar}".rstrip(), said


def _entry(left: str, right: str, column: int = _COLUMN) -> list[str]:
    """``left`` with its help beside it, or below it where it is long."""
    lines = _wrapped(right, " " * column)
    if len(left) > column - 4:
        return [f"  {left}", *lines]
    return [f"  {left}".ljust(column) + lines[0].lstrip(), *lines[1:]]


def _wrapped(said: str, indent: str, later: str = "") -> list[str]:
    width = max(60, min(shutil.get_terminal_size().columns, 100))
    return textwrap.wrap(
        said, width, initial_indent=indent, subsequent_indent=later or indent, break_on_hyphens=False
    )
