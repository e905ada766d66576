"""Reading a text as a date by a Go layout (what ``toDate`` does)."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from datetime import datetime, timedelta, timezone, tzinfo

from doit_score.text.light import dataclass

from ..errors import GoError
from .layout import DAYS, MONTHS, elements, is_fraction

_ZONE = re.compile(
    r"ChST|MeST|GMT(?:[+-][0-9]{1,2}(?![0-9]))?|[+-][0-9]{1,2}(?![0-9])"
    r"|(?:[A-Z]{4}T|[A-Z]{3}T|WITA|[A-Z]{3})(?![A-Z])"
)
_OFFSETS = {
    "07": re.compile(r"([+-])(\d\d)()()", re.ASCII),
    "0700": re.compile(r"([+-])(\d\d)(\d\d)()", re.ASCII),
    "07:00": re.compile(r"([+-])(\d\d):(\d\d)()", re.ASCII),
    "070000": re.compile(r"([+-])(\d\d)(\d\d)(\d\d)", re.ASCII),
    "07:00:00": re.compile(r"([+-])(\d\d):(\d\d):(\d\d)", re.ASCII),
}
_DIGITS = {
    "2006": ("year", r"[0-9]{4}", 0, 9999), "06": ("year", r"[0-9]{2}", 0, 99),
    "1": ("month", r"[0-9]{1,2}", 1, 12), "01": ("month", r"[0-9]{2}", 1, 12),
    "2": ("day", r"[0-9]{1,2}", 0, 99), "_2": ("day", r" ?[0-9]{1,2}", 0, 99),
    "02": ("day", r"[0-9]{2}", 0, 99),
    "002": ("yearday", r"[0-9]{3}", 0, 999), "__2": ("yearday", r" {0,2}[0-9]{1,3}", 0, 999),
    "15": ("hour", r"[0-9]{1,2}", 0, 23),
    "3": ("hour", r"[0-9]{1,2}", 0, 12), "03": ("hour", r"[0-9]{2}", 0, 12),
    "4": ("minute", r"[0-9]{1,2}", 0, 59), "04": ("minute", r"[0-9]{2}", 0, 59),
    "5": ("second", r"[0-9]{1,2}", 0, 59), "05": ("second", r"[0-9]{2}", 0, 59),
}  # fmt: skip
"""The elements that are numbers: what they set, how they look, and the range they must be in."""
_FRACTION = re.compile(r"[.,]([0-9]+)")


class YearlessDate(GoError):
    """A text that Go reads as a date of the year 0, which Python has not."""


@dataclass(slots=True)
class _Reader:
    """What has been read so far; -1 stands for not given."""

    layout: str
    rest: str
    year: int = 0
    month: int = -1
    day: int = -1
    yearday: int = -1
    hour: int = 0
    minute: int = 0
    second: int = 0
    microsecond: int = 0
    afternoon: bool | None = None
    zone: tzinfo | None = None
    offset: int | None = None
    zone_name: str = ""

    def fail(self, expected: str) -> GoError:
        return GoError(f"the date does not fit the layout {self.layout!r}: expected {expected}")

    def literal(self, text: str) -> None:
        """Skip ``text``; a space in it stands for any number of spaces."""
        for char in re.sub(" +", " ", text):
            if char == " ":
                if self.rest and not self.rest.startswith(" "):
                    raise self.fail("a space")
                self.rest = self.rest.lstrip(" ")
            elif self.rest.startswith(char):
                self.rest = self.rest[1:]
            else:
                raise self.fail(repr(char))

    def element(self, element: str, following: str) -> None:
        if is_fraction(element):
            self.fraction(element)
        elif element in _DIGITS:
            self.digits(element)
            if element in ("5", "05") and not (following and is_fraction(following)):
                self.fraction(".9")
        elif element in ("January", "Jan"):
            self.month = self.word([name if element == "January" else name[:3] for name in MONTHS]) + 1
        elif element in ("Monday", "Mon"):
            self.word([name if element == "Monday" else name[:3] for name in DAYS])
        elif element in ("PM", "pm"):
            self.half_of_day(("AM", "PM") if element == "PM" else ("am", "pm"))
        else:
            self.read_zone(element)

    def digits(self, element: str) -> None:
        field, pattern, low, high = _DIGITS[element]
        match = re.match(pattern, self.rest)
        number = int(match[0]) if match else -1
        if match is None or not low <= number <= high:
            raise self.fail(f"{field} from {low} to {high}")
        self.rest = self.rest[match.end() :]
        if element == "06":
            number += 1900 if number >= 69 else 2000
        setattr(self, field, number)

    def word(self, names: list[str]) -> int:
        for number, name in enumerate(names):
            if self.rest[: len(name)].lower() == name.lower():
                self.rest = self.rest[len(name) :]
                return number
        raise self.fail(f"a name such as {names[0]}")

    def half_of_day(self, names: tuple[str, str]) -> None:
        if self.rest[:2] not in names:
            raise self.fail(" or ".join(names))
        self.afternoon = self.rest[:2] == names[1]
        self.rest = self.rest[2:]

    def fraction(self, element: str) -> None:
        match = _FRACTION.match(self.rest)
        if element[1] == "0":
            wanted = len(element) - 1
            if match is None or len(match[1]) < wanted:
                raise self.fail(f"a fraction of {wanted} digits")
            digits = match[1][:wanted]
        elif match is None:
            return
        else:
            digits = match[1]
        self.rest = self.rest[1 + len(digits) :]
        self.microsecond = int(digits[:6].ljust(6, "0"))

    def read_zone(self, element: str) -> None:
        if element == "MST":
            match = _ZONE.match(self.rest)
            if self.rest.startswith("UTC"):
                self.zone, self.rest = timezone.utc, self.rest[3:]
            elif match is None:
                raise self.fail("a time zone such as MST")
            else:
                self.zone_name, self.rest = match[0], self.rest[match.end() :]
            return
        if element[0] == "Z" and self.rest.startswith("Z"):
            self.zone, self.rest = timezone.utc, self.rest[1:]
            return
        match = _OFFSETS[element[1:]].match(self.rest)
        if match is None or int(match[2]) > 24 or int(match[3] or 0) > 60 or int(match[4] or 0) > 60:
            raise self.fail(f"an offset such as {element.replace('Z', '-')}")
        seconds = (int(match[2]) * 60 + int(match[3] or 0)) * 60 + int(match[4] or 0)
        self.offset = -seconds if match[1] == "-" else seconds
        self.rest = self.rest[match.end() :]

    def moment(self, local: tzinfo) -> datetime:
        """The date that was read, in its own zone or, when it names none, in ``local``."""
        hour = self.hour
        if self.afternoon is not None and hour <= 12:
            hour = hour % 12 + (12 if self.afternoon else 0)
        month, day = self.month_and_day()
        if self.year == 0:
            raise YearlessDate("dates without a year, or of the year 0, are not supported")
        naive = datetime(self.year, month, day, hour, self.minute, self.second, self.microsecond)
        if self.zone is not None:
            return naive.replace(tzinfo=self.zone)
        if self.offset is not None:
            return self._with_offset(naive, local)
        if self.zone_name:
            return self._in_named_zone(naive, local)
        return naive.replace(tzinfo=local)

    def month_and_day(self) -> tuple[int, int]:
        if self.yearday < 0:
            month, day = (self.month if self.month > 0 else 1), (self.day if self.day >= 0 else 1)
            if not 1 <= day <= monthrange(self.year or 4, month)[1]:
                raise self.fail("a day of that month")
            return month, day
        if not 1 <= self.yearday <= 365 + isleap(self.year):
            raise self.fail("a day of that year")
        date = datetime(self.year or 4, 1, 1) + timedelta(days=self.yearday - 1)
        if self.month not in (-1, date.month) or self.day not in (-1, date.day):
            raise self.fail("a day of the year that agrees with month and day")
        return date.month, date.day

    def _with_offset(self, naive: datetime, local: tzinfo) -> datetime:
        assert self.offset is not None
        fixed = naive.replace(tzinfo=timezone(timedelta(seconds=self.offset), self.zone_name))
        here = fixed.astimezone(local)
        same = here.utcoffset() == fixed.utcoffset() and self.zone_name in ("", here.tzname())
        return here if same else fixed

    def _in_named_zone(self, naive: datetime, local: tzinfo) -> datetime:
        here = naive.replace(tzinfo=local)
        if here.tzname() == self.zone_name:
            return here
        hours = int(self.zone_name[3:]) if self.zone_name.startswith("GMT") and self.zone_name[3:] else 0
        return naive.replace(tzinfo=timezone(timedelta(hours=hours), self.zone_name))


def parsed(layout: str, source: str, local: tzinfo) -> datetime:
    """``source`` as a date.

    Raises:
        GoError: it does not fit ``layout``; the message says what was expected.
    """
    reader = _Reader(layout, source)
    parts = elements(layout)
    for place, (text, special) in enumerate(parts):
        if special:
            following = parts[place + 1] if place + 1 < len(parts) else ("", False)
            reader.element(text, following[0] if following[1] else "")
        else:
            reader.literal(text)
    if reader.rest:
        raise reader.fail("nothing more after it")
    return reader.moment(local)
