"""Dates, layouts and durations; whole values are those of Go's package time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import dates, durations
from doit_score.templating.functions.conversion import to_int64
from doit_score.templating.functions.layout import elements, formatted
from doit_score.templating.values import Int32, Int64, Uint8

UTC = timezone.utc
MOMENT = datetime(2023, 11, 14, 22, 13, 20, 123456, UTC)
ZERO = "0001-01-01 00:00:00 +0000 UTC"


@pytest.fixture(autouse=True)
def local_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """New York is the local zone of every test here."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("2006-01-02T15:04:05Z07:00", "2023-11-14T22:13:20Z"),
        ("Mon Jan 2 15:04:05 MST 2006", "Tue Nov 14 22:13:20 UTC 2023"),
        ("Monday, 02-January-06 03:04:05 PM pm 3:4:5", "Tuesday, 14-November-23 10:13:20 PM pm 10:13:20"),
        ("002 __2 _2 2 1 01", "318 318 14 14 11 11"),
        ("_2006 _2", "_2023 14"),
        ("05.000 05.000000000 05,99 05.9999999", "20.123 20.123456000 20,12 20.123456"),
        ("5.0001 5.a", "20.0011 20.a"),
        ("-07 -0700 -07:00 -070000 -07:00:00", "+00 +0000 +00:00 +000000 +00:00:00"),
        ("Z07 Z0700 Z07:00 Z070000 Z07:00:00", "Z Z Z Z Z"),
        ("Janet Month 2nd 15h04", "Janet Month 14nd 22h13"),
        ("", ""),
        ("x", "x"),
    ],
)
def test_layouts_are_written(layout: str, expected: str) -> None:
    assert formatted(MOMENT, layout) == expected


def test_layouts_are_written_east_and_west_of_utc() -> None:
    east = datetime(2023, 1, 5, 0, 4, 9, tzinfo=timezone(timedelta(hours=5, minutes=30), ""))
    layout = "3:04PM _2 __2 -07:00 Z0700 -07 MST .999"
    assert formatted(east, layout) == "12:04AM  5   5 +05:30 +0530 +05 +0530 "
    west = east.astimezone(timezone(timedelta(hours=-3, seconds=-7)))
    assert formatted(west, "-070000 -07:00:00 Z07:00") == "-030007 -03:00:07 -03:00"


def test_elements_know_months_from_words() -> None:
    assert elements("Janus Jan") == (("Janus ", False), ("Jan", True))
    assert elements("Mon.00") == (("Mon", True), (".00", True))


@pytest.mark.parametrize("kind", [int, Int64, Int32])
def test_date_takes_seconds_and_the_local_zone(kind: type[int]) -> None:
    assert dates.date("2006-01-02 15:04 MST", kind(1700000000)) == "2023-11-14 17:13 EST"


@pytest.mark.parametrize("value", [None, "x", 1.5, True, Uint8(5)])
def test_date_of_anything_else_is_now(value: object) -> None:
    assert dates.date("2006", value) == dates.date("2006", dates.now())


def test_date_in_zone() -> None:
    assert (
        dates.date_in_zone("2006-01-02 15:04 -0700", 1700000000, "Asia/Kolkata") == "2023-11-15 03:43 +0530"
    )
    assert dates.date_in_zone("15:04 MST", 1700000000, "Nope/Zone") == "22:13 UTC"
    assert dates.date_in_zone("15:04 MST", MOMENT, "") == "22:13 UTC"
    assert dates.date_in_zone("15:04 MST", MOMENT, "Local") == "17:13 EST"
    assert dates.date_in_zone("15:04 MST", MOMENT, "../etc/passwd") == "22:13 UTC"
    assert dates.html_date(0) == "1969-12-31"
    assert dates.html_date_in_zone(0, "UTC") == "1970-01-01"


def test_summer_time_is_that_of_the_date() -> None:
    assert dates.date("15:04 MST", datetime(2023, 7, 1, 12, tzinfo=UTC)) == "08:00 EDT"
    assert dates.text(dates.to_date("2006-01-02", "2023-07-01")) == "2023-07-01 00:00:00 -0400 EDT"


def test_dates_that_python_cannot_hold_are_an_error() -> None:
    with pytest.raises(GoError) as error:
        dates.date("2006", 10**15)
    assert str(error.value) == "the date lies outside the years 1 to 9999"


