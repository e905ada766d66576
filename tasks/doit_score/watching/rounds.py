"""Rounds: what is done whenever something was saved, one after the other, until somebody interrupts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from doit_score.engine.why.origins import some
from doit_score.engine.why.reasons import is_told, told
from doit_score.store.rows import ReasonRow
from doit_score.store.state import open_state
from doit_score.text import messages, words
from doit_score.text.errors import ScoreError
from doit_score.text.messages import Say

from . import saves

Round = Callable[[frozenset[str]], None]
"""One round, for what was saved; ScoreError if it fails."""


def watch(state_dir: str, round_: Round, say: Say, aside: str = "") -> None:
    """A round at once and after each save, until somebody interrupts while none is under way.

    What is written ``aside`` is no save (see saves.py).  An error ends a round, and nothing else; it is told,
    but not again by the rounds that it goes on to end.
    Raises ScoreError if there is nothing that could tell of saves, and KeyboardInterrupt if a round was
    interrupted.
    """
    saves.need()
    say("info", "watching what this project is made of; Ctrl-C ends")
    failed = ""
    is_waiting = False
    every = saves.saves(state_dir, lambda: saves.Known.of_state(state_dir), aside)
    try:
        for saved in every:
            is_waiting = False
            before, failed = failed, _run(round_, saved, failed)
            if before and not failed:
                say("info", "what was wrong is put right")
            is_waiting = True
    except KeyboardInterrupt:
        if not is_waiting:
            raise


def _run(round_: Round, saved: frozenset[str], failed: str) -> str:
    """Runs a round; how it failed, if it did.  ``failed`` is how the one before it did."""
    try:
        round_(saved)
    except ScoreError as error:
        text = messages.text_of(error)
        if text != failed:
            messages.print_error(error)
        return text
    return ""


def are_steps(lines: Iterable[str]) -> bool:
    """Whether a run that told these details has done anything."""
    return any(map(is_told, lines))


def done(state_dir: str) -> str:
    """One line for what the last run did, with the reason for what it did first."""
    with open_state(state_dir) as state:
        rows = state.rows(ReasonRow)
    return summary(rows)


def summary(rows: Iterable[ReasonRow]) -> str:
    """That line for these notes of a run."""
    every = sorted(rows, key=lambda row: (_ORDER.get(row.kind, 0), row.name))
    made = [row for row in every if row.kind != "file"]
    written = [row.name for row in every if row.kind == "file"]
    first = made[0] if made else every[0]
    text = told(first)
    if len(made) > 1:
        text += f", and {words.count(len(made) - 1, 'more change')}"
    return f"{text}; wrote {some(written)}" if made and written else text


_ORDER = {"resource": 1, "workload": 2, "file": 3}
"""What a run does first."""
