"""Functions on texts; whole values are those of Go's sprig (conformance groups sprig:strings and pipe)."""

from __future__ import annotations

from functools import partial

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import strings
from doit_score.templating.values import NamedString, TypedList, TypedMap

UNICODE = "héllo wörld ☃"


@pytest.mark.parametrize(
    ("width", "text", "expected"),
    [
        (3, "hello", "hello"),
        (-1, "hello", "hello"),
        (4, "hello", "h..."),
        (5, "hello", "hello"),
        (99, "hello", "hello"),
        (4, "", ""),
        (8, UNICODE, "héll..."),
    ],
)
def test_abbrev_keeps_short_texts_and_counts_bytes(width: int, text: str, expected: str) -> None:
    assert strings.abbrev(width, text) == expected


@pytest.mark.parametrize(
    ("left", "right", "text", "expected"),
    [
        (5, 10, "1234 5678 9123", "...5678..."),
        (0, 3, "abc", "abc"),
        (1, 6, "abcdefghij", "abcdefghij"),
        (99, 10, "1234 5678 9123 4", "... 9123 4"),
        (-5, 7, "hello world", "hell..."),
        (2, 7, "hello world", "hell..."),
        (5, 7, "hello world foo", "... ..."),
        (5, 99, "short", "short"),
    ],
)
def test_abbrevboth(left: int, right: int, text: str, expected: str) -> None:
    assert strings.abbrevboth(left, right, text) == expected


def test_cat_drops_nil_and_keeps_empty_texts() -> None:
    assert strings.cat("a", None, "b", 1) == "a b 1"
    assert strings.cat("", "x") == " x"
    assert strings.cat("x", "") == "x "
    assert strings.cat() == strings.cat(None) == ""
    assert strings.cat(1, 2.5, True, [1], {"k": "v"}) == "1 2.5 true [1] map[k:v]"
    assert strings.cat("%d", 1) == "%d 1"


def test_contains_and_its_kin_take_the_part_first() -> None:
    assert strings.contains("", "x")
    assert not strings.contains("x", "")
    assert strings.has_prefix("cat", "catch")
    assert strings.has_suffix("ch", "catch")
    assert not strings.has_suffix("cat", "catch")


def test_indent_pads_every_line_even_the_last_empty_one() -> None:
    assert strings.indent(2, "a\nb\n") == "  a\n  b\n  "
    assert strings.indent(2, "") == "  "
    assert strings.nindent(2, "a\nb") == "\n  a\n  b"
    assert strings.nindent(0, "") == "\n"


def test_indent_refuses_negative_spaces() -> None:
    with pytest.raises(GoError) as error:
        strings.indent(-1, "x")
    assert str(error.value) == "expected a number of spaces from 0, found -1"


def test_results_that_are_too_large_are_refused() -> None:
    text = "the result would have 100000000 characters; at most 16777216 are allowed"
    for make in (partial(strings.repeat, 10**8, "x"), partial(strings.indent, 10**8, "x")):
        with pytest.raises(GoError) as error:
            make()
        assert str(error.value) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b-c d", "abd"),
        ("", ""),
        ("  ", ""),
        ("x1y2", "x"),
        ("ÀÉ", "Ã"),
        ("First\tTry\n", "FT"),
        ("a\x1fb", "a"),
    ],
)
def test_initials_are_first_bytes(text: str, expected: str) -> None:
    assert strings.initials(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [(" a b\tc\n", "abc"), ("ÀÉ", "ÀÉ"), ("é x", "Ã©x"), ("à", "Ã"), ("", "")]
)
def test_nospace_garbles_letters_once_it_drops_a_space(text: str, expected: str) -> None:
    assert strings.nospace(text) == expected


def test_join_takes_any_list_or_one_value() -> None:
    assert strings.join(",", [1, "a", 2.5, True, None, [1], {"x": 1}]) == "1,a,2.5,true,[1],map[x:1]"
    assert strings.join(",", "abc") == "abc"
    assert strings.join(",", 42) == "42"
    assert strings.join(",", None) == strings.join(",", []) == ""


def test_plural_looks_for_exactly_one() -> None:
    assert [strings.plural("one", "many", count) for count in (0, 1, 2, -1)] == [
        "many",
        "one",
        "many",
        "many",
    ]


def test_quote_escapes_as_go_and_drops_nil() -> None:
    assert strings.quote("a", None, 1, True) == '"a" "1" "true"'
    assert strings.quote('say "hi" \\ back') == '"say \\"hi\\" \\\\ back"'
    assert strings.quote("é\x01☃") == '"é\\x01☃"'
    assert strings.quote([1, 2, 3], {"k": "v"}) == '"[1 2 3]" "map[k:v]"'
    assert strings.quote() == strings.quote(None) == ""


def test_squote_escapes_nothing() -> None:
    assert strings.squote("it's", None, [1, 2]) == "'it's' '[1 2]'"
    assert strings.squote(None) == ""


def test_repeat() -> None:
    assert strings.repeat(3, "ab") == "ababab"
    assert strings.repeat(0, "ab") == ""
    with pytest.raises(GoError) as error:
        strings.repeat(-1, "x")
    assert str(error.value) == "expected a count from 0, found -1"


def test_replace_of_nothing_puts_the_new_text_around_every_character() -> None:
    assert strings.replace("", "-", "abc") == "-a-b-c-"
    assert strings.replace("a", "", "banana") == "bnn"
    assert strings.replace("é", "e", "héé") == "hee"


