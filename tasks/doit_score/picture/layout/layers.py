"""The layers of a graph: who is to the left of whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from doit_score.text.light import dataclass, field

Link = tuple[int, str, str]
"""The number of an edge, and the ids of its ends."""


@dataclass(slots=True)
class Layering:
    """``layers`` hold numbers of points from left to right, in each from top to bottom.  A point is a box, or
    what an edge passes between two: ``ids`` has the id of the one, and none for the other.  ``after`` and
    ``before`` are the points in the next layer and in the one before with which each is connected; ``ways``
    are the points of edges by number, from left to right, and ``turned`` the edges that lead to the left."""

    layers: list[list[int]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    after: list[list[int]] = field(default_factory=list)
    before: list[list[int]] = field(default_factory=list)
    ways: dict[int, list[int]] = field(default_factory=dict)
    turned: set[int] = field(default_factory=set)

    def add(self, layer: int, id: str = "") -> int:
        """A new point at the bottom of a layer."""
        while len(self.layers) <= layer:
            self.layers.append([])
        self.layers[layer].append(len(self.ids))
        self.ids.append(id)
        self.after.append([])
        self.before.append([])
        return len(self.ids) - 1


def parts(ids: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[tuple[list[str], list[int]]]:
    """The connected parts, large ones first: ids and numbers of edges, each in their order."""
    leader = {id: id for id in ids}

    def first(id: str) -> str:
        while leader[id] != id:
            leader[id] = leader[leader[id]]
            id = leader[id]
        return id

    for source, target in edges:
        leader[first(source)] = first(target)
    found: dict[str, tuple[list[str], list[int]]] = {}
    for id in ids:
        found.setdefault(first(id), ([], []))[0].append(id)
    for number, (source, _) in enumerate(edges):
        found[first(source)][1].append(number)
    return sorted(found.values(), key=lambda part: -len(part[0]))


def layered(ids: Sequence[str], links: Iterable[Link]) -> Layering:
    """Layers for boxes, such that every edge leads from left to right, or is turned."""
    links = [link for link in links if link[1] != link[2]]
    found = Layering()
    found.turned = _turned(ids, links)
    forward = [
        (number, target, source) if number in found.turned else (number, source, target)
        for number, source, target in links
    ]
    layer = _longest(ids, forward)
    points = {id: found.add(layer[id], id) for id in ids}
    for number, source, target in forward:
        way = [points[source]]
        way += [found.add(at) for at in range(layer[source] + 1, layer[target])]
        way.append(points[target])
        for left, right in pairwise(way):
            found.after[left].append(right)
            found.before[right].append(left)
        found.ways[number] = way
    return found


def _turned(ids: Sequence[str], links: Sequence[Link]) -> set[int]:
    """The edges that close a circle when one goes along all of them, those of the first ids first."""
    out: dict[str, list[tuple[int, str]]] = {id: [] for id in ids}
    for number, source, target in links:
        out[source].append((number, target))
    found: set[int] = set()
    done: set[str] = set()
    under_way: set[str] = set()
    for start in ids:
        if start in done:
            continue
        stack = [(start, iter(out[start]))]
        under_way.add(start)
        while stack:
            id, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                stack.pop()
                under_way.discard(id)
                done.add(id)
            elif step[1] in under_way:
                found.add(step[0])
            elif step[1] not in done:
                under_way.add(step[1])
                stack.append((step[1], iter(out[step[1]])))
    return found


def _longest(ids: Sequence[str], forward: Sequence[Link]) -> dict[str, int]:
    """As far to the left as can be; what nothing leads to is then as near as can be to what it leads to."""
    out: dict[str, list[str]] = {id: [] for id in ids}
    waiting = dict.fromkeys(ids, 0)
    for _, source, target in forward:
        out[source].append(target)
        waiting[target] += 1
    first = [id for id in ids if not waiting[id]]
    layer = dict.fromkeys(ids, 0)
    ready = list(first)
    while ready:
        id = ready.pop()
        for target in out[id]:
            layer[target] = max(layer[target], layer[id] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for id in first:
        if out[id]:
            layer[id] = min(layer[target] for target in out[id]) - 1
    return layer
