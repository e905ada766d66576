"""Cycles in a graph of names, each told once and always in the same way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping


def cycles(edges: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """One cycle of each group of nodes that reach each other, starting at its smallest name, sorted.

    Nodes that are not keys of ``edges`` are ignored.
    """
    groups = _knots(edges)
    result = []
    for group in groups:
        path = _shortest_cycle(min(group), group, edges)
        if path:
            result.append(path)
    return sorted(result)


def _shortest_cycle(
    start: str, group: frozenset[str], edges: Mapping[str, Iterable[str]]
) -> tuple[str, ...] | None:
    """A shortest way from ``start`` back to it within ``group``."""
    before: dict[str, str] = {}
    level = [start]
    while level:
        following = []
        for node in level:
            for target in sorted(set(edges[node]) & group):
                if target == start:
                    path = [node]
                    while path[-1] != start:
                        path.append(before[path[-1]])
                    return tuple(reversed(path))
                if target not in before:
                    before[target] = node
                    following.append(target)
        level = following
    return None


def _knots(edges: Mapping[str, Iterable[str]]) -> list[frozenset[str]]:
    """Groups of nodes on cycles (strongly connected ones), found without recursion.

    Nodes from which no way leads into a cycle are taken away first, so that a project without
    cycles, the usual case, takes one pass.
    """
    remaining = _leading_into_cycles(edges)
    turned: dict[str, list[str]] = {name: [] for name in remaining}
    for name, targets in remaining.items():
        for target in targets:
            turned[target].append(name)
    groups = []
    done: set[str] = set()
    for start in sorted(remaining):
        if start not in done:
            group = reach(start, remaining, done) & reach(start, turned, done)
            if start in group:
                groups.append(frozenset(group))
            done |= group | {start}
    return groups


def _leading_into_cycles(edges: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """``edges`` without the nodes from which no way leads into a cycle."""
    earlier: dict[str, list[str]] = {name: [] for name in edges}
    left: dict[str, int] = {}
    todo = []
    for name, targets in edges.items():
        count = 0
        for target in targets:
            if target in earlier:
                earlier[target].append(name)
                count += 1
        left[name] = count
        if not count:
            todo.append(name)
    while todo:
        name = todo.pop()
        del left[name]
        for node in earlier[name]:
            left[node] -= 1
            if not left[node]:
                todo.append(node)
    return {name: [target for target in edges[name] if target in left] for name in left}


def reach(start: str, edges: Mapping[str, list[str]], without: Collection[str] = ()) -> set[str]:
    """The nodes to which a way of at least one step leads from ``start``."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        for target in edges[todo.pop()]:
            if target not in seen and target not in without:
                seen.add(target)
                todo.append(target)
    return seen
