"""Maps.  ``set``, ``unset``, ``merge`` and ``mergeOverwrite`` change the map they are given, as in Go."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import GoError
from ..limits import step
from ..values import TypedList, TypedMap, is_nil, type_name
from .conversion import is_empty, is_plain_string, string_list, text_of_value

Map = dict[str, object]
_ANY = "interface {}"


def new(*values: object) -> Map:
    """Pairs of key and value; a last key without a value gets the empty text."""
    keys = map(text_of_value, values[::2])
    return dict(zip(keys, [*values[1::2], ""] if len(values) % 2 else values[1::2], strict=True))


def get(items: Map | None, key: str) -> object:
    return "" if items is None else items.get(key, "")


def has_key(items: Map | None, key: str) -> bool:
    return items is not None and key in items


def set_(items: Map | None, key: str, value: object) -> Map:
    if items is None or is_nil(items):
        raise GoError(f"cannot set the key {key!r} of a nil map; start from a dict")
    items[key] = value
    return items


def unset(items: Map | None, key: str) -> Map:
    if items is None:
        return _nil_map()
    items.pop(key, None)
    return items


def _nil_map() -> Map:
    return TypedMap(_ANY, nil=True)


def pluck(key: str, *maps: Map | None) -> list[object]:
    return [items[key] for items in maps if items is not None and key in items]


def keys(*maps: Map | None) -> TypedList:
    """The keys of all maps, sorted within each: Go's order is random."""
    return string_list([key for items in maps for key in sorted(items or ())])


def values(items: Map | None) -> list[object]:
    """The values of a map in the order of their keys."""
    return [items[key] for key in sorted(items)] if items else []


def pick(items: Map | None, *wanted: str) -> Map:
    return {key: items[key] for key in wanted if key in items} if items else {}


def omit(items: Map | None, *unwanted: str) -> Map:
    return {key: items[key] for key in items if key not in unwanted} if items else {}


def _is_any_map(value: object) -> bool:
    """Whether the Go type of ``value`` is ``map[string]any``, as far as that shows without reading it."""
    return isinstance(value, dict) and not (isinstance(value, TypedMap) and value.elem != _ANY)


def dig(*arguments: object) -> object:
    """The value below the keys in the map that is last; the default before it when a key is absent.

    A nil on the way, or any other value that is no map, is an error; a nil at the end is returned.
    """
    if len(arguments) < 3:
        raise GoError("expected at least three arguments: keys, a default and a map")
    *path, default, value = arguments
    for key in path:
        if not is_plain_string(key):
            raise GoError(f"expected texts as keys, found {type_name(key)}")
    for depth, key in enumerate(path):
        if not isinstance(value, dict) or not _is_any_map(value):
            place = f"below {'.'.join(map(str, path[:depth]))}" if depth else "as its last argument"
            raise GoError(f"expected a map {place}, found {type_name(value)}")
        if key not in value:
            return default
        value = value[key]
    return value


def _merged(into: Map | None, sources: Sequence[Map | None], *, overwrite: bool) -> Map:
    target: Map | None = into
    for source in sources:
        if source is not None:
            if target is None:
                target = {}
            _merge(target, source, overwrite=overwrite)
    return _nil_map() if target is None else target


def _merge(target: Map, source: Map, *, overwrite: bool) -> None:
    """Fill what is empty in ``target`` from ``source``; with ``overwrite`` all but maps, which are merged.

    The rules of mergo 1.0: a nil in ``source`` counts only with ``overwrite``; maps are merged in
    either case, and only a map that stays empty is replaced.
    """
    step(len(source))
    for key in list(source):
        value = source[key]
        if value is None:
            if overwrite:
                target[key] = None
            continue
        old = target.get(key)
        if isinstance(value, dict) and isinstance(old, dict) and not is_nil(old):
            _merge(old, value, overwrite=overwrite)
            if old:
                continue
        if overwrite or is_empty(old):
            target[key] = value


def merge(into: Map | None, *sources: Map | None) -> Map:
    return _merged(into, sources, overwrite=False)


def merge_overwrite(into: Map | None, *sources: Map | None) -> Map:
    return _merged(into, sources, overwrite=True)


def deep_copy(value: object) -> object:
    if value is None:
        raise GoError("expected a value, found nil")
    return _copied(value)


def _copied(value: object) -> object:
    if isinstance(value, (list, dict)):
        step(len(value))
    if isinstance(value, TypedList):
        return TypedList(value.elem, map(_copied, value), nil=value.nil)
    if isinstance(value, TypedMap):
        copies = {key: _copied(value[key]) for key in value}
        return TypedMap(value.elem, copies, zero=value.zero, nil=value.nil)
    if isinstance(value, list):
        return [_copied(item) for item in value]
    if isinstance(value, dict):
        return {key: _copied(value[key]) for key in value}
    return value
