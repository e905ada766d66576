"""Reads a pattern in the syntax of RE2, with the messages of RE2."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import category

from doit_score.text.light import TypeAlias, dataclass

from .classes import (
    PERL,
    POSIX,
    Has,
    any_of,
    folded,
    in_category,
    in_ranges,
    negated,
    same_but_for_case,
)

DEPTH = 100
"""How deep groups may be nested."""

_REPEATS = 1000
_REPEAT = re.compile(r"[*+?]|\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}")
_FLAGS = re.compile(r"\(\?([imsU]*)(-[imsU]+)?([:)])")
_NAMED = re.compile(r"\(\?P?<([^>]*)>")
_HEX = re.compile(r"\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})")
_OCTAL = re.compile(r"\\(0[0-7]{0,2}|[1-7][0-7]{1,2})")
_CONTROLS = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


class PatternError(ValueError):
    """The pattern is no regular expression; the message is what RE2 says."""


class UnknownError(ValueError):
    """RE2 may know what this means; this does not."""


@dataclass(frozen=True, slots=True)
class One:
    """One character of a class."""

    has: Has


@dataclass(frozen=True, slots=True)
class Place:
    """A place between characters: one of ``\\A \\z \\b \\B``, or ``^`` and ``$`` of a line."""

    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """One after the other."""

    parts: Sequence[Node]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first that matches."""

    parts: Sequence[Node]


