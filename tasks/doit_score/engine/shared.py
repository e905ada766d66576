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

from collections.abc import Mapping, Sequence

from doit_score import canonical
from doit_score.engine.fold import copied, lacks, merge_into, recalled, remove_paths, underlay
from doit_score.engine.reads import WHOLE, Digests, Recording

ATTIC = "attic"
"""The meta value that holds the attic."""

BASE = "base"
"""The meta value that holds the base."""

Reads = dict[str, dict[str, str]]
"""What was read, by kind (``shared``, ``before``, ``services``, ``environment``) and key, as digests.

``shared`` is how the keys were after the resource had applied its own patch, which is what the
fields after ``shared`` saw; ``before`` how those were that the patch changed.
"""

# Taking back what a resource no longer contributes costs as much as all patches together.  When a
# new provisioner does that to each of a thousand resources, it is done once, at the end of a round.
_REBUILDS = 16


class Shared:
    """The sum of contributions.  ``view`` is for provisioners to look at, which it notes."""

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
        total: dict[str, object] = {}
        underlay(total, self._base)
        last: Mapping[str, object] | None = None
        for uid in self._order:
            patch = self._patches.get(uid)
            if patch is not None and patch is not last:
                merge_into(total, patch)
                last = patch
        self.view = Recording(total)
        self._digests = Digests(self.view)

    def recall(self, patch: Mapping[str, object]) -> dict[str, object]:
        """Puts remembered values in view at the paths that ``patch`` would add; which ones those are."""
        found = recalled(patch, self.view, self._remembered())
        if found:
            merge_into(self.view, found)
            self._digests.forget(found)
        return found

    def contribute(self, uid: str, patch: Mapping[str, object]) -> Reads:
        """Replaces the contribution of ``uid``, who has just looked at the view; what it looked at."""
        self._remembered()
        old = self._patches.get(uid, {})
        self._patches[uid] = patch
        before = self.view.note(self._digests)
        after = before
        if merge_into(self.view, patch):
            self._digests.forget(patch)
            after = self.view.note(self._digests)
        if lacks(patch, old) and self._rebuilds:
            self._rebuilds -= 1
            self._add_up()
        changed = {key: digest for key, digest in before.items() if after[key] != digest}
        return {what: noted for what, noted in (("shared", after), ("before", changed)) if noted}

    def agrees(self, reads: Mapping[str, Mapping[str, str]]) -> bool:
        """Whether who noted ``reads`` would see the same again, or what its own patch made of that."""
        after = reads.get("shared")
        if not after or self._digests.agree(after):
            return True
        before = reads.get("before")
        return bool(before) and self._digests.agree({**after, **(before or {})})

    def differing(self, reads: Mapping[str, Mapping[str, str]]) -> list[str]:
        """The keys in ``reads`` of which neither what was seen nor what came of it is in view."""
        after, before = reads.get("shared", {}), reads.get("before", {})
        agree = self._digests.agree
        other = [key for key, digest in after.items() if not agree({key: digest})]
        neither = [key for key in other if not (key in before and agree({key: before[key]}))]
        return neither or other

    def as_seen_now(self, reads: Mapping[str, Mapping[str, str]]) -> Reads:
        """``reads`` with the digests of what is in view now."""
        found = {what: dict(noted) for what, noted in reads.items() if what != "before"}
        if "shared" in found:
            now = self._digests
            found["shared"] = {key: now.whole() if key == WHOLE else now.of(key) for key in found["shared"]}
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
        # Through dict, as a look that is not to be noted.
        return {key: copied(value) for key, value in dict.items(self.view)}
