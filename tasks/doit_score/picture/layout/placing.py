"""Where the points of ordered layers are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .layers import Layering

Pair = tuple[float, float]
_ACROSS = 80.0
"""Between two layers: room for the curves."""
_BETWEEN = 18.0
_ASIDE = 12.0
"""Between an edge that passes and what is above or below it."""
_SWEEPS = 12


def placed(found: Layering, sizes: Mapping[str, Pair]) -> tuple[dict[str, Pair], dict[int, list[Pair]], Pair]:
    """Left upper corners of boxes, points of edges in their direction, and the size of the drawing."""
    lefts, widths = _columns(found, sizes)
    heights = [sizes[id][1] if id else 0.0 for id in found.ids]
    middles = _middles(found, heights)
    top = min(middle - height / 2 for middle, height in zip(middles, heights, strict=True))
    middles = [round(middle - top, 1) for middle in middles]
    column = {point: at for at, layer in enumerate(found.layers) for point in layer}
    boxes: dict[str, Pair] = {}
    for point, id in enumerate(found.ids):
        if id:
            boxes[id] = (lefts[column[point]], round(middles[point] - heights[point] / 2, 1))
    ports = _Ports(found, middles, heights)
    routes: dict[int, list[Pair]] = {}
    for number, way in found.ways.items():
        first, last = way[0], way[-1]
        right = lefts[column[first]] + sizes[found.ids[first]][0]
        points = [(right, ports.out[number])]
        for point in way[1:-1]:
            left = lefts[column[point]]
            points += [(left, middles[point]), (left + widths[column[point]], middles[point])]
        points.append((lefts[column[last]], ports.into[number]))
        routes[number] = points[::-1] if number in found.turned else points
    height = max(middle + tall / 2 for middle, tall in zip(middles, heights, strict=True))
    return boxes, routes, (lefts[-1] + widths[-1], round(height, 1))


def _columns(found: Layering, sizes: Mapping[str, Pair]) -> tuple[list[float], list[float]]:
    """Where each layer begins, and how wide it is."""
    widths = [
        max((sizes[found.ids[p]][0] for p in layer if found.ids[p]), default=0.0) for layer in found.layers
    ]
    lefts, at = [], 0.0
    for width in widths:
        lefts.append(at)
        at += width + _ACROSS
    return lefts, widths


def _middles(found: Layering, heights: Sequence[float]) -> list[float]:
    """The height of each point: by turns from the left and from the right each layer gets as near to what it
    is connected with as its order allows."""
    middles = [0.0] * len(found.ids)
    for layer in found.layers:
        at = 0.0
        for point in layer:
            at += heights[point] / 2
            middles[point] = at
            at += heights[point] / 2 + _BETWEEN
    for sweep in range(_SWEEPS):
        order = found.layers if sweep % 2 else found.layers[::-1]
        connected = found.before if sweep % 2 else found.after
        is_last = sweep >= _SWEEPS - 2
        for layer in order:
            # At the end both sides count, so that neither pulls everything its way.
            wanted = [
                _mean(middles, [*found.before[p], *found.after[p]] if is_last else connected[p], middles[p])
                for p in layer
            ]
            for point, middle in zip(layer, _apart(layer, wanted, heights, found.ids), strict=True):
                middles[point] = middle
    return middles


def _mean(middles: Sequence[float], points: Sequence[int], default: float) -> float:
    return sum(middles[point] for point in points) / len(points) if points else default


def _apart(
    layer: Sequence[int], wanted: Sequence[float], heights: Sequence[float], ids: Sequence[str]
) -> list[float]:
    """Places in this order, far enough from each other, with the least sum of squares of the distances to
    what is wanted: neighbours that would be too near become a block, which is in the middle for them."""
    offsets, at = [], 0.0
    for above, point in zip([-1, *layer], layer, strict=False):
        if above >= 0:
            gap = _BETWEEN if ids[above] and ids[point] else _ASIDE
            at += heights[above] / 2 + gap + heights[point] / 2
        offsets.append(at)
    blocks: list[tuple[float, int]] = []  # the sum of what its members want, and how many they are
    for want, offset in zip(wanted, offsets, strict=True):
        total, number = want - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / number:
            more, others = blocks.pop()
            total, number = total + more, number + others
        blocks.append((total, number))
    starts = [total / number for total, number in blocks for _ in range(number)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]


class _Ports:
    """Where edges leave and enter boxes: side by side, in the order in which they come and go."""

    def __init__(self, found: Layering, middles: Sequence[float], heights: Sequence[float]) -> None:
        out: dict[int, list[tuple[float, int]]] = {}
        into: dict[int, list[tuple[float, int]]] = {}
        for number, way in found.ways.items():
            out.setdefault(way[0], []).append((middles[way[1]], number))
            into.setdefault(way[-1], []).append((middles[way[-2]], number))
        self.out, self.into = (
            {
                number: at
                for point, some in side.items()
                for number, at in _beside(middles[point], heights[point], sorted(some))
            }
            for side in (out, into)
        )


def _beside(middle: float, height: float, edges: Sequence[tuple[float, int]]) -> Iterator[tuple[int, float]]:
    """The number and the height of each edge at one side of a box."""
    room = min(height - 16.0, 12.0 * (len(edges) - 1))
    step = room / (len(edges) - 1) if len(edges) > 1 else 0.0
    for index, (_, number) in enumerate(edges):
        yield number, round(middle - room / 2 + step * index, 1)
