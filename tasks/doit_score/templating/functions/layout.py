"""Go's date layouts: the reference time Mon Jan 2 15:04:05 MST 2006 written as the user wants it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

FIXED = (
    "January", "Jan", "Monday", "Mon", "MST", "002", "01", "02", "03", "04", "05", "06", "15", "1",
    "2006", "2", "__2", "_2", "3", "4", "5", "PM", "pm",
    "-07:00:00", "-070000", "-07:00", "-0700", "-07", "Z07:00:00", "Z070000", "Z07:00", "Z0700", "Z07",
)  # fmt: skip
"""The elements of a layout, each before those that it starts with."""
_STARTS = frozenset(element[0] for element in FIXED)


@lru_cache(maxsize=256)
def elements(layout: str) -> tuple[tuple[str, bool], ...]:
    """``layout`` cut into literal texts (false) and elements (true); ``.000`` is an element, too."""
    return tuple(_elements(layout))


def _elements(layout: str) -> Iterator[tuple[str, bool]]:
    literal = place = 0
    while place < len(layout):
        found = _element(layout, place)
        if found == "_2006":  # an underscore, and the year
            found, place = "2006", place + 1
        if not found:
            place += 1
            continue
        if literal < place:
            yield layout[literal:place], False
        yield found, True
        place += len(found)
        literal = place
    if literal < len(layout):
        yield layout[literal:], False


def _element(layout: str, place: int) -> str:
    """The element that starts at ``place``, or ""."""
    first = layout[place]
    if first in ".,":
        return _fraction(layout, place)
    if first not in _STARTS:
        return ""
    if layout.startswith("_2006", place):
        return "_2006"
    for element in FIXED:
        if layout.startswith(element, place):
            if element in ("Jan", "Mon") and "a" <= layout[place + 3 : place + 4] <= "z":
                continue
            return element
    return ""


def _fraction(layout: str, place: int) -> str:
    digit = layout[place + 1 : place + 2]
    if digit not in ("0", "9"):
        return ""
    end = place + 1
    while layout[end : end + 1] == digit:
        end += 1
    return "" if layout[end : end + 1].isdecimal() else layout[place:end]


def is_fraction(element: str) -> bool:
    return element[0] in ".,"


def formatted(moment: datetime, layout: str) -> str:
    """``moment`` (with a zone) in ``layout``."""
    return "".join([_written(moment, text) if special else text for text, special in elements(layout)])


def _written(moment: datetime, element: str) -> str:
    if is_fraction(element):
        return _written_fraction(moment, element)
    if element[0] in "-Z":
        return _written_offset(moment, element)
    hour = moment.hour % 12 or 12
    simple: dict[str, str | int] = {
        "January": MONTHS[moment.month - 1], "Jan": MONTHS[moment.month - 1][:3],
        "1": moment.month, "01": f"{moment.month:02d}",
        "Monday": DAYS[moment.weekday()], "Mon": DAYS[moment.weekday()][:3],
        "2": moment.day, "_2": f"{moment.day:2d}", "02": f"{moment.day:02d}",
        "15": f"{moment.hour:02d}", "3": hour, "03": f"{hour:02d}",
        "4": moment.minute, "04": f"{moment.minute:02d}", "5": moment.second, "05": f"{moment.second:02d}",
        "2006": f"{moment.year:04d}", "06": f"{moment.year % 100:02d}",
        "PM": "PM" if moment.hour >= 12 else "AM", "pm": "pm" if moment.hour >= 12 else "am",
    }  # fmt: skip
    if element in simple:
        return str(simple[element])
    if element == "MST":
        return zone_name(moment) or _signed(_offset(moment) // 60 * 60, "", seconds=False)
    day = moment.timetuple().tm_yday
    return f"{day:03d}" if element == "002" else f"{day:3d}"


def zone_name(moment: datetime) -> str:
    """The abbreviation of the zone, "" for one that is only an offset."""
    name = moment.tzname() or ""
    return "" if name.startswith(("UTC+", "UTC-")) else name


def _written_fraction(moment: datetime, element: str) -> str:
    digits = f"{moment.microsecond:06d}000"[: len(element) - 1].ljust(len(element) - 1, "0")
    if element[1] == "9":
        digits = digits.rstrip("0")
        return element[0] + digits if digits else ""
    return element[0] + digits


def _offset(moment: datetime) -> int:
    """Seconds east of UTC."""
    offset = moment.utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _written_offset(moment: datetime, element: str) -> str:
    offset = _offset(moment)
    if element[0] == "Z" and offset == 0:
        return "Z"
    if len(element) == 3:
        return _signed(offset, "", seconds=False)[:3]
    return _signed(offset, ":" if ":" in element else "", seconds=len(element) in (7, 9))


def _signed(offset: int, separator: str, *, seconds: bool) -> str:
    minutes, rest = divmod(abs(offset), 60)
    text = f"{'-' if offset < 0 else '+'}{minutes // 60:02d}{separator}{minutes % 60:02d}"
    return f"{text}{separator}{rest:02d}" if seconds else text
