"""Shared state as the sum of what the resources of a project contribute to it.

Every resource keeps its patch.  The shared state is all patches applied in the order of
provisioning, so that what a resource contributed goes when the resource goes.
"""

from __future__ import annotations

from collections.abc import Mapping


def merge_into(target: dict[str, object], patch: Mapping[str, object]) -> None:
    """Applies ``patch`` to ``target`` in place: null deletes, mappings merge, the rest replaces.

    The same rule as :func:`doit_score.provisioning.scratch.apply_patch` (cases provisioners-112 to
    118), without copying a state that ten thousand resources share.
    """
    for key, change in patch.items():
        if isinstance(change, Mapping):
            inner = dict.get(target, key)
            if not isinstance(inner, dict):
                inner = {}
                dict.__setitem__(target, key, inner)
            merge_into(inner, change)
        elif change is None:
            dict.pop(target, key, None)
        else:
            dict.__setitem__(target, key, change)


def underlay(target: dict[str, object], base: Mapping[str, object]) -> None:
    """Adds from ``base`` what ``target`` does not have, at any depth."""
    for key, value in base.items():
        present = dict.get(target, key)
        if isinstance(present, dict) and isinstance(value, Mapping):
            underlay(present, value)
        elif not dict.__contains__(target, key):
            dict.__setitem__(target, key, copied(value))


def copied(value: object) -> object:
    """``value`` with mappings of its own."""
    if isinstance(value, Mapping):
        return {key: copied(item) for key, item in value.items()}
    return value
