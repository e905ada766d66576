"""What is printed of several things alike: a table for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with borders; columns are as wide as a terminal shows their text."""
    body = [list(row) for row in rows]
    widths = [max(_width(row[i]) for row in [list(heads), *body]) for i in range(len(heads))]
    line = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    shown = [line, _row([_centred(head, width) for head, width in zip(heads, widths, strict=True)]), line]
    for row in body:
        shown += [_row([cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True)]), line]
    return "\n".join(shown) + "\n"


def records(records: Sequence[dict[str, object]]) -> str:
    """A list of records as JSON; the fields of each stay in their order."""
    import json

    return json.dumps(records, indent=2, ensure_ascii=False) + "\n"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _centred(text: str, width: int) -> str:
    left = (width - _width(text)) // 2
    return " " * left + text + " " * (width - _width(text) - left)


def _width(text: str) -> int:
    """How many columns a terminal takes: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
