"""Regular expressions; whole values are those of Go's regexp (conformance group sprig:regex)."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from doit_score.templating import limits
from doit_score.templating.errors import GoError
from doit_score.templating.functions import regex
from doit_score.templating.values import TypedList


@pytest.fixture(params=["google-re2", "stand-in"], autouse=True)
def which(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Every test has both: the package, and what is there without it."""
    which: str = request.param
    if which == "stand-in":
        monkeypatch.setitem(sys.modules, "re2", None)
    regex._compiled.cache_clear()
    yield which
    regex._compiled.cache_clear()


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("b", "abc", True),
        ("(?i)ABC", "abc", True),
        (r"\pL+", "é", True),
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


def test_a_script_of_unicode_is_known_with_the_package_alone(which: str) -> None:
    if which == "google-re2":
        assert regex.regex_match(r"\p{Greek}", "\u03b1")
        return
    for call in (regex.regex_match, regex.must_regex_match, regex.regex_find):
        with pytest.raises(GoError) as error:
            call(r"\p{Greek}", "a")
        assert str(error.value) == (
            r"regular expression '\\p{Greek}': '\\p{Greek}' needs the package google-re2: "
            "pip install 'doit-score[re2]'"
        )


def test_results_that_are_too_large_are_refused() -> None:
    with pytest.raises(GoError) as error:
        regex.regex_replace_all_literal("", "x" * 5000, "y" * 5000)
    assert str(error.value).endswith("characters; at most 16777216 are allowed")


def test_a_pattern_that_takes_python_for_ever_ends() -> None:
    assert regex.regex_match("^(a|a)*(a+)+$", "a" * 200 + "b") is False


def test_what_takes_too_long_ends_as_other_templates_do(which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STEPS", 10_000)
    budget = limits.BUDGET.set(limits.Budget())
    try:
        if which == "google-re2":
            assert not regex.regex_match("(x+x+)+y", "x" * 200_000)
            return
        with pytest.raises(limits.LimitError) as error:
            regex.regex_match("(x+x+)+y", "x" * 200_000)
    finally:
        limits.BUDGET.reset(budget)
    assert str(error.value) == (
        f"more than {limits.STEPS} turns of loops, calls and elements written or compared; "
        "regular expressions take far less with google-re2: pip install 'doit-score[re2]'"
    )
