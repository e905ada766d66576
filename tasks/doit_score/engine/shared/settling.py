"""Resources that never settle: each run of them changes what they, or their neighbours, read.

Running a provisioner may change what others have read, so rounds follow until nothing is stale.  There may
be many, as where each resource reads what the next one contributes; but then there are fewer in each.
A resource that is run over and over beside as many others is another matter: it counts, or answers
what it is answered.  It gets the result of its first run back and is left alone, so that all others settle.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from doit_score.engine.shared.contributions import Shared
from doit_score.engine.shared.reads import Note
from doit_score.text.errors import Problem
from doit_score.text.light import Generic, TypeVar

MAX_ROUNDS = 8
"""In how many rounds a resource may be run while the rounds do not get smaller."""

_FEW = 3

Made = TypeVar("Made")


class Settling(Generic[Made]):
    """What is known of the runs of each resource.  ``restless`` has those that are left alone, and why."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._rounds: dict[str, int] = {}
        self._last = 0
        self._first: dict[str, Made] = {}
        self._changing: set[str] = set()
        self.restless: dict[str, Problem] = {}

    def ran(self, uid: str, made: Made, before: Mapping[str, object]) -> None:
        """Notes a run of ``uid``, which contributed ``before`` until then."""
        self._rounds[uid] = self._rounds.get(uid, 0) + 1
        self._first.setdefault(uid, made)
        self._changing.discard(uid)
        if self._shared.contribution(uid) != before:
            self._changing.add(uid)

    def give_up(self, ran: Collection[str], noted: Callable[[str], Note]) -> dict[str, Made]:
        """The first results of those of ``ran`` that are not to be run again; ``noted`` is what each read
        of the shared state.

        Who only reads what others change is not among them: it settles when they are left alone.
        """
        fewer, self._last = len(ran) < self._last, len(ran)
        tired = [] if fewer else [uid for uid in ran if self._rounds[uid] >= MAX_ROUNDS]
        found = [uid for uid in tired if uid in self._changing] or tired
        if found:
            self.restless.update({uid: self._problem(uid, noted(uid)) for uid in found})
            self._changing.difference_update(found)
            self._rounds.clear()
        return {uid: self._first[uid] for uid in found}

    def _problem(self, uid: str, noted: Note) -> Problem:
        seen = self._shared.differing(noted) or sorted(noted)
        paths = [path for path in seen if self._changing.intersection(self._shared.contributors([path]))]
        who = [other for other in self._shared.contributors(paths) if other in self._changing]
        return Problem(
            f"resource '{uid}' does not settle: {_reason(uid, paths, who)}; its first result was kept",
            hint="let the `shared` template of its provisioner print the same again once the value is there",
        )


def _reason(uid: str, paths: list[str], who: list[str]) -> str:
    if not who:
        return "what it is given changes at each run"
    others = [f"resource '{other}'" for other in who if other != uid]
    itself = [] if uid not in who else ["it"] if others else ["it itself"]
    what = _several([f"'{path}'" if path else "all" for path in paths])
    verb = "change" if len(who) > 1 else "changes"
    return f"it reads {what} of the shared state, which {_several(itself + others)} {verb} at each run"


def _several(names: list[str]) -> str:
    shown = names if len(names) <= _FEW else [*names[: _FEW - 1], f"{len(names) - _FEW + 1} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
