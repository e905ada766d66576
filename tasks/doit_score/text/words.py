"""How things are named: kinds of values, names that may be meant, counts, and numbers as Go writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

_LISTED = 25
_LONGEST = 40
_LONGEST_LINE = 120


def kind(value: object) -> str:
    """What ``value``, which came from YAML or JSON, is called; the value itself is not told."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, (list, tuple)) else "a timestamp"


def described(value: object, *, secret: bool = False) -> str:
    """The kind of ``value``, and its beginning where it is a scalar and no ``secret``: ``text ('x')``."""
    if secret or value is None or isinstance(value, (list, tuple, Mapping)):
        return kind(value)
    if isinstance(value, bool):
        return f"a boolean ({str(value).lower()})"
    text = f"'{short(value)}'" if isinstance(value, str) else short(str(value))
    return f"{kind(value)} ({text})"


def short(text: str) -> str:
    """``text`` in at most 40 characters on one line."""
    visible = printable(text[: _LONGEST + 1])
    return visible if len(text) <= _LONGEST else visible[: _LONGEST - 3] + "..."


def clipped(line: str, column: int = 1) -> str:
    """``line`` without its indentation; of a long one 120 characters, those around ``column`` among them."""
    text = line.strip()
    if len(text) <= _LONGEST_LINE:
        return text
    at = column - 1 - (len(line) - len(line.lstrip()))
    start = 0 if at < _LONGEST_LINE - _LONGEST else at - _LONGEST
    part = text[start : start + _LONGEST_LINE]
    return f"{'...' if start else ''}{part}{'...' if len(text) > start + _LONGEST_LINE else ''}"


def printable(text: str) -> str:
    """``text`` with characters that cannot be seen escaped."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def harmless(text: str) -> str:
    """``text`` in its lines, with what a terminal would obey escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" or _is_half(c) else repr(c)[1:-1] for c in text)


def coloured(text: str) -> str:
    """``text`` as :func:`harmless` has it, but with its colours."""
    import re

    pieces = re.split(r"(\x1b\[[0-9;]*m)", text)
    return "".join(harmless(piece) if number % 2 == 0 else piece for number, piece in enumerate(pieces))


def _is_half(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff"  # a byte of a name that is not UTF-8


def near(name: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """The hint for a ``name`` that is not known: which one is nearest, else ``otherwise`` or all that are."""
    names = sorted(known)
    if close := nearest(name, names):
        return f"did you mean '{close}'?"
    return listed(names) if otherwise is None else otherwise


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one that was most likely meant with ``name``, which is not known; None if none is near."""
    from difflib import get_close_matches

    lower = {one.lower(): one for one in sorted(known)}
    close = get_close_matches(name.lower(), lower, 1)
    return lower[close[0]] if close else None


def listed(names: Sequence[str]) -> str:
    """The hint that says which ``names`` there are, the first of them if they are many."""
    if not names:
        return "there are none"
    return f"known are {', '.join(names[:_LISTED])}{', ...' if len(names) > _LISTED else ''}"


def either(names: Sequence[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


_JSON = {
    "Expecting value": "expected a value",
    "Expecting property name enclosed in double quotes": "expected a key in double quotes",
    "Expecting ':' delimiter": "expected a colon",
    "Expecting ',' delimiter": "expected a comma, or the end",
    "Extra data": "expected the end",
    "Illegal trailing comma before end of object": "expected a key after the comma",
    "Illegal trailing comma before end of array": "expected a value after the comma",
    "Invalid control character at": "found a control character in a text",
    "Invalid \\escape": "found a backslash that begins no escape",
    "Invalid \\uXXXX escape": "expected four hexadecimal digits",
    "Unterminated string starting at": "found a text that does not end",
}


def json_fault(message: str) -> str:
    """What Python's JSON reader complains of with ``message``."""
    return _JSON.get(message.removesuffix(": "), "no JSON")


def count(things: int | Collection[object], what: str) -> str:
    """``1 workload``, ``2 workloads``."""
    number = things if isinstance(things, int) else len(things)
    return f"{number} {what}{'' if number == 1 else 's'}"


def number(value: float) -> str:
    """``value`` as ``%v``, strconv's shortest ``g`` and yaml.v3 print it: ``1e+06``, ``0.0001``, ``+Inf``."""
    if isinstance(value, int):
        return int.__repr__(value)
    if value != value:
        return "NaN"
    if value - value != 0:
        return "+Inf" if value > 0 else "-Inf"
    return decimal(value, -4, 6)


def json_number(value: float) -> str:
    """``value``, which is finite, as encoding/json prints it: ``1000000``, ``0.00001``, ``1e-7``."""
    return decimal(value, -6, 21).replace("e-0", "e-")


def decimal(value: float, least: int, most: int) -> str:
    """The shortest digits that read back as ``value``.

    They have an exponent unless it is at least ``least`` and below ``most``.
    """
    mantissa, _, exponent = float.__repr__(value).lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    sign = "-" if float.__repr__(value).startswith("-") else ""
    digits = (whole + fraction).lstrip("0")
    power = int(exponent or 0) - len(fraction) + len(digits) - 1
    digits = digits.rstrip("0")
    if not digits:
        digits, power = "0", 0
    if not least <= power < most:
        tail = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{tail}e{'-' if power < 0 else '+'}{abs(power):02d}"
    if power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{digits}"
    digits = digits.ljust(power + 1, "0")
    return f"{sign}{digits[: power + 1]}{'.' if digits[power + 1 :] else ''}{digits[power + 1 :]}"


def scalar_text(value: object) -> str | None:
    """The text of a YAML scalar where text is wanted; None if it is none (or null)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number(value)
    if value is None or isinstance(value, (dict, list)):
        return None
    # A timestamp, without an import of datetime: a date alone was most likely written as one.
    import re

    text = str(getattr(value, "isoformat", value.__str__)())
    return re.sub(r"T00:00:00(\+00:00)?$", "", text)
