"""What a provisioner looked at, so that it is run again when that changes, and only then."""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView

from doit_score import canonical


class Recording(dict[str, object]):
    """A mapping that notes which of its keys are looked at, present or not.

    ``whole`` is set when something looked at all of it.  The provisioning code reads through the
    ordinary methods only, so nothing is read unseen.
    """

    __slots__ = ("keys_read", "whole")

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__(values)
        self.forget()

    def forget(self) -> None:
        """Starts a new note."""
        self.keys_read: set[str] = set()
        self.whole = False

    def note(self, digests: Digests) -> dict[str, str]:
        """What was looked at since :meth:`forget`, with the digest that each had."""
        noted = {key: digests.of(key) for key in sorted(self.keys_read)}
        if self.whole:
            noted[WHOLE] = digests.whole()
        return noted

    def __getitem__(self, key: str) -> object:
        self.keys_read.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: object = None, /) -> object:
        self.keys_read.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.keys_read.add(str(key))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self.whole = True
        return super().__iter__()

    def __len__(self) -> int:
        self.whole = True
        return super().__len__()

    def keys(self) -> KeysView[str]:  # type: ignore[override]  # dict_keys cannot be named
        self.whole = True
        return super().keys()

    def values(self) -> ValuesView[object]:  # type: ignore[override]  # dict_values cannot be named
        self.whole = True
        return super().values()

    def items(self) -> ItemsView[str, object]:  # type: ignore[override]  # dict_items cannot be named
        self.whole = True
        return super().items()


# YAML keys hold no NUL, so no key is taken for this.
WHOLE = "\0"


class Digests:
    """The digests of the values of one state of a mapping, each made once, when asked for."""

    def __init__(self, values: dict[str, object]) -> None:
        self._values = values
        self._known: dict[str, str] = {}

    def of(self, key: str) -> str:
        """The digest of the value at ``key``, of an absent one too."""
        found = self._known.get(key)
        if found is None:
            text = ""
            if dict.__contains__(self._values, key):
                text = canonical.encode(_plain(dict.__getitem__(self._values, key)))
            found = self._known[key] = canonical.digest(text)
        return found

    def whole(self) -> str:
        """The digest of all of it."""
        found = self._known.get(WHOLE)
        if found is None:
            found = self._known[WHOLE] = canonical.digest(canonical.encode(_plain(self._values)))
        return found

    def forget(self, keys: Iterable[str]) -> None:
        """The values at ``keys`` are others now."""
        for key in (*keys, WHOLE):
            self._known.pop(key, None)

    def agree(self, noted: Mapping[str, str]) -> bool:
        """Whether everything that was noted still has the digest it had."""
        return all(
            (self.whole() if key == WHOLE else self.of(key)) == digest for key, digest in noted.items()
        )


def _plain(value: object) -> object:
    """``value`` without recording mappings: looking at it to compare it is no look."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in dict.items(value)}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
