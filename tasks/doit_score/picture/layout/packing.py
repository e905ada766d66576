"""Drawings that have nothing to do with each other, side by side."""

from __future__ import annotations

from collections.abc import Sequence

Pair = tuple[float, float]
_GAP = 32.0
_SHAPE = 1.6
"""How much wider than high the whole is to be."""


def packed(sizes: Sequence[Pair]) -> tuple[list[Pair], Pair]:
    """Places for drawings of these sizes, in rows from the top, and the size of all together."""
    if not sizes:
        return [], (0.0, 0.0)
    area = sum((width + _GAP) * (height + _GAP) for width, height in sizes)
    widest = max(max(width for width, _ in sizes), (area * _SHAPE) ** 0.5)
    places: list[Pair] = []
    x = y = row = right = 0.0
    for width, height in sizes:
        if x and x + width > widest:
            x, y, row = 0.0, y + row + _GAP, 0.0
        places.append((round(x, 1), round(y, 1)))
        right = max(right, x + width)
        row = max(row, height)
        x += width + _GAP
    return places, (round(right, 1), round(y + row, 1))
