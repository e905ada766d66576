"""Upper and lower case, and the word conventions built on it.

Go maps one character to one character and knows nothing of its neighbours, where Python's ``upper``
and ``lower`` may give several (``ß``) and look around (a final sigma).
"""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import category

from .strings import SPACE

_SPACES = frozenset(SPACE)


def _upper(char: str) -> str:
    mapped = char.upper()
    return mapped if len(mapped) == 1 else _title(char)


def _title(char: str) -> str:
    mapped = char.title()
    return mapped if len(mapped) == 1 else char


def _lower(char: str) -> str:
    return char.lower()[0]  # two characters only for U+0130, of which Go keeps the first


def _is_upper(char: str) -> bool:
    return category(char) == "Lu"


def upper(text: str) -> str:
    return text.upper() if text.isascii() else "".join(map(_upper, text))


def lower(text: str) -> str:
    return text.lower() if text.isascii() else "".join(map(_lower, text))


def _separates(char: str) -> bool:
    """Whether a word starts after ``char``, for ``title``."""
    if char.isascii():
        return not (char.isalnum() or char == "_")
    return category(char)[0] != "L" and category(char) != "Nd" and char in _SPACES


def title(text: str) -> str:
    previous = " "
    out: list[str] = []
    for char in text:
        out.append(_title(char) if _separates(previous) else char)
        previous = char
    return "".join(out)


def untitle(text: str) -> str:
    out: list[str] = []
    at_start = True
    for char in text:
        if char in _SPACES:
            at_start = True
        elif at_start:
            char = _lower(char)
            at_start = False
        out.append(char)
    return "".join(out)


def swapcase(text: str) -> str:
    """Cases swapped; a lower case letter that starts a word becomes title case."""
    out: list[str] = []
    at_start = True
    for char in text:
        kind = category(char)
        if kind in ("Lu", "Lt"):
            out.append(_lower(char))
            at_start = False
        elif kind == "Ll":
            out.append(_title(char) if at_start else _upper(char))
            at_start = False
        else:
            out.append(char)
            at_start = char in _SPACES
    return "".join(out)


def _connects(char: str) -> bool:
    return char in "-_" or char in _SPACES


def camelcase(text: str) -> str:
    """Words joined, each with a capital; connectors in front stay, of several in a row all but one stay.

    A text of connectors only gets its last one twice, as in xstrings (case sprig-strings-209).
    """
    if not text:
        return ""
    lead = next((place for place, char in enumerate(text) if not _connects(char)), None)
    if lead is None:
        return text + text[-1]
    out = [text[:lead]]
    held = _upper(text[lead])
    capitals = _is_upper(text[lead])  # whether every letter of this word was a capital so far
    for char in text[lead + 1 :]:
        if _connects(held):
            if _connects(char):
                out.append(held)
                continue
            capitals = _is_upper(char)
            held = _upper(char)
            continue
        out.append(held)
        if capitals and _is_upper(char):
            char = _lower(char)
        else:
            capitals = False
        held = char
    return "".join([*out, held])


_CHINESE = (("\u4e00", "\u9fcc"), ("\u3400", "\u4d85"), ("\U00020000", "\U0002b81d"))
_CONNECTOR, _PUNCTUATION, _CAPITALS, _LETTERS, _NUMBER, _OTHER = range(6)


def _is_letter(char: str) -> bool:
    """Letters that form words with their neighbours; Chinese characters do not."""
    return category(char)[0] == "L" and not any(low <= char <= high for low, high in _CHINESE)


def _class(char: str) -> int:
    if _connects(char):
        return _CONNECTOR
    kind = category(char)
    if kind[0] == "P":
        return _PUNCTUATION
    if kind == "Lu":
        return _CAPITALS
    if _is_letter(char):
        return _LETTERS
    return _NUMBER if kind[0] == "N" else _OTHER


def _words(text: str) -> Iterator[tuple[int, str]]:
    """``text`` cut where the class of characters changes; a capital goes with the letters after it."""
    classes = [_class(char) for char in text]
    start = 0
    while start < len(text):
        kind = classes[start]
        end = start + 1
        while end < len(text) and classes[end] == kind:
            end += 1
        if kind == _CAPITALS and end < len(text) and classes[end] == _LETTERS:
            if end - start > 1:  # HTTPServer: the S belongs to the next word
                end -= 1
            else:
                while end < len(text) and classes[end] == _LETTERS:
                    end += 1
        yield kind, text[start:end]
        start = end


class _Joiner:
    """Writes words in lower case with a connector between them; numbers go with the word before or after."""

    def __init__(self, text: str, connector: str) -> None:
        self.words = list(_words(text))
        self.connector = connector
        self.next = 0
        self.out: list[str] = []

    def run(self) -> str:
        while self.next < len(self.words):
            self._step()
        return "".join(self.out)

    def _step(self) -> None:
        kind = self._kind()
        last = self.next == len(self.words) - 1
        self._write()
        if last or kind in (_CONNECTOR, _PUNCTUATION):
            return
        if kind != _NUMBER and self._kind() == _NUMBER:
            if self.next == len(self.words) - 1:
                return
            if self.words[self.next + 1][0] != _LETTERS:  # Bld4Floor: the number ends the word
                self._write()
                self._connect()
                return
            self.out.append(self.connector)  # http2xx: the number starts a word
            self._write()
        elif kind != _NUMBER:
            self._connect()
            return
        while self._kind() in (_LETTERS, _NUMBER):
            self._write()
        self._connect()

    def _kind(self) -> int | None:
        return self.words[self.next][0] if self.next < len(self.words) else None

    def _write(self) -> None:
        kind, text = self.words[self.next]
        if kind == _CONNECTOR:
            text = self.connector * len(text)
        elif kind == _CAPITALS:
            text = "".join([_lower(char) if _is_upper(char) else char for char in text])
        self.out.append(text)
        self.next += 1

    def _connect(self) -> None:
        if self._kind() not in (None, _CONNECTOR, _PUNCTUATION):
            self.out.append(self.connector)


def snakecase(text: str) -> str:
    return _Joiner(text, "_").run()


def kebabcase(text: str) -> str:
    return _Joiner(text, "-").run()
