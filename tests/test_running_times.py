"""Times as users write them for logs."""

from __future__ import annotations

import time

import pytest

from doit_score.running.times import Time, read
from doit_score.text.errors import ScoreError


@pytest.mark.parametrize("text", ["42m", "1h30m", "1h2m3s", "1.5h", "10s"])
def test_how_long_ago(text: str) -> None:
    assert read("--since", text) == Time(ago=text)
    assert read("--since", text).text == text


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-29T06:00:00Z", "2026-11-29T06:00:00Z"),
        ("2026-11-29T06:00:00.5Z", "2026-11-29T06:00:00.500000Z"),
        ("2026-11-29T06:00:00.123456789z", "2026-11-29T06:00:00.123456Z"),
        ("2026-11-29T06:00:00+02:00", "2026-11-29T04:00:00Z"),
        ("2026-11-29T06:00:00", "2026-11-29T05:00:00Z"),
        ("2026-11-29", "2026-11-28T23:00:00Z"),
    ],
)
def test_a_moment_is_told_in_utc_and_one_without_a_zone_is_local(
    text: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "BER-1")
    time.tzset()
    try:
        assert read("--since", text) == Time(moment=moment)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("text", ["", "soon", "42", "5d", "2026-13-01", "m"])
def test_what_is_neither_is_an_error(text: str) -> None:
    with pytest.raises(ScoreError) as error:
        read("--until", text)
    assert str(error.value) == (
        f"--until: expected a time such as 2026-11-29T06:00:00Z, or how long ago such as 42m, found {text!r}"
    )
