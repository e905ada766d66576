"""A part of a graph: what is named, and what is connected with it within reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError

from .model import Edge, Graph, neighbours

_NEAR = frozenset(("waits", "joins", "shares", "reads"))
"""Kinds of edges of which one step is followed: all wait for one, in a network all are, and who is told the
ports of a workload has nothing to do with its database."""


def focused(graph: Graph, names: Sequence[str]) -> Graph:
    """The part of ``graph`` around what is named: by id, name, provisioner, or a file.

    Of each what it needs and makes, all the way, and what needs it, all the way; but not what else needs the
    same.  Raises ScoreError with every name that is of nothing.
    """
    starts: set[str] = set()
    problems = []
    known = _named(graph)
    for name in names:
        if name in known:
            starts.update(known[name])
        else:
            hint = words.near(name, known, "`doit-score graph --format json` has every name")
            problems.append(Problem(f"there is no '{name}' in the project to focus on", hint=hint))
    ScoreError.raise_for(problems)
    out, into = neighbours(graph.edges)
    down = _reached(starts, {id: [(edge, edge.target) for edge in edges] for id, edges in out.items()})
    up = _reached(starts, {id: [(edge, edge.source) for edge in edges] for id, edges in into.items()})
    return graph.only(starts | down | up)


def _named(graph: Graph) -> dict[str, set[str]]:
    """The ids that a name stands for."""
    found: dict[str, set[str]] = {}
    for node in graph.nodes:
        provisioner = node.facts.get("provisioner")
        for name in {node.id, node.name, provisioner}:
            if isinstance(name, str) and name:
                found.setdefault(name, set()).add(node.id)
    for file in graph.files:
        if file.touches:
            found.setdefault(file.path, set()).update(file.touches)
    return found


def _reached(starts: Iterable[str], steps: Mapping[str, Iterable[tuple[Edge, str]]]) -> set[str]:
    """What is reached from ``starts``; what a near edge leads to is not gone on from."""
    found: set[str] = set()
    left = list(starts)
    gone_on = {*left}
    while left:
        for edge, other in steps.get(left.pop(), ()):
            found.add(other)
            if edge.kind not in _NEAR and other not in gone_on:
                gone_on.add(other)
                left.append(other)
    return found
