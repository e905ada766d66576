"""A picture as text for Graphviz."""

from __future__ import annotations

from collections.abc import Iterator

from .colours import LIGHT
from .model import EDGES, Graph

_SHAPES = {"workload": "component", "volume": "cylinder", "resource": "box"}


def dot(graph: Graph) -> str:
    """The text of a file."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    yield "// doit-score graph"
    yield f"digraph {_quoted(graph.project)} {{"
    yield "  rankdir=LR;"
    look = f'style="rounded,filled", fillcolor="{LIGHT.box}", fontcolor="{LIGHT.text}"'
    yield f'  node [{look}, fontname="monospace", fontsize=11];'
    yield '  edge [fontname="monospace", fontsize=9];'
    for node in graph.nodes:
        kind = f"{node.kind}s" if node.members else node.kind
        label = "\\n".join(_escaped(line) for line in (kind, node.name, node.about) if line)
        colour, shape = LIGHT.node[node.kind], _SHAPES.get(node.kind, "box")
        outlines = ", peripheries=2" if node.members else ""
        yield f'  {_quoted(node.id)} [label="{label}", color="{colour}", shape={shape}{outlines}];'
    for edge in graph.edges:
        label = f"{EDGES[edge.kind]}: {edge.note}" if edge.note else EDGES[edge.kind]
        colour = LIGHT.edge[edge.kind]
        style = ", style=dashed" if edge.kind == "waits" else ""
        yield (
            f"  {_quoted(edge.source)} -> {_quoted(edge.target)} "
            f'[label={_quoted(label)}, color="{colour}"{style}];'
        )
    yield "}"


def _escaped(text: str) -> str:
    """``text`` within a string: a backslash would begin an escape of a label, and a line end would end it."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", " ").replace("\n", " ")


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'
