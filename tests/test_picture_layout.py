"""Where boxes and edges of a picture are."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from doit_score.picture.layout import Drawing, Place, Size, laid_out
from doit_score.picture.layout.layers import Layering, layered, parts
from doit_score.picture.layout.ordering import crossings, ordered
from doit_score.picture.layout.packing import packed

BOX = Size(100.0, 40.0)
IDS = [f"n{number}" for number in range(12)]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, Size], list[tuple[str, str]]]:
    ids = IDS[: draw(st.integers(1, 12))]
    side = st.integers(20, 300).map(float)
    sizes = {id: Size(draw(side), draw(side)) for id in ids}
    edges = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=30))
    return sizes, edges


def test_a_chain_is_a_straight_line_from_left_to_right() -> None:
    found = laid_out({"a": BOX, "b": BOX, "c": BOX}, [("a", "b"), ("b", "c")])
    assert found == Drawing(
        {"a": Place(0.0, 0.0), "b": Place(180.0, 0.0), "c": Place(360.0, 0.0)},
        {0: (Place(100.0, 20.0), Place(180.0, 20.0)), 1: (Place(280.0, 20.0), Place(360.0, 20.0))},
        Size(460.0, 40.0),
    )


def test_an_edge_that_closes_a_circle_leads_from_right_to_left() -> None:
    found = laid_out({"a": BOX, "b": BOX}, [("a", "b"), ("b", "a")])
    assert found.routes == {
        0: (Place(100.0, 14.0), Place(180.0, 14.0)),
        1: (Place(180.0, 26.0), Place(100.0, 26.0)),
    }


def test_nothing_is_drawn_of_nothing_and_no_line_from_a_box_to_itself() -> None:
    assert laid_out({}, []) == Drawing({}, {}, Size(0.0, 0.0))
    assert laid_out({"a": BOX}, [("a", "a")]) == Drawing({"a": Place(0.0, 0.0)}, {}, BOX)


@given(graphs())
def test_boxes_are_apart_and_within_the_picture(graph: tuple[dict[str, Size], list[tuple[str, str]]]) -> None:
    sizes, edges = graph
    found = laid_out(sizes, edges)
    assert found.boxes.keys() == sizes.keys()
    for one, other in combinations(sizes, 2):
        a, b = found.boxes[one], found.boxes[other]
        assert (
            a.x + sizes[one].width + 10 <= b.x
            or b.x + sizes[other].width + 10 <= a.x
            or a.y + sizes[one].height + 10 <= b.y
            or b.y + sizes[other].height + 10 <= a.y
        )
    for id, at in found.boxes.items():
        assert at.x >= 0 and at.x + sizes[id].width <= found.size.width + 0.2
        assert at.y >= -0.2 and at.y + sizes[id].height <= found.size.height + 0.2


@given(graphs())
def test_edges_begin_and_end_at_the_sides_of_their_boxes(
    graph: tuple[dict[str, Size], list[tuple[str, str]]],
) -> None:
    sizes, edges = graph
    found = laid_out(sizes, edges)
    assert found.routes.keys() == {number for number, (a, b) in enumerate(edges) if a != b}
    for number, route in found.routes.items():
        for id, end in zip(edges[number], (route[0], route[-1]), strict=True):
            box = found.boxes[id]
            assert end.x in (box.x, box.x + sizes[id].width)
            assert box.y <= end.y <= box.y + sizes[id].height
        steps = {after.x > before.x for before, after in pairwise(route)}
        assert len(steps) == 1  # all to the right, or for one that is turned all to the left


@given(graphs())
def test_the_same_graph_gives_the_same_drawing(graph: tuple[dict[str, Size], list[tuple[str, str]]]) -> None:
    sizes, edges = graph
    assert laid_out(dict(sizes), list(edges)) == laid_out(sizes, edges)


@given(graphs())
def test_crossings_are_as_many_as_pairs_of_lines_that_cross(
    graph: tuple[dict[str, Size], list[tuple[str, str]]],
) -> None:
    sizes, edges = graph
    found = layered(list(sizes), [(number, *edge) for number, edge in enumerate(edges)])
    before = _crossing_pairs(found)
    assert crossings(found, found.layers) == before
    ordered(found)
    assert crossings(found, found.layers) == _crossing_pairs(found) <= before


def _crossing_pairs(found: Layering) -> int:
    total = 0
    for left, right in pairwise(found.layers):
        lines = [(left.index(a), right.index(b)) for a in left for b in found.after[a]]
        total += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(lines, 2))
    return total


def test_two_lines_that_cross_are_disentangled() -> None:
    found = layered(["a", "b", "c", "d"], [(0, "a", "d"), (1, "b", "c")])
    assert crossings(found, found.layers) == 1
    ordered(found)
    assert [[found.ids[point] for point in layer] for layer in found.layers] == [["a", "b"], ["d", "c"]]


def test_what_is_not_connected_is_apart_and_the_largest_part_comes_first() -> None:
    assert parts(["a", "b", "c"], [("b", "c")]) == [(["b", "c"], [0]), (["a"], [])]


def test_drawings_are_put_into_rows() -> None:
    places, size = packed([(300.0, 50.0), (100.0, 50.0), (100.0, 60.0)])
    assert (places, size) == ([(0.0, 0.0), (0.0, 82.0), (132.0, 82.0)], (300.0, 142.0))
