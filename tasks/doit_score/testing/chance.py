"""What templates draw at random in a test: the same each time, and known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from doit_score.templating.functions import CHANCE, DRAWN, LATER
from doit_score.text.light import sha256
from doit_score.text.secrets import Masking, spelled

_LATER = 400 * 86400 + 2 * 3600 + 60 + 1
"""Another year, month, day, day of the week, hour (in summer and in winter), minute and second."""


class Chance:
    """The random bytes of one test, one after the other, and every text that was made of them.

    A test draws the same in each run, so that it finds the same too; within a test nothing comes twice.
    """

    def __init__(self) -> None:
        self.position = 0
        self._drawn: dict[str, int] = {}

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Templates draw from here what is new."""
        tokens = CHANCE.set(self._bytes), DRAWN.set(self._note)
        try:
            yield
        finally:
            CHANCE.reset(tokens[0])
            DRAWN.reset(tokens[1])

    @contextmanager
    def once_more(self, position: int) -> Iterator[None]:
        """Templates draw what they did from ``position`` on, at a later time: what differs was not drawn."""
        after, self.position = self.position, position
        token = LATER.set(_LATER)
        try:
            with self.drawing():
                yield
        finally:
            LATER.reset(token)
            self.position = max(after, self.position)

    def names(self) -> Masking:
        """Puts a name in the place of each text that was drawn: ``<random 1>`` for the first."""
        marks = {
            spelling: f"<random {number}>"
            for text, number in self._drawn.items()
            for spelling in spelled(text)
        }
        return Masking(marks)

    def _note(self, drawn: str) -> None:
        if spelled(drawn):
            self._drawn.setdefault(drawn, len(self._drawn) + 1)

    def _bytes(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            self.position += 1
            found += sha256(b"doit-score %d" % self.position).digest()
        return found[:count]
