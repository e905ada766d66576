"""Reading, writing and locating YAML."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta, timezone

import pytest
import yaml

from doit_score.text.errors import ScoreError
from doit_score.text.yaml12 import dump, load, locate, reader

UTC = timezone.utc
MERGE = "the value of a merge key '<<' must be a mapping or a list of mappings"
SMALLER = "\n  hint: split it, or put large contents into files of their own (`source` in a Score file)"
TWICE = "is given twice in one mapping, first in line"


def message(data: str | bytes) -> str:
    with pytest.raises(ScoreError) as error:
        load(data, "a.yaml")
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((text, None) for text in ("", "~", "null", "Null", "NULL")),
        *((text, True) for text in ("true", "True", "TRUE")),
        *((text, False) for text in ("false", "False", "FALSE")),
        *((text, text) for text in ("yes", "no", "on", "off", "y", "n", "YES", "tRUE", "nULL", "truest")),
        # integers, in all the spellings of case spec-117
        *((text, 80) for text in ("80", "+80", "0x50", "0X50", "0120", "0o120", "0b1010000", "8_0", "8__0_")),
        *((text, -80) for text in ("-80", "-0x50", "-0o120", "-0b1010000")),
        ("0", 0),
        ("18446744073709551615", 2**64 - 1),
        ("-9223372036854775808", -(2**63)),
        ("18446744073709551616", float(2**64)),
        ("08", 8.0),
        ("80.0", 80.0),
        ("8e1", 80.0),
        ("1_0.5", 10.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("-.5e-3", -0.0005),
        (".inf", math.inf),
        ("+.Inf", math.inf),
        ("-.INF", -math.inf),
        # what only nearly is a number is text
        *(
            (text, text)
            for text in ("=", "0.1.2", "1,000", "0xZZ", "0_x", "1e", ".", "0o9", "0b2", "_1", "+", "-x")
        ),
        *(
            (text, text)
            for text in ("12:30", "1e999", ".1e999", "inf", "nan", ".Nan", "0xFFFFFFFFFFFFFFFFF", "<<")
        ),
        # timestamps
        ("2020-01-01", datetime(2020, 1, 1, tzinfo=UTC)),
        ("2020-1-2", datetime(2020, 1, 2, tzinfo=UTC)),
        ("2001-12-15 2:59:43.10", datetime(2001, 12, 15, 2, 59, 43, 100000, UTC)),
        ("2001-12-14T21:59:43Z", datetime(2001, 12, 14, 21, 59, 43, 0, UTC)),
        (
            "2001-12-14t21:59:43.1234567-05:30",
            datetime(2001, 12, 14, 21, 59, 43, 123456, timezone(-timedelta(hours=5, minutes=30))),
        ),
        *(
            (text, text)
            for text in ("2001-12-14T21:59:43", "2001-12-14 21:59:43Z", "2001-13-01", "2001-02-29")
        ),
        *((text, text) for text in ("0000-01-01", "2001-01-01T01:01:01+99:00", "20-01-01")),
        # quoted
        ("'80'", "80"),
        ('"true"', "true"),
        ("! '7'", "7"),
        ("! 7", 7),
        # tags
        ("!!str 5", "5"),
        ("!!str", ""),
        ("!!str ~", "~"),
        ("!!int '0x1f'", 31),
        ("!!float 5", 5.0),
        ("!!float '2.5'", 2.5),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("!!timestamp '2020-01-01'", datetime(2020, 1, 1, tzinfo=UTC)),
        ("!!binary aGVsbG8=", "hello"),
        ("!wax 5", "5"),
        ("!<tag:wax.example,2020:x> true", "true"),
    ],
)
def test_a_scalar_means_what_it_means_to_yaml_v3(text: str, value: object) -> None:
    read = load(f"- {text}\n")
    assert read == [value]
    assert type(read[0]) is type(value)


def test_not_a_number_is_a_float() -> None:
    read = load(".NaN")
    assert isinstance(read, float)
    assert math.isnan(read)


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "---\n---\nb\n", "\ufeff"])
def test_an_empty_first_document_is_none(text: str) -> None:
    assert load(text) is None


@pytest.mark.parametrize("text", ["a", "---\na\n...\n", "a\n---\nb: [\n", "--- a\n--- b\n"])
def test_only_the_first_document_is_read(text: str) -> None:
    assert load(text) == "a"


@pytest.mark.parametrize(
    "data",
    [
        "a: é\n".encode(),
        b"\xef\xbb\xbf" + "a: é\n".encode(),
        b"\xff\xfe" + "a: é\n".encode("utf-16-le"),
        b"\xfe\xff" + "a: é\n".encode("utf-16-be"),
        "a: é\n",
        "\ufeffa: é\n",
        '{"a": "\\u00e9"}',
        "%YAML 1.1\n---\na: é\n",
        "? a\n: é\n",
        "!!map {a: !!str é,}",
    ],
)
def test_encodings_and_styles_give_the_same_value(data: str | bytes) -> None:
    assert load(data) == {"a": "é"}


def test_block_scalars_keep_their_lines() -> None:
    text = "a: |\n  x\n   y\n\nb: |-\n  x\n\nc: |+\n  x\n\nd: >\n  x\n  y\n\n  z\ne: |2\n    x\n  y\n"
    assert load(text) == {"a": "x\n y\n", "b": "x", "c": "x\n\n", "d": "x y\nz\n", "e": "  x\ny\n"}


def test_keys_may_be_of_any_scalar_type() -> None:
    text = "1: a\ntrue: b\n~: c\n1.5: d\n2020-01-01: e\nyes: f\n'1 ': g\n"
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(ScoreError):
        load(text)  # 1 and true are one key here
    expected = {True: "b", None: "c", 1.5: "d", moment: "e", "yes": "f", "1 ": "g"}
    assert load(text.removeprefix("1: a\n")) == expected


def test_aliases_give_copies() -> None:
    read = load("a: &x [1, {b: c}]\nd: *x\n")
    assert read == {"a": [1, {"b": "c"}], "d": [1, {"b": "c"}]}
    read["a"][1]["b"] = "changed"
    assert read["d"] == [1, {"b": "c"}]


def test_an_anchor_can_be_given_again() -> None:
    assert load("[&x 1, *x, &x 2, *x]") == [1, 1, 2, 2]


def test_scalar_anchors_on_keys_can_be_used() -> None:
    assert load("&k a: [*k]\nb: {*k : c}\n") == {"a": ["a"], "b": {"a": "c"}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "{A: before, <<: {A: base, B: base, C: base}, C: after}",
            {"A": "before", "B": "base", "C": "after"},
        ),
        (
            "{<<: [{A: first, B: first}, {B: second, C: second}], D: own}",
            {"A": "first", "B": "first", "C": "second", "D": "own"},
        ),
        ("{<<: {<<: {A: deep}, B: b}}", {"A": "deep", "B": "b"}),
        ("{<<: []}", {}),
        ("{'<<': x}", {"<<": "x"}),
        ("{!!str <<: x}", {"<<": "x"}),
        ("{!!merge <<: {A: a}}", {"A": "a"}),
        ("[<<]", ["<<"]),
    ],
)
def test_merge_keys(text: str, value: object) -> None:
    assert load(text) == value


def test_merging_does_not_change_what_is_merged() -> None:
    assert load("a: &a {x: 1}\nb: {<<: *a, y: 2}\nc: *a\n") == {
        "a": {"x": 1},
        "b": {"x": 1, "y": 2},
        "c": {"x": 1},
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a: b: c\n",
            "a.yaml:1:5: not YAML: mapping values are not allowed in this context\n"
            "  hint: put text that has ': ' in it in quotes, and let all keys of a mapping begin in one "
            "column",
        ),
        (
            "a:\n  b: [a\n",
            "a.yaml:3:1: not YAML: did not find expected ',' or ']' in the list in brackets that begins in "
            "line 2, column 6",
        ),
        (
            "a:\n\tb: c\n",
            "a.yaml:2:1: not YAML: found a tab where spaces or text are expected\n"
            "  hint: indent with spaces, not with tabs",
        ),
        ("%YAML 3.0\n---\na\n", "a.yaml:1:1: not YAML: found incompatible YAML document"),
        (
            b"a: caf\xe9\n",
            "a.yaml:1:7: not YAML: incomplete UTF-8 octet sequence\n"
            "  hint: a YAML file is text in UTF-8 or UTF-16 without control characters",
        ),
        (
            "é: 1\na\0b: 2\n",
            "a.yaml:2:2: not YAML: control characters are not allowed\n"
            "  hint: a YAML file is text in UTF-8 or UTF-16 without control characters",
        ),
        ("\ud800", "a.yaml: not YAML: the text cannot be encoded as UTF-8"),
        ("a: 1\nb: 2\na: 3\n", f"a.yaml:3:1: the key 'a' {TWICE} 1"),
        ("- 1: x\n- {b: {1: x, 0x1: y}}\n", f"a.yaml:2:14: the key '1' {TWICE} 2"),
        ("x:\n- a b: 1\n  'a b': 3\n", f"a.yaml:3:3: the key 'a b' {TWICE} 2"),
        ('{"a\\n": 1, "a\\n": 2}', f"a.yaml:1:12: the key 'a\\n' {TWICE} 1"),
        ("{true: 1, 1: 2}", f"a.yaml:1:11: the key '1' {TWICE} 1"),
        (
            "a: 1\na: 2\nb: {c: !!int x, c: 4}\n",
            "3 problems:\n"
            f"  a.yaml:2:1: the key 'a' {TWICE} 1\n"
            "  a.yaml:3:8: the tag !!int needs an integer\n"
            f"  a.yaml:3:17: the key 'c' {TWICE} 3",
        ),
        ("? [a]\n: b\n", "a.yaml:1:3: expected a scalar as the key of a mapping, found a collection"),
        ("!!binary '$$$'", "a.yaml:1:1: the tag !!binary needs base64 of UTF-8 text"),
        ("!!binary /w==", "a.yaml:1:1: the tag !!binary needs base64 of UTF-8 text"),
        ("!!int 5.5", "a.yaml:1:1: the tag !!int needs an integer"),
        ("!!int true", "a.yaml:1:1: the tag !!int needs an integer"),
        ("!!float x", "a.yaml:1:1: the tag !!float needs a number"),
        ("!!bool yes", "a.yaml:1:1: the tag !!bool needs true or false"),
        ("!!null 0", "a.yaml:1:1: the tag !!null needs null"),
        ("!!timestamp x", "a.yaml:1:1: the tag !!timestamp needs a date or a time"),
        ("a:\n  <<: text\n", f"a.yaml:2:7: {MERGE}"),
        ("<<: ~\n", f"a.yaml:1:5: {MERGE}"),
        ("<<: [{}, x]\n", f"a.yaml:1:5: {MERGE}"),
        (
            "<<: {A: 1}\n<<: {B: 2}\n",
            "a.yaml:2:1: two merge keys '<<' in one mapping\n  hint: give one merge key a list of mappings",
        ),
        ("a: *b\n", "a.yaml:1:4: the alias *b has no anchor"),
        ("a: &l [*l]\n", "a.yaml:1:8: the anchor &l contains itself"),
        ("a: &l {b: {c: *l}}\n", "a.yaml:1:15: the anchor &l contains itself"),
        ("? - a\n  - b\n: c\n", "a.yaml:1:3: expected a scalar as the key of a mapping, found a collection"),
        ("!!timestamp 5", "a.yaml:1:1: the tag !!timestamp needs a date or a time"),
        ("[" * 900, "a.yaml:1:201: nested deeper than 200 levels"),
        ("{a: " * 1000, "a.yaml:1:801: nested deeper than 200 levels"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_place(text: str | bytes, expected: str) -> None:
    assert message(text) == expected


def test_what_is_nested_so_deep_that_the_parser_gives_up_is_told_alike() -> None:
    """Parsers differ in how far they look ahead, and so in the column."""
    assert re.sub(r"1:\d+", "1:N", message("[" * 100_000)) == "a.yaml:1:N: nested deeper than 200 levels"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: b", "1:1"),
        ("[a,\nb]", "1:1"),
        ("- &a x\n- *a", "1:1"),
        ("a: [b, c]", "1:8"),
        ("a: {}\nb: c", "2:1"),
    ],
)
def test_more_values_than_a_document_may_have_are_an_error(
    text: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys count, and a collection where it ends, at the place where it begins."""
    monkeypatch.setattr(reader, "MAX_VALUES", 2)
    assert message(text) == f"a.yaml:{place}: expected at most 2 values, found more{SMALLER}"
    monkeypatch.setattr(reader, "MAX_VALUES", 5)
    assert load(text) == load(text, bounded=False) != {}


