"""What stands in for google-re2 finds what it finds."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from doit_score.templating.matching import PatternError, UnknownError, compile_pattern

ATOMS = (
    *(
        "a",
        "b",
        "k",
        "é",
        ".",
        "[ab]",
        "[^a]",
        "[a-cé]",
        "[^\\W]",
        "[[:^alpha:]]",
        "\\w",
        "\\W",
        "\\d",
        "\\s",
        "\\pL",
        "\\PN",
    ),
    *(
        "^",
        "$",
        "\\b",
        "\\A",
        "\\z",
        "(?i)",
        "(?m)",
        "(?s)",
        "(?U)",
        "(?-i)",
        "(?i:k)",
        "\\x{e9}",
        "\\Qa.\\E",
        "\\n",
    ),
)
TIMES = ("*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}", "{2,3}?", "{0}")


def larger(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Patterns that have others in them."""
    return st.one_of(
        st.tuples(part, part).map("".join),
        st.tuples(part, part).map("|".join),
        st.tuples(st.sampled_from(["(", "(?:", "(?P<n>"]), part, st.sampled_from([")", "|)"])).map("".join),
        st.tuples(part, st.sampled_from(TIMES)).map("".join),
    )


PATTERNS = st.recursive(st.sampled_from(ATOMS), larger, max_leaves=8)
TEXTS = st.text("aabbkKsS1 .\né\u017f\u212a", max_size=8)


def of_re2(pattern: str) -> object:
    """The pattern as google-re2 has it, or None where it is none."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error:
        return None


def spans(pattern: object, data: bytes) -> list[tuple[int, int]] | None:
    found = pattern.search(data)  # type: ignore[attr-defined]
    return [found.span(group) for group in range(pattern.groups + 1)] if found else None  # type: ignore[attr-defined]


@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=4))
def test_it_finds_what_re2_finds_with_all_groups(pattern: str, texts: list[str]) -> None:
    wanted = of_re2(pattern)
    if wanted is None:
        with pytest.raises(PatternError):
            compile_pattern(pattern)
        return
    compiled = compile_pattern(pattern)
    assert [spans(compiled, text.encode()) for text in texts] == [
        spans(wanted, text.encode()) for text in texts
    ]


@given(st.text("ab()[]{}*+?|\\\\^$.-:,<>=!PQE12xpiU", max_size=10))
def test_it_reads_as_a_pattern_what_re2_does(text: str) -> None:
    try:
        compile_pattern(text)
    except PatternError:
        assert of_re2(text) is None
    except UnknownError:
        pass
    else:
        assert of_re2(text) is not None


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("a(", "missing ): a("),
        ("a)", "unexpected ): a)"),
        ("[a", "missing ]: [a"),
        ("[z-a]", "invalid character class range: z-a"),
        ("*", "no argument for repetition operator: *"),
        ("a**", "bad repetition operator: **"),
        ("a{1001}", "invalid repetition size: {1001}"),
        ("(a{100}){11}", "invalid repetition size: {11}"),
        ("\\Z", "invalid escape sequence: \\Z"),
        ("\\", "trailing \\"),
        ("(?=a)", "invalid perl operator: (?="),
        ("[[:foo:]]", "invalid character class range: [:foo:]"),
        ("\\pé", None),
    ],
)
def test_a_mistake_is_told_as_re2_tells_it(pattern: str, message: str | None) -> None:
    options = re2.Options()
    options.log_errors = False
    with pytest.raises(re2.error) as error:
        re2.compile(pattern, options)
    if message is None:
        with pytest.raises(UnknownError):
            compile_pattern(pattern)
        return
    with pytest.raises(PatternError) as ours:
        compile_pattern(pattern)
    assert str(ours.value) == message == error.value.args[0].decode()


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("\\C", "'\\C'"),
        ("\\p{Greek}", "'\\\\p{Greek}'"),
        ("(" * 101 + ")" * 101, "groups that are nested more than 100 deep"),
        ("((abcdefghijklmnopqrstu){31}){32}", "more than 20000 steps"),
    ],
)
def test_what_only_re2_knows_is_refused(pattern: str, message: str) -> None:
    assert of_re2(pattern) is not None
    with pytest.raises(UnknownError) as error:
        compile_pattern(pattern)
    assert str(error.value) == message


def test_bytes_that_are_no_character_match_nothing() -> None:
    data = b"\xff\xc3a"
    for pattern in ("(?s:.)", "[^b]", "\\PL"):
        assert spans(compile_pattern(pattern), data) == spans(of_re2(pattern), data)
