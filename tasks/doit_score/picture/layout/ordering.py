"""The order of points within layers, such that few edges cross."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .layers import Layering

_SWEEPS = 24
_LARGE = 4_000
_FEW_SWEEPS = 6
"""For what has more points than that: to look at all of it takes long, and nobody follows its edges."""


def ordered(found: Layering) -> None:
    """Orders the points of each layer."""
    best = [list(layer) for layer in found.layers]
    least = crossings(found, best)
    layers = [list(layer) for layer in best]
    for sweep in range(_SWEEPS if len(found.ids) <= _LARGE else _FEW_SWEEPS):
        if not least:
            break
        if sweep % 2:
            for at in range(len(layers) - 2, -1, -1):
                _sort(layers[at], layers[at + 1], found.after)
        else:
            for at in range(1, len(layers)):
                _sort(layers[at], layers[at - 1], found.before)
        number = crossings(found, layers)
        if number < least:
            least, best = number, [list(layer) for layer in layers]
    found.layers = best


def _sort(layer: list[int], fixed: Sequence[int], connected: Sequence[Sequence[int]]) -> None:
    """Orders a layer by the middle of what each point is connected with; one that is with nothing stays
    between its neighbours."""
    rank = {point: number for number, point in enumerate(fixed)}
    middle: dict[int, float] = {}
    last = -1.0
    for point in layer:
        ranks = [rank[other] for other in connected[point]]
        last = middle[point] = sum(ranks) / len(ranks) if ranks else last
    layer.sort(key=middle.__getitem__)


def crossings(found: Layering, layers: Sequence[Sequence[int]]) -> int:
    """How many pairs of edges between two layers cross."""
    return sum(_inversions(found, left, right) for left, right in pairwise(layers))


def _inversions(found: Layering, left: Sequence[int], right: Sequence[int]) -> int:
    """Counted with a tree of sums over the places on the right."""
    rank = {point: number for number, point in enumerate(right)}
    tree = [0] * (len(right) + 1)
    total = count = 0
    for point in left:
        ends = sorted(rank[other] for other in found.after[point])
        for end in ends:
            at, below = end + 1, 0
            while at:
                below += tree[at]
                at -= at & -at
            total += count - below
        for end in ends:
            at = end + 1
            while at <= len(right):
                tree[at] += 1
                at += at & -at
        count += len(ends)
    return total
