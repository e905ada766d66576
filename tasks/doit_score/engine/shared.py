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

from doit_score import canonical
from doit_score.engine import reads
from doit_score.engine.fold import copied, lacks, recalled, remove_paths, underlay
from doit_score.engine.tree import Branch

ATTIC = "attic"
"""The meta value that holds the attic."""

BASE = "base"
"""The meta value that holds the base."""

Reads = dict[str, reads.Note]
"""What was read, by kind (``shared``, ``before``, ``services``, ``environment``) and path or name.

``shared`` is what is to be seen after the resource has applied its own patch, which is what the
fields after ``shared`` saw; ``before`` what it saw at the paths where its patch has changed that.  Who
is run again may look at more there than whether it is still missing, so all that is at such a path
counts after the patch.
"""

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

    def contribute(self, uid: str, patch: Mapping[str, object], view: reads.Recording) -> Reads:
        """Replaces the contribution of ``uid``, who has just looked at ``view``; what it looked at."""
        self._remembered()
        old = self._patches.get(uid, {})
        self._patches[uid] = patch
        before = view.note()
        after, changed = dict(before), {}
        if self._total.merge(patch):
            for path in reads.differing(self._total, before):
                after[path] = reads.seen_at(self._total, path, reads.WHOLE)
                changed[path] = before[path]
        if lacks(patch, old) and self._rebuilds:
            self._rebuilds -= 1
            self._add_up()
        return {what: note for what, note in (("shared", after), ("before", changed)) if note}

    def contribution(self, uid: str) -> dict[str, object]:
        """What ``uid`` contributes now."""
        return dict(self._patches.get(uid, {}))

    def contributors(self, paths: Iterable[str]) -> list[str]:
        """Who contributes to what is at, above or below one of ``paths``."""
        keys = [reads.keys_of(path) for path in paths]
        return [uid for uid in self._order if any(_reaches(self._patches.get(uid, {}), one) for one in keys)]

    def agrees(self, noted: Mapping[str, Mapping[str, str]]) -> bool:
        """Whether who noted this would see the same again, or what its own patch made of that."""
        after = noted.get("shared")
        if not after or reads.agree(self._total, after):
            return True
        before = noted.get("before")
        return bool(before) and reads.agree(self._total, {**after, **(before or {})})

    def differing(self, noted: Mapping[str, Mapping[str, str]]) -> list[str]:
        """The paths where who noted this would see something else now."""
        if self.agrees(noted):
            return []
        return sorted(reads.differing(self._total, {**noted["shared"], **noted.get("before", {})}))

    def as_seen_now(self, noted: Mapping[str, Mapping[str, str]]) -> Reads:
        """The same looks with what they see now."""
        found: Reads = {what: note for what, note in noted.items() if what != "before"}
        after = found.pop("shared", None)
        if after:
            found["shared"] = {p: reads.seen_at(self._total, p, text[0]) for p, text in after.items()}
        return found

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
