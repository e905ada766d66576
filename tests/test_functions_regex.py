"""Regular expressions; whole values are those of Go's regexp (conformance group sprig:regex)."""

from __future__ import annotations

import sys

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import regex
from doit_score.templating.values import TypedList


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("b", "abc", True),
        ("(?i)ABC", "abc", True),
        (r"\pL+", "é", True),
        (r"\p{Greek}", "\u03b1", True),
        ("[[:alpha:]]+", "abc", True),
        ("(?m)^b$", "a\nb", True),
        ("b$", "ab\n", False),
        (r"\z", "x", True),
        (r"\Q.\E", ".", True),
        ("[a&&b]", "a", True),
        ("a||b", "", True),
        ("^/|(/([^/]+))+$", "/foo", True),
    ],
)
def test_match(pattern: str, text: str, expected: bool) -> None:
    assert regex.regex_match(pattern, text) is expected
    assert regex.must_regex_match(pattern, text) is expected


@pytest.mark.parametrize("pattern", ["(", "[", "a(?=b)", r"(a)\1", r"\Z", r"\h", "a{1001}", "x**", "\udcff"])
def test_a_bad_pattern_matches_nothing_and_is_an_error_elsewhere(
    pattern: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert regex.regex_match(pattern, "aa") is False
    calls = (
        lambda: regex.must_regex_match(pattern, "x"),
        lambda: regex.regex_find(pattern, "x"),
        lambda: regex.regex_find_all(pattern, "x", -1),
        lambda: regex.regex_split(pattern, "x", 0),
        lambda: regex.regex_replace_all(pattern, "x", "$1"),
        lambda: regex.regex_replace_all_literal(pattern, "x", "y"),
    )
    for call in calls:
        with pytest.raises(GoError) as error:
            call()
        assert str(error.value).startswith(f"bad regular expression {pattern!r}: ")
    assert capfd.readouterr() == ("", "")


def test_find() -> None:
    assert regex.regex_find("[a-z]+", "12abc34") == "abc"
    assert regex.regex_find("a+?", "aaa") == "a"
    assert regex.regex_find(".", "☃x") == "☃"
    assert regex.regex_find("z", "abc") == ""


@pytest.mark.parametrize(
    ("pattern", "text", "limit", "expected"),
    [
        (r"\d", "a1b2", -1, ["1", "2"]),
        (r"\d", "a1b2", 1, ["1"]),
        ("a*", "baaac", -1, ["", "aaa", ""]),
        ("", "é☃", -1, ["", "", ""]),
        ("^a", "aaa", -1, ["a"]),
        (r"\ba", "aa a", -1, ["a", "a"]),
    ],
)
def test_find_all(pattern: str, text: str, limit: int, expected: list[str]) -> None:
    result = regex.regex_find_all(pattern, text, limit)
    assert (result, result.elem, result.nil) == (expected, "string", False)


def test_finding_nothing_is_a_nil_list() -> None:
    for result in (
        regex.regex_find_all("z", "abc", -1),
        regex.regex_find_all("a", "abc", 0),
        regex.regex_split(",", "a,b", 0),
    ):
        assert isinstance(result, TypedList)
        assert (result, result.elem, result.nil) == ([], "string", True)


@pytest.mark.parametrize(
    ("pattern", "text", "replacement", "expected"),
    [
        ("a(x*)b", "-ab-axxb-", "${1}W", "-W-xxW-"),
        ("a(x*)b", "-ab-axxb-", "$1W", "---"),
        ("a(x*)b", "-ab-axxb-", "$1", "--xx-"),
        (r"(?P<k>\w+)=(?P<v>\w+)", "a=b", "$v=$k", "b=a"),
        ("a", "banana", "\\0", "b\\0n\\0n\\0"),
        ("a", "banana", "$0$0", "baanaanaa"),
        ("a", "banana", "$$", "b$n$n$"),
        ("", "abc", "-", "-a-b-c-"),
        ("x*", "abc", "-", "-a-b-c-"),
        ("x*", "axb", "-", "-a-b-"),
        ("", "é☃", "-", "-é-☃-"),
        ("(a)(b)?", "ac", "[$1|$2]", "[a|]c"),
        ("(a)", "a", "$3x", ""),
        ("(a)", "a", "${3}x", "x"),
        ("(a)", "a", "${name}x", "x"),
        ("(a)", "a", "$", "$"),
        ("(a)", "a", "${1", "${1"),
        ("(a)", "a", "$-", "$-"),
        ("(a)", "a", "${01}", ""),
        ("^a", "aaa", "b", "baa"),
    ],
)
def test_replace_all(pattern: str, text: str, replacement: str, expected: str) -> None:
    assert regex.regex_replace_all(pattern, text, replacement) == expected


def test_replace_all_literal_expands_nothing() -> None:
    assert regex.regex_replace_all_literal("a(x*)b", "-ab-axxb-", "${1}") == "-${1}-${1}-"


@pytest.mark.parametrize(
    ("pattern", "text", "limit", "expected"),
    [
        (",", "a,b,c", -1, ["a", "b", "c"]),
        (",", "a,b,c", 2, ["a", "b,c"]),
        (",", "a,b", 1, ["a,b"]),
        (",", "a", -1, ["a"]),
        (",", "", -1, [""]),
        ("", "abc", -1, ["a", "b", "c"]),
        ("", "", -1, []),
        ("a*", "baac", -1, ["b", "c"]),
        (r"\s*,\s*", "a , b,c", -1, ["a", "b", "c"]),
        (",", "a,", -1, ["a", ""]),
        (",", ",a", -1, ["", "a"]),
    ],
)
def test_split(pattern: str, text: str, limit: int, expected: list[str]) -> None:
    assert regex.regex_split(pattern, text, limit) == expected


def test_quote_meta() -> None:
    assert regex.regex_quote_meta("1.2[a]\\-é$") == "1\\.2\\[a\\]\\\\-é\\$"


def test_without_the_package_every_function_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    regex._compiled.cache_clear()
    monkeypatch.setitem(sys.modules, "re2", None)
    for call in (regex.regex_match, regex.must_regex_match, regex.regex_find):
        with pytest.raises(GoError) as error:
            call("a", "a")
        assert str(error.value) == "regular expressions need the package google-re2: pip install google-re2"


def test_results_that_are_too_large_are_refused() -> None:
    with pytest.raises(GoError) as error:
        regex.regex_replace_all_literal("", "x" * 5000, "y" * 5000)
    assert str(error.value).endswith("characters; at most 16777216 are allowed")
