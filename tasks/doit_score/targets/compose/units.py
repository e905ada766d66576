"""Numbers, durations and sizes in the spelling that Compose tools print.

A Compose file may say ``90s`` or ``64m``; compose-go writes ``1m30s`` and ``"67108864"`` (cases
patches-48-set-durations, patches-75-resource-objects).  One spelling for one meaning keeps the
output from changing with the taste of a provisioner's author.
"""

from __future__ import annotations

import re

_DURATION_PART = re.compile(r"([0-9]{1,99}(?:\.[0-9]{0,99})?|\.[0-9]{1,99})(w|d|h|ms|m|s|us|µs|μs|ns)")
_SIZE = re.compile(r"([0-9]{1,99}(?:\.[0-9]{1,99})?) ?([kmgtp]?)(?:i?b)?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}


def duration(text: str) -> str | None:
    """``text`` (``1m30s``, ``0.5h``, ``1d``, ``0``) in one spelling; None if it is no duration."""
    from doit_score.templating.functions import durations  # few values are durations

    if text == "0":
        return "0s"
    units = {**durations.UNITS, "d": 24 * durations.HOUR, "w": 168 * durations.HOUR}
    total, position = 0, 0
    while position < len(text):
        part = _DURATION_PART.match(text, position)
        if part is None:
            return None
        total += _scaled(part[1], units[part[2]])
        position = part.end()
    return durations.text(total) if text else None


def _scaled(number: str, unit: int) -> int:
    """``number`` (``1.5``) units as a whole number, rounded down, without the errors of floats."""
    whole, _, fraction = number.partition(".")
    parts: int = 10 ** len(fraction)
    return int(whole or 0) * unit + int(fraction or 0) * unit // parts


def size(value: object) -> str | None:
    """Bytes as text, from a number or from ``64m``, ``1.5gb`` (powers of 1024); None if it is no size."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        return None
    if value == "-1":  # no limit, for memswap_limit
        return value
    match = _SIZE.fullmatch(value)
    if match is None:
        return None
    return str(_scaled(match[1], 1024 ** _POWERS[match[2].lower()]))
