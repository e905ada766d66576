"""A picture as SVG: it needs no program, font or network, and is readable on a light and a dark ground."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise

from doit_score.text.light import NamedTuple

from .colours import DARK, LIGHT, Theme
from .layout import Drawing, Place, Size, laid_out
from .model import EDGES, KINDS, Edge, Graph, Node, clipped, printable

_MARGIN = 24
_HEAD = 64
"""Above the boxes: the title, and what the lines mean."""
_PADDING = 14
_LETTER = 7.3
"""How wide a letter of the font is at the most: 12 pixels of a font in which all are alike."""
_SMALL = 6.7
_LONGEST = 38
_NAME_Y, _ABOUT_Y, _KIND_Y = 33, 50, 16
_TALL, _LOW = 62.0, 45.0
_DASHED = ("waits", "reads", "joins", "shares")


class _Labels(NamedTuple):
    kind: str
    name: str
    about: str


def svg(graph: Graph) -> str:
    """The text of a file."""
    return drawn(graph, f"<!-- doit-score graph -->\n<style>\n{_in_file()}</style>\n")


def drawn(graph: Graph, style: str) -> str:
    """A picture with a ``style`` of its own, empty where it is a part of a page that has one."""
    labels = {node.id: _labels(node) for node in graph.nodes}
    sizes = {id: _size(one) for id, one in labels.items()}
    drawing = laid_out(sizes, [(edge.source, edge.target) for edge in graph.edges])
    legend = _legend(graph)
    title = f"{graph.project} ({graph.target})"
    width = max(drawing.size.width, legend.width, _width(title, 10), 320) + 2 * _MARGIN
    height = drawing.size.height + _HEAD + _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_number(width)} {_number(height)}" '
        f'width="{_number(width)}" height="{_number(height)}" role="img" '
        'aria-labelledby="graph-title graph-about">\n',
        f'<title id="graph-title">{_text(title)}</title>\n',
        f'<desc id="graph-about">{_text(_described(graph))}</desc>\n',
        style,
        _markers(graph),
        f'<rect class="ground" width="{_number(width)}" height="{_number(height)}"/>\n',
        f'<text class="title" x="{_MARGIN}" y="30">{_text(title)}</text>\n',
        f'<g transform="translate({_MARGIN} 50)">{legend.text}</g>\n',
        f'<g transform="translate({_MARGIN} {_HEAD + 8})">\n',
        *_edges(graph, drawing),
        *_nodes(graph, drawing, sizes, labels),
        "</g>\n</svg>\n",
    ]
    return "".join(parts)


def _described(graph: Graph) -> str:
    """What is to be seen, for who does not see it."""
    counts = graph.counts() or "nothing"
    verbs = ", ".join(verb for kind, verb in EDGES.items() if any(edge.kind == kind for edge in graph.edges))
    return f"{counts}; arrows tell what {verbs} what." if verbs else f"{counts}."


def _labels(node: Node) -> _Labels:
    kind = f"{node.kind}s" if node.members else node.kind
    return _Labels(
        kind, clipped(node.name, _LONGEST), clipped(node.about, round(_LONGEST * _LETTER / _SMALL))
    )


def _text(text: str) -> str:
    """``text`` as a text or an attribute."""
    return escape(printable(text))


def _width(text: str, letter: float) -> float:
    """How wide ``text`` is at the most; letters of East Asia are as wide as two."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return (len(text) + wide) * letter


def _size(labels: _Labels) -> Size:
    widest = max(
        _width(labels.name, _LETTER), _width(labels.about, _SMALL), _width(labels.kind, _SMALL), 60.0
    )
    return Size(float(round(widest + 2 * _PADDING)), _TALL if labels.about else _LOW)


def _nodes(
    graph: Graph, drawing: Drawing, sizes: Mapping[str, Size], labels: Mapping[str, _Labels]
) -> Iterator[str]:
    for node in graph.nodes:
        at, size, said = drawing.boxes[node.id], sizes[node.id], labels[node.id]
        yield (
            f'<g class="node {node.kind}" data-id="{_text(node.id)}" '
            f'transform="translate({_number(at.x)} {_number(at.y)})">'
            f"<title>{_text(node.title)}</title>"
        )
        if node.members:
            # What stands for several is drawn as a pile.
            for step in (6, 3):
                yield f'<rect class="box" x="{step}" y="{step}" {_extent(size)} rx="6"/>'
        yield f'<rect class="box" {_extent(size)} rx="6"/>'
        yield f'<path class="mark" d="M6 0H5a5 5 0 0 0-5 5v{_number(size.height - 10)}a5 5 0 0 0 5 5h1z"/>'
        yield f'<text class="kind" x="{_PADDING}" y="{_KIND_Y}">{said.kind}</text>'
        yield f'<text class="name" x="{_PADDING}" y="{_NAME_Y}">{_text(said.name)}</text>'
        if said.about:
            yield f'<text class="about" x="{_PADDING}" y="{_ABOUT_Y}">{_text(said.about)}</text>'
        yield "</g>\n"