@dataclass(frozen=True, slots=True)
class Group:
    """A part whose text is kept under a number."""

    number: int
    part: Node


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part so many times, as many as can be if ``greedy``; ``most`` is None where there is no end."""

    part: Node
    least: int
    most: int | None
    greedy: bool


Node: TypeAlias = One | Place | Row | Choice | Group | Repeat


class Reader:
    """Reads one pattern.

    ``groups`` is how many are numbered, ``names`` the numbers of those with a name.
    """

    def __init__(self, pattern: str) -> None:
        self.text = pattern
        self.place = 0
        self.groups = 0
        self.names: dict[str, int] = {}
        self.flags: frozenset[str] = frozenset()

    def read(self) -> Node:
        """The pattern; raises PatternError, or UnknownError."""
        node = self._choice(0)
        if self.place < len(self.text):
            raise PatternError(f"unexpected ): {self.text}")
        return node

    def _choice(self, depth: int) -> Node:
        """What is up to the end, or to the parenthesis that closes the group."""
        if depth > DEPTH:
            raise UnknownError(f"groups that are nested more than {DEPTH} deep")
        rows: list[Node] = []
        row: list[Node] = []
        repeated: int | None = None  # where the repetition begins that was read last
        while self.place < len(self.text) and self.text[self.place] != ")":
            start = self.place
            if self.text[start] == "|":
                self.place += 1
                rows.append(Row(row))
                row = []
            elif found := _REPEAT.match(self.text, start):
                self._repeat(row, found, repeated)
                repeated = start
                continue
            elif self.text.startswith("\\Q", start):
                self._quoted(row)
            elif self.text[start] == "(":
                row.extend(self._group(depth))
            else:
                row.append(self._single())
            repeated = None
        return Choice([*rows, Row(row)]) if rows else Row(row)

    def _repeat(self, row: list[Node], found: re.Match[str], repeated: int | None) -> None:
        self.place = found.end()
        lazy = self.text.startswith("?", self.place)
        self.place += lazy
        said = self.text[found.start() : self.place]
        if repeated is not None:
            raise PatternError(f"bad repetition operator: {self.text[repeated : self.place]}")
        if not row:
            raise PatternError(f"no argument for repetition operator: {said}")
        least, most = _times(found)
        if max(least, most or 0) > _REPEATS or (most is not None and most < least):
            raise PatternError(f"invalid repetition size: {found[0]}")
        node = Repeat(row.pop(), least, most, lazy == ("U" in self.flags))
        if found[0][0] == "{" and _repeats(node) > _REPEATS:
            raise PatternError(f"invalid repetition size: {found[0]}")
        row.append(node)

    def _quoted(self, row: list[Node]) -> None:
        quoted, _, _ = self.text[self.place + 2 :].partition("\\E")
        self.place += len(quoted) + 4
        row.extend(self._literal(ord(char)) for char in quoted)

    def _group(self, depth: int) -> list[Node]:
        """The group that begins here; none where only flags are set."""
        start, flags = self.place, self.flags
        number = None
        if found := _FLAGS.match(self.text, start):
            self.flags = flags.union(found[1]).difference((found[2] or "")[1:])
            self.place = found.end()
            if found[3] == ")":
                return []
        elif found := _NAMED.match(self.text, start):
            if not _is_name(found[1]):
                raise PatternError(f"invalid named capture group: {found[0]}")
            number = self._number()
            self.names.setdefault(found[1], number)
            self.place = found.end()
        elif self.text.startswith("(?", start):
            raise PatternError(f"invalid perl operator: {self.text[start : start + 3]}")
        else:
            number = self._number()
            self.place += 1
        part = self._choice(depth + 1)
        if self.place >= len(self.text):
            raise PatternError(f"missing ): {self.text}")
        self.place += 1
        self.flags = flags
        return [part if number is None else Group(number, part)]

    def _number(self) -> int:
        self.groups += 1
        return self.groups

    def _single(self) -> Node:
        """A character, a class, or a place."""
        char = self.text[self.place]
        if char == "[":
            return One(self._class())
        if char == "\\":
            return self._escaped()
        self.place += 1
        if char == ".":
            return One((lambda char: True) if "s" in self.flags else (lambda char: char != 10))
        if char in "^$":
            return Place(char if "m" in self.flags else "A" if char == "^" else "z")
        return self._literal(ord(char))

    def _literal(self, char: int) -> One:
        chars = frozenset(same_but_for_case(char) if "i" in self.flags else (char,))
        return One(chars.__contains__)

    def _escaped(self) -> Node:
        name = self.text[self.place + 1 : self.place + 2]
        if name and name in "AzbB":
            self.place += 2
            return Place(name)
        if name == "C":
            raise UnknownError("'\\C'")
        has = self._shorthand()
        return One(has) if has else self._literal(self._escape())

    def _shorthand(self) -> Has | None:
        """The class that ``\\d``, ``\\pN`` and the like stand for, if there is one here."""
        start, name = self.place, self.text[self.place + 1 : self.place + 2]
        if name and name in "dswDSW":
            self.place += 2
            return self._cased(in_ranges(PERL[name.lower()]), name.isupper())
        if not name or name not in "pP":
            return None
        word = self.text[start + 2 : start + 3]
        self.place += 3
        if word == "{":
            word, end, _ = self.text[self.place :].partition("}")
            self.place += len(word) + 1
            if not end or not word:
                raise PatternError(f"invalid character class range: {self.text[start:]}")
        has = in_category(word.removeprefix("^"))
        if has is None:
            raise UnknownError(repr(self.text[start : self.place]))
        return self._cased(has, (name == "P") != word.startswith("^"))

    def _cased(self, has: Has, is_negated: bool) -> Has:
        has = folded(has) if "i" in self.flags else has
        return negated(has) if is_negated else has

    def _escape(self) -> int:
        """The character that an escape stands for."""
        text, start = self.text, self.place
        name = text[start + 1 : start + 2]
        if not name:
            raise PatternError("trailing \\")
        if found := _HEX.match(text, start) or _OCTAL.match(text, start):
            self.place = found.end()
            char = int(found[1], 8) if found.re is _OCTAL else int(found[1] or found[2], 16)
            if char <= 0x10FFFF:
                return char
        elif name in _CONTROLS or (name.isascii() and not name.isalnum()):
            self.place += 2
            return _CONTROLS.get(name, ord(name))
        raise PatternError(f"invalid escape sequence: \\{name}")

    def _class(self) -> Has:
        """The class in brackets that begins here."""
        start = self.place
        self.place += 1
        is_negated = self.text.startswith("^", self.place)
        self.place += is_negated
        parts: list[Has] = []
        while not parts or not self.text.startswith("]", self.place):
            if self.place >= len(self.text):
                raise PatternError(f"missing ]: {self.text[start:]}")
            parts.append(self._named_class() or self._shorthand() or self._range())
        self.place += 1
        has = any_of(parts)
        return negated(has) if is_negated else has

    def _named_class(self) -> Has | None:
        """``[:alpha:]`` and the like, if there is one here."""
        end = self.text.find(":]", self.place + 2)
        if not self.text.startswith("[:", self.place) or end < 0:
            return None
        said = self.text[self.place : end + 2]
        name = said[2:-2]
        ranges = POSIX.get(name.removeprefix("^"))
        if ranges is None:
            raise PatternError(f"invalid character class range: {said}")
        self.place = end + 2
        return self._cased(in_ranges(ranges), name.startswith("^"))

    def _range(self) -> Has:
        start = self.place
        low = high = self._of_class()
        if self.text.startswith("-", self.place) and self.text[self.place + 1 : self.place + 2] not in (
            "",
            "]",
        ):
            self.place += 1
            high = self._of_class()
        if high < low:
            raise PatternError(f"invalid character class range: {self.text[start : self.place]}")
        return self._cased(in_ranges([(low, high)]), False)

    def _of_class(self) -> int:
        if self.text[self.place] == "\\":
            return self._escape()
        self.place += 1
        return ord(self.text[self.place - 1])


def _times(found: re.Match[str]) -> tuple[int, int | None]:
    """How often at least, and at most."""
    if found[1] is None:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[found[0]]
    least = int(found[1])
    return least, least if not found[2] else int(found[3]) if found[3] else None


def _repeats(node: Node) -> int:
    """How often at most a part of it is there for the number of times that are said in braces."""
    if isinstance(node, Repeat):
        times = node.least if node.most is None else node.most
        return max(times, 1) * _repeats(node.part)
    if isinstance(node, Group):
        return _repeats(node.part)
    if isinstance(node, (Row, Choice)):
        return max(map(_repeats, node.parts), default=1)
    return 1


def _is_name(name: str) -> bool:
    return bool(name) and all(
        char == "_" or category(char)[0] in "LMN" or category(char) == "Pc" for char in name
    )
