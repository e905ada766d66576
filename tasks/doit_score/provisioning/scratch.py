"""Private copies of the data that a template may change, and patches of shared state.

In Go a template that calls ``set`` on ``.Shared`` changes the map that it was given, and the
reference then stores that (conformance provisioners-106, 107).  Here a template works on a
:class:`Scratch`, which copies a value when it is first asked for: the caller's data stays as it
is, nothing is copied that nobody reads, and a mapping that records which keys are read records
just the ones that the template used.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView

from doit_score.templating.values import TypedMap

ANY = "interface {}"
"""Go's name for the type of the values of a map that came from YAML."""

_UNREAD = "\0unread"
"""A key, impossible in YAML, in the storage of a Scratch that is not filled yet.

Code in C, such as json's encoder, looks at the size of the storage and takes an empty one for an
empty dict before it calls any method; with this it goes on to ``items``, which fills the storage.
"""


def private(value: object) -> object:
    """A copy of ``value`` that may be changed freely; mappings with text keys are copied as they are read."""
    if type(value) is str:
        return value
    if isinstance(value, list):
        return [private(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    # One that is no plain dict has keys that are text; to look for others would be to read them all.
    if (
        isinstance(value, Scratch)
        or not isinstance(value, dict)
        or all(isinstance(key, str) for key in value)
    ):
        return Scratch(value)
    return {key: private(item) for key, item in value.items()}


class Scratch(TypedMap):
    """A dict with text keys that starts as a copy of ``source``, made key by key on first use.

    ``patch`` is laid over the source: null deletes a key, a mapping is merged into the mapping that is
    there (or into an empty one, so that nulls inside a new mapping vanish), everything else replaces
    (conformance provisioners-112 to 118).  A key that it sets or deletes outright is never read from
    the source.  ``copy`` makes the private copy of one value; ``elem`` and ``zero`` are what
    :class:`TypedMap` says.  The storage of the dict itself holds what was read or written so far.
    """

    __slots__ = ("_copy", "_gone", "_patch", "_source")

    def __init__(
        self,
        source: Mapping[str, object],
        patch: Mapping[str, object] | None = None,
        copy: Callable[[object], object] = private,
        *,
        elem: str = ANY,
        zero: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(elem, {_UNREAD: None}, zero=zero)
        self._source: Mapping[str, object] | None = source
        self._patch: Mapping[str, object] = {} if patch is None else patch
        self._gone: set[object] = set()
        self._copy = copy

    def __missing__(self, key: str) -> object:
        if self._source is None or key in self._gone:
            raise KeyError(key)
        if key in self._patch:
            value = self._patched(self._patch[key], key, self._source)
        else:
            value = self._copy(self._source[key])
        self[key] = value
        return value

    @staticmethod
    def _patched(change: object, key: str, source: Mapping[str, object]) -> object:
        if change is None:
            raise KeyError(key)
        if not isinstance(change, dict):
            return private(change)
        old = source.get(key)
        return Scratch(old if isinstance(old, Mapping) else {}, change)

    def __contains__(self, key: object) -> bool:
        if super().__contains__(key):
            return True
        if self._source is None or key in self._gone:
            return False
        if key in self._patch:
            return self._patch.get(str(key)) is not None
        return key in self._source

    def get(self, key: str, default: object = None, /) -> object:
        if key not in self:
            return default
        return self[key]

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        super().pop(key, None)
        self._gone.add(key)

    def pop(self, key: str, *default: object) -> object:
        if key not in self and default:
            return default[0]
        value = self[key]
        del self[key]
        return value

    def setdefault(self, key: str, default: object = None, /) -> object:
        if key not in self:
            self[key] = default
        return self[key]

    def _whole(self) -> Scratch:
        """Itself, with everything copied that was in the source only.

        The order is that of the source, and sorted with a patch: a key that is only in the patch now
        is in both when the template is run again, and should be at the same place.
        """
        if self._source is not None:
            super().pop(_UNREAD, None)
            read = dict(super().items())
            source = dict(self._source.items())
            items: dict[str, object] = {}
            for key in sorted({**source, **self._patch}, key=str) if self._patch else source:
                if key in read:
                    items[key] = read[key]
                elif key in self._patch:
                    if key in self:
                        items[key] = self._patched(self._patch[key], key, source)
                elif key not in self._gone:
                    items[key] = self._copy(source[key])
            items.update(read)
            self._source = None
            super().clear()
            super().update(items)
        return self

    def clear(self) -> None:
        self._source = None
        super().clear()

    def copy(self) -> dict[str, object]:
        return dict(self)

    def popitem(self) -> tuple[str, object]:
        return super(Scratch, self._whole()).popitem()

    def keys(self) -> KeysView[str]:  # type: ignore[override]  # dict_keys cannot be named
        return super(Scratch, self._whole()).keys()

    def values(self) -> ValuesView[object]:  # type: ignore[override]  # as above
        return super(Scratch, self._whole()).values()

    def items(self) -> ItemsView[str, object]:  # type: ignore[override]  # as above
        return super(Scratch, self._whole()).items()

    def __iter__(self) -> Iterator[str]:
        return super(Scratch, self._whole()).__iter__()

    def __reversed__(self) -> Iterator[str]:
        return super(Scratch, self._whole()).__reversed__()

    def __bool__(self) -> bool:
        if any(key != _UNREAD for key in super().__iter__()) or any(
            change is not None and key not in self._gone for key, change in self._patch.items()
        ):
            return True
        if self._source is None:
            return False
        # Whether there is anything is less than what there is.
        return len(self) > 0 if self._gone or self._patch else bool(self._source)

    def __len__(self) -> int:
        return super(Scratch, self._whole()).__len__()

    def __eq__(self, other: object) -> bool:
        return dict(self) == (dict(other) if isinstance(other, dict) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __repr__(self) -> str:
        return repr(dict(self))
