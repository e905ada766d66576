"""The text of one entry out of its provisioner file."""

from __future__ import annotations

from doit_score.provisioning.files import parse
from doit_score.provisioning.model import Entry
from doit_score.text.errors import ScoreError


def excerpt(text: bytes, entry: Entry) -> str:
    """The lines of the file ``text`` that make ``entry``, with the comments right above.

    Where these lines do not stand by themselves (an alias, several entries in a line) it is all of the file.
    """
    whole = text.decode("utf-8-sig", "replace")
    lines = whole.splitlines(keepends=True)
    others = [other.line - 1 for other in parse(text, entry.path) if other.line > entry.line]
    start = _with_comments(lines, entry.line - 1)
    end = _with_comments(lines, others[0]) if others else len(lines)
    part = "".join(lines[start:end]).rstrip("\n") + "\n"
    return part if _is_alone(part, entry) else whole


def _with_comments(lines: list[str], line: int) -> int:
    """The first of the lines above ``line`` from which on there are only comments."""
    while line and lines[line - 1].lstrip().startswith("#"):
        line -= 1
    return line


def _is_alone(part: str, entry: Entry) -> bool:
    try:
        (found,) = parse(part.encode(), entry.path)
    except (ScoreError, ValueError):
        return False
    same = (found.uri, found.type, found.class_, found.id, found.uses_images) == (
        entry.uri, entry.type, entry.class_, entry.id, entry.uses_images,
    )  # fmt: skip
    return same and {name: field.text for name, field in found.fields.items()} == {
        name: field.text for name, field in entry.fields.items()
    }
