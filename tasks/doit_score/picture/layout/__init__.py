"""A layered drawing of a graph, from left to right: where boxes are, and through which points edges lead.

The way is the usual one, in four steps: edges that lead back are turned round and boxes get layers
(`layers`), boxes change places within their layers until few edges cross (`ordering`), and each gets the
height at which it is straight across from what it is connected with (`placing`).  What is connected with
nothing else is laid out by itself, and the parts are put beside each other (`packing`).  The same graph
always gives the same drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from doit_score.text.light import NamedTuple

from .layers import layered, parts
from .ordering import ordered
from .packing import packed
from .placing import placed

__all__ = ["Drawing", "Place", "Size", "laid_out"]


class Size(NamedTuple):
    """Of a box, in pixels."""

    width: float
    height: float


class Place(NamedTuple):
    """The left upper corner of a box."""

    x: float
    y: float


Route = tuple[Place, ...]


class Drawing(NamedTuple):
    """Places of boxes by id, points of edges by their number, and the size of all."""

    boxes: Mapping[str, Place]
    routes: Mapping[int, Route]
    size: Size


def laid_out(sizes: Mapping[str, Size], edges: Sequence[tuple[str, str]]) -> Drawing:
    """A drawing of boxes of these ``sizes``, by id in the order in which they are to be where nothing else
    matters, and of ``edges`` between them."""
    drawings = []
    for ids, numbers in parts(list(sizes), edges):
        layering = layered(ids, [(number, *edges[number]) for number in numbers])
        ordered(layering)
        boxes, routes, size = placed(layering, sizes)
        drawings.append(
            Drawing(
                {id: Place(*at) for id, at in boxes.items()},
                {number: tuple(Place(*at) for at in points) for number, points in routes.items()},
                Size(*size),
            )
        )
    places, size = packed([drawing.size for drawing in drawings])
    found = Drawing({}, {}, Size(*size))
    every, lines = dict(found.boxes), dict(found.routes)
    for (x, y), drawing in zip(places, drawings, strict=True):
        every |= {id: Place(at.x + x, at.y + y) for id, at in drawing.boxes.items()}
        lines |= {
            number: tuple(Place(at.x + x, at.y + y) for at in points)
            for number, points in drawing.routes.items()
        }
    return Drawing(every, lines, found.size)
