"""docs/doit-score.1, from the tables of verbs and options: ``python tests/manual_page.py`` writes it anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from doit_score.command import help, manual
from doit_score.command.verbs import VERBS, below, program
from doit_score.options import EVERY, Option, options_of
from doit_score.version import __version__

PAGE = Path(__file__).parent.parent / "docs" / "doit-score.1"

ENVIRONMENT = {
    "DOIT_SCORE_ENV": "The environment that counts where -e names none.",
    "DOIT_SCORE_DEBUG": "Where it is not empty, a fault of this program itself is told with its traceback.",
    "NO_COLOR": "Where it is not empty, nothing is in colour unless that is asked for.",
}
FILES = {
    "doit-score.toml": "What is said of a project, and its environments.",
    "score.yaml, *.score.yaml": "Score files.",
    "compose.yaml, manifests.yaml": "What is generated, for Compose or for a cluster.",
    "state/": "What is remembered, generated passwords among it.",
}


def page() -> str:
    """The whole text, for man(7)."""
    # Without a day: it is what the version is.
    head = [
        '.\\" Made by `python tests/manual_page.py`.',
        f'.TH DOIT\\-SCORE 1 "" "doit\\-score {__version__}" "User Commands"',
        *(".SH NAME", "doit\\-score \\- from Score files to a Compose project or Kubernetes objects"),
        *(".SH SYNOPSIS", _bold(program("")), "[\\fIFLAG\\fR ...] \\fICOMMAND\\fR ..."),
        *(".SH DESCRIPTION", _text(help.about(""))),
        *(".PP", "What is wrong is told on standard error, with its place and what to do."),
    ]
    common = [option for option in options_of("") if option.verbs is EVERY]
    parts = [head, [".SH OPTIONS", "Every command takes these."], *map(_option, common), [".SH COMMANDS"]]
    parts += [_verb(name) for name in VERBS if not below(name)]
    statuses = {
        str(status): f"{meaning[0].upper()}{meaning[1:]}." for status, meaning in manual.COMMON.items()
    }
    for title, listed in (("EXIT STATUS", statuses), ("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)):
        parts += [[f".SH {title}"], *([".TP", _bold(name), _text(told)] for name, told in listed.items())]
    return "".join(f"{line}\n" for lines in parts for line in lines)


def _verb(name: str) -> list[str]:
    options = [option for option in options_of(name) if option.verbs is not EVERY]
    own = manual.PAGES[name].statuses
    lines = [f".SS {_text(help.usage(name))}", _text(help.about(name))]
    for option in sorted(options, key=lambda option: bool(option.flags)):
        lines += _option(option)
    lines += [".PP", _text(f"Prints: {manual.PAGES[name].prints}")]
    if own:
        lines += [".PP", "Exit status:"]
        lines += [line for status, told in own.items() for line in (".TP", _bold(str(status)), _text(told))]
    return [*lines, *_examples(manual.PAGES[name].examples)]


def _option(option: Option) -> list[str]:
    said, told = help.described(option)
    return [".TP", _bold(said), _text(told)]


def _examples(examples: Iterable[manual.Example]) -> Iterator[str]:
    yield from (".PP", "Examples:")
    for example in examples:
        yield from (".PP", f"{_text(example.purpose[0].upper() + example.purpose[1:])}:")
        yield from (".RS 4", ".nf", _text(example.line), ".fi", ".RE")


def _bold(text: str) -> str:
    return f"\\fB{_text(text)}\\fR"


def _text(text: str) -> str:
    """``text`` as roff reads it: what would be a request or a typographic sign is itself."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("^", "\\(ha")
    escaped = escaped.replace("~", "\\(ti").replace("'", "\\(aq").replace('"', "\\(dq")
    return re.sub(r"^\.", r"\\&.", escaped)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
