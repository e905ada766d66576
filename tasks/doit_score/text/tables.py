"""What is printed of several things alike: a table for people, JSON or names for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from doit_score.text import terminal
from doit_score.text.errors import ScoreError

_BROKEN = 40
"""A word that is longer may be broken, so that no column has to go."""
_LEAST = 4
"""No column is narrower, where what it has is wider."""

Paint = Mapping[str, Callable[[str], str]]
"""By the head of a column, what tells the colour of a text in it."""


def shown(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    drops: Sequence[str] = (),
    paint: Paint | None = None,
) -> str:
    """A table for standard output: it fits the terminal, if it is one, and has colours there."""
    colours = paint if paint and terminal.stdout_has_colour() else {}
    return table(heads, rows, terminal.stdout_width(), drops=drops, paint=colours)


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    width: int = 0,
    *,
    drops: Sequence[str] = (),
    paint: Paint | None = None,
) -> str:
    """A table with borders; columns are as wide as a terminal shows their text.

    One that would be wider than ``width``, if that is not 0, has its widest cells wrapped; where that is not
    enough the columns ``drops`` are left out, the first one first, which is told below the table.
    """
    body = [list(row) for row in rows]
    kept = list(range(len(heads)))
    widths = _widths(heads, body, kept, width, _BROKEN)
    dropped = []
    for head in drops:
        if _fits(widths, width):
            break
        kept.remove(heads.index(head))
        dropped.append(head)
        widths = _widths(heads, body, kept, width, _BROKEN)
    if not _fits(widths, width):
        widths = _widths(heads, body, kept, width, _LEAST)
    line = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    colours = [(paint or {}).get(heads[column]) for column in kept]
    printed = [line, *_lines([heads[column] for column in kept], widths, _centred), line]
    for row in body:
        printed += [*_lines([row[column] for column in kept], widths, _left, colours), line]
    if dropped:
        printed += _wrapped(f"no room for {', '.join(dropped)}: `--format json` has all", width)
    return "\n".join(printed) + "\n"


def answer(
    format_: str,
    *,
    table: Callable[[], str],
    records: Callable[[], Sequence[Mapping[str, object]]],
    names: Callable[[], Iterable[str]],
) -> str:
    """What is printed in one of the formats that every list has: ``table``, ``json`` or ``name``.

    Raises ScoreError for another one.
    """
    if format_ == "table":
        return table()
    if format_ == "json":
        return json_text(records())
    if format_ == "name":
        return lines(names())
    raise ScoreError(f"--format: expected 'table' or 'json' or 'name', found '{format_}'")


def json_text(found: Sequence[Mapping[str, object]] | Mapping[str, object]) -> str:
    """Records as JSON, or one of them; the fields of each stay in their order."""
    import json

    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def lines(names: Iterable[str]) -> str:
    """Names in their order, each once, in a line of its own."""
    return "".join(f"{name}\n" for name in dict.fromkeys(names))


def _widths(
    heads: Sequence[str], body: Sequence[Sequence[str]], kept: Sequence[int], width: int, least: int
) -> list[int]:
    """How wide each column is: the widest give first, and none more than its longest word, or ``least`` of a
    longer one."""
    columns = [[heads[column], *(row[column] for row in body)] for column in kept]
    widths = [max(map(_width, column)) for column in columns]
    if _fits(widths, width):
        return widths
    words = [max((_width(word) for cell in column for word in cell.split()), default=0) for column in columns]
    floors = [min(word, least) for word in words]
    while not _fits(widths, width):
        spare = [at for at, floor in enumerate(floors) if widths[at] > floor]
        if not spare:
            break
        widths[max(spare, key=lambda at: (widths[at], -at))] -= 1
    return widths


def _fits(widths: Sequence[int], width: int) -> bool:
    return not width or sum(widths) + 3 * len(widths) + 1 <= width


def _lines(
    cells: Sequence[str],
    widths: Sequence[int],
    placed: Callable[[str, int], str],
    colours: Sequence[Callable[[str], str] | None] = (),
) -> list[str]:
    """The lines of one row: as many as its highest cell has."""
    parts = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    found = []
    for number in range(max(map(len, parts))):
        texts = [part[number] if number < len(part) else "" for part in parts]
        shown = [placed(text, width) for text, width in zip(texts, widths, strict=True)]
        for at, colour in enumerate(colours):
            if colour is not None and texts[at]:
                shown[at] = shown[at].replace(texts[at], terminal.painted(texts[at], colour(cells[at])), 1)
        found.append("| " + " | ".join(shown) + " |")
    return found


def _wrapped(text: str, width: int) -> list[str]:
    """``text`` in lines of so many columns; a word that is longer is broken."""
    if _width(text) <= width:
        return [text]
    lines = [""]
    for word in text.split():
        if lines[-1] and _width(lines[-1]) + 1 + _width(word) <= width:
            lines[-1] += f" {word}"
            continue
        if lines[-1]:
            lines.append("")
        for char in word:
            if _width(lines[-1] + char) > width:
                lines.append("")
            lines[-1] += char
    return lines


def _left(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


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