@pytest.mark.parametrize(
    ("layout", "source", "expected"),
    [
        ("2006-01-02", "2017-12-31", "2017-12-31 00:00:00 -0500 EST"),
        ("2006-01-02T15:04:05Z07:00", "2017-12-31T10:11:12.5Z", "2017-12-31 10:11:12.5 +0000 UTC"),
        ("2006-01-02T15:04:05Z07:00", "2017-12-31T10:11:12+02:00", "2017-12-31 10:11:12 +0200 +0200"),
        ("2006-01-02 -0700", "2017-12-31 -0500", "2017-12-31 00:00:00 -0500 EST"),
        ("2006-01-02 -07", "2017-12-31 +09", "2017-12-31 00:00:00 +0900 +0900"),
        ("2006-01-02 MST", "2017-12-31 UTC", "2017-12-31 00:00:00 +0000 UTC"),
        ("2006-01-02 MST", "2017-12-31 EST", "2017-12-31 00:00:00 -0500 EST"),
        ("2006-01-02 MST", "2017-12-31 CET", "2017-12-31 00:00:00 +0000 CET"),
        ("2006-01-02 MST", "2017-12-31 GMT+3", "2017-12-31 00:00:00 +0300 GMT+3"),
        ("Jan _2 06 3:04pm", "feb  3 69 1:05am", "1969-02-03 01:05:00 -0500 EST"),
        ("January 2, 2006 3:04 PM", "March 7, 2020 12:30 AM", "2020-03-07 00:30:00 -0500 EST"),
        ("Monday 2 Jan 2006 03PM", "sunday 1 Mar 2020 12PM", "2020-03-01 12:00:00 -0500 EST"),
        ("2006 002", "2020 060", "2020-02-29 00:00:00 -0500 EST"),
        ("2006 __2", "2021  60", "2021-03-01 00:00:00 -0500 EST"),
        ("2006-01-02 15:04:05.000", "2020-01-02 03:04:05.678", "2020-01-02 03:04:05.678 -0500 EST"),
        ("2006-01-02 15:04:05", "2020-01-02 03:04:05,5", "2020-01-02 03:04:05.5 -0500 EST"),
        ("2006-01-02 15:04:05.999", "2020-01-02 03:04:05", "2020-01-02 03:04:05 -0500 EST"),
        ("2006  01", "2020      12", "2020-12-01 00:00:00 -0500 EST"),
        ("06", "68", "2068-01-01 00:00:00 -0500 EST"),
    ],
)
def test_to_date(layout: str, source: str, expected: str) -> None:
    assert dates.text(dates.to_date(layout, source)) == expected
    assert dates.text(dates.must_to_date(layout, source)) == expected


@pytest.mark.parametrize(
    ("layout", "source", "expected"),
    [
        ("2006-01-02", "bad", "year from 0 to 9999"),
        ("2006-01-02", "2017-13-01", "month from 1 to 12"),
        ("2006-01-02", "2017-02-29", "a day of that month"),
        ("2006-01-02", "2017-01-02 x", "nothing more after it"),
        ("2006-01-02", "2017/01-02", "'-'"),
        ("2006 01", "2017x01", "a space"),
        ("2006 Jan", "2017 Foo", "a name such as Jan"),
        ("2006 PM", "2017 xm", "AM or PM"),
        ("2006 15:04", "2017 24:00", "hour from 0 to 23"),
        ("2006 MST", "2017 xyz", "a time zone such as MST"),
        ("2006 Z07:00", "2017 +2", "an offset such as -07:00"),
        ("2006 -0700", "2017 +9900", "an offset such as -0700"),
        ("2006 002", "2021 366", "a day of that year"),
        ("2006-01-02 002", "2021-01-02 003", "a day of the year that agrees with month and day"),
        ("2006 05.000", "2017 05.6", "a fraction of 3 digits"),
    ],
)
def test_what_does_not_fit_is_the_zero_time_or_an_error(layout: str, source: str, expected: str) -> None:
    assert dates.text(dates.to_date(layout, source)) == ZERO
    with pytest.raises(GoError) as error:
        dates.must_to_date(layout, source)
    assert str(error.value) == f"the date does not fit the layout {layout!r}: expected {expected}"


def test_a_date_without_a_year_is_an_error_and_not_a_wrong_date() -> None:
    for call in (dates.to_date, dates.must_to_date):
        with pytest.raises(GoError) as error:
            call("15:04", "10:30")
        assert str(error.value) == "dates without a year, or of the year 0, are not supported"


def test_date_modify() -> None:
    assert dates.date_modify("-1.5h", MOMENT) == MOMENT - timedelta(hours=1.5)
    assert dates.must_date_modify("24h1us", MOMENT) == MOMENT + timedelta(hours=24, microseconds=1)
    assert dates.date_modify("bad", MOMENT) == MOMENT
    assert dates.date_modify("1h", datetime(2020, 1, 1)) == datetime(2020, 1, 1, 1, tzinfo=UTC)


def test_date_modify_counts_real_hours_across_a_change_of_the_clock() -> None:
    before = datetime(2023, 3, 12, 0, tzinfo=ZoneInfo("America/New_York"))
    assert dates.text(dates.date_modify("24h", before)) == "2023-03-13 01:00:00 -0400 EDT"
    here = dates.to_date("2006-01-02", "2023-03-12")
    assert dates.text(dates.date_modify("24h", here)) == "2023-03-13 01:00:00 -0400 EDT"


