"""Where a value stands in a YAML text: only asked for when there is something to complain of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from doit_score.text.light import Any, dataclass, field

from .events import events
from .scalars import MERGE_TAG, resolve, tagged

_MERGE = object()


@dataclass(slots=True)
class _Place:
    """One value: where it starts, where its key starts, and what is below it."""

    line: int
    column: int
    key_place: tuple[int, int] | None = None
    children: dict[object, _Place] = field(default_factory=dict)


def locate(data: str | bytes, keys: Sequence[str | int], *, key: bool = False) -> tuple[int, int] | None:
    """Line and column (from 1) of the value at ``keys``, or with ``key`` of its key.

    Where ``keys`` leads to nothing the longest part that exists counts.  None if there is no
    document, or if it is no YAML up to its end.
    """
    place = _tree(data)
    if place is None:
        return None
    for step in keys:
        below = place.children.get(step)
        if below is None:
            break
        place = below
    if key and place.key_place is not None:
        return place.key_place
    return place.line, place.column


@lru_cache(maxsize=4)
def _tree(data: str | bytes) -> _Place | None:
    import yaml

    builder = _TreeBuilder()
    try:
        for event in events(data):
            if builder.take(event, yaml):
                break
    except (yaml.YAMLError, UnicodeError):
        pass  # a file broken further down still has the places that were read
    return builder.root


class _TreeBuilder:
    """Builds the tree of places; a key given twice keeps its first place."""

    def __init__(self) -> None:
        self.root: _Place | None = None
        self.anchors: dict[str, _Place] = {}
        # (place, is a mapping) of all open containers, and the keys they wait with
        self.stack: list[tuple[_Place, bool]] = []
        self.keys: list[tuple[object, tuple[int, int]] | None] = []
        self.merges: list[tuple[_Place, _Place]] = []

    def take(self, event: Any, yaml: Any) -> bool:
        """Add one event; True when the document is complete."""
        if isinstance(event, yaml.DocumentEndEvent):
            self._merge()
            return True
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.stack.pop()
            self.keys.pop()
            return False
        if not isinstance(event, yaml.NodeEvent):
            return False
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        place = _Place(line, column)
        if isinstance(event, yaml.AliasEvent):
            place.children = self.anchors.get(event.anchor, place).children
        elif event.anchor is not None:
            self.anchors[event.anchor] = place
        opens = isinstance(event, yaml.CollectionStartEvent)
        self._attach(place, None if opens else event, yaml)
        if opens:
            self.stack.append((place, isinstance(event, yaml.MappingStartEvent)))
            self.keys.append(None)
        return False

    def _attach(self, place: _Place, event: Any, yaml: Any) -> None:
        if not self.stack:
            self.root = self.root or place
            return
        parent, mapping = self.stack[-1]
        if not mapping:
            parent.children[len(parent.children)] = place
            return
        waiting = self.keys[-1]
        if waiting is None:
            key = _key(event) if isinstance(event, yaml.ScalarEvent) else object()
            self.keys[-1] = (key, (place.line, place.column))
            return
        key, place.key_place = waiting
        self.keys[-1] = None
        if key is _MERGE:
            self.merges.append((parent, place))
        else:
            parent.children.setdefault(key, place)

    def _merge(self) -> None:
        """Let what is merged be found below its parent, unless the parent has the key itself."""
        for parent, place in self.merges:
            for source in (place, *place.children.values()):
                for key, child in list(source.children.items()):
                    parent.children.setdefault(key, child)


def _key(event: Any) -> object:
    if event.tag is None or event.tag == "!":
        if event.style:
            return event.value
        return _MERGE if event.value == "<<" else resolve(event.value)
    if event.tag == MERGE_TAG:
        return _MERGE
    try:
        return tagged(event.value, event.tag)
    except ValueError:
        return event.value
