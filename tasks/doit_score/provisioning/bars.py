"""Templates whose `|` is missing: YAML reads them as more of itself, and stumbles over their braces."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from doit_score.text.errors import Problem

_KEY = re.compile(r"(\s*(?:- +)?)([a-z_]+):\s*((?:\{\{|\{%).*)?(?:#.*)?$")

_OTHER = re.compile(r"\s*(?:- +)?[a-z_]+:\s*[|>]")


def advice(field: str) -> str:
    """What to do about it."""
    return f"a template is text: write `{field}: |`"


def meant(problem: Problem, lines: Sequence[str], fields: Collection[str]) -> Problem:
    """``problem`` that YAML has with a file of ``lines``, or that a template of ``fields`` is not one."""
    has_braces = False
    for number in range(min(problem.line or 0, len(lines)), 0, -1):
        line = lines[number - 1]
        key = _KEY.match(line)
        if key is not None and key[2] in fields:
            if not (has_braces or key[3]):
                break  # what is wrong is wrong in what is no template
            message = f"expected text in {key[2]}, found what is no YAML: its '|' is missing"
            return Problem(message, problem.path, number, len(key[1]) + 1, advice(key[2]))
        if _OTHER.match(line) and number != problem.line:
            break
        has_braces = has_braces or "{{" in line or "{%" in line
    return problem