def test_a_long_document_ends_at_the_first_value_that_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_VALUES", 1_000)
    assert message("x: [" + "[]," * 5_500_000) == (
        f"a.yaml:1:3002: expected at most 1,000 values, found more{SMALLER}"
    )


def test_a_text_that_is_longer_than_a_document_may_be_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert message("x" * (16 << 20 | 1)) == f"a.yaml: expected at most 16 MiB of YAML, found more{SMALLER}"
    monkeypatch.setattr(reader, "MAX_TEXT", 4)
    assert load("a: b") == {"a": "b"}
    assert message(b"a: bc") == message("a: bc") != ""
    assert load("a: bc", bounded=False) == {"a": "bc"}


def test_the_deepest_allowed_document_can_be_read_and_written() -> None:
    text = "[" * 200 + "]" * 200
    assert load(dump(load(text))) == load(text)


def test_excessive_aliasing_is_an_error() -> None:
    lines = ["b0: &b0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"b{i}: &b{i} [{', '.join([f'*b{i - 1}'] * 9)}]" for i in range(1, 9)]
    assert message("\n".join(lines)) == (
        "a.yaml:4:25: excessive aliasing: nearly all values come from aliases"
    )


@pytest.mark.parametrize("text", ["a: &a {}\n", "a: &a [{}]\n", "a: &a {{{}: ''}}\n"])
def test_long_texts_that_aliases_repeat_are_an_error(text: str) -> None:
    lines = [text.format("x" * 1000), *(f"k{i}: *a\n" for i in range(16_778))]
    assert load("".join(lines[:-1])) is not None
    assert message("".join(lines)) == (
        "a.yaml:16779:9: excessive aliasing: more than 16 MiB of text come from aliases"
    )


def test_depth_counts_through_aliases() -> None:
    lines = ["a0: &a0 [x]", *(f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 250))]
    assert message("\n".join(lines)) == "a.yaml:200:14: nested deeper than 200 levels through aliases"


