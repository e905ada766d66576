"""Patches of the shared state: compared, laid over each other, and taken back.

A patch is a mapping: null deletes a key, a mapping is merged into the one that is there, everything
else replaces (cases provisioners-112 to 118).  A path leads through mappings to something that is
none, or to an empty one.
"""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.text import canonical


def underlay(target: dict[str, object], base: Mapping[str, object]) -> None:
    """Adds from ``base`` what ``target`` does not have, at any depth."""
    for key, value in base.items():
        present = target.get(key)
        if isinstance(present, dict) and isinstance(value, Mapping):
            underlay(present, value)
        elif key not in target:
            target[key] = copied(value)


def remove_paths(target: dict[str, object], patch: Mapping[str, object]) -> None:
    """Removes from ``target``, in place, every path that ``patch`` sets or deletes."""
    for key, change in patch.items():
        below = target.get(key)
        if isinstance(change, Mapping) and isinstance(below, dict):
            remove_paths(below, change)
            if below:
                continue
        target.pop(key, None)


def laid_over(base: Mapping[str, object], patch: Mapping[str, object]) -> dict[str, object]:
    """One patch that does what ``base`` and then ``patch`` do."""
    both = dict(base)
    for key, change in patch.items():
        below = both.get(key)
        merged = isinstance(below, Mapping) and isinstance(change, Mapping)
        both[key] = laid_over(below, change) if merged else change  # type: ignore[arg-type]  # both are mappings then
    return both


def lacks(patch: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether ``other`` has a path that ``patch`` does not have."""
    for key, theirs in other.items():
        if key not in patch:
            return True
        ours = patch[key]
        if isinstance(theirs, Mapping) and theirs and (not isinstance(ours, Mapping) or lacks(ours, theirs)):
            return True
    return False


def recalled(
    patch: Mapping[str, object], present: Mapping[str, object], attic: Mapping[str, object]
) -> dict[str, object]:
    """What ``attic`` has, other than ``patch``, at the paths that ``patch`` adds to ``present``."""
    found: dict[str, object] = {}
    for key, change in patch.items():
        if change is None or key not in attic:
            continue
        was = attic[key]
        here = present.get(key)
        if isinstance(change, Mapping):
            if isinstance(was, Mapping) and (here is None or isinstance(here, Mapping)):
                inner = recalled(change, here or {}, was)
                if inner:
                    found[key] = inner
        elif here is None and not isinstance(was, Mapping) and not same(was, change):
            found[key] = was
    return found


def same(one: object, other: object) -> bool:
    """Whether two values have one canonical text."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return canonical.encode(one) == canonical.encode(other)


def copied(value: object) -> object:
    """``value`` with mappings of its own."""
    if isinstance(value, Mapping):
        return {key: copied(item) for key, item in value.items()}
    return value