def test_sort_alpha_sorts_by_bytes_and_takes_one_value_for_a_list() -> None:
    assert strings.sort_alpha(["é", "z", "a", "Z"]) == ["Z", "a", "z", "é"]
    assert strings.sort_alpha([3, "b", None, 1, True]) == ["1", "3", "b", "true"]
    assert strings.sort_alpha(None) == ["<nil>"]
    assert strings.sort_alpha(5) == ["5"]
    assert strings.sort_alpha([]).elem == "string"


def test_split_gives_a_map_with_numbered_keys() -> None:
    result = strings.split(",", "a,b")
    assert isinstance(result, TypedMap)
    assert (result, result.elem) == ({"_0": "a", "_1": "b"}, "string")
    assert strings.split("", "ab") == {"_0": "a", "_1": "b"}
    assert strings.split(",", "") == {"_0": ""}


@pytest.mark.parametrize(
    ("separator", "count", "text", "expected"),
    [
        (",", 2, "a,b,c", {"_0": "a", "_1": "b,c"}),
        (",", 0, "a,b", {}),
        (",", -1, "a,b", {"_0": "a", "_1": "b"}),
        (",", 1, "a,b", {"_0": "a,b"}),
        ("", 2, "abc", {"_0": "a", "_1": "bc"}),
        ("", 9, "ab", {"_0": "a", "_1": "b"}),
        (",", 5, "", {"_0": ""}),
    ],
)
def test_splitn(separator: str, count: int, text: str, expected: dict[str, str]) -> None:
    assert strings.splitn(separator, count, text) == expected


def test_split_list() -> None:
    assert strings.split_list(",", "a,b") == ["a", "b"]
    assert strings.split_list(",", "") == [""]
    assert strings.split_list("", "aé") == ["a", "é"]
    assert strings.split_list("", "") == []
    assert strings.split_list(",", "a").elem == "string"


@pytest.mark.parametrize(
    ("start", "end", "text", "expected"),
    [
        (2, -1, "hello", "llo"),
        (-1, 3, "hello", "hel"),
        (0, 99, "hi", "hi"),
        (1, 3, "hello", "el"),
        (5, 9, "hello", ""),
        (0, 3, "héllo", "hé"),
        (0, 2, "héllo", "h\udcc3"),
    ],
)
def test_substr_counts_bytes(start: int, end: int, text: str, expected: str) -> None:
    assert strings.substr(start, end, text) == expected


@pytest.mark.parametrize(
    ("start", "end", "text", "shown"),
    [
        (3, 2, "hello", "3 to 2"),
        (-1, -1, "abc", "0 to -1"),
        (4, 9, "abc", "4 to 3"),
        (-1, 9, "abc", "0 to 9"),
    ],
)
def test_substr_refuses_positions_outside_of_the_text(start: int, end: int, text: str, shown: str) -> None:
    with pytest.raises(GoError) as error:
        strings.substr(start, end, text)
    assert str(error.value) == f"positions {shown} do not lie within a text of {len(text)} bytes"


def test_to_strings_drops_nil() -> None:
    result = strings.to_strings([1, None, "a", 2.5])
    assert isinstance(result, TypedList)
    assert (result, result.elem) == (["1", "a", "2.5"], "string")
    assert strings.to_strings(None) == []
    assert strings.to_strings("x") == ["x"]


def test_to_string_of_a_named_string_is_a_plain_one() -> None:
    result = strings.text_of_value(NamedString("TCP", "main.Proto"))  # type: ignore[attr-defined]  # what the module uses
    assert type(result) is str
    assert result == "TCP"
    assert strings.text_of_value(None) == "<nil>"  # type: ignore[attr-defined]  # what the module uses
    assert strings.text_of_value(1e6) == "1e+06"  # type: ignore[attr-defined]  # what the module uses


def test_trim_knows_the_white_space_of_go() -> None:
    assert strings.trim("\u00a0 \t x\u2003\n") == "x"
    assert strings.trim("\x1fx\u200b") == "\x1fx\u200b"


def test_trim_all_prefix_and_suffix() -> None:
    assert strings.trim_all("$", "$5.00$") == "5.00"
    assert strings.trim_all("", "x") == "x"
    assert strings.trim_prefix("-", "--hello") == "-hello"
    assert strings.trim_suffix("x", "xx") == "x"


@pytest.mark.parametrize(
    ("count", "text", "expected"),
    [
        (3, "hello", "hel"),
        (-3, "hello", "llo"),
        (0, "hello", ""),
        (-5, "hello", "hello"),
        (-99, "hello", "hello"),
        (99, "hello", "hello"),
        (2, UNICODE, "h\udcc3"),
        (-3, UNICODE, "☃"),
    ],
)
def test_trunc_counts_bytes(count: int, text: str, expected: str) -> None:
    assert strings.trunc(count, text) == expected


@pytest.mark.parametrize(
    ("width", "text", "expected"),
    [
        (5, "hello world foo", "hello\nworld\nfoo"),
        (3, "hello world", "hello\nworld"),
        (0, "ab cd", "ab\ncd"),
        (5, "a  b   c d", "a  b \n c d"),
        (80, "short", "short"),
        (5, "", ""),
    ],
)
def test_wrap_breaks_at_spaces_only(width: int, text: str, expected: str) -> None:
    assert strings.wrap(width, text) == expected


@pytest.mark.parametrize(
    ("width", "separator", "text", "expected"),
    [
        (5, "\t", "Hello World aaaaaaaaaa", "Hello\tWorld\taaaaa\taaaaa"),
        (4, "", "hello", "hell\no"),
        (3, "|", "hello world", "hel|lo|wor|ld"),
    ],
)
def test_wrap_with_breaks_long_words(width: int, separator: str, text: str, expected: str) -> None:
    assert strings.wrap_with(width, separator, text) == expected
