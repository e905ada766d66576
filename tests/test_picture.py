"""A graph: its order, parts of it, groups, and how it is told in each format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from xml.etree import ElementTree

import pytest

from doit_score.picture import colours, svg
from doit_score.picture.data import as_json, data
from doit_score.picture.dot import dot
from doit_score.picture.focus import focused
from doit_score.picture.grouping import grouped
from doit_score.picture.mermaid import mermaid
from doit_score.picture.model import EDGES, KINDS, Edge, File, Graph, Node, clipped
from doit_score.picture.page import page
from doit_score.text.errors import ScoreError

NASTY = "\"a\" <b>&'c'\\ </script>\n#1; é"
SVG = "{http://www.w3.org/2000/svg}"


def node(kind: str, name: str, about: str = "", **facts: object) -> Node:
    return Node(f"{kind}:{name}", kind, name, about, facts)


def graph(nodes: Iterable[Node], edges: Iterable[Edge] = (), files: Iterable[File] = ()) -> Graph:
    return Graph.of("shop", "compose", "compose.yaml", nodes, edges, files)


SHOP = graph(
    [
        node("volume", "data"),
        node("service", "db", ports=["0.0.0.0:80/tcp"]),
        node("workload", "web", "web.yaml", file="web.yaml"),
        node("resource", "db#web", "template://db", provisioner="template://db", type="db"),
        node("workload", "other"),
    ],
    [
        Edge("workload:web", "resource:db#web", "uses", "db"),
        Edge("workload:other", "resource:db#web", "uses", "mine"),
        Edge("resource:db#web", "service:db", "makes"),
        Edge("service:db", "volume:data", "mounts"),
        Edge("service:db", "volume:gone", "mounts"),
    ],
    [File("web.yaml", "score", ("workload:web",)), File("patch.tpl", "patch", (), True)],
)


def many(count: int) -> Graph:
    """Workloads with a database each; every tenth has a cache too, and all share a queue."""
    nodes, edges = [node("resource", "queue", provisioner="template://queue", type="queue")], []
    for number in range(count):
        name = f"w{number:04}"
        nodes += [node("workload", name), node("resource", name, provisioner="template://db", type="db")]
        edges += [Edge(f"workload:{name}", f"resource:{name}", "uses", "db")]
        edges += [Edge(f"workload:{name}", "resource:queue", "uses", "queue")]
        if number % 10 == 0:
            nodes.append(node("resource", f"c{name}", provisioner="template://cache", type="cache"))
            edges.append(Edge(f"workload:{name}", f"resource:c{name}", "uses", "cache"))
    return graph(nodes, edges)


def test_a_graph_is_in_order_and_has_no_edge_to_nothing() -> None:
    assert [one.id for one in SHOP.nodes] == [
        "workload:other",
        "workload:web",
        "resource:db#web",
        "service:db",
        "volume:data",
    ]
    assert [(edge.source, edge.target) for edge in SHOP.edges] == [
        ("resource:db#web", "service:db"),
        ("service:db", "volume:data"),
        ("workload:other", "resource:db#web"),
        ("workload:web", "resource:db#web"),
    ]
    assert [file.path for file in SHOP.files] == ["patch.tpl", "web.yaml"]
    assert SHOP.counts() == "2 workloads, 1 resource, 1 service, 1 volume"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("web", ["workload:web", "resource:db#web", "service:db", "volume:data"]),
        ("db", ["workload:other", "workload:web", "resource:db#web", "service:db", "volume:data"]),
        ("template://db", ["workload:other", "workload:web", "resource:db#web", "service:db", "volume:data"]),
        ("web.yaml", ["workload:web", "resource:db#web", "service:db", "volume:data"]),
        ("workload:other", ["workload:other", "resource:db#web", "service:db", "volume:data"]),
    ],
)
def test_focus_keeps_what_a_thing_needs_and_what_needs_it_and_not_what_else_does(
    name: str, expected: list[str]
) -> None:
    assert [one.id for one in focused(SHOP, [name]).nodes] == expected


def test_focus_follows_who_waits_for_whom_one_step_only() -> None:
    services = [node("service", name) for name in ("web", "wait", "db", "cache")]
    edges = [Edge("service:web", "service:wait", "waits")]
    edges += [Edge("service:wait", f"service:{name}", "waits") for name in ("db", "cache")]
    found = focused(graph(services, edges), ["web"])
    assert [one.name for one in found.nodes] == ["wait", "web"]


def test_all_names_that_are_of_nothing_are_told_with_near_ones() -> None:
    with pytest.raises(ScoreError) as caught:
        focused(SHOP, ["webb", "web", "zzz"])
    assert str(caught.value) == (
        "2 problems:\n"
        "  there is no 'webb' in the project to focus on\n    hint: did you mean 'web'?\n"
        "  there is no 'zzz' in the project to focus on\n"
        "    hint: `doit-score graph --format json` has every name"
    )


def test_a_graph_that_can_be_taken_in_is_not_grouped() -> None:
    assert grouped(SHOP) is SHOP


def test_a_thousand_workloads_are_grouped_by_what_they_use() -> None:
    found = grouped(many(1000))
    assert [(one.kind, one.name, one.about, len(one.members)) for one in found.nodes] == [
        ("workload", "100 workloads", "w0000 … w0990", 100),
        ("workload", "900 workloads", "w0001 … w0999", 900),
        ("resource", "100 × cache", "cw0000 … cw0990", 100),  # noqa: RUF001
        ("resource", "100 × db", "w0000 … w0990", 100),  # noqa: RUF001
        ("resource", "900 × db", "w0001 … w0999", 900),  # noqa: RUF001
        ("resource", "queue", "", 0),
    ]
    names = {one.id: one.name for one in found.nodes}
    assert [(names[edge.source], names[edge.target], edge.kind, edge.note) for edge in found.edges] == [
        ("100 workloads", "100 × cache", "uses", "cache"),  # noqa: RUF001
        ("100 workloads", "100 × db", "uses", "db"),  # noqa: RUF001
        ("100 workloads", "queue", "uses", "queue"),
        ("900 workloads", "900 × db", "uses", "db"),  # noqa: RUF001
        ("900 workloads", "queue", "uses", "queue"),
    ]
    assert found.counts() == many(1000).counts()


def of_all_sorts() -> Graph:
    """128 workloads, no two of which use resources of the same types; each thing becomes a service, which
    waits for one that nobody wants."""
    nodes, edges = [node("service", "wait")], []
    for number in range(128):
        name = f"w{number:03}"
        made = [node("workload", name)]
        for bit in range(7):
            if number >> bit & 1:
                made.append(node("resource", f"t{bit}#{name}", provisioner=f"t{bit}://", type=f"t{bit}"))
                edges.append(Edge(made[0].id, made[-1].id, "uses"))
        for one in made:
            service = node("service", f"of-{one.name}")
            edges += [Edge(one.id, service.id, "makes"), Edge(service.id, "service:wait", "waits")]
            nodes += [one, service]
    return graph(nodes, edges)


def test_groups_are_not_told_apart_into_more_than_can_be_taken_in() -> None:
    every = of_all_sorts()
    found = grouped(every)
    assert [one.name for one in found.nodes] == [
        "128 workloads",
        *(f"64 × t{bit}" for bit in range(7)),  # noqa: RUF001
        "128 services",
        *["64 services"] * 7,
        "wait",
    ]
    members = sorted(id for one in found.nodes for id in one.members or (one.id,))
    assert members == sorted(one.id for one in every.nodes)
    assert found.counts() == every.counts()


def test_a_name_is_clipped_in_its_middle() -> None:
    assert clipped("a-name-that-is-long", 9) == "a-na…long"
    assert clipped("short\x1b", 9) == "short\N{REPLACEMENT CHARACTER}"


def test_no_name_breaks_out_of_a_dot_file() -> None:
    text = dot(graph([node("workload", NASTY)]))
    assert text.splitlines()[5] == (
        r'  "workload:\"a\" <b>&'
        + "'c'"
        + r'\\ </script> #1; é" [label="workload\n\"a\" <b>&'
        + "'c'"
        + r"\\ </script> #1; é"
        '", color="#0550ae", shape=component];'
    )


def test_no_name_means_anything_to_mermaid() -> None:
    text = mermaid(graph([node("workload", NASTY)]))
    assert text.splitlines()[2] == (
        '  n0[["workload<br/>#34;a#34; #60;b#62;#38;#39;c#39;#92; #60;/script#62;#10;#35;1#59; é"]]'
        ":::workload"
    )


def test_json_has_all_that_is_known() -> None:
    assert json.loads(as_json(SHOP)) == {
        "doit-score graph": 1,
        "project": "shop",
        "target": "compose",
        "output": "compose.yaml",
        "nodes": [
            {"id": "workload:other", "kind": "workload", "name": "other"},
            {
                "id": "workload:web",
                "kind": "workload",
                "name": "web",
                "about": "web.yaml",
                "file": "web.yaml",
            },
            {
                "id": "resource:db#web",
                "kind": "resource",
                "name": "db#web",
                "about": "template://db",
                "provisioner": "template://db",
                "type": "db",
            },
            {"id": "service:db", "kind": "service", "name": "db", "ports": ["0.0.0.0:80/tcp"]},
            {"id": "volume:data", "kind": "volume", "name": "data"},
        ],
        "edges": [
            {"from": "resource:db#web", "to": "service:db", "kind": "makes"},
            {"from": "service:db", "to": "volume:data", "kind": "mounts"},
            {"from": "workload:other", "to": "resource:db#web", "kind": "uses", "note": "mine"},
            {"from": "workload:web", "to": "resource:db#web", "kind": "uses", "note": "db"},
        ],
        "files": [
            {"path": "patch.tpl", "role": "patch", "touches": [], "of_all": True},
            {"path": "web.yaml", "role": "score", "touches": ["workload:web"]},
        ],
    }


def test_svg_is_xml_that_tells_what_is_to_be_seen() -> None:
    root = ElementTree.fromstring(svg.svg(graph([node("workload", NASTY)])))
    assert root.findtext(f"{SVG}title") == "shop (compose)"
    assert root.findtext(f"{SVG}desc") == "1 workload."
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "graph-title graph-about")
    box = root.find(f".//{SVG}g[@class='node workload']")
    assert box is not None
    shown = NASTY.replace("\n", "\N{REPLACEMENT CHARACTER}")
    assert box.get("data-id") == f"workload:{shown}"
    assert [text.text for text in box.findall(f"{SVG}text")] == ["workload", shown]
    root = ElementTree.fromstring(svg.svg(SHOP))
    described = "2 workloads, 1 resource, 1 service, 1 volume; arrows tell what uses, makes, mounts what."
    assert root.findtext(f"{SVG}desc") == described
    titles = [one.findtext(f"{SVG}title") for one in root.iter(f"{SVG}path") if one.get("data-from")]
    assert titles == [
        "db#web makes db",
        "db mounts data",
        "other uses db#web (mine)",
        "web uses db#web (db)",
    ]


def test_labels_are_within_their_boxes() -> None:
    """As wide as a fixed-width font is at the most, and twice that for letters of East Asia."""
    root = ElementTree.fromstring(
        svg.svg(graph([node("workload", name, "f" * 90) for name in ("w" * 90, "界" * 20)]))
    )
    for box in root.iter(f"{SVG}g"):
        if "node" in (box.get("class") or ""):
            found = box.find(f"{SVG}rect")
            assert found is not None
            for text in box.findall(f"{SVG}text"):
                said = text.text or ""
                letters = len(said) + said.count("界")
                size = {"name": 12, "about": 11, "kind": 10}[text.get("class") or ""]
                assert letters * size * 0.605 + 14 <= float(found.get("width") or 0)


@pytest.mark.parametrize("theme", [colours.LIGHT, colours.DARK], ids=["light", "dark"])
def test_colours_can_be_told_from_their_ground(theme: colours.Theme) -> None:
    assert (set(theme.node), set(theme.edge)) == (set(KINDS), set(EDGES))
    for kind, colour in {**theme.node, "text": theme.text, "faint": theme.faint}.items():
        assert _contrast(colour, theme.box) >= 4.5, kind
        assert _contrast(colour, theme.ground) >= 4.5, kind
    for kind, colour in theme.edge.items():
        assert _contrast(colour, theme.ground) >= 3, kind


def _contrast(one: str, other: str) -> float:
    """That of WCAG 2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_page_is_whole_and_has_nothing_to_fetch() -> None:
    nasty = graph([node("workload", NASTY, outputs={"x": "<img src=x onerror=alert(1)>"})])
    text = page(nasty, nasty, style="STYLE\n", script="SCRIPT\n")
    found = re.fullmatch(
        r"<!doctype html>\n<html lang=\"en\">\n<head>.*<style>\n:root\{--.*STYLE\n</style>\n</head>\n"
        r"<body>\n.*"
        r"<script type=\"application/json\" id=\"data\">(.*)</script>\n<script>\nSCRIPT\n</script>\n"
        r"</body>\n</html>\n",
        text,
        re.DOTALL,
    )
    assert found is not None
    assert json.loads(found[1]) == {**data(nasty), "groups": {}, "verbs": dict(EDGES)}
    assert "<" not in found[1]
    assert svg.drawn(nasty, "") in text
    assert "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'" in text
    without_names = text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert re.findall(r"https?://|\bsrc=[\"']|@import|url\((?!#)", without_names) == []


def test_a_page_of_many_has_every_one_and_draws_groups() -> None:
    every = many(1000)
    text = page(every, grouped(every), style="", script="")
    assert text.count('class="node ') == 6
    embedded = text.split('id="data">')[1].split("</script>")[0]
    known = json.loads(embedded)
    assert len(known["nodes"]) == 2101
    assert sorted(len(members) for members in known["groups"].values()) == [100, 100, 100, 900, 900]


def test_a_thousand_workloads_are_drawn_one_by_one_if_that_is_asked_for() -> None:
    text = svg.svg(many(1000))
    assert text.count('class="node ') == 2101
    assert text.count("data-from=") == 2100
