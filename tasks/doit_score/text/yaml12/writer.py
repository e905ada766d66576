"""Writing: block style, sorted, and so that readers of YAML 1.1 and of 1.2 understand the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from doit_score.text.light import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

# What surely is text without quotes: no indicator at the start, no ": " or " #" inside.
_PLAIN = re.compile(
    r"(?:[A-Za-z_/\\(;$^.+0-9<]|[^\x00-\x7f]|-(?=[A-Za-z-]))(?:[^:#]|:(?=\S)|(?<=\S)#)*(?<!\s)"
)
# What might be a number, a date, a time or the like in some dialect.
_NUMBERLIKE = re.compile(r"[-+.]*[0-9][0-9A-FXOTZ_.,:+\- ]*|[-+]?\.(?:INF|NAN)|[-+._]+", re.IGNORECASE)
_WORDS: Final = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "<<", "="])
_DOCUMENT_MARKS: Final = ("---", "...")
_SHORT_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
# A reader need not look further than 1,024 characters for the colon after a key (YAML 1.2, 7.4).
_LONGEST_KEY: Final = 1000


def dump(value: object, *, indent: int = 2) -> str:
    """``value`` as YAML text that ends with a line break.

    Accepts None, bool, int, float, str, datetime, mappings, lists and tuples; raises TypeError for
    anything else.  Mappings are sorted by key (keys that are not text by how they are written),
    lists are indented below their key, no line is folded.  What is below a key is indented by
    ``indent`` spaces.  Lone surrogates, which no encoding can carry, become U+FFFD.
    """
    parts: list[str] = []
    step = " " * indent
    if isinstance(value, Mapping) and value:
        _mapping(value, "", step, parts)
    elif isinstance(value, (list, tuple)) and value:
        _sequence(value, "", step, parts)
    else:
        parts += (_scalar(value, "  "), "\n")
    return "".join(parts)


def _mapping(
    value: Mapping[object, object], indent: str, step: str, parts: list[str], *, begun: bool = False
) -> None:
    """Append the entries, one a line; where ``begun``, the first line is indented already."""
    start = "" if begun else indent
    below = indent + step
    for key, item in _entries(value):
        if len(key) > _LONGEST_KEY:
            parts += (start, "? ", key, "\n", indent, ":")
        else:
            parts += (start, key, ":")
        start = indent
        if type(item) is not str and isinstance(item, Mapping) and item:
            parts.append("\n")
            _mapping(item, below, step, parts)
        elif isinstance(item, (list, tuple)) and item:
            parts.append("\n")
            _sequence(item, below, step, parts)
        else:
            parts += (" ", _scalar(item, below), "\n")


def _sequence(
    value: Sequence[object], indent: str, step: str, parts: list[str], *, begun: bool = False
) -> None:
    start = "" if begun else indent
    below = indent + "  "
    for item in value:
        parts += (start, "- ")
        start = indent
        if type(item) is not str and isinstance(item, Mapping) and item:
            _mapping(item, below, step, parts, begun=True)
        elif isinstance(item, (list, tuple)) and item:
            _sequence(item, below, step, parts, begun=True)
        else:
            parts += (_scalar(item, below), "\n")


def _entries(value: Mapping[object, object]) -> Iterable[tuple[str, object]]:
    if all(type(key) is str for key in value):
        return [(_text(key), value[key]) for key in sorted(value)]  # type: ignore[type-var]  # all keys are text
    written = [(_text(key) if isinstance(key, str) else _atom(key), item) for key, item in value.items()]
    return sorted(written, key=lambda entry: entry[0])


def _scalar(value: object, indent: str) -> str:
    """One value that has no lines of its own; text of several lines is indented by ``indent``."""
    if isinstance(value, str):
        if "\n" in value and _is_literal(value):
            return _literal(value, indent)
        return _text(value)
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, (list, tuple)):
        return "[]"
    return _atom(value)


def _atom(value: object) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _float(value)
    from datetime import datetime

    if isinstance(value, datetime):
        return _time(value)
    raise TypeError(f"no YAML for a value of type {type(value).__name__}")


def _float(value: float) -> str:
    if value != value:
        return ".nan"
    if value - value != 0:
        return ".inf" if value > 0 else "-.inf"
    text = float.__repr__(value)
    # YAML 1.1 knows a float by its point: 1e+21 would be text.
    return text if "." in text else text.replace("e", ".0e")


def _time(value: datetime) -> str:
    moment, zone = value.replace(tzinfo=None).isoformat(), value.isoformat()[-6:]
    if "." in moment:
        moment = moment.rstrip("0")
    # A time without a zone is taken for UTC, as a reader takes it.
    return moment + ("Z" if value.tzinfo is None or zone == "+00:00" else zone)


@lru_cache(maxsize=8192)
def _text(value: str) -> str:
    """``value`` on one line: plain if no reader could misread it, else quoted."""
    if not value.isprintable():
        return double_quoted(value)
    if (
        _PLAIN.fullmatch(value)
        and value.lower() not in _WORDS
        and not _NUMBERLIKE.fullmatch(value)
        and not value.startswith(_DOCUMENT_MARKS)
    ):
        return str(value)
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def double_quoted(value: str) -> str:
    """``value`` in double quotes, which no reader takes for anything but text."""
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(char: str) -> str:
    if char in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02X}"
    if 0xD800 <= code < 0xE000:
        return "\\uFFFD"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _is_literal(value: str) -> bool:
    """Whether a literal block holds ``value`` unharmed, without an indentation indicator."""
    if value[0].isspace() or value.endswith("\n\n"):
        return False
    return all(
        line.replace("\t", "").isprintable() and line.rstrip(" \t") == line for line in value.split("\n")
    )


def _literal(value: str, indent: str) -> str:
    body = value.removesuffix("\n")
    lines = [indent + line if line else "" for line in body.split("\n")]
    return "\n".join(["|" if body != value else "|-", *lines])
