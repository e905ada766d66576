"""A graph of groups: what is alike, and is connected alike, becomes one node.

Two nodes are alike at first if they are of one kind, and made by one provisioner, or for workloads, or by
nobody.  Then, round by round, they are so only if they are connected in the same ways with what was alike
before.  The rounds end before there are more groups than can be looked at: so a picture of a thousand
workloads shows as much as fits.
"""

from __future__ import annotations

from collections.abc import Mapping

from .model import OBJECT, RESOURCE, Edge, Graph, Node, clipped, counted

LEGIBLE = 60
"""More nodes than this are not taken in at a look."""
_ROUNDS = 8
_SHORT = 18


def grouped(graph: Graph, most: int = LEGIBLE) -> Graph:
    """``graph`` itself if it is small, else one of groups, with ``most`` nodes if that can be."""
    if len(graph.nodes) <= most:
        return graph
    groups = _alike(graph, most)
    members: dict[int, list[Node]] = {}
    for node in graph.nodes:
        members.setdefault(groups[node.id], []).append(node)
    nodes = {number: _group(found) for number, found in members.items()}
    of = {id: nodes[number].id for id, number in groups.items()}
    return Graph.of(graph.project, graph.target, graph.output, nodes.values(), _between(graph, of))


def _alike(graph: Graph, most: int) -> dict[str, int]:
    """The number of its group for each node."""
    sorts = {node.id: f"{node.kind} {_sort(node)}" for node in graph.nodes}
    makers: dict[str, set[str]] = {node.id: set() for node in graph.nodes}
    for edge in graph.edges:
        if edge.kind == "makes":
            makers[edge.target].add(sorts[edge.source])
    found = _numbered({id: (sort, *sorted(makers[id])) for id, sort in sorts.items()})
    for _ in range(_ROUNDS):
        finer = _refined(graph, found)
        size = len({*finer.values()})
        if size > most or size == len({*found.values()}):
            break
        found = finer
    return found


def _sort(node: Node) -> str:
    """What is alike before anybody looks at connections."""
    if node.kind == RESOURCE:
        return str(node.facts.get("provisioner"))
    return node.about if node.kind == OBJECT else ""


def _refined(graph: Graph, groups: Mapping[str, int]) -> dict[str, int]:
    """Groups of what is alike and is connected with the same groups; how often does not matter."""
    connected: dict[str, set[tuple[str, str, int]]] = {node.id: set() for node in graph.nodes}
    for edge in graph.edges:
        connected[edge.source].add(("to", edge.kind, groups[edge.target]))
        connected[edge.target].add(("from", edge.kind, groups[edge.source]))
    return _numbered({id: (groups[id], *sorted(found)) for id, found in connected.items()})


def _numbered(keys: Mapping[str, object]) -> dict[str, int]:
    """Numbers for keys, in the order in which they come."""
    numbers: dict[object, int] = {}
    return {id: numbers.setdefault(key, len(numbers)) for id, key in keys.items()}


def _group(found: list[Node]) -> Node:
    first = found[0]
    if len(found) == 1:
        return first
    about = " … ".join(clipped(node.name, _SHORT) for node in (first, found[-1]))
    facts: dict[str, object] = {}
    of = _sort(first)
    name = counted(len(found), first.kind)
    if of:
        name = f"{len(found)} \N{MULTIPLICATION SIGN} {first.facts.get('type') or of}"
        facts = {key: first.facts[key] for key in ("type", "provisioner") if key in first.facts}
    ids = tuple(node.id for node in found)
    return Node(f"group:{first.id}", first.kind, name, about, facts, ids)


def _between(graph: Graph, of: Mapping[str, str]) -> list[Edge]:
    """The edges between groups; those within one are left out, and notes stay where all agree."""
    notes: dict[tuple[str, str, str], set[str]] = {}
    for edge in graph.edges:
        ends = (of[edge.source], of[edge.target])
        if ends[0] != ends[1]:
            notes.setdefault((*ends, edge.kind), set()).add(edge.note)
    return [Edge(*key, said.pop() if len(said) == 1 else "") for key, said in notes.items()]
