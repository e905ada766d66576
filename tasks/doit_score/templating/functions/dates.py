"""Dates: Go layouts, zones by name, durations, and the methods of Go's ``time.Time``.

A time is a ``datetime`` with a zone.  Microseconds are the finest step, and years go from 1 to 9999.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone, tzinfo

from doit_score.text.light import Any

from ..errors import GoError
from ..values import INT64_MAX, INT64_MIN, Int64, type_name
from . import LATER, Function, durations
from .conversion import Enumeration, wrap64
from .durations import DAY, HOUR, MINUTE, SECOND, Duration
from .layout import DAYS, MONTHS, formatted
from .layout_parse import YearlessDate, parsed
from .numbers import atoi

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_ZERO = datetime(1, 1, 1, tzinfo=timezone.utc)
_RFC3339 = "2006-01-02T15:04:05.999999999Z07:00"
_TEXT = "2006-01-02 15:04:05.999999999 -0700 MST"


class _Local(tzinfo):
    """The zone of the process (``TZ``), with its changes over the year."""

    def _at(self, moment: datetime | None) -> time.struct_time:
        if moment is None:
            return time.localtime()
        wall = int((moment.replace(tzinfo=timezone.utc) - _EPOCH).total_seconds())
        guess = wall - time.localtime(wall).tm_gmtoff
        return time.localtime(wall - time.localtime(guess).tm_gmtoff)

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return timedelta(seconds=self._at(moment).tm_gmtoff)

    def tzname(self, moment: datetime | None) -> str:
        return self._at(moment).tm_zone

    def dst(self, moment: datetime | None) -> None:
        return None

    def fromutc(self, moment: datetime) -> datetime:
        seconds = int((moment.replace(tzinfo=timezone.utc) - _EPOCH).total_seconds())
        return moment + timedelta(seconds=time.localtime(seconds).tm_gmtoff)


LOCAL = _Local()


def _guarded(make: Callable[[], datetime]) -> datetime:
    try:
        return make()
    except (OverflowError, ValueError):
        raise GoError("the date lies outside the years 1 to 9999") from None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone.utc)


def _added(moment: datetime, nanoseconds: int) -> datetime:
    """``moment`` moved by a duration, in its own zone."""
    moment = _aware(moment)
    step = timedelta(microseconds=durations.toward_zero(nanoseconds, 1000))
    return _guarded(lambda: (moment.astimezone(timezone.utc) + step).astimezone(moment.tzinfo))


def _nanoseconds(moment: datetime) -> int:
    """Since 1970."""
    return (_aware(moment) - _EPOCH) // timedelta(microseconds=1) * 1000


def _unix(moment: datetime) -> int:
    return _nanoseconds(moment) // SECOND


def _since(moment: datetime) -> int:
    return _nanoseconds(now()) - _nanoseconds(moment)


def _zone(name: str) -> tzinfo:
    """The zone called ``name``; UTC when there is none."""
    if name == "Local":
        return LOCAL
    if name in ("", "UTC"):
        return timezone.utc
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return timezone.utc


def now() -> datetime:
    return datetime.now(LOCAL) + timedelta(seconds=LATER.get())


def _moment(value: object, seconds: tuple[str, ...]) -> datetime:
    """A time, seconds since 1970 when the type is one of ``seconds``, and now for anything else."""
    if isinstance(value, datetime):
        return _aware(value)
    if isinstance(value, int) and type_name(value) in seconds:
        return _guarded(lambda: _EPOCH + timedelta(seconds=value))
    return now()


def date_in_zone(layout: str, value: object, zone: str) -> str:
    moment = _moment(value, ("int", "int64", "int32"))
    return formatted(_guarded(lambda: moment.astimezone(_zone(zone))), layout)


def date(layout: str, value: object) -> str:
    return date_in_zone(layout, value, "Local")


def html_date(value: object) -> str:
    return date(_RFC3339[:10], value)


def html_date_in_zone(value: object, zone: str) -> str:
    return date_in_zone(_RFC3339[:10], value, zone)


def must_date_modify(change: str, moment: datetime) -> datetime:
    return _added(moment, durations.parse(change))


def date_modify(change: str, moment: datetime) -> datetime:
    """``moment`` moved by a duration such as ``-1.5h``; unchanged when that is none."""
    try:
        nanoseconds = durations.parse(change)
    except GoError:
        return moment
    return _added(moment, nanoseconds)


def must_to_date(layout: str, source: str) -> datetime:
    return _guarded(lambda: parsed(layout, source, LOCAL))


def to_date(layout: str, source: str) -> datetime:
    """``source`` read by ``layout``; the first of January of the year 1 when it does not fit.

    Raises:
        YearlessDate: Go would read a date of the year 0.
    """
    try:
        return must_to_date(layout, source)
    except YearlessDate:
        raise
    except GoError:
        return _ZERO


def unix_epoch(moment: datetime) -> str:
    return str(_unix(moment))


def ago(value: object) -> str:
    """The time from ``value`` to now, in whole seconds."""
    elapsed = _since(_moment(value, ("int", "int64")))
    seconds = (abs(elapsed) + SECOND // 2) // SECOND
    return durations.text(seconds * SECOND if elapsed >= 0 else -seconds * SECOND)


def duration(value: object) -> str:
    """Seconds, as a text or an int64, as a duration; anything else is 0 s, an int too, as in sprig."""
    seconds = 0
    if isinstance(value, str):
        seconds = atoi(value)
    elif type_name(value) == "int64" and isinstance(value, int):
        seconds = int(value)
    return durations.text(wrap64(seconds * SECOND))


def duration_round(value: object) -> str:
    """A duration, nanoseconds as an int64, or the time since a date, in its largest unit."""
    length = 0
    if isinstance(value, str):
        try:
            length = durations.parse(value)
        except GoError:
            length = 0
    elif isinstance(value, datetime):
        length = _since(value)
    elif type_name(value) == "int64" and isinstance(value, int):
        length = int(value)
    units = ((365 * DAY, "y"), (30 * DAY, "mo"), (DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s"))
    for unit, name in units:
        if abs(length) > unit:
            return f"{abs(length) // unit}{name}"
    return "0s"


def json_text(value: object) -> str:
    """A time as Go writes it into JSON."""
    assert isinstance(value, datetime)
    return formatted(_aware(value), _RFC3339)


def text(value: object) -> str:
    """``Time.String()``."""
    assert isinstance(value, datetime)
    return formatted(_aware(value), _TEXT)


def _add_date(moment: datetime, years: int, months: int, days: int) -> datetime:
    """Calendar arithmetic; a day that the month does not have counts on into the next."""
    moment = _aware(moment)
    index = (moment.year + years) * 12 + moment.month - 1 + months
    step = timedelta(days=moment.day - 1 + days)
    return _guarded(lambda: moment.replace(year=index // 12, month=index % 12 + 1, day=1) + step)


def _difference(left: datetime, right: datetime) -> Duration:
    return Duration(max(INT64_MIN, min(INT64_MAX, _nanoseconds(left) - _nanoseconds(right))))


_TIME = "time.Time"


def _methods() -> dict[str, Function]:
    simple: dict[str, Callable[[Any], object]] = {
        "Year": lambda t: t.year,
        "Month": lambda t: Enumeration("time.Month", t.month, MONTHS[t.month - 1]),
        "Day": lambda t: t.day,
        "Hour": lambda t: t.hour,
        "Minute": lambda t: t.minute,
        "Second": lambda t: t.second,
        "Nanosecond": lambda t: t.microsecond * 1000,
        "YearDay": lambda t: t.timetuple().tm_yday,
        "Weekday": lambda t: Enumeration("time.Weekday", t.isoweekday() % 7, DAYS[t.weekday()]),
        "Unix": lambda t: Int64(_unix(t)),
        "UnixMilli": lambda t: Int64(_nanoseconds(t) // 1_000_000),
        "UnixMicro": lambda t: Int64(_nanoseconds(t) // 1000),
        "UnixNano": lambda t: Int64(wrap64(_nanoseconds(t))),
        "UTC": lambda t: _aware(t).astimezone(timezone.utc),
        "Local": lambda t: _aware(t).astimezone(LOCAL),
        "String": text,
        "IsZero": lambda t: _aware(t) == _ZERO,
    }
    found = {name: Function(name, call, (_TIME,)) for name, call in simple.items()}
    more = (
        Function("Format", lambda t, layout: formatted(_aware(t), layout), (_TIME, "string")),
        Function("Before", lambda t, other: _aware(t) < _aware(other), (_TIME, _TIME)),
        Function("After", lambda t, other: _aware(t) > _aware(other), (_TIME, _TIME)),
        Function("Equal", lambda t, other: _aware(t) == _aware(other), (_TIME, _TIME)),
        Function("Sub", _difference, (_TIME, _TIME)),
        Function("Add", lambda t, length: _added(t, length.number), (_TIME, "time.Duration")),
        Function("AddDate", _add_date, (_TIME, "int", "int", "int")),
    )
    return found | {function.name: function for function in more}


METHODS = _methods()
"""The methods of ``time.Time``; the first parameter of each is the time."""
