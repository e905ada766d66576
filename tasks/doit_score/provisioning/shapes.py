"""What a param or an annotation must be, as a provisioner declares it, and whether a value is that.

A declaration speaks JSON Schema, as far as it is of use for single values, and knows two types more: ``port``
and ``quantity``.  A number may come as text: what a placeholder stands for always does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from doit_score.text import words
from doit_score.text.light import NamedTuple, dataclass

TYPES: Mapping[str, str] = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "text",
    "object": "a mapping",
    "array": "a list",
    "null": "null",
    "port": "a port from 1 to 65535",
    "quantity": "an amount such as 10Gi",
}
"""What there may be, and how a message calls it."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?", re.ASCII)
_PORT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
_QUANTITY = re.compile(r"(?=[0-9.]*[1-9])[0-9]+(\.[0-9]+)?(k|[MGTPE]|[KMGTPE]i)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shape:
    """What one param or annotation must be; without ``types`` it may be of any.

    ``description`` takes the place of what messages say of it.  ``minimum`` and ``maximum`` are for numbers,
    ``pattern`` (RE2) is searched in the text of a scalar, and ``enum`` holds texts of scalars.
    """

    types: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple[str, ...] = ()
    pattern: str = ""
    required: bool = False
    description: str = ""

    def fault(self, value: object) -> str | None:
        """What was expected and what was found; None if ``value`` is right.

        Raises GoError for a pattern that is none.
        """
        if self._takes(value):
            return None
        return f"expected {self.expected()}, found {_found(value)}"

    def expected(self) -> str:
        """What is expected, in words."""
        if self.description:
            return self.description
        if self.enum:
            return words.either(self.enum)
        named = " or ".join(TYPES[name] for name in self.types) or "a value"
        return named + self._range() + (f" that matches {self.pattern}" if self.pattern else "")

    def _range(self) -> str:
        least, most = (None if one is None else words.number(one) for one in (self.minimum, self.maximum))
        if least is None:
            return "" if most is None else f" of {most} or less"
        return f" of {least} or more" if most is None else f" from {least} to {most}"

    def _takes(self, value: object) -> bool:
        if self.types and not any(_IS[name](value) for name in self.types):
            return False
        text = words.scalar_text(value)
        if (self.minimum is not None or self.maximum is not None) and _is_number(value):
            number = int(str(value)) if _INTEGER.fullmatch(str(value)) else float(str(value))
            if not _or(self.minimum, number) <= number <= _or(self.maximum, number):
                return False
        if self.enum and text not in self.enum:
            return False
        return not self.pattern or (text is not None and _matches(self.pattern, text))


def _or(limit: float | None, otherwise: float) -> float:
    return otherwise if limit is None else limit


def _matches(pattern: str, text: str) -> bool:
    from doit_score.templating.functions.regex import must_regex_match

    return must_regex_match(pattern, text)


def _found(value: object) -> str:
    text = words.scalar_text(value)
    return words.kind(value) if text is None else f"'{words.short(text)}'"


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return _NUMBER.fullmatch(value) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_integer(value: object) -> bool:
    if isinstance(value, str):
        return _INTEGER.fullmatch(value) is not None
    return _is_number(value) and float(str(value)).is_integer()


def _is_port(value: object) -> bool:
    text = words.scalar_text(value) or ""
    return _PORT.fullmatch(text) is not None and int(text) <= 65535


_IS: Mapping[str, Callable[[object], bool]] = {
    "integer": _is_integer,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool) or value in ("true", "false"),
    "string": lambda value: isinstance(value, str),
    "object": lambda value: isinstance(value, Mapping),
    "array": lambda value: isinstance(value, (list, tuple)),
    "null": lambda value: value is None,
    "port": _is_port,
    "quantity": lambda value: _QUANTITY.fullmatch(words.scalar_text(value) or "") is not None,
}

KEYS: Mapping[str, str] = {
    "type": "what it is",
    "minimum": "the least that a number may be",
    "maximum": "the most that a number may be",
    "enum": "all that it may be",
    "pattern": "a regular expression (RE2) for its text",
    "required": "true: a resource must say it",
    "description": "what messages say that was expected",
}
"""The keys of a declaration."""


class Fault(NamedTuple):
    """What is wrong with a declaration, at which keys in it."""

    keys: tuple[str | int, ...]
    message: str
    hint: str | None = None


def read(value: object, faults: list[Fault]) -> Shape:
    """The declaration ``value``; null is one of anything.  What is wrong is added to ``faults``."""
    if value is None:
        return Shape()
    if not isinstance(value, Mapping):
        faults.append(
            Fault((), f"expected a mapping, found {words.kind(value)}", f"known are {', '.join(KEYS)}")
        )
        return Shape()
    faults += (
        Fault((str(key),), f"unknown key '{key}'", words.near(str(key), KEYS))
        for key in value
        if key not in KEYS
    )
    found = {name: value[name] for name in KEYS if value.get(name) is not None}
    faults += (
        Fault((name,), f"expected {_SAYS[name]}, found {words.described(one)}")
        for name, one in found.items()
        if not _GOOD[name](one)
    )
    if faults:
        return Shape()
    types = found.get("type", ())
    return Shape(
        types=(types,) if isinstance(types, str) else tuple(types),
        minimum=found.get("minimum"),
        maximum=found.get("maximum"),
        enum=tuple(words.scalar_text(one) or "" for one in found.get("enum", ())),
        pattern=found.get("pattern", ""),
        required=found.get("required", False),
        description=found.get("description", ""),
    )


def _is_type(value: object) -> bool:
    return isinstance(value, str) and value in TYPES


def _are(items: object, of: Callable[[object], bool]) -> bool:
    return isinstance(items, list) and bool(items) and all(map(of, items))


def _is_limit(value: object) -> bool:
    return _is_number(value) and not isinstance(value, str)


_GOOD: Mapping[str, Callable[[object], bool]] = {
    "type": lambda value: _is_type(value) or _are(value, _is_type),
    "minimum": _is_limit,
    "maximum": _is_limit,
    "enum": lambda value: _are(value, lambda one: isinstance(one, (str, bool, int, float))),
    "pattern": lambda value: isinstance(value, str),
    "required": lambda value: isinstance(value, bool),
    "description": lambda value: isinstance(value, str),
}
_SAYS: Mapping[str, str] = {
    "type": f"one of {', '.join(TYPES)}, or a list of them",
    "minimum": "a number",
    "maximum": "a number",
    "enum": "a list of texts or numbers",
    "pattern": "text",
    "required": "true or false",
    "description": "text",
}


def text(shape: Shape) -> Iterator[str]:
    """All that a declaration says, for a digest."""
    for values in (shape.types, shape.enum):
        yield from (str(len(values)), *values)
    yield from (str(shape.minimum), str(shape.maximum), shape.pattern, str(shape.required), shape.description)
