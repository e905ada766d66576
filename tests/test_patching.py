"""Patches of any document; test_compose_patch.py has what they do to a Compose file."""

from __future__ import annotations

from typing import Any

import pytest

from doit_score.targets.patching import apply, parse_path
from doit_score.text.yaml12 import load

DOCUMENT: list[dict[str, Any]] = [{"name": "web", "words": ["a", "b"], "n": 5, "none": None}, {"name": "db"}]


def strict(patch: str) -> tuple[object, list[str], list[str]]:
    document, errors, warnings = apply(DOCUMENT, load(f"[{{{patch}}}]"), "fix.tpl", strict=True)
    return document, [str(one) for one in errors], [str(one) for one in warnings]


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ("op: set, path: 3.name, value: x", "set '3.name'): the list has 2 items, so 3 is past the end"),
        ("op: set, path: 3, value: x", "set '3'): the list has 2 items, so 3 is past the end"),
        ("op: set, path: 0.words.5, value: x", "set '0.words.5'): 0.words has 2 items, so 5 is past the end"),
        (
            "op: set, path: 0.name.first, value: x",
            "set '0.name.first'): 0.name is text, which has nothing below it",
        ),
        (
            "op: set, path: 0.n.first.second, value: x",
            "set '0.n.first.second'): 0.n is a number, which has nothing below it",
        ),
        (
            "op: set, path: 0.words.0.x, value: y",
            "set '0.words.0.x'): 0.words.0 is text, which has nothing below it",
        ),
        (
            "op: set, path: 0.name",
            "set '0.name'): there is no value to set; to remove what is there, say op: delete",
        ),
    ],
)
def test_what_a_strict_patch_refuses(patch: str, said: str) -> None:
    """Facts, D28: the reference pads with null, replaces the text, sets null."""
    assert strict(patch) == (DOCUMENT, [f"fix.tpl: patch 1 ({said}"], [])


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ("op: set, path: 0.words.2, value: c", [{**DOCUMENT[0], "words": ["a", "b", "c"]}, DOCUMENT[1]]),
        ("op: set, path: -1, value: x", [*DOCUMENT, "x"]),
        ("op: set, path: '-1', value: null", [*DOCUMENT, None]),
        ("op: set, path: 1, value: x", [DOCUMENT[0], "x"]),
        ("op: set, path: 1.a.b, value: 1", [DOCUMENT[0], {"name": "db", "a": {"b": 1}}]),
        ("op: set, path: 0.none.a, value: 1", [{**DOCUMENT[0], "none": {"a": 1}}, DOCUMENT[1]]),
        ("op: set, path: 0.n, value: 6", [{**DOCUMENT[0], "n": 6}, DOCUMENT[1]]),
        ("op: delete, path: 0", [DOCUMENT[1]]),
        ("op: delete, path: 5.x", DOCUMENT),
        ("op: delete, path: '-1'", [DOCUMENT[0]]),
    ],
)
def test_what_a_strict_patch_does(patch: str, expected: object) -> None:
    assert strict(patch) == (expected, [], [])


def test_what_was_given_is_not_changed() -> None:
    strict("op: set, path: 0.words.0, value: z")
    assert DOCUMENT[0]["words"] == ["a", "b"]


def test_without_strictness_lists_are_filled_up_with_a_warning() -> None:
    document, errors, warnings = apply(DOCUMENT, load("[{op: set, path: 3.x, value: 1}]"), "fix.tpl")
    assert (document, errors) == ([*DOCUMENT, None, {"x": 1}], [])
    assert [str(one) for one in warnings] == [
        "fix.tpl: patch 1 (set '3.x'): place 3 is past the end of a list of 2: it is filled up"
    ]


def test_every_patch_that_is_wrong_is_told_and_the_others_are_applied() -> None:
    patches = load(
        "[{op: bogus, path: 0.n}, {op: set, path: 0.n, value: 7}, text, {op: set, path: true, value: 1}]"
    )
    document, errors, warnings = apply(DOCUMENT, patches, "fix.tpl", strict=True)
    assert (document, warnings) == ([{**DOCUMENT[0], "n": 7}, DOCUMENT[1]], [])
    assert [str(one) for one in errors] == [
        "fix.tpl: patch 1 (bogus '0.n'): unknown operation: expected op set or delete, found text ('bogus')",
        "fix.tpl: patch 3: expected a mapping with op, path and value, found text",
        "fix.tpl: patch 4 (set 'True'): expected a path such as 0.spec.replicas, found a boolean (true)",
    ]


def test_the_parts_of_a_path() -> None:
    found = [(part.text, part.place) for part in parse_path("0.a\\.b.:5.-1.01")]
    assert found == [("0", 0), ("a.b", None), ("5", None), ("-1", -1), ("01", 1)]
