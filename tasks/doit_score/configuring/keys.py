"""Where the keys of a TOML file are: what reads it tells places of its faults of syntax only."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_HEAD = re.compile(rf"[ \t]*\[\[?[ \t]*({_DOTTED})[ \t]*\]")
_KEY = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_INLINE = re.compile(rf"[{{,][ \t]*({_DOTTED})[ \t]*=")
_LONG = ('"""', "'''")


class Keys:
    """The places of all keys of ``text``, which is TOML, below the table ``at``.

    Each is the first place where a key, or a section of that name, is written.  A key in the braces of an
    inline table is known where it is on the line of that table.
    """

    def __init__(self, text: str, at: Sequence[str] = ()) -> None:
        self._places: dict[tuple[str, ...], tuple[int, int]] = {}
        self._at = tuple(at)
        section: tuple[str, ...] = ()
        ends = ""  # what ends the long text that a line is in
        for number, line in enumerate(text.split("\n"), 1):
            if ends:
                ends = "" if ends in line else ends
                continue
            if head := _HEAD.match(line):
                section = _parts(head[1])
                self._note(section, number, head.start(1) + 1)
            elif key := _KEY.match(line):
                whole = (*section, *_parts(key[1]))
                self._note(whole, number, key.start(1) + 1)
                for inner in _INLINE.finditer(line, key.end()):
                    self._note((*whole, *_parts(inner[1])), number, inner.start(1) + 1)
                ends = next((one for one in _LONG if line.count(one) % 2), "")

    def _note(self, key: tuple[str, ...], line: int, column: int) -> None:
        for length in range(1, len(key) + 1):
            self._places.setdefault(key[:length], (line, column))

    def has(self, key: Sequence[str]) -> bool:
        """Whether the place of a key is known."""
        return (*self._at, *key) in self._places

    def place(self, key: Sequence[str]) -> tuple[int | None, int | None]:
        """The line and the column of a key, from 1."""
        return self._places.get((*self._at, *key), (None, None))


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in re.findall(_PART, dotted))
