"""How far a long stage is: on a terminal one line that is written over, elsewhere a plain line now and then.

A stage that is soon over says nothing, so what short runs print is always the same.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable

from doit_score.text import terminal, words

_ON_TERMINAL = 0.5, 0.1
"""After how many seconds a stage is told of on a terminal, and how often from then on."""
_ELSEWHERE = 10.0, 10.0
"""The same where nobody looks: for logs."""
_MOST = 5
"""So many names are told."""


class Progress:
    """What is told of the stages of one run on stderr.  ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._is_drawn = terminal.is_seen(sys.__stderr__) and terminal.obeys()
        self._soon, self._every = _ON_TERMINAL if self._is_drawn else _ELSEWHERE
        self._stage = ""
        self._due = 0.0
        self._is_there = False

    def is_due(self, stage: str) -> bool:
        """Whether a stage, which may begin with this, is to be told of now."""
        now = self._clock()
        if stage != self._stage:
            self._stage, self._due = stage, now + self._soon
        if now < self._due:
            return False
        self._due = now + self._every
        return True

    def tell(self, text: str) -> None:
        """Tells it in a line."""
        text = words.harmless(text)
        if self._is_drawn:
            width = terminal.width(sys.__stderr__) - 1
            print(f"\r\x1b[K{text[:width]}", end="", file=sys.stderr, flush=True)
            self._is_there = True
        else:
            print(f"INFO: {text}", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Takes the line away, for what is printed next."""
        if self._is_there:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._is_there = False


_shown: Progress | None = None


def begin(shown: Progress | None) -> None:
    """From here on this process tells how far its stages are; None ends that."""
    global _shown
    clear()
    _shown = shown


def clear() -> None:
    """Takes the line away that is there."""
    if _shown is not None:
        _shown.clear()


def count(what: str, done: int, total: int) -> None:
    """Tells that ``done`` of ``total`` things are, if it is time: ``provisioned 3 of 120 resources``."""
    if _shown is not None and _shown.is_due(what):
        did, noun = what.split(" ")
        _shown.tell(f"{did} {done} of {words.count(total, noun)}")


def wait(names: Iterable[str]) -> None:
    """Tells what is still waited for, if it is time."""
    if _shown is not None and _shown.is_due("wait"):
        found = sorted(set(names))
        more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
        if found:
            _shown.tell(f"waiting for {', '.join(found[:_MOST])}{more}")
