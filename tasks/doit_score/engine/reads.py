"""What a provisioner looked at, so that it is run again when that changes, and only then."""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView

from doit_score import canonical


class Recording(dict[str, object]):
    """A mapping that notes which of its keys are looked at, present or not.

    ``whole`` is set when something looked at all of it.  Its keys are text; a look at a key that is
    not finds nothing today and tomorrow, so it is not noted.
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
        """What was looked at since :meth:`forget`, with the digest that each has now."""
        noted = {key: digests.of(key) for key in sorted(self.keys_read)}
        if self.whole:
            noted[WHOLE] = digests.whole()
        return noted

    def _look(self, key: object) -> None:
        if isinstance(key, str):
            self.keys_read.add(key)

    def __getitem__(self, key: str) -> object:
        self._look(key)
        return super().__getitem__(key)

    def get(self, key: str, default: object = None, /) -> object:
        self._look(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self._look(key)
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self.whole = True
        return super().__iter__()

    def __reversed__(self) -> Iterator[str]:
        self.whole = True
        return super().__reversed__()

    def __len__(self) -> int:
        self.whole = True
        return super().__len__()

    def __eq__(self, other: object) -> bool:
        self.whole = True
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __repr__(self) -> str:
        self.whole = True
        return super().__repr__()

    def copy(self) -> dict[str, object]:
        return dict(self.items())

    def keys(self) -> KeysView[str]:  # type: ignore[override]  # dict_keys cannot be named
        self.whole = True
        return super().keys()

    def values(self) -> ValuesView[object]:  # type: ignore[override]  # dict_values cannot be named
        self.whole = True
        return super().values()

    def items(self) -> ItemsView[str, object]:  # type: ignore[override]  # dict_items cannot be named
        self.whole = True
        return super().items()


class Decoding(Recording):
    """A recording of canonical texts that gives the values they stand for.

    Of what ten thousand workloads could be asked for a provisioner looks at one or two.
    """

    __slots__ = ()

    def __getitem__(self, key: str) -> object:
        return _decoded(super().__getitem__(key))

    def get(self, key: str, default: object = None, /) -> object:
        text = super().get(key)
        return default if text is None else _decoded(text)

    def values(self) -> ValuesView[object]:  # type: ignore[override]  # as above
        return {key: _decoded(text) for key, text in super().items()}.values()

    def items(self) -> ItemsView[str, object]:  # type: ignore[override]  # as above
        return {key: _decoded(text) for key, text in super().items()}.items()


def _decoded(text: object) -> object:
    assert isinstance(text, str)
    return canonical.decode(text)


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
                text = canonical.encode(dict.__getitem__(self._values, key))
            found = self._known[key] = canonical.digest(text)
        return found

    def whole(self) -> str:
        """The digest of all of it."""
        found = self._known.get(WHOLE)
        if found is None:
            parts = (part for key in sorted(dict.keys(self._values)) for part in (key, self.of(key)))
            found = self._known[WHOLE] = canonical.digest(*parts)
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
