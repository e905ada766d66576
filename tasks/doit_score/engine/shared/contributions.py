"""The shared state while a project is provisioned, and what is remembered of it.

It is no file that provisioners edit: every resource contributes a patch, and the shared state is all
patches applied in the order of provisioning, so that what a resource contributed goes when it goes.

Below all patches there is a base: what was in the shared state of the project when it was taken over
from score-compose, and nobody has contributed again.

What ever was in it is remembered in the attic.  A resource that adds a path which the attic has with
another value is run once more with that value in view, so that one who generates a name only if
there is none finds the name that was there; one who would add its own value anyway has its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from doit_score.engine.shared import reads
from doit_score.engine.shared.fold import copied, lacks, recalled, remove_paths, underlay
from doit_score.engine.shared.tree import Branch
from doit_score.text import canonical

Reads = dict[str, reads.Note]
"""What was read, by kind (``shared``, ``services``, ``environment``) and path or name."""

# Taking back what a resource no longer contributes costs as much as all patches together.  When a
# new provisioner does that to each of a thousand resources, it is done once, at the end of a round.
_REBUILDS = 16


class Shared:
    """The sum of contributions."""

    def __init__(
        self,
        order: Sequence[str],
        patches: Mapping[str, str],
        attic: Mapping[str, object],
        base: Mapping[str, object],
    ) -> None:
        self._order = order
        self._base = base
        decoded: dict[str, dict[str, object]] = {}
        self._patches: dict[str, Mapping[str, object]] = {}
        for uid, text in patches.items():
            if text != "{}":
                if text not in decoded:
                    decoded[text] = canonical.mapping(text)
                self._patches[uid] = decoded[text]
        self._earlier: Mapping[str, object] = attic
        self._attic: dict[str, object] | None = None
        self.settle()

    def settle(self) -> None:
        """Makes the view the exact sum of the contributions: what the next round starts from."""
        self._add_up()
        self._rebuilds = _REBUILDS

    def _add_up(self) -> None:
        self._total = Branch.of(self._base)
        last: Mapping[str, object] | None = None
        for uid in self._order:
            patch = self._patches.get(uid)
            if patch is not None and patch is not last:
                self._total.merge(patch)
                last = patch

    def view(self) -> reads.Recording:
        """The shared state for a provisioner to look at, which is noted."""
        return reads.Recording(self._total)

    def recall(self, patch: Mapping[str, object]) -> dict[str, object]:
        """Puts remembered values in view at the paths that ``patch`` would add; which ones those are."""
        found = recalled(patch, self._total, self._remembered())
        self._total.merge(found)
        return found

    def contribute(self, uid: str, patch: Mapping[str, object]) -> bool:
        """Replaces the contribution of ``uid``; whether there was something in the old one that is gone."""
        attic = self._remembered()
        old = self._patches.get(uid, {})
        self._patches[uid] = patch
        self._total.merge(patch)
        if not lacks(patch, old):
            return False
        underlay(attic, old)
        if self._rebuilds:
            self._rebuilds -= 1
            self._add_up()
        return True

    def contribution(self, uid: str) -> dict[str, object]:
        """What ``uid`` contributes now."""
        return dict(self._patches.get(uid, {}))

    def contributors(self, paths: Iterable[str]) -> list[str]:
        """Who contributes to what is at, above or below one of ``paths``."""
        keys = [reads.keys_of(path) for path in paths]
        return [uid for uid in self._order if any(_reaches(self._patches.get(uid, {}), one) for one in keys)]

    def agrees(self, note: reads.Note) -> bool:
        """Whether the looks in ``note`` see the same now."""
        return reads.agree(self._total, note)

    def differing(self, note: reads.Note) -> list[str]:
        """The paths in ``note`` where there is something else to be seen now."""
        return sorted(reads.differing(self._total, note))

    def as_seen_now(self, note: reads.Note) -> reads.Note:
        """The looks in ``note`` with what they see now."""
        return {path: reads.seen_at(self._total, path, text[0]) for path, text in note.items()}

    def attic(self) -> dict[str, object]:
        """What is to be remembered: all of now, and what was there before and is not now."""
        found = self._now()
        underlay(found, self._remembered())
        return found

    def base(self) -> dict[str, object]:
        """The base without what somebody contributes now, as that goes with who contributes it."""
        found = copied(self._base)
        assert isinstance(found, dict)
        for patch in self._patches.values() if found else ():
            remove_paths(found, patch)
        return found

    def _remembered(self) -> dict[str, object]:
        """Everything that ever was there; called before the first contribution changes what is."""
        if self._attic is None:
            self._attic = self._now()
            underlay(self._attic, self._earlier)
        return self._attic

    def _now(self) -> dict[str, object]:
        now = copied(self._total)
        assert isinstance(now, dict)
        return now


def _reaches(patch: Mapping[str, object], keys: Sequence[str]) -> bool:
    value: object = patch
    for key in keys:
        if not isinstance(value, Mapping):
            return True
        if key not in value:
            return False
        value = value[key]
    return bool(patch)
