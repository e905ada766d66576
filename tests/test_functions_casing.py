"""Cases and word conventions, as Go's unicode tables, goutils and xstrings have them."""

from __future__ import annotations

import pytest

from doit_score.templating.functions import casing


def test_case_maps_one_character_to_one() -> None:
    assert casing.upper("aé ß ŉ ﬁ ǆ") == "AÉ ß ŉ ﬁ Ǆ"
    assert casing.lower("AÉ İ \u0391\u03a3") == "aé i \u03b1\u03c3"
    assert casing.upper("abc") == "ABC"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello world foo-bar o'neil", "Hello World Foo-Bar O'Neil"),
        ("héllo wörld ☃", "Héllo Wörld ☃"),
        ("A_b c", "A_b C"),
        ("foo.bar", "Foo.Bar"),
        ("ABC", "ABC"),
        ("ǆa", "ǅa"),
    ],
)
def test_title(text: str, expected: str) -> None:
    assert casing.title(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Hello World", "hello world"), ("ÀÉ", "àÉ"), (" Hi", " hi"), ("FIRST Try", "fIRST try"), ("", "")],
)
def test_untitle(text: str, expected: str) -> None:
    assert casing.untitle(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("This Is A.Test", "tHIS iS a.tEST"), ("abc dEF", "ABC Def"), ("ǅé", "ǆÉ"), ("1a", "1A")],
)
def test_swapcase(text: str, expected: str) -> None:
    assert casing.swapcase(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http_server", "HttpServer"),
        ("some words", "SomeWords"),
        ("_complex__case_", "_Complex_Case_"),
        ("GOLANG_IS_GREAT", "GolangIsGreat"),
        ("HTTPServer", "Httpserver"),
        ("foo-bar", "FooBar"),
        ("fooBarBaz", "FooBarBaz"),
        ("ÀÉ", "Àé"),
        ("  ", "   "),
        ("_", "__"),
        ("a", "A"),
        ("-a", "-A"),
        ("a--", "A--"),
        ("", ""),
    ],
)
def test_camelcase(text: str, expected: str) -> None:
    assert casing.camelcase(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FirstName", "first_name"),
        ("HTTPServer", "http_server"),
        ("NoHTTPS", "no_https"),
        ("GO_PATH", "go_path"),
        ("a-b c", "a_b_c"),
        ("http2xx", "http_2xx"),
        ("HTTP20xOK", "http_20x_ok"),
        ("Duration2m3s", "duration_2m3s"),
        ("Bld4Floor3rd", "bld4_floor_3rd"),
        ("x1y2", "x_1y2"),
        ("123abc", "123abc"),
        ("1A", "1_a"),
        ("a1", "a1"),
        ("ABCdef", "ab_cdef"),
        ("aB", "a_b"),
        ("foo.bar", "foo.bar"),
        ("foo!Bar", "foo!bar"),
        ("aa$bb", "aa_$_bb"),
        ("日本語Test", "日本語_test"),
        ("ÀÉ", "àé"),
        ("_a__b_", "_a__b_"),
        ("  ", "__"),
        ("", ""),
    ],
)
def test_snakecase_and_kebabcase_differ_in_the_connector(text: str, expected: str) -> None:
    assert casing.snakecase(text) == expected
    assert casing.kebabcase(text) == expected.replace("_", "-")