def test_ordinary_use_of_aliases_is_no_excess() -> None:
    text = "base: &b {" + ", ".join(f"k{i}: v" for i in range(30)) + "}\n"
    text += "".join(f"u{i}: *b\n" for i in range(200))
    assert dump(load(text)).count("k29: v") == 201


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null\n"),
        (True, "true\n"),
        (5, "5\n"),
        (-0.0, "-0.0\n"),
        (1e21, "1.0e+21\n"),
        (1.5e-7, "1.5e-07\n"),
        (math.inf, ".inf\n"),
        (-math.inf, "-.inf\n"),
        (math.nan, ".nan\n"),
        (datetime(2020, 1, 1, tzinfo=UTC), "2020-01-01T00:00:00Z\n"),
        (datetime(2020, 1, 1), "2020-01-01T00:00:00Z\n"),
        (
            datetime(2020, 1, 1, 1, 2, 3, 100000, timezone(timedelta(hours=-5))),
            "2020-01-01T01:02:03.1-05:00\n",
        ),
        ("", '""\n'),
        ("plain text", "plain text\n"),
        ("nginx:1.27", "nginx:1.27\n"),
        ("--flag=x", "--flag=x\n"),
        ("${VAR:-x}", "${VAR:-x}\n"),
        ("http://x/#y", "http://x/#y\n"),
        ("日本", "日本\n"),
        *(
            (text, f'"{text}"\n')
            for text in ("yes", "No", "ON", "y", "null", "~", "true", "=", "<<", "---", "...")
        ),
        *(
            (text, f'"{text}"\n')
            for text in ("12:30", "0x1f", "017", "1_0", "1e5", "2020-01-01", "5432:5432", ".5")
        ),
        *(
            (text, f'"{text}"\n')
            for text in ("- a", "a: b", "a:", "#c", "a #c", " a", "a ", "[a]", "{a", "*a", "&a")
        ),
        *(
            (text, f'"{text}"\n')
            for text in ("!a", "|", ">", "%a", "@a", "`a", "?", ":a", ",", "'a", "-", "-1")
        ),
        ('say "x"', 'say "x"\n'),
        ('"x"', "'\"x\"'\n"),
        ("{\"a\": 'b'}", "'{\"a\": ''b''}'\n"),
        ("a\tb\r\n\0\x1b\x85\u2028\ufeff\U000e0001", '"a\\tb\\r\\n\\0\\x1B\\x85\\u2028\\uFEFF\\U000E0001"\n'),
        ("lone \ud800 half", '"lone \\uFFFD half"\n'),
        ("one\ntwo\n", "|\n  one\n  two\n"),
        ("one\n\n\ttwo", "|-\n  one\n\n  \ttwo\n"),
        ("# a\n- b\n", "|\n  # a\n  - b\n"),
        *(
            (text, f'"{text}"\n'.replace("\n", "\\n", text.count("\n")))
            for text in ("\n", "\nx", " x\ny", "x \ny", "x\n\n")
        ),
        ([], "[]\n"),
        ({}, "{}\n"),
        ((1, 2), "- 1\n- 2\n"),
        ([[1, [2]], {"a": [], "b": {}}], "- - 1\n  - - 2\n- a: []\n  b: {}\n"),
        (
            {"b": [1, {"d": "x", "c": ["y\nz\n"]}], "a": {"e": None}},
            "a:\n  e: null\nb:\n  - 1\n  - c:\n      - |\n        y\n        z\n    d: x\n",
        ),
        ({2: "a", "1": "b", True: "c", None: "d"}, '"1": b\n2: a\nnull: d\ntrue: c\n'),
        ({"k" * 1200: {"x": 1}}, "? " + "k" * 1200 + "\n:\n  x: 1\n"),
        ({"a\nb": "x"}, '"a\\nb": x\n'),
    ],
)
def test_what_is_written(value: object, text: str) -> None:
    assert dump(value) == text


