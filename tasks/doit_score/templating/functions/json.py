"""JSON as Go's encoding/json writes and reads it.

Written: keys sorted, ``<``, ``>`` and ``&`` escaped (not by the raw functions), the shortest digits
of a number.  Read: every number is a float64.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from doit_score.text import words
from doit_score.text.light import Any

from ..errors import GoError
from ..limits import LimitError, step, weigh
from ..values import Struct, TypedList, TypedMap, is_time, type_name, utf8
from .conversion import Enumeration

_DEPTH = 200
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_CODES = (*range(0x20), ord('"'), ord("\\"), 0x2028, 0x2029)
_ALWAYS = {code: _ESCAPES.get(chr(code), f"\\u{code:04x}") for code in _CODES}
_RAW = {**_ALWAYS, **dict.fromkeys(range(0xD800, 0xE000), "\\ufffd")}
_HTML = {**_RAW, **{ord(char): f"\\u{ord(char):04x}" for char in "<>&"}}


class _Writer:
    """Writes one value; ``step`` is the indentation of a level, empty for all on one line."""

    def __init__(self, escapes: dict[int, str], step: str) -> None:
        self.escapes = escapes
        self.step = step
        self.out: list[str] = []
        self.depth = 0

    def text(self, value: object) -> str:
        self.value(value)
        return "".join(self.out)

    def value(self, value: object) -> None:
        if value is None:
            self.out.append("null")
        elif isinstance(value, bool):
            self.out.append("true" if value else "false")
        elif isinstance(value, str):
            self.out.append(self.string(value))
        elif isinstance(value, int):
            self.out.append(int.__repr__(value))
        elif isinstance(value, float):
            self.out.append(_number(value))
        elif isinstance(value, dict):
            self.mapping(value)
        elif isinstance(value, (list, tuple)):  # of Jinja2, whose filters give pairs
            self.sequence(value)
        else:
            self.other(value)

    def string(self, text: str) -> str:
        weigh(text)
        return f'"{text.translate(self.escapes)}"'

    def mapping(self, value: dict[Any, object]) -> None:
        if isinstance(value, TypedMap) and value.nil:
            self.out.append("null")
            return
        if not all(isinstance(key, str) for key in value):
            raise GoError("cannot write a map as JSON that has keys other than texts")
        names = sorted(value, key=utf8)
        self.block("{", "}", [(f"{self.string(name)}:", value[name]) for name in names])

    def sequence(self, value: Sequence[object]) -> None:
        if isinstance(value, TypedList) and value.nil:
            self.out.append("null")
        else:
            self.block("[", "]", [("", item) for item in value])

    def block(self, start: str, end: str, entries: list[tuple[str, object]]) -> None:
        if not entries:
            self.out.append(start + end)
            return
        step(len(entries))
        self.depth += 1
        if self.depth > _DEPTH:
            raise GoError(f"cannot write a value as JSON that is nested deeper than {_DEPTH} levels")
        line = f"\n{self.step * self.depth}" if self.step else ""
        before = start
        for prefix, item in entries:
            self.out.append(f"{before}{line}{prefix}{' ' if prefix and self.step else ''}")
            self.value(item)
            before = ","
        self.depth -= 1
        self.out.append(f"\n{self.step * self.depth}{end}" if self.step else end)

    def other(self, value: object) -> None:
        if is_time(value):
            from .dates import json_text

            self.out.append(self.string(json_text(value)))
        elif isinstance(value, Enumeration):
            self.out.append(str(value.number))
        elif isinstance(value, Struct):
            text = value.string()
            if text is not None:
                self.out.append(self.string(text))
            else:
                named = [(value.tags.get(name, name), value.fields[name]) for name in value.fields]
                self.block("{", "}", [(f"{self.string(name)}:", item) for name, item in named])
        else:
            raise GoError(f"cannot write a value of type {type_name(value)} as JSON")


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise GoError("JSON has no infinite numbers and no NaN")
    return words.json_number(value)


def encode(value: object, *, html: bool = True, step: str = "") -> str:
    """``value`` as JSON.

    Raises:
        GoError: JSON cannot hold it (NaN, infinity, complex numbers, functions, keys that are no texts).
    """
    return _Writer(_HTML if html else _RAW, step).text(value)


def _or_empty(write: Callable[[object], str], value: object) -> str:
    """``value`` as JSON; the empty text when JSON cannot hold it."""
    try:
        return write(value)
    except LimitError:
        raise
    except GoError:
        return ""


def must_to_json(value: object) -> str:
    return encode(value)


def must_to_pretty_json(value: object) -> str:
    return encode(value, step="  ")


def must_to_raw_json(value: object) -> str:
    return encode(value, html=False)


def to_json(value: object) -> str:
    return _or_empty(must_to_json, value)


def to_pretty_json(value: object) -> str:
    return _or_empty(must_to_pretty_json, value)


def to_raw_json(value: object) -> str:
    return _or_empty(must_to_raw_json, value)


def _decode(text: str) -> tuple[object, str]:
    """The value, with nil for numbers that are too large, and what is wrong, empty if nothing is."""
    import json

    from doit_score.text import words

    problems: list[str] = []

    def number(digits: str) -> float | None:
        value = float(digits)
        if math.isinf(value):
            problems.append("a number is too large for a float64")
            return None
        return value

    def constant(name: str) -> object:
        raise ValueError(f"{name} is no JSON value")

    try:
        value = json.loads(text, parse_float=number, parse_int=number, parse_constant=constant)
    except json.JSONDecodeError as error:
        return None, f"no JSON at line {error.lineno}, column {error.colno}: {words.json_fault(error.msg)}"
    except (ValueError, RecursionError) as error:
        return None, f"no JSON: {error}"
    return _repaired(value), "".join(problems[:1])


def _repaired(value: object) -> object:
    """``value`` with U+FFFD for half characters."""
    if isinstance(value, str):
        if value.isascii():
            return value
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_repaired(item) for item in value]
    if isinstance(value, dict):
        return {_repaired(key): _repaired(item) for key, item in value.items()}
    return value


def from_json(text: str) -> object:
    """The value of a JSON text, as far as it can be read; nil when it is none."""
    return _decode(text)[0]


def must_from_json(text: str) -> object:
    value, problem = _decode(text)
    if problem:
        raise GoError(problem)
    return value