def _edges(graph: Graph, drawing: Drawing) -> Iterator[str]:
    names = {node.id: node.name for node in graph.nodes}
    for number, edge in enumerate(graph.edges):
        route = drawing.routes.get(number)
        if route is None:
            continue  # from a box to itself
        yield (
            f'<path class="edge {edge.kind}" data-from="{_text(edge.source)}" '
            f'data-to="{_text(edge.target)}" d="{_curve(route)}" marker-end="url(#arrow-{edge.kind})">'
            f"<title>{_text(_said(edge, names))}</title></path>\n"
        )


def _said(edge: Edge, names: Mapping[str, str]) -> str:
    note = f" ({edge.note})" if edge.note else ""
    return f"{names[edge.source]} {EDGES[edge.kind]} {names[edge.target]}{note}"


def _curve(route: Sequence[Place]) -> str:
    """A curve through all points, which leaves and enters each horizontally."""
    found = [f"M{_number(route[0].x)} {_number(route[0].y)}"]
    for before, at in pairwise(route):
        if before.y == at.y:
            found.append(f"H{_number(at.x)}")
            continue
        middle = _number((before.x + at.x) / 2)
        found.append(
            f"C{middle} {_number(before.y)} {middle} {_number(at.y)} {_number(at.x)} {_number(at.y)}"
        )
    return "".join(found)


class _Legend(NamedTuple):
    text: str
    width: float


def _legend(graph: Graph) -> _Legend:
    """A short line of each kind there is, with what it means."""
    found, x = [], 0.0
    for kind, verb in EDGES.items():
        if any(edge.kind == kind for edge in graph.edges):
            found.append(
                f'<path class="edge {kind}" d="M{_number(x)} 0h26" marker-end="url(#arrow-{kind})"/>'
                f'<text class="about" x="{_number(x + 34)}" y="4">{verb}</text>'
            )
            x += 34 + _width(verb, _SMALL) + 18
    return _Legend("".join(found), x)


def _markers(graph: Graph) -> str:
    kinds = [kind for kind in EDGES if any(edge.kind == kind for edge in graph.edges)]
    heads = "".join(
        f'<marker id="arrow-{kind}" class="head {kind}" viewBox="0 0 8 8" refX="7.5" refY="4" '
        'markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        '<path d="M0 0.5L8 4L0 7.5z"/></marker>'
        for kind in kinds
    )
    return f"<defs>{heads}</defs>\n" if heads else ""


def _extent(size: Size) -> str:
    return f'width="{_number(size.width)}" height="{_number(size.height)}"'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _in_file() -> str:
    """The colours follow what who looks at it prefers."""
    return (
        f":root{{{variables(LIGHT)}}}\n"
        f"@media (prefers-color-scheme: dark){{:root{{{variables(DARK)}}}}}\n{rules()}"
    )


def variables(theme: Theme) -> str:
    """The colours of a theme as those of a style sheet."""
    named = {"ground": theme.ground, "box": theme.box, "text": theme.text, "faint": theme.faint}
    named |= {f"node-{kind}": colour for kind, colour in theme.node.items()}
    named |= {f"edge-{kind}": colour for kind, colour in theme.edge.items()}
    return "".join(f"--{name}:{colour};" for name, colour in named.items())


def rules() -> str:
    """How everything that is drawn looks."""
    lines = [
        ".ground{fill:var(--ground)}",
        "text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;"
        "fill:var(--text)}",
        ".title{font-size:16px;font-weight:600}",
        ".name{font-size:12px;font-weight:600}",
        ".about{font-size:11px;fill:var(--faint)}",
        ".kind{font-size:10px}",
        ".box{fill:var(--box);stroke-width:1.2}",
        ".edge{fill:none;stroke-width:1.5}",
    ]
    for kind in KINDS:
        colour = f"var(--node-{kind})"
        lines.append(f".{kind} .box{{stroke:{colour}}}.{kind} .mark,.{kind} .kind{{fill:{colour}}}")
    for kind in EDGES:
        dashes = ";stroke-dasharray:5 4" if kind in _DASHED else ""
        lines.append(
            f".edge.{kind}{{stroke:var(--edge-{kind}){dashes}}}.head.{kind}{{fill:var(--edge-{kind})}}"
        )
    return "".join(f"{line}\n" for line in lines)