@pytest.mark.parametrize("value", [object(), b"bytes", {(1, 2): 3}, [{1, 2}]])
def test_what_is_no_yaml_value_cannot_be_written(value: object) -> None:
    with pytest.raises(TypeError, match=r"^no YAML for a value of type (object|bytes|tuple|set)$"):
        dump(value)


def test_subclasses_are_written_as_what_they_are() -> None:
    class Text(str):
        __slots__ = ()

    class Number(int):
        pass

    assert dump({Text("a"): [Text("x\ny\n"), Number(5)]}) == "a:\n  - |\n    x\n    y\n  - 5\n"


def test_the_parser_in_python_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x {b: [1, 'c', |\n  d\n], <<: {e: 2020-01-01}}\nf: *x\n".replace("|\n  d\n", '"d"')
    expected = load(text)
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert load(text) == expected
    assert message("a: 1\nb: [\n") == (
        "a.yaml:3:1: not YAML: expected the node content, but found '<stream end>'"
    )
    assert message(b"a\0") == (
        "a.yaml:1:2: not YAML: special characters are not allowed\n"
        "  hint: a YAML file is text in UTF-8 or UTF-16 without control characters"
    )


DOCUMENT = """\
# a comment
a:
  b: &x
    - c: 1
      d: text
    - e
"f\\ng": {1: x, true: y}
h: *x
i:
  <<: {j: k}
  l: m
n:
  <<: [*x]
"""


