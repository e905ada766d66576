"""Mappings within mappings that know their digests, however often a part of them changes.

A provisioner that looks at all of ten thousand routes is compared by one digest, and each route that
is added changes that digest.  So a digest of a mapping is a sum over its keys, from which a term can
be taken away and to which another can be added.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView

from doit_score.engine.shared.fold import same
from doit_score.text import canonical
from doit_score.text.light import sha256

_LIMIT = (1 << 256) - 1


class Absent:
    """The type of :data:`ABSENT`."""


ABSENT = Absent()
"""Stands for the value of a key that is not there, where None is a value."""


class Series(list[object]):
    """A list in a branch, which nobody changes: its digest is made once."""

    __slots__ = ("_digest",)

    def __init__(self, items: Iterable[object]) -> None:
        super().__init__(items)
        self._digest = ""

    def digest(self) -> str:
        """A name for all that is in it."""
        if not self._digest:
            self._digest = canonical.digest(canonical.encode(self))
        return self._digest


class Branch(dict[str, object]):
    """A mapping whose mappings are branches too.  It is changed by :meth:`merge` only.

    Its keys are in their own order, not in that in which they came: what a template makes of them all
    must not depend on who came first.  ``has_other_keys`` is set once a key is no text.
    """

    __slots__ = ("_is_ordered", "_total", "has_other_keys")

    def __init__(self) -> None:
        super().__init__()
        self._total: int | None = None
        self._is_ordered = True
        self.has_other_keys = False

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Branch:
        """A copy of ``values``, null being a value as any other."""
        made = cls()
        for key, value in values.items():
            made._set(key, cls.of(value) if isinstance(value, Mapping) else value)
        return made

    def merge(self, patch: Mapping[str, object]) -> bool:
        """Applies ``patch``; whether that made a difference.

        Null deletes a key, a mapping is merged into the one that is there, everything else replaces:
        the rule of :class:`doit_score.provisioning.scratch.Scratch`, without copying a state that
        ten thousand resources share.
        """
        changed = False
        for key, change in patch.items():
            old = self.get(key, ABSENT)
            before = 0 if self._total is None or old is ABSENT else _term(key, digest_of(old))
            if self._apply(key, old, change):
                changed = True
                if self._total is not None:
                    new = self.get(key, ABSENT)
                    after = 0 if new is ABSENT else _term(key, digest_of(new))
                    self._total = (self._total + after - before) & _LIMIT
        return changed

    def digest(self) -> str:
        """A name for all that is in it."""
        if self._total is None:
            self._total = sum(_term(key, digest_of(value)) for key, value in self.items()) & _LIMIT
        return canonical.digest("mapping", f"{self._total:x}")

    def _apply(self, key: str, old: object, change: object) -> bool:
        if isinstance(change, Mapping):
            if isinstance(old, Branch):
                return old.merge(change)
            self._set(key, made := Branch())
            made.merge(change)
            return True
        if change is None:
            return self.pop(key, ABSENT) is not ABSENT
        if old is not ABSENT and same(old, change):
            return False
        self._set(key, change)
        return True

    def __iter__(self) -> Iterator[str]:
        return super(Branch, self._ordered()).__iter__()

    def keys(self) -> KeysView[str]:  # type: ignore[override]  # dict_keys cannot be named
        return super(Branch, self._ordered()).keys()

    def values(self) -> ValuesView[object]:  # type: ignore[override]  # as above
        return super(Branch, self._ordered()).values()

    def items(self) -> ItemsView[str, object]:  # type: ignore[override]  # as above
        return super(Branch, self._ordered()).items()

    def __repr__(self) -> str:
        return super(Branch, self._ordered()).__repr__()

    def _ordered(self) -> Branch:
        if not self._is_ordered:
            items = dict(super().items())
            order = sorted(items, key=canonical.encode) if self.has_other_keys else sorted(items)
            self.clear()
            self.update((key, items[key]) for key in order)
            self._is_ordered = True
        return self

    def _set(self, key: object, value: object) -> None:
        if key not in self:
            self._is_ordered = False
        self[key] = Series(value) if isinstance(value, list) else value  # type: ignore[index]  # YAML may have other keys than text
        if not isinstance(key, str):
            self.has_other_keys = True


def digest_of(value: object) -> str:
    """A name for ``value``, whatever it is."""
    if isinstance(value, (Branch, Series)):
        return value.digest()
    return canonical.digest(canonical.encode(value))


def _term(key: object, digest: str) -> int:
    named = f"={key}" if isinstance(key, str) else canonical.encode(key)
    return int.from_bytes(sha256(f"{digest}{named}".encode("utf-8", "surrogatepass")).digest(), "big")
