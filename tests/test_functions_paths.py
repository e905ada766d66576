"""Slash-separated paths, as Go's package path has them."""

from __future__ import annotations

import pytest

from doit_score.templating.functions import lookup, paths


@pytest.mark.parametrize(
    ("path", "base", "directory", "ext", "clean"),
    [
        ("/a/b.txt", "b.txt", "/a", ".txt", "/a/b.txt"),
        ("a/b/", "b", "a/b", "", "a/b"),
        ("a", "a", ".", "", "a"),
        ("", ".", ".", "", "."),
        ("/", "/", "/", "", "/"),
        ("///", "/", "/", "", "/"),
        ("a.tar.gz", "a.tar.gz", ".", ".gz", "a.tar.gz"),
        ("a.", "a.", ".", ".", "a."),
        ("a.b/c", "c", "a.b", "", "a.b/c"),
        (".x", ".x", ".", ".x", ".x"),
        ("/a/../b//c/.", ".", "/b/c", ".", "/b/c"),
        ("../../x", "x", "../..", "", "../../x"),
        ("/..", "..", "/", ".", "/"),
        ("a/..", "..", "a", ".", "."),
    ],
)
def test_paths(path: str, base: str, directory: str, ext: str, clean: str) -> None:
    assert paths.base(path) == base
    assert paths.directory(path) == directory
    assert paths.ext(path) == ext
    assert paths.clean(path) == clean


def test_is_abs() -> None:
    assert paths.is_abs("/x")
    assert not paths.is_abs("x/y")
    assert not paths.is_abs("")


@pytest.mark.parametrize("name", ["base", "clean", "dir", "ext", "isAbs"])
def test_the_os_variants_are_the_same(name: str) -> None:
    plain, variant = lookup(name), lookup(f"os{name[0].upper()}{name[1:]}")
    assert plain is not None and variant is not None
    assert plain.call is variant.call
