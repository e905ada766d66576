"""What a provisioner looked at, so that it is run again when that changes, and only then.

A look is at a path, such as ``broker.name``, and sees one of four things there, each of which tells
more than the one before: whether there is something (``?``), the value if it is no mapping (``=``),
whether a mapping is empty (``~``), all of it (``*``).  What is passed on the way to a key is seen to be a
mapping, and no more.
"""

from __future__ import annotations

import json
import re
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView

from doit_score.engine.shared.tree import ABSENT, Branch, digest_of
from doit_score.text import canonical

Note = Mapping[str, str]
"""What was seen: a text for each path, which begins with the sign of the kind of look."""

PRESENT, VALUE, FILLED, WHOLE = "?", "=", "~", "*"
_MORE = "?=~*"


class Look:
    """What was looked at, at one path and below it."""

    __slots__ = ("below", "kind")

    def __init__(self) -> None:
        self.kind = ""
        self.below: dict[str, Look] = {}

    def at(self, key: str, kind: str) -> Look:
        """Notes a look at what is below ``key``."""
        found = self.below.get(key)
        if found is None:
            found = self.below[key] = Look()
        found.more(kind)
        return found

    def more(self, kind: str) -> None:
        """Notes a look at this."""
        if not self.kind or _MORE.index(kind) > _MORE.index(self.kind):
            self.kind = kind

    def write(self, value: object, path: tuple[str, ...], note: dict[str, str]) -> bool:
        """Adds what these looks see of ``value``, which is at ``path``, to ``note``; whether it is there.

        Where something is below it is a mapping, which does not have to be said too.
        """
        is_said = False
        for key in self.below if self.kind != WHOLE else ():
            inner = value.get(key, ABSENT) if isinstance(value, Branch) else ABSENT
            is_said = self.below[key].write(inner, (*path, key), note) or is_said
        if self.kind and not is_said:
            note[path_of(path)] = seen(value, self.kind)
        return value is not ABSENT


class Recording(Mapping[str, object]):
    """A view of ``values`` that notes what is looked at, present or not; mappings in it are views too.

    It is no dict, so no code in C can read it past its methods, and there is no way to change what
    it shows.
    """

    __slots__ = ("_values", "look")

    def __init__(self, values: Branch, look: Look | None = None) -> None:
        self._values = values
        self.look = Look() if look is None else look

    def note(self) -> dict[str, str]:
        """What was looked at, as it is now."""
        note: dict[str, str] = {}
        self.look.write(self._values, (), note)
        return note

    def __getitem__(self, key: str) -> object:
        value = self.get(key, ABSENT)
        if value is ABSENT:
            raise KeyError(key)
        return value

    def get(self, key: str, default: object = None, /) -> object:
        value = self._values.get(key, ABSENT)
        if self._is_all_seen(key):
            return default if value is ABSENT else value
        below = self.look.at(key, VALUE)
        if value is ABSENT:
            return default
        if not isinstance(value, Branch):
            return value
        if not value.has_other_keys:
            return Recording(value, below)
        # Only keys that are text have a path.
        below.more(WHOLE)
        return value

    def __contains__(self, key: object) -> bool:
        if not self._is_all_seen(key):
            self.look.at(str(key), PRESENT)
        return key in self._values

    def _is_all_seen(self, key: object) -> bool:
        # A look at a key that is no text finds nothing today and tomorrow.
        return self.look.kind == WHOLE or not isinstance(key, str)

    def _whole(self) -> Branch:
        self.look.more(WHOLE)
        return self._values

    def __bool__(self) -> bool:
        self.look.more(FILLED)
        return bool(self._values)

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def __repr__(self) -> str:
        return repr(self._whole())

    def keys(self) -> KeysView[str]:
        return self._whole().keys()

    def values(self) -> ValuesView[object]:
        return self._whole().values()

    def items(self) -> ItemsView[str, object]:
        return self._whole().items()


class Decoding(Branch):
    """A branch of canonical texts, each of which is decoded when it is asked for.

    Of what ten thousand workloads could be asked for a provisioner looks at one or two.
    """

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__()
        self._texts = dict(sorted(texts.items()))
        self.update(dict.fromkeys(self._texts))

    def get(self, key: str, default: object = None, /) -> object:
        if key not in self:
            return default
        value = super().get(key)
        if value is None:
            value = self[key] = Branch.of(canonical.mapping(self._texts[key]))
        return value

    def values(self) -> ValuesView[object]:  # type: ignore[override]  # dict_values cannot be named
        self._decode_all()
        return super().values()

    def items(self) -> ItemsView[str, object]:  # type: ignore[override]  # dict_items cannot be named
        self._decode_all()
        return super().items()

    def __repr__(self) -> str:
        self._decode_all()
        return super().__repr__()

    def digest(self) -> str:
        return canonical.digest(*(part for pair in self._texts.items() for part in pair))

    def _decode_all(self) -> None:
        for key in self._texts:
            self.get(key)


def seen(value: object, kind: str) -> str:
    """What a look of ``kind`` sees of ``value``, which may be ABSENT."""
    if value is ABSENT:
        return kind + "absent"
    if kind == PRESENT:
        return kind + "present"
    if kind == WHOLE or not isinstance(value, Branch):
        return kind + digest_of(value)
    return kind + ("mapping" if kind == VALUE or value else "empty")


def seen_at(root: Branch, path: str, kind: str) -> str:
    """What a look of ``kind`` at ``path`` sees."""
    value: object = root
    for key in keys_of(path):
        value = value.get(key, ABSENT) if isinstance(value, Branch) else ABSENT
    return seen(value, kind)


def differing(root: Branch, note: Note) -> Iterator[str]:
    """The paths in ``note`` where the same looks would see something else now."""
    return (path for path, text in note.items() if seen_at(root, path, text[0]) != text)


def agree(root: Branch, note: Note) -> bool:
    """Whether the same looks would see the same now."""
    return next(differing(root, note), None) is None


_PLAIN = re.compile(r'[^\x00-\x1f."]+')
_KEY = re.compile(r'"(?:[^"\\]|\\.)*"|[^."]+')


def path_of(keys: Iterable[str]) -> str:
    """``keys`` as one text, for people too; of no keys it is empty.  A key with a dot is quoted."""
    return ".".join(key if _PLAIN.fullmatch(key) else json.dumps(key) for key in keys)


def keys_of(path: str) -> list[str]:
    """The keys of which :func:`path_of` made ``path``."""
    if '"' not in path:
        return path.split(".") if path else []
    return [json.loads(key) if key[0] == '"' else key for key in _KEY.findall(path)]
