"""A picture as text for Mermaid, which forges and editors draw within Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from .colours import LIGHT
from .model import EDGES, KINDS, Graph

_SHAPES = {
    "workload": ("[[", "]]"),
    "resource": ("([", "])"),
    "volume": ("[(", ")]"),
    "secret": ("[(", ")]"),
}
_ARROWS = {"waits": "-.->", "reads": "-.->", "joins": "-.->"}


def mermaid(graph: Graph) -> str:
    """The text of a file."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    yield "%% doit-score graph"
    yield "flowchart LR"
    # What is in a name may mean something to Mermaid.
    numbers = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    for node in graph.nodes:
        opened, closed = _SHAPES.get(node.kind, ("[", "]"))
        kind = f"{node.kind}s" if node.members else node.kind
        label = "<br/>".join(_escaped(line) for line in (kind, node.name, node.about) if line)
        yield f'  {numbers[node.id]}{opened}"{label}"{closed}:::{node.kind}'
    for edge in graph.edges:
        label = f"{EDGES[edge.kind]}: {edge.note}" if edge.note else EDGES[edge.kind]
        arrow = _ARROWS.get(edge.kind, "-->")
        yield f'  {numbers[edge.source]} {arrow}|"{_escaped(label)}"| {numbers[edge.target]}'
    for kind in KINDS:
        if any(node.kind == kind for node in graph.nodes):
            yield f"  classDef {kind} fill:{LIGHT.box},stroke:{LIGHT.node[kind]},color:{LIGHT.text}"


def _escaped(text: str) -> str:
    """``text`` within a label, where Mermaid reads HTML and Markdown, and has codes for characters."""
    return "".join(char if char.isalnum() or char in " ._-/:,()" else f"#{ord(char)};" for char in text)
