"""How far a long stage is: what is told of it, and when."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from doit_score.text import messages, progress, terminal


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Iterator[Clock]:
    yield Clock()
    progress.begin(None)


def begin(clock: Clock, monkeypatch: pytest.MonkeyPatch, *, seen: bool, term: str = "xterm") -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(terminal, "is_seen", lambda stream: seen)
    monkeypatch.setattr(terminal, "width", lambda stream: 40 if seen else 0)
    progress.begin(progress.Progress(clock))


def test_nothing_is_told_of_a_run_that_did_not_ask_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    progress.count("rendered workload", 1, 2)
    progress.wait(["db"])
    assert capsys.readouterr().err == ""


def test_a_counter_is_written_over_on_a_terminal_and_gone_before_a_message(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(clock, monkeypatch, seen=True)
    for number in range(8):
        clock.now = number / 8
        progress.count("provisioned resource", number, 8)
    assert capsys.readouterr().err == "".join(
        f"\r\x1b[Kprovisioned {number} of 8 resources" for number in range(4, 8)
    )
    messages.printer()("info", "done")
    assert capsys.readouterr().err == "\r\x1b[KINFO: done\n"
    progress.clear()
    assert capsys.readouterr().err == ""


def test_each_stage_has_to_be_long_by_itself(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(clock, monkeypatch, seen=True)
    progress.count("provisioned resource", 0, 2)
    clock.now = 9.0
    progress.count("rendered workload", 0, 2)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("seen", "term"), [(False, "xterm"), (True, "dumb")])
def test_elsewhere_it_is_a_plain_line_every_ten_seconds(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], seen: bool, term: str
) -> None:
    begin(clock, monkeypatch, seen=seen, term=term)
    for clock.now in range(35):
        progress.wait(["web", "db", "db"])
    assert capsys.readouterr().err == "INFO: waiting for db, web\n" * 3


def test_of_many_that_are_waited_for_some_are_named_and_what_is_wide_is_cut(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(clock, monkeypatch, seen=False)
    for clock.now in (0.0, 10.0):
        progress.wait(f"service-{number}" for number in range(7))
    said = "waiting for service-0, service-1, service-2, service-3, service-4 and 2 more"
    assert capsys.readouterr().err == f"INFO: {said}\n"
    begin(clock, monkeypatch, seen=True)
    for clock.now in (20.0, 30.0):
        progress.wait(f"service-{number}" for number in range(7))
    assert capsys.readouterr().err == f"\r\x1b[K{said[:39]}"
