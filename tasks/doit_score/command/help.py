"""The help of the command and of each verb, from the tables of both."""

from __future__ import annotations

import shutil
import textwrap

from doit_score.command.verbs import VERBS, below, program
from doit_score.options import EVERY, Option, options_of, usual

_COLUMN = 28
"""Where help begins beside what it is for."""


def text(verb: str) -> str:
    """The help of a verb; of the command itself, if it is empty."""
    names, options = below(verb), options_of(verb)
    words = [option for option in options if not option.flags]
    flags = [option for option in options if option.flags]
    if names:
        takes = ["[-h]", *([] if verb else ["[--version]"]), "COMMAND ..."]
    else:
        takes = ["[FLAG ...]", *(f"[{w.metavar} ...]" if w.is_repeatable else w.metavar for w in words)]
    about = "From Score files to a Docker Compose project, doing only what changed."
    if verb:
        about = VERBS[verb].description or f"{VERBS[verb].help[0].upper()}{VERBS[verb].help[1:]}."
    blocks = [
        [f"usage: {program(verb)} {' '.join(takes)}"],
        _wrapped(about, ""),
        [line for name in names for line in _entry(name, VERBS[f"{verb} {name}".strip()].help)],
        [line for option in words for line in _entry(option.metavar, option.help)],
        [line for option in flags if option.verbs is not EVERY for line in _entry(*_flag(option))],
        [line for option in flags if option.verbs is EVERY for line in _entry(*_flag(option))],
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _flag(option: Option) -> tuple[str, str]:
    said, default = option.asked, usual(option) if option.takes_value else None
    if option.is_repeatable:
        said += " (repeatable)"
    elif default:
        said += f" ({default:g})" if isinstance(default, float) else f" ({default})"
    return f"{', '.join(option.flags)} {option.metavar}".rstrip(), said


def _entry(left: str, right: str) -> list[str]:
    """``left`` with its help beside it, or below it where it is long."""
    lines = _wrapped(right, " " * _COLUMN)
    if len(left) > _COLUMN - 4:
        return [f"  {left}", *lines]
    return [f"  {left}".ljust(_COLUMN) + lines[0].lstrip(), *lines[1:]]


def _wrapped(said: str, indent: str) -> list[str]:
    width = max(60, min(shutil.get_terminal_size().columns, 100))
    return textwrap.wrap(said, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