@pytest.mark.parametrize(
    ("keys", "value", "key"),
    [
        ([], (2, 1), (2, 1)),
        (["a"], (3, 3), (2, 1)),
        (["a", "b"], (3, 6), (3, 3)),
        (["a", "b", 0], (4, 7), (4, 7)),
        (["a", "b", 0, "d"], (5, 10), (5, 7)),
        (["a", "b", 1], (6, 7), (6, 7)),
        (["a", "b", 7, "z"], (3, 6), (3, 3)),
        (["f\ng"], (7, 9), (7, 1)),
        (["f\ng", 1], (7, 13), (7, 10)),
        (["h"], (8, 4), (8, 1)),
        (["h", 0, "d"], (5, 10), (5, 7)),
        (["i", "j"], (10, 11), (10, 8)),
        (["i", "l"], (11, 6), (11, 3)),
        (["z", "z"], (2, 1), (2, 1)),
    ],
)
def test_places(keys: list[str | int], value: tuple[int, int], key: tuple[int, int]) -> None:
    assert locate(DOCUMENT, keys) == value
    assert locate(DOCUMENT, keys, key=True) == key
    assert locate(DOCUMENT.encode("utf-16"), keys) == value


def test_places_before_a_mistake_are_known() -> None:
    assert locate("a: {b: c}\nd: [", ["a", "b"]) == (1, 8)


@pytest.mark.parametrize("data", ["", "# nothing\n", b"\xff", "\ud800"])
def test_there_are_no_places_in_nothing(data: str | bytes) -> None:
    assert locate(data, ["a"]) is None
