"""What a picture is of: nodes, edges between them, and the files that all of it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from doit_score.text.light import NamedTuple, dataclass, field

WORKLOAD, RESOURCE, SERVICE, OBJECT = "workload", "resource", "service", "object"
VOLUME, NETWORK, SECRET, CONFIG, MODEL = "volume", "network", "secret", "config", "model"
KINDS = (WORKLOAD, RESOURCE, SERVICE, OBJECT, VOLUME, NETWORK, SECRET, CONFIG, MODEL)
"""The kinds of nodes, in the order in which they are told."""

EDGES: Mapping[str, str] = {
    "uses": "uses",
    "refers": "refers to",
    "reads": "reads the ports of",
    "makes": "makes",
    "waits": "waits for",
    "shares": "shares with",
    "mounts": "mounts",
    "joins": "is in",
    "reaches": "leads to",
}
"""The kinds of edges, each with the verb between what is at its beginning and what is at its end."""


@dataclass(frozen=True, slots=True)
class Node:
    """One thing.  ``id`` is its kind and its name, ``about`` one short line; ``facts`` are what else there is
    to say of it, without secrets.  A group has the ids of ``members``, which it stands for."""

    id: str
    kind: str
    name: str
    about: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    members: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it is, in words."""
        about = f" ({self.about})" if self.about else ""
        return f"{'' if self.members else f'{self.kind} '}{self.name}{about}"


class Edge(NamedTuple):
    """From what needs or makes something to that, by ids; ``note`` is what there is to say of it."""

    source: str
    target: str
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file that was read, and the ids of what is made again first when it changes; ``is_of_all`` for what
    changes the output as a whole."""

    path: str
    role: str
    touches: tuple[str, ...] = ()
    is_of_all: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """All of it: nodes in the order of their kinds and names, edges and files sorted."""

    project: str
    target: str
    output: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    files: tuple[File, ...] = ()

    @classmethod
    def of(
        cls,
        project: str,
        target: str,
        output: str,
        nodes: Iterable[Node],
        edges: Iterable[Edge],
        files: Iterable[File] = (),
    ) -> Graph:
        """A graph in order, without edges that lead to or from nothing."""
        known = {node.id: node for node in nodes}
        kept = sorted({edge for edge in edges if edge.source in known and edge.target in known})
        ordered = sorted(known.values(), key=lambda node: (KINDS.index(node.kind), node.name, node.id))
        by_path = sorted(files, key=lambda file: file.path)
        return cls(project, target, output, tuple(ordered), tuple(kept), tuple(by_path))

    def only(self, ids: Iterable[str]) -> Graph:
        """The part of it that has these nodes, with the files that touch any of them."""
        kept = {*ids}
        files = []
        for file in self.files:
            touches = tuple(one for one in file.touches if one in kept)
            if touches:
                files.append(File(file.path, file.role, touches, file.is_of_all))
        nodes = (node for node in self.nodes if node.id in kept)
        return Graph.of(self.project, self.target, self.output, nodes, self.edges, files)

    def counts(self) -> str:
        """How much of each kind there is, in words."""
        numbers = dict.fromkeys(KINDS, 0)
        for node in self.nodes:
            numbers[node.kind] += len(node.members) or 1
        return ", ".join(counted(number, kind) for kind, number in numbers.items() if number)


def counted(number: int, kind: str) -> str:
    """``number`` things of a kind, in words."""
    return f"{number} {kind}{'' if number == 1 else 's'}"


def neighbours(edges: Sequence[Edge]) -> tuple[dict[str, list[Edge]], dict[str, list[Edge]]]:
    """The edges by what they begin at, and by what they end at."""
    out: dict[str, list[Edge]] = {}
    into: dict[str, list[Edge]] = {}
    for edge in edges:
        out.setdefault(edge.source, []).append(edge)
        into.setdefault(edge.target, []).append(edge)
    return out, into


def printable(text: str) -> str:
    """``text`` in one line, without what XML cannot have."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def clipped(text: str, longest: int) -> str:
    """``text`` without its middle, if it is long: names mostly differ at their ends."""
    text = printable(text)
    if len(text) <= longest:
        return text
    head = (longest - 1) // 2
    return f"{text[:head]}…{text[len(text) - (longest - 1 - head) :]}"
