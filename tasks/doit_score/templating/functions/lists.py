"""Lists.  Each function exists twice in sprig, plain and ``must``; for templates both fail alike."""

from __future__ import annotations

from ..errors import GoError
from ..limits import step, step_by_letter
from ..values import TypedList
from .conversion import check_items, deep_equal, is_empty, the_list, to_int64

_NIL = "interface {}"


def new(*values: object) -> list[object]:
    return list(values)


def append(items: object, value: object) -> list[object]:
    return [*the_list(items), value]


def prepend(items: object, value: object) -> list[object]:
    return [value, *the_list(items)]


def first(items: object) -> object:
    found = the_list(items)
    return found[0] if found else None


def last(items: object) -> object:
    found = the_list(items)
    return found[-1] if found else None


def rest(items: object) -> list[object]:
    found = the_list(items)
    return list(found[1:]) if found else TypedList(_NIL, nil=True)


def initial(items: object) -> list[object]:
    found = the_list(items)
    return list(found[:-1]) if found else TypedList(_NIL, nil=True)


def reverse(items: object) -> list[object]:
    return list(reversed(the_list(items)))


def compact(items: object) -> list[object]:
    return [item for item in the_list(items) if not is_empty(item)]


def _holds(items: list[object], value: object) -> bool:
    kind = type(value)
    if kind is str or kind is int:
        step_by_letter(len(items))
        return any(type(item) is kind and item == value for item in items)
    step(len(items))
    return any(deep_equal(item, value) for item in items)


def uniq(items: object) -> list[object]:
    found: list[object] = []
    for item in the_list(items):
        if not _holds(found, item):
            found.append(item)
    return found


def without(items: object, *omitted: object) -> list[object]:
    unwanted = list(omitted)
    return [item for item in the_list(items) if not _holds(unwanted, item)]


def has(value: object, items: object) -> bool:
    return items is not None and _holds(the_list(items), value)


def slice_(items: object, *bounds: object) -> object:
    """The elements from the first bound up to the second; nil for an empty list, whatever the bounds."""
    found = the_list(items)
    if not found:
        return None
    start = to_int64(bounds[0]) if bounds else 0
    end = to_int64(bounds[1]) if len(bounds) > 1 else len(found)
    if not 0 <= start <= end <= len(found):
        raise GoError(f"positions {start} to {end} do not lie within a list of {len(found)} elements")
    part = list(found[start:end])
    return TypedList(found.elem, part) if isinstance(found, TypedList) else part


def concat(*lists: object) -> list[object]:
    result: list[object] = []
    for items in lists:
        result += the_list(items)
        check_items(len(result))
    return result or TypedList(_NIL, nil=True)


def chunk(size: int, items: object) -> TypedList:
    """Lists of ``size`` elements, the last one shorter; some negative sizes give something in sprig, too."""
    found = the_list(items)
    count = (len(found) - 1) // size + 1 if size else -1
    if count < 0 or (count and size < 0 and len(found) % size == 0):
        raise GoError(f"expected a size from 1, found {size}")
    length = abs(size)
    chunks = [list(found[start : start + length]) for start in range(0, count * length, length)]
    return TypedList("[]interface {}", chunks)
