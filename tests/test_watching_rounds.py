"""One round after the other, and what is told of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from doit_score.store.rows import ReasonRow
from doit_score.text import canonical
from doit_score.text.errors import ScoreError
from doit_score.watching import rounds, saves

BEGINNING = ("info", "watching what this project is made of; Ctrl-C ends")


def watched(
    monkeypatch: pytest.MonkeyPatch, outcomes: list[BaseException | None], last: bool = True
) -> list[object]:
    """What is told by rounds with these outcomes, and by an interruption after them."""
    told: list[object] = []
    waiting = iter(outcomes)

    def some(state_dir: str, known: object, aside: str) -> Iterator[frozenset[str]]:
        for _ in outcomes:
            yield frozenset()
        if last:
            raise KeyboardInterrupt

    def round_(saved: frozenset[str]) -> None:
        outcome = next(waiting)
        told.append("round")
        if outcome is not None:
            raise outcome

    monkeypatch.setattr(saves, "saves", some)
    rounds.watch("state", round_, lambda level, text: told.append((level, text)))
    return told


def test_an_interruption_between_rounds_ends_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    assert watched(monkeypatch, [None, None]) == [BEGINNING, "round", "round"]


def test_an_interruption_of_a_round_is_one_as_of_any_command(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        watched(monkeypatch, [None, KeyboardInterrupt()])


def test_an_error_ends_no_more_than_its_round_and_is_told_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = ScoreError("one", hint="do it"), ScoreError("other")
    told = watched(monkeypatch, [one, one, other, None, None, one])
    assert told == [BEGINNING, *["round"] * 4, ("info", "what was wrong is put right"), "round", "round"]
    said = "Error: one\n  hint: do it\n"
    assert capsys.readouterr().err == f"{said}Error: other\n{said}"


def row(kind: str, name: str, did: str, why: str) -> ReasonRow:
    return ReasonRow(kind, name, did, canonical.encode([["word", why]]))


EDITED = row("workload", "web", "rendered", "'web.yaml' changed")
WRITTEN = row("file", "compose.yaml", "wrote", "workload 'web' was rendered")


def test_a_round_is_one_line_with_the_reason_of_what_came_first() -> None:
    said = "rendered workload 'web': 'web.yaml' changed; wrote 'compose.yaml'"
    assert rounds.summary([WRITTEN, EDITED]) == said
    made = row("resource", "a.b#c", "provisioned", "its params changed")
    assert rounds.summary([WRITTEN, EDITED, made]) == (
        "provisioned resource 'a.b#c': its params changed, and 1 more change; wrote 'compose.yaml'"
    )
    assert rounds.summary([EDITED]) == "rendered workload 'web': 'web.yaml' changed"
    by_hand = row("file", "compose.yaml", "restored", "it was edited by hand")
    assert rounds.summary([by_hand]) == "restored file 'compose.yaml': it was edited by hand"


def test_details_tell_whether_anything_was_done() -> None:
    nothing = ["left 1 workload as before: nothing", "provisioned 0 resources: nothing has changed"]
    assert not rounds.are_steps(nothing)
    assert rounds.are_steps([*nothing, "rendered workload 'web': it is new"])
