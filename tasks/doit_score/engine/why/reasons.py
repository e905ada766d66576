"""What a run did and why, noted while it is done: ``-v`` prints it, and ``why`` tells it afterwards.

The notes of the last run that did something are kept.  A run that finds nothing to do leaves them; one
that goes on where another was killed or failed adds to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from doit_score.engine.why.origins import Reason
from doit_score.store.meta import Meta
from doit_score.store.rows import OriginRow, ReasonRow
from doit_score.store.state import State
from doit_score.text import canonical, words

NEW = Reason("new", "it is new")
BACK = Reason("new", "it is new here; what was generated for it before was kept")
FORCED = Reason("forced", "everything was asked to be made again")
ALWAYS = Reason("always", "its command is run each time, since it does not name its `inputs`")
RETRIED = Reason("retried", "it did not settle before, and something has changed since")
SECRET = Reason("secret", "something that it has in it has become a secret")
UNKNOWN = Reason("unknown", "what it was made of before is not known")
LEFT = "nothing that it is made of has changed"
GONE = Reason("gone", "nothing asks for it any more")
UNFINISHED = Reason("unfinished", "the run before did not come to its end")


class Journal:
    """The notes of one run."""

    def __init__(self) -> None:
        self._pending: list[ReasonRow] = []
        self._done: dict[str, int] = {}
        self._is_begun = False
        self.continues = False
        self.noted: list[ReasonRow] = []
        """What was done so far, in its order."""
        self.warned = 0
        """How many warnings were told."""

    def note(self, kind: str, name: str, did: str, reasons: Iterable[Reason]) -> None:
        """Notes what was done to one thing."""
        self._pending.append(ReasonRow(kind, name, did, text_of_reasons(reasons)))
        self._done[did] = self._done.get(did, 0) + 1

    def count(self, did: str) -> int:
        """To how many things that was done."""
        return self._done.get(did, 0)

    def commit(self, state: State) -> list[ReasonRow]:
        """Puts what was noted since into the state, with all else that the transaction has; what that is."""
        rows, self._pending = self._pending, []
        if not self._is_begun:
            self.continues = state.meta().reasons_open
        if rows and not self._is_begun:
            self._is_begun = True
            if not self.continues:
                state.clear(ReasonRow)
            state.set_meta(Meta.reasons_open.to(True))
        state.put(rows)
        self.noted += rows
        return rows

    def close(self, state: State) -> None:
        """Notes that the run is complete: the next one that does something begins anew."""
        state.set_meta(Meta.reasons_open.to(False))


def text_of_reasons(reasons: Iterable[Reason]) -> str:
    """The text of some reasons, to be stored."""
    return canonical.encode([list(reason) for reason in dict.fromkeys(reasons)])


def reasons_of(row: ReasonRow | OriginRow) -> list[Reason]:
    """The reasons that were noted in ``row``."""
    found: Sequence[Sequence[str]] = canonical.items(row.why)  # type: ignore[assignment]  # note() wrote it
    return [Reason(*pair) for pair in found]


def text_of(row: ReasonRow) -> str:
    """The reasons of ``row`` as one text; that there is none, if nothing was done."""
    return "; ".join(reason.text for reason in reasons_of(row)) or LEFT


_KINDS = ("workload", "resource", "file")


def told(row: ReasonRow) -> str:
    """One line for what was done."""
    return f"{row.did} {row.kind} '{row.name}': {text_of(row)}"


def is_told(text: str) -> bool:
    """Whether ``text`` is what :func:`told` gives, and so tells of something that was done."""
    words = text.split(" ", 2)
    return len(words) == 3 and words[1] in _KINDS and words[2].startswith("'")


def left_alone(counts: Mapping[str, int]) -> str:
    """One line for what was not made again, by kind."""
    named = [words.count(count, what) for what, count in counts.items() if count]
    return f"left {' and '.join(named)} as before: nothing that they are made of has changed"
