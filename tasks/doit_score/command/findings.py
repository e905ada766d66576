"""What `check` prints: for people, for programs, and as marks in a change on GitHub."""

from __future__ import annotations

import sys

from doit_score.checking.check import Checked, Finding
from doit_score.text import messages, terminal, words
from doit_score.text.light import replace
from doit_score.text.tables import json_text, lines


def text(checked: Checked) -> str:
    """Each finding as the run would tell it, and how many there are."""
    told = [_told(finding) for finding in checked.findings]
    return "\n".join((*told, messages.fitted(_summary(checked), sys.__stdout__), ""))


def _told(finding: Finding) -> str:
    level = f"{_level(finding)}:"
    problem = replace(finding.problem, message=f"{level} {finding.problem.message}")
    told = messages.fitted(words.harmless(messages.text_of(problem)), sys.__stdout__)
    if not terminal.stdout_has_colour():
        return told
    colour = terminal.RED if finding.is_error else terminal.YELLOW
    before, level, after = told.partition(level)
    return f"{before}{terminal.painted(level, colour)}{messages.lines_in_colour(after)}"


def _level(finding: Finding) -> str:
    return "error" if finding.is_error else "warning"


def _summary(checked: Checked) -> str:
    errors = sum(finding.is_error for finding in checked.findings)
    counts = {"error": errors, "warning": len(checked.findings) - errors}
    said = " and ".join(words.count(count, what) for what, count in counts.items() if count)
    return f"{said or 'nothing is wrong'} in {words.count(checked.files, 'file')}"


def printed(checked: Checked, format_: str) -> str:
    """The findings in a format of the option."""
    return _FORMATS[format_](checked)


def json(checked: Checked) -> str:
    """The findings as a list of objects."""
    return json_text([_record(finding) for finding in checked.findings])


def names(checked: Checked) -> str:
    """The files in which something is wrong."""
    return lines(finding.problem.path for finding in checked.findings if finding.problem.path)


def _record(finding: Finding) -> dict[str, object]:
    problem = messages.with_excerpt(finding.problem)
    return {
        "Level": _level(finding),
        "Message": problem.message,
        "File": problem.path,
        "Line": problem.line,
        "Column": problem.column,
        "Excerpt": problem.excerpt,
        "Context": problem.context,
        "Hint": problem.hint,
    }


def github(checked: Checked) -> str:
    """A workflow command for each finding, which GitHub shows at its line."""
    return "".join(f"{_command(finding)}\n" for finding in checked.findings)


def _command(finding: Finding) -> str:
    problem = finding.problem
    places = {"file": problem.path, "line": problem.line, "col": problem.column}
    known = [f"{key}={_property(str(value))}" for key, value in places.items() if value is not None]
    more = [problem.context, None if problem.hint is None else f"hint: {problem.hint}"]
    said = "\n".join([problem.message, *(one for one in more if one)])
    return f"::{_level(finding)} {','.join([*known, 'title=doit-score'])}::{_data(words.harmless(said))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_FORMATS = {"text": text, "json": json, "name": names, "github": github}
