"""What is left out of a build context, by the rules that Docker has for a `.dockerignore`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from posixpath import normpath

from doit_score.text.light import NamedTuple

NAME = ".dockerignore"
"""What the file is called at the top of a context."""

_SPECIAL = re.compile(r"[*?\[\]\\]")


class Rule(NamedTuple):
    """One line: ``pattern`` is a regular expression for a whole path, ``is_exception`` for one with a `!`."""

    pattern: re.Pattern[str]
    is_exception: bool


def rules(text: str) -> tuple[Rule, ...]:
    """The rules of a file, in their order.  A line that is no pattern, which Docker refuses, is none."""
    found = []
    for line in text.removeprefix("\ufeff").split("\n"):
        said = "" if line.startswith("#") else line.strip()
        is_exception = said.startswith("!")
        path = said[is_exception:].strip()
        if not path:
            continue
        path = normpath(path)
        if len(path) > 1:
            path = path.lstrip("/")
        try:
            found.append(Rule(re.compile(_expression(path), re.DOTALL), is_exception))
        except re.error:
            continue
    return tuple(found)


def leaves_out(rules: Sequence[Rule], path: str) -> bool:
    """Whether ``path``, relative to the context and with ``/``, is left out of it.

    The last rule that fits it, or a directory that it is in, counts.
    """
    parts = path.split("/")
    above = ["/".join(parts[: count + 1]) for count in range(len(parts))]
    out = False
    for rule in rules:
        if rule.is_exception == out and any(map(rule.pattern.fullmatch, above)):
            out = not rule.is_exception
    return out


def line_of(path: str) -> str:
    """The line that leaves out exactly ``path`` and what is in it."""
    line = _SPECIAL.sub(r"\\\g<0>", path)
    return f"\\{line}" if line.startswith(("#", "!")) else line


def _expression(path: str) -> str:
    """A pattern as a regular expression."""
    if path.startswith("**") and not _SPECIAL.search(path[2:]):
        # It is the end of a path that counts then, and need not be a whole name.
        rest = path[2:]
        return f"(?:.*/)?{re.escape(rest[1:])}" if rest.startswith("/") else f".*{re.escape(rest)}"
    found, at = "", 0
    while at < len(path):
        letter, rest = path[at], path[at + 1 :]
        at += 1
        if letter == "*" and rest.startswith("*"):
            at += 2 if rest.startswith("*/") else 1
            found += "(?:.*/)?" if at < len(path) else ".*"
        elif letter == "*":
            found += "[^/]*"
        elif letter == "?":
            found += "[^/]"
        elif letter == "\\":
            found += re.escape(rest[:1] or "\\")
            at += 1
        else:
            found += letter if letter in "[]^-" else re.escape(letter)
    return found
