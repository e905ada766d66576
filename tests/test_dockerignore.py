"""The rules of a `.dockerignore`; e2e/test_builds.py asks Docker itself about the same ones."""

from __future__ import annotations

import pytest
from ignoring import LET_IN, TREE

from doit_score.targets.dockerignore import leaves_out, line_of, rules


@pytest.mark.parametrize("text", LET_IN)
def test_what_the_rules_let_in(text: str) -> None:
    read = rules(text)
    assert [path for path in TREE if not leaves_out(read, path)] == LET_IN[text].split()


@pytest.mark.parametrize("path", ["state", "a b/c*d", "we[i]rd", "#x", "!x", "a\\b", "q?", "**", "a.b/c"])
def test_the_line_for_a_path_leaves_out_that_and_nothing_else(path: str) -> None:
    read = rules(f"{line_of(path)}\n")
    others = ["x", f"x/{path}", f"{path}x", f"x{path}", "a bb/cxd", "wei]rd", "weird", "qx", "axb/c"]
    assert [one for one in (path, f"{path}/x", *others) if leaves_out(read, one)] == [path, f"{path}/x"]


def test_a_byte_order_mark_and_ends_of_lines_of_windows_are_no_part_of_a_rule() -> None:
    read = rules("\ufeffstate\r\nb\r\n")
    assert [leaves_out(read, path) for path in ("state/x", "b", "c")] == [True, True, False]


def test_a_line_that_is_no_pattern_is_none() -> None:
    assert rules("[\n!\n\n") == ()
