"""The kinds of value that a Compose section is made of, as small checkers that can be combined.

A checker takes a value that is not null, where it is (``ports[0].target``) and the findings so far; it
returns the normalised value, or ``ABSENT`` where there is nothing to be written.  What is wrong goes to the
findings, so that one look finds everything.  Messages never show values from places where
passwords live (environment, labels, options).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping

from doit_score.text import words
from doit_score.text.light import Final, NamedTuple, dataclass, field

from .units import duration, size


class _Absent:
    __slots__ = ()


ABSENT: Final = _Absent()
"""Nothing to be written: the value was null, empty where that means nothing, or wrong."""


@dataclass(slots=True)
class Findings:
    """Messages about one section, in the order of its keys.

    ``strict`` takes only strings for strings, not numbers, booleans and timestamps, and makes keys
    that Compose does not know errors.
    """

    strict: bool = False
    errors: list[str] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    """Message and hint."""
    places: dict[str, str] = field(default_factory=dict)
    """What each message is about."""

    def text(self, value: object) -> str | None:
        """The text of a scalar where Compose wants a string; None where there is none."""
        return words.scalar_text(value) if isinstance(value, str) or not self.strict else None

    def unknown(self, at: str, name: str, known: Iterable[str]) -> None:
        """Note a key that Compose does not know, where it knows others."""
        message = f"{at}: Compose knows no such key here"
        self.places[message] = at
        if self.strict:
            self.errors.append(message)
        else:
            self.warnings.append((message, f"{words.near(name, known, '')} {_LEFT_OUT}".strip()))

    def suspicious(self, at: str, message: str, hint: str) -> None:
        """Note a warning."""
        told = f"{at}: {message}"
        self.places[told] = at
        self.warnings.append((told, hint))

    def wrong(self, at: str, expected: str, found: str) -> _Absent:
        """Note an error; returns ABSENT for the caller to return."""
        message = f"{at}: expected {expected}, found {found}"
        self.places[message] = at
        self.errors.append(message)
        return ABSENT


Check = Callable[[object, str, Findings], object]


class Kind(NamedTuple):
    """A checker, and whether an empty result (zero, false, "", [], {}) is written nevertheless.

    compose-go leaves zero values out except where it can tell them from nothing.
    """

    check: Check
    keep_empty: bool = False


Table = Mapping[str, Kind]
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_PART = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\[('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\]")
_LEFT_OUT = "it is left out; correct it, or begin it with x- to keep it for something else"
_TRUE, _FALSE = ("y", "Y", "yes", "on"), ("n", "N", "no", "off")


def below(at: str, key: object) -> str:
    """The place of ``key`` within ``at``."""
    if isinstance(key, int) and not isinstance(key, bool):
        return f"{at}[{key}]"
    text = str(key)
    if not _PLAIN_KEY.fullmatch(text):
        return f"{at}[{text!r}]"
    return f"{at}.{text}" if at else text


def keys_of(at: str) -> tuple[str | int, ...]:
    """The keys of which :func:`below` made a place."""
    found: list[str | int] = []
    for name, number, quoted in _PART.findall(at):
        found.append(int(number) if number else ast.literal_eval(quoted) if quoted else name)
    return tuple(found)


def _string(value: object, at: str, found: Findings) -> object:
    text = found.text(value)
    return found.wrong(at, "text", words.kind(value)) if text is None else text


def _boolean(value: object, at: str, found: Findings) -> object:
    if isinstance(value, bool):
        return value
    # YAML 1.1 spellings, which the reference reads as booleans here (provisioners-163).
    if isinstance(value, str) and value in _TRUE + _FALSE:
        return value in _TRUE
    return found.wrong(at, "true or false", words.described(value))


def integer(low: int | None = None, high: int | None = None, what: str = "a whole number") -> Check:
    """A whole number from ``low`` to ``high``; ``3.0`` counts as one (patches-86)."""

    def check(value: object, at: str, found: Findings) -> object:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            return found.wrong(at, what, words.described(value))
        if (low is not None and value < low) or (high is not None and value > high):
            return found.wrong(at, what, words.described(value))
        return value

    return check


def _opt_out(value: object, at: str, found: Findings) -> object:
    """A flag that is true unless said otherwise: only false is written."""
    flag = _boolean(value, at, found)
    return ABSENT if flag is True else flag


def _device_count(value: object, at: str, found: Findings) -> object:
    return value if value == "all" else _DEVICE_INTEGER(value, at, found)


_DEVICE_INTEGER = integer(what="a whole number or all")


def _number(value: object, at: str, found: Findings) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{0,99}\.?[0-9]{1,99}", value, re.ASCII):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value - value != 0:
        return found.wrong(at, "a number", words.described(value))
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _size(value: object, at: str, found: Findings) -> object:
    text = size(value)
    if text is None:
        return found.wrong(at, "a size such as 64m or a number of bytes", words.described(value))
    return ABSENT if text == "0" else text


def _duration(value: object, at: str, found: Findings) -> object:
    text = duration(value) if isinstance(value, str) else None
    return found.wrong(at, "a duration such as 5s or 1m30s", words.described(value)) if text is None else text


def _file_mode(value: object, at: str, found: Findings) -> object:
    """The number: a text, though octal to us, is a decimal number to Compose 2.26."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 0o7777:
        return value
    if isinstance(value, str) and re.fullmatch("(0o?)?[0-7]{1,4}", value):
        return int(value.removeprefix("0o"), 8)
    return found.wrong(at, 'octal permissions such as "0444"', words.described(value))


