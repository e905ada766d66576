"""A picture as data: the format is told of in docs/graph.md."""

from __future__ import annotations

import json

from .model import Edge, File, Graph, Node

FORMAT = 1
"""To be raised when what is there means something else; what is added does not count."""


def data(graph: Graph) -> dict[str, object]:
    """All that is known, as JSON has it."""
    return {
        "doit-score graph": FORMAT,
        "project": graph.project,
        "target": graph.target,
        "output": graph.output,
        "nodes": [_node(node) for node in graph.nodes],
        "edges": [_edge(edge) for edge in graph.edges],
        "files": [_file(file) for file in graph.files],
    }


def as_json(graph: Graph) -> str:
    """The text of a file."""
    return json.dumps(data(graph), indent=2, ensure_ascii=False) + "\n"


def _node(node: Node) -> dict[str, object]:
    found: dict[str, object] = {"id": node.id, "kind": node.kind, "name": node.name}
    if node.about:
        found["about"] = node.about
    if node.members:
        found["members"] = list(node.members)
    return {**found, **node.facts}


def _edge(edge: Edge) -> dict[str, object]:
    found: dict[str, object] = {"from": edge.source, "to": edge.target, "kind": edge.kind}
    return {**found, "note": edge.note} if edge.note else found


def _file(file: File) -> dict[str, object]:
    found: dict[str, object] = {"path": file.path, "role": file.role, "touches": list(file.touches)}
    return {**found, "of_all": True} if file.is_of_all else found