def test_ago_rounds_to_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "now", lambda: MOMENT)
    assert dates.ago(None) == "0s"
    assert dates.ago(dates.now() - timedelta(hours=2, seconds=3)) == "2h0m3s"
    assert dates.ago(dates.now() + timedelta(minutes=5)) == "-5m0s"
    assert dates.ago(Int64(0)).endswith("s")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3661", "1h1m1s"),
        ("-61", "-1m1s"),
        (Int64(95), "1m35s"),
        (95, "0s"),
        (1.5, "0s"),
        ("x", "0s"),
        ("", "0s"),
        (None, "0s"),
    ],
)
def test_duration_takes_texts_and_int64_only(value: object, expected: str) -> None:
    assert dates.duration(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2h10m5s", "2h"),
        ("1h", "60m"),
        ("25h", "1d"),
        ("800h", "1mo"),
        ("9000h", "1y"),
        ("-90m", "1h"),
        ("61s", "1m"),
        ("500ms", "0s"),
        ("x", "0s"),
        (5, "0s"),
        (None, "0s"),
        (Int64(7200000000001), "2h"),
        (datetime(2006, 1, 1, tzinfo=UTC), None),
    ],
)
def test_duration_round(value: object, expected: str | None) -> None:
    result = dates.duration_round(value)
    assert result == expected if expected else result.endswith("y")


def test_methods_of_a_time() -> None:
    def call(name: str, *arguments: object) -> object:
        return dates.METHODS[name].call(MOMENT, *arguments)

    parts = ("Year", "Day", "Hour", "Minute", "Second", "Nanosecond", "YearDay", "Unix", "UnixMilli")
    assert [call(name) for name in parts] == [2023, 14, 22, 13, 20, 123456000, 318, 1700000000, 1700000000123]
    assert call("UnixMicro") == 1700000000123456
    assert call("UnixNano") == 1700000000123456000
    assert call("Format", "Jan 2") == "Nov 14"
    assert call("String") == "2023-11-14 22:13:20.123456 +0000 UTC"
    assert call("UTC") == call("Local") == MOMENT
    assert call("IsZero") is False
    assert dates.METHODS["IsZero"].call(dates.to_date("2006", "x")) is True
    later = MOMENT + timedelta(hours=1)
    assert (call("Before", later), call("After", later), call("Equal", MOMENT)) == (True, False, True)
    assert call("AddDate", 0, 3, 16) == MOMENT.replace(year=2024, month=3, day=1)


def test_months_weekdays_and_durations_print_as_names_and_cast_to_numbers() -> None:
    sunday = datetime(2017, 12, 31, tzinfo=UTC)
    found: list[Any] = [dates.METHODS[name].call(sunday) for name in ("Month", "Weekday")]
    assert [each.string() for each in found] == ["December", "Sunday"]
    assert [to_int64(each) for each in found] == [12, 0]
    difference: Any = dates.METHODS["Sub"].call(sunday, sunday - timedelta(hours=1, milliseconds=1500))
    assert difference.string() == "1h0m1.5s"
    assert dates.METHODS["Add"].call(sunday, difference) == sunday + timedelta(hours=1, milliseconds=1500)
    methods = ("Hours", "Minutes", "Seconds", "Milliseconds", "Microseconds", "Nanoseconds", "String")
    values = [difference.method(name).call() for name in methods]
    assert values == [3601.5 / 3600, 3601.5 / 60, 3601.5, 3601500, 3601500000, 3601500000000, "1h0m1.5s"]
    assert difference.method("Nope") is None


def test_unix_epoch() -> None:
    assert dates.unix_epoch(MOMENT) == "1700000000"
    assert dates.unix_epoch(datetime(1969, 12, 31, 23, 59, 58, 500000, UTC)) == "-2"


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("0", 0),
        ("+5s", 5 * durations.SECOND),
        ("-1.5h", -5400 * durations.SECOND),
        ("1h15m30.918273645s", 4530918273645),
        ("1.5us", 1500),
        ("1µs1μs", 2000),
        (".5m", 30 * durations.SECOND),
        ("1.s", durations.SECOND),
        ("0.3333333333333333333h", 1200 * durations.SECOND - 1),
    ],
)
def test_durations_are_read(text: str, nanoseconds: int) -> None:
    assert durations.parse(text) == nanoseconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is no duration; expected one such as 1h30m"),
        ("bad", "'bad' is no duration; expected one such as 1h30m"),
        (".s", "'.s' is no duration; expected one such as 1h30m"),
        ("--5s", "'--5s' is no duration; expected one such as 1h30m"),
        ("5", "in the duration '5' a unit is missing; units are ns, us, ms, s, m, h"),
        ("1d", "in the duration '1d' the unit 'd' is not known; units are ns, us, ms, s, m, h"),
        ("99999999h", "the duration '99999999h' is too long; at most 290 years are possible"),
    ],
)
def test_what_is_no_duration_is_an_error(text: str, message: str) -> None:
    with pytest.raises(GoError) as error:
        durations.parse(text)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("nanoseconds", "expected"),
    [
        (0, "0s"),
        (1, "1ns"),
        (1100, "1.1µs"),
        (2200000, "2.2ms"),
        (-1500000000, "-1.5s"),
        (60 * durations.SECOND, "1m0s"),
        (3600 * durations.SECOND, "1h0m0s"),
        (3661000000001, "1h1m1.000000001s"),
        (-(1 << 63), "-2562047h47m16.854775808s"),
    ],
)
def test_durations_are_written(nanoseconds: int, expected: str) -> None:
    assert durations.text(nanoseconds) == expected
