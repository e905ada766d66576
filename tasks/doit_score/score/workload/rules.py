"""A small language for saying what a document must look like, and its checker.

A rule checks one value and reports every problem below it; nothing here knows about Score.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from doit_score.text import words
from doit_score.text.light import Protocol, TypeGuard, dataclass, field

Keys = tuple[str | int, ...]
QUOTES = "put the value in quotes"


class Report(Protocol):
    """Takes one problem: the keys that lead to the place, what is wrong there, what to do.

    ``at_key`` says that the key stands for the place rather than its value.
    """

    def __call__(
        self, keys: Keys, message: str, hint: str | None = None, *, at_key: bool = False
    ) -> None: ...


class Rule(Protocol):
    """What a value must be."""

    def check(self, value: object, keys: Keys, report: Report) -> None:
        """Report all that is wrong with ``value``, which stands at ``keys``."""
        ...


@dataclass(frozen=True, slots=True)
class Anything:
    """No rule at all."""

    def check(self, value: object, keys: Keys, report: Report) -> None:
        """Nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text; ``pattern`` must match all of it, ``says`` is the pattern in words.

    ``secret`` text may be a password: it is never shown.  In a ``name`` odd characters can be replaced.
    """

    says: str = ""
    pattern: re.Pattern[str] | None = None
    shortest: int = 0
    longest: int | None = None
    secret: bool = False
    name: bool = False

    def check(self, value: object, keys: Keys, report: Report) -> None:
        """Report a value that is no text, and text that does not match."""
        if not isinstance(value, str):
            expected = f"text{': ' + self.says if self.says else ''}"
            report(
                keys,
                f"expected {expected}, found {words.described(value, secret=self.secret)}",
                self._quoting(value),
            )
        elif not self.accepts(value):
            found = words.described(value, secret=self.secret)
            report(keys, f"expected {self.says}, found {found}", self.suggestion(value))

    def suggestion(self, text: str) -> str | None:
        """What like ``text`` is accepted: a name without its odd characters, a number in other words."""
        prefix, slash, last = text.rpartition("/")
        changed = re.sub(r"[^A-Za-z0-9]+", "-", last if prefix else text).strip("-")
        changed = f"{prefix}{slash}{changed}" if prefix else changed
        similar = (changed, changed.lower()) if self.name else (f"0{text}", _plain_number(text))
        for other in similar if self.pattern and text else ():
            if other != text and self.accepts(other):
                return f"such as '{other}'"
        return None

    def _quoting(self, value: object) -> str | None:
        if value is None or isinstance(value, (list, dict)):
            return None
        text = str(value)
        if self.pattern and isinstance(value, float):  # which may be written as 1e9 or .5
            plain = _plain_number(text)
            return f"such as '{plain}', with the quotes" if self.accepts(plain) else None
        return QUOTES if self.secret or self.accepts(text) else None

    def accepts(self, text: str) -> bool:
        """Whether ``text`` has the right length and matches."""
        if len(text) < self.shortest or (self.longest is not None and len(text) > self.longest):
            return False
        return self.pattern is None or self.pattern.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class OneOf:
    """Text that is one of ``choices``."""

    choices: tuple[str, ...]

    def check(self, value: object, keys: Keys, report: Report) -> None:
        """Report a value that is none of the choices."""
        if value not in self.choices:
            report(keys, f"expected one of {', '.join(self.choices)}, found {words.described(value)}")


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from ``lowest`` to ``highest``; 80.0 is one (case spec-117)."""

    lowest: int
    highest: int

    def check(self, value: object, keys: Keys, report: Report) -> None:
        """Report a value that is no whole number or out of range."""
        whole = type(value) is int or (type(value) is float and value.is_integer())
        if not whole or not self.lowest <= value <= self.highest:  # type: ignore[operator]  # it is a number
            expected = f"a whole number from {self.lowest} to {self.highest}"
            number = re.fullmatch("[0-9]{1,9}", value, re.ASCII) if isinstance(value, str) else None
            is_meant = number is not None and self.lowest <= int(number[0]) <= self.highest
            hint = "write it without quotes" if is_meant else None
            report(keys, f"expected {expected}, found {words.described(value)}", hint)


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def check(self, value: object, keys: Keys, report: Report) -> None:
        """Report a value that is no boolean."""
        if not isinstance(value, bool):
            report(keys, f"expected true or false, found {words.described(value)}")


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list whose items follow ``item``."""

    item: Rule

    def check(self, value: object, keys: Keys, report: Report) -> None:
        """Report a value that is no list, and what is wrong in the items."""
        if not isinstance(value, list):
            report(keys, f"expected a list, found {words.described(value)}")
            return
        for index, item in enumerate(value):
            self.item.check(item, (*keys, index), report)


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys; ``extra`` is the rule for others, None refuses them.

    ``exactly_one`` are keys of which one must be there and no two.
    """

    known: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    exactly_one: tuple[str, ...] = ()
    extra: Rule | None = None
    hints: Mapping[str, str] = field(default_factory=dict)
    """What to do where a required key is missing."""

    def check(self, value: object, keys: Keys, report: Report) -> None:
        """Report missing and unknown keys, and what is wrong in the values."""
        if not _is_mapping(value, keys, report):
            return
        for key, item in value.items():
            rule = self.known.get(key, self.extra)
            if rule is None:
                self._unknown(key, keys, report)
            else:
                rule.check(item, (*keys, key), report)
        for key in self.required:
            if key not in value:
                hint = self.hints.get(key)
                report(keys, f"the property '{key}' is missing", hint, at_key=True)
        if self.exactly_one:
            given = [key for key in self.exactly_one if key in value]
            if len(given) != 1:
                found = " and ".join(given) if given else "none"
                report(
                    keys, f"expected exactly one of {', '.join(self.exactly_one)}, found {found}", at_key=True
                )

    def _unknown(self, key: str, keys: Keys, report: Report) -> None:
        hint = words.near(key, self.known, "") or None
        expected = ", ".join(self.known)
        message = f"unknown property '{words.short(key)}', expected {expected}"
        report((*keys, key), message, hint, at_key=True)


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping with at least ``fewest`` names as keys and values that all follow ``each``.

    ``what`` is one entry in words, with its article.
    """

    name: Text
    each: Rule
    fewest: int = 0
    what: str = "an entry"

    def check(self, value: object, keys: Keys, report: Report) -> None:
        """Report bad names, and what is wrong in the values."""
        if not _is_mapping(value, keys, report):
            return
        if len(value) < self.fewest:
            report(keys, f"expected {self.what}, found none", at_key=True)
        for key, item in value.items():
            if not self.name.accepts(key):
                message = f"bad name of {self.what}: expected {self.name.says}, found {words.described(key)}"
                report((*keys, key), message, self.name.suggestion(key), at_key=True)
            self.each.check(item, (*keys, key), report)


def _is_mapping(value: object, keys: Keys, report: Report) -> TypeGuard[dict[str, object]]:
    if not isinstance(value, dict):
        report(keys, f"expected a mapping, found {words.described(value)}")
        return False
    good = True
    for key in value:
        if not isinstance(key, str):
            message = f"expected text as the key of a mapping, found {words.described(key)}"
            report((*keys, key), message, "put the key in quotes", at_key=True)
            good = False
    return good


def _plain_number(text: str) -> str:
    """A number like 1e9 in digits; anything else as it is."""
    number = re.fullmatch(r"([0-9]{1,18})(?:\.0)?(?:[eE]\+?([0-9]{1,2}))?", text, re.ASCII)
    return f"{number[1]}{'0' * int(number[2] or 0)}" if number else text