def _user_id(value: object, at: str, found: Findings) -> object:
    text = _string(value, at, found)
    # What Compose fills in from the environment is not known here.
    if isinstance(text, str) and "$" not in text and not re.fullmatch("[0-9]*", text):
        return found.wrong(at, 'the number of a user or group such as "1000"', words.described(value))
    return text


def _anything(value: object, at: str, found: Findings) -> object:
    return value


STRING = Kind(_string)
BOOL = Kind(_boolean)
BOOL_KEPT = Kind(_boolean, keep_empty=True)
OPT_OUT = Kind(_opt_out, keep_empty=True)
INT = Kind(integer())
INT_KEPT = Kind(integer(), keep_empty=True)
COUNT = Kind(integer(0, what="a whole number from 0"), keep_empty=True)
DEVICE_COUNT = Kind(_device_count)
NUMBER = Kind(_number)
SIZE = Kind(_size)
DURATION = Kind(_duration)
FILE_MODE = Kind(_file_mode, keep_empty=True)
USER_ID = Kind(_user_id)
ANYTHING = Kind(_anything)


def struct(table: Table, from_scalar: str | None = None) -> Kind:
    """A mapping with known keys; a scalar stands for the key ``from_scalar`` alone."""

    def check(value: object, at: str, found: Findings) -> object:
        if from_scalar is not None and not isinstance(value, (Mapping, list)):
            value = {from_scalar: value}
        if not isinstance(value, Mapping):
            return found.wrong(at, "a mapping", words.kind(value))
        return check_table(table, value, at, found)

    return Kind(check, keep_empty=True)


def check_table(table: Table, value: Mapping[object, object], at: str, found: Findings) -> dict[str, object]:
    """The entries of ``value`` that ``table`` knows, and extensions (``x-...``); a warning for the others."""
    result: dict[str, object] = {}
    for key in sorted(value, key=str):
        name, place = str(key), below(at, str(key))
        if name.startswith("x-"):
            result[name] = value[key]
        elif name not in table:
            found.unknown(place, name, table)
        elif value[key] is not None:
            kind = table[name]
            item = kind.check(value[key], place, found)
            if item is not ABSENT and (item or kind.keep_empty):
                result[name] = item
    return result


class Several(NamedTuple):
    """What one item of a list stands for (a range of ports)."""

    items: tuple[object, ...]


def listing(item: Kind, from_scalar: bool = False) -> Kind:
    """A list; with ``from_scalar`` one scalar stands for a list of it.  An item may expand to several."""

    def check(value: object, at: str, found: Findings) -> object:
        if from_scalar and not isinstance(value, (Mapping, list)):
            value = [value]
        if not isinstance(value, list):
            return found.wrong(at, "a list", words.kind(value))
        result: list[object] = []
        for index, entry in enumerate(value):
            place = below(at, index)
            checked = (
                found.wrong(place, "an entry", "null") if entry is None else item.check(entry, place, found)
            )
            if isinstance(checked, Several):
                result.extend(checked.items)
            elif checked is not ABSENT:
                result.append(checked)
        return result

    return Kind(check)


def named(item: Kind, null: object = ABSENT, from_list: bool = False) -> Kind:
    """A mapping from names to ``item``; ``null`` stands for a null entry, and for the names of a list."""

    def check(value: object, at: str, found: Findings) -> object:
        if from_list and isinstance(value, list):
            names = [entry for entry in value if isinstance(entry, str)]
            if len(names) != len(value):
                return found.wrong(at, "a list of names", "an entry that is no string")
            value = dict.fromkeys(names)
        if not isinstance(value, Mapping):
            return found.wrong(at, "a mapping", words.kind(value))
        result = {}
        for key in sorted(value, key=str):
            entry = value[key]
            if entry is None:
                checked = dict(null) if isinstance(null, dict) else null
            else:
                checked = item.check(entry, below(at, str(key)), found)
            if checked is not ABSENT:
                result[str(key)] = checked
        return result

    return Kind(check)


def pairs(null: object = "", separator: str = "=") -> Kind:
    """Texts by name (environment, labels, options), from a mapping or a list of ``name=text``.

    ``null`` stands for a null value and for a name alone: "" for labels, None for environment.
    """

    def check(value: object, at: str, found: Findings) -> object:
        if isinstance(value, list):
            return _pairs_of_list(value, at, found)
        if not isinstance(value, Mapping):
            return found.wrong(at, f"a mapping or a list of name{separator}value", words.kind(value))
        result: dict[str, object] = {}
        for key in sorted(value, key=str):
            text = null if value[key] is None else found.text(value[key])
            if text is None and value[key] is not None:
                found.wrong(below(at, str(key)), "text", words.kind(value[key]))
            result[str(key)] = text
        return result

    def _pairs_of_list(value: list[object], at: str, found: Findings) -> dict[str, object]:
        result: dict[str, object] = {}
        for index, entry in enumerate(value):
            if not isinstance(entry, str):
                found.wrong(below(at, index), f"a text name{separator}value", words.kind(entry))
                continue
            name, given, text = entry.partition(separator)
            result[name] = text if given else null
        return dict(sorted(result.items()))

    return Kind(check)


STRINGS = listing(STRING)
STRING_OR_STRINGS = listing(STRING, from_scalar=True)
LABELS = pairs()
ENVIRONMENT = pairs(null=None)
