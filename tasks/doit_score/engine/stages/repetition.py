"""Running provisioners once more for what there is to say of them; of what they return nothing is kept.

Who gives something else when it is run on its own result keeps nothing stable.  One resource stands for all
that an entry provisions, the first in the order of provisioning: so that costs one run for each entry in a
project of thousands, and a run from scratch finds the same.

Warnings that stand name places in provisioner files and Score files.  Where these were edited, what stands is
found anew, since a resource is not stale for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.inputs.environment import Environment, visible
from doit_score.engine.stages.declared import Declared
from doit_score.engine.stages.outcome import Before, Made, Surroundings
from doit_score.provisioning.model import ProvisionInput
from doit_score.score.resources import Need
from doit_score.store.rows import ResourceRow
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import replace

_TEMPLATES = ("template", "jinja")


def first_of_each(order: Iterable[str], rows: Mapping[str, ResourceRow]) -> frozenset[str]:
    """The first resource of each entry that has templates.  Commands are not run for this."""
    found: dict[str, str] = {}
    for uid in order:
        if rows[uid].kind in _TEMPLATES:
            found.setdefault(rows[uid].entry, uid)
    return frozenset(found.values())


class Repetition:
    """What is found at the end of the rounds; ``given`` is what a resource is given as all is now."""

    def __init__(
        self,
        catalogue: Catalogue,
        needs: Mapping[str, Need],
        made: Mapping[str, Made],
        before: Before,
        around: Surroundings,
        declared: Declared,
        given: Callable[[str], ProvisionInput],
    ) -> None:
        self._catalogue = catalogue
        self._needs = needs
        self._made = made
        self._before = before
        self._around = around
        self._declared = declared
        self._given = given

    def tried(self, firsts: Iterable[str]) -> Iterator[tuple[str, tuple[Problem, ...]]]:
        """Those of ``firsts`` for which their entry has to be run on its own result, and what that gave."""
        for uid in sorted(firsts):
            known = self._before.tried.get(uid)
            if uid in self._made or known is None or self._names_edited(known):
                yield uid, self._try(uid)

    def told_anew(self) -> Iterator[tuple[str, tuple[Problem, ...]]]:
        """The resources that nobody made again, and whose warnings may name another place than their own."""
        for uid, known in self._before.warned.items():
            if uid in self._needs and uid not in self._made and self._may_be_elsewhere(uid, known):
                yield uid, tuple(self._warnings(uid, known))

    def _may_be_elsewhere(self, uid: str, problems: Sequence[Problem]) -> bool:
        """Whether what ``problems`` of a resource are about may be at another place than they name."""
        return self._names_edited(problems) or self._declared.are_edited(uid)

    def _names_edited(self, problems: Sequence[Problem]) -> bool:
        return any(problem.path and self._catalogue.is_edited(problem.path) for problem in problems)

    def _try(self, uid: str) -> tuple[Problem, ...]:
        from doit_score.provisioning.run import provision
        from doit_score.provisioning.stability import differences, unstable

        entry, made, given = self._catalogue.entry(self._needs[uid]), self._made.get(uid), self._given(uid)
        assert entry is not None
        hermetic = self._around.hermetic
        try:
            with visible(Environment(self._around.environment)):
                first = provision(entry, given, hermetic=hermetic) if made is None else made.result
                found = unstable(entry, uid, differences(entry, given, first, hermetic=hermetic))
        except ScoreError as error:
            return tuple(
                replace(problem, message=f"run again on its own result it fails: {problem.message}")
                for problem in error.problems
            )
        return () if found is None else (found,)

    def _warnings(self, uid: str, known: Iterable[Problem]) -> Iterator[Problem]:
        from doit_score.provisioning.returned import unknown_params
        from doit_score.provisioning.run import provision

        entry = self._catalogue.entry(self._needs[uid])
        assert entry is not None
        given = self._given(uid)
        if entry.kind != "cmd":
            with visible(Environment(self._around.environment)):
                yield from provision(entry, given, hermetic=self._around.hermetic).warnings
            # That one does not settle has no place.
            yield from (problem for problem in known if not problem.path)
        else:
            params = {problem.message: problem for problem in unknown_params(entry, given)}
            for problem in known:
                # Of the rest a command is warned of at its entry as a whole.
                here = replace(problem, path=entry.path, line=entry.line) if problem.path else problem
                yield params.get(problem.message, here)
