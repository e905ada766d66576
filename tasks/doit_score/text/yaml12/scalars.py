"""What one scalar means: the rules of Go's yaml.v3 for values without a type.

Source of the rules: conformance cases spec-69 to spec-109, spec-117, spec-129, spec-156, spec-266.
"""

from __future__ import annotations

import re

from doit_score.text.light import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

YAML_TAG: Final = "tag:yaml.org,2002:"
MERGE_TAG: Final = YAML_TAG + "merge"

# A plain scalar that is not empty and does not start with one of these is text: asked for every
# scalar of every file, so it must be one set look-up.
HINTS: Final = frozenset("+-.0123456789~nNtTfF<")

_WORDS: Final[dict[str, object]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}

_INTEGER = re.compile(
    r"([-+]?)(?:0[xX](?P<x>[0-9a-fA-F]+)|0[bB](?P<b>[01]+)|0[oO]?(?P<o>[0-7]+)|(?P<d>0|[1-9][0-9]*))"
)
_BASES: Final = {"x": 16, "b": 2, "o": 8, "d": 10}
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:([Tt ])([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?(Z|[-+][0-9]{2}:[0-9]{2})?)?"
)
_MANY_DIGITS: Final = 1000
_INT_RANGE: Final = (-(1 << 63), (1 << 64) - 1)

# What a tag of YAML needs, in words, and the type of it where one type says it all.
_TAGGED: Final[dict[str, tuple[str, type | None]]] = {
    "binary": ("base64 of UTF-8 text", str),
    "int": ("an integer", int),
    "float": ("a number", float),
    "bool": ("true or false", bool),
    "null": ("null", type(None)),
    "timestamp": ("a date or a time", None),
}


def resolve(text: str, *, times: bool = True) -> object:
    """The value of a plain scalar: None, bool, int, float, datetime, or the text itself.

    ``times`` is False where an explicit tag asks for something other than a timestamp.
    """
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first == ".":
        return _decimal(text)
    if first not in "+-0123456789":
        return text
    if times and text[4:5] == "-":
        moment = timestamp(text)
        if moment is not None:
            return moment
    number = _number(text.replace("_", ""))
    return text if number is None else number


def tagged(text: str, tag: str) -> object:
    """The value of a scalar with an explicit ``tag`` (in full, not ``!!`` short).

    A local tag leaves the text as it is (case spec-266).  Raises ValueError, saying what was
    expected, if the text is no value of that type (cases spec-107, spec-108).
    """
    short = tag.removeprefix(YAML_TAG)
    if short not in _TAGGED or short == tag:
        return text
    if short == "binary":
        return _binary(text)
    expected, kind = _TAGGED[short]
    value = timestamp(text) if short == "timestamp" else resolve(text, times=False)
    if short == "float" and type(value) is int:
        return float(value)
    if value is None if kind is None else type(value) is not kind:
        raise ValueError(f"the tag !!{short} needs {expected}")
    return value


def timestamp(text: str) -> datetime | None:
    """The moment that ``text`` spells, in UTC unless it says otherwise; None if it spells none.

    A time after a space has no zone, a time after ``T`` must have one; fractions are kept to the
    microsecond (case spec-156).
    """
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day, separator, hour, minute, second, fraction, zone = match.groups()
    if separator is not None and (separator == " ") != (zone is None):
        return None
    from datetime import datetime, timedelta, timezone

    offset = timezone.utc
    try:
        if zone is not None and zone != "Z":
            delta = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
            offset = timezone(-delta if zone[0] == "-" else delta)
        micros = int((fraction or "")[:6].ljust(6, "0"))
        day_start = datetime(int(year), int(month), int(day), tzinfo=offset)
        return day_start.replace(
            hour=int(hour or 0), minute=int(minute or 0), second=int(second or 0), microsecond=micros
        )
    except ValueError:
        return None


def _number(text: str) -> int | float | None:
    match = _INTEGER.fullmatch(text)
    if match is not None:
        base = match.lastgroup or "d"
        # Python refuses to read thousands of digits, and what has that many is not in the range.
        number = int(match[1] + match[base], _BASES[base]) if len(text) < _MANY_DIGITS else _INT_RANGE[1] + 1
        if _INT_RANGE[0] <= number <= _INT_RANGE[1]:
            return number
    value = _decimal(text)
    return value if isinstance(value, float) else None


def _decimal(text: str) -> float | str:
    if _FLOAT.fullmatch(text):
        number = float(text)
        if number - number == 0:  # what is too large for a float is text, not infinity
            return number
    return text


def _binary(text: str) -> str:
    from base64 import b64decode

    try:
        return b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode()
    except ValueError:
        raise ValueError(f"the tag !!binary needs {_TAGGED['binary'][0]}") from None
