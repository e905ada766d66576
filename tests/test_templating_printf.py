"""printf, print and println: verbs, flags, widths, argument numbers and what is said about mistakes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from doit_score.templating import limits
from doit_score.templating.errors import GoError
from doit_score.templating.printf import sprintf
from doit_score.templating.printing import sprint, sprintln, to_text
from doit_score.templating.scalars import float_text, quote, quote_rune
from doit_score.templating.values import (
    Func,
    Int64,
    NamedString,
    Struct,
    TypedList,
    TypedMap,
    Uint8,
    Uint64,
    element_type,
    is_nil,
    kind_of,
    sorted_keys,
    truth,
    type_name,
)


class Version(Struct):
    """A struct with a String method."""

    def string(self) -> str:
        return "v1.2.3"


POINT = Struct("main.Point", {"X": 1, "Name": "a"})
POINTER = Struct("*main.Point", {"X": 1, "Name": "a"})
NOON = datetime(2024, 2, 29, 12, 0, 0, 500000, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("template", "arguments", "expected"),
    [
        ("plain", [], "plain"),
        ("%d%%", [5], "5%"),
        ("%d", [Int64(7)], "7"),
        ("%4d|%-4d|%04d|%+d|% d", [1, 2, 3, 4, 5], "   1|2   |0003|+4| 5"),
        ("%.3d|%8.3d|%08.3d|%.0d", [7, 7, 7, 0], "007|     007|     007|"),
        ("%5.0d|", [0], "     |"),
        ("%x %X %#x %#X", [255, 255, 255, -255], "ff FF 0xff -0XFF"),
        ("%o %#o %O %#o", [8, 8, 8, 0], "10 010 0o10 0"),
        ("%b %#b", [5, 5], "101 0b101"),
        ("%c%c", [0x41, 0x2603], "A☃"),
        ("%c", [-1], "\ufffd"),
        ("%q %+q %q", [0x2603, 0x2603, 10], r"'☃' '\u2603' '\n'"),
        ("%U %#U %U", [0x2603, 0x2603, -1], "U+2603 U+2603 '☃' U+FFFFFFFFFFFFFFFF"),
        ("%8U|%.6U", [0x41, 0x41], "  U+0041|U+000041"),
        ("%d", [1.0], "%!d(float64=1)"),
        ("%z", ["a"], "%!z(string=a)"),
        ("%d", [None], "%!d(<nil>)"),
        ("%v %T", [None, None], "<nil> <nil>"),
        ("%6v|", [None], " <nil>|"),
    ],
)
def test_integers(template: str, arguments: list[object], expected: str) -> None:
    assert sprintf(template, arguments) == expected


@pytest.mark.parametrize(
    ("template", "arguments", "expected"),
    [
        ("%s|%6s|%-6s|%06s", ["ab", "ab", "ab", "ab"], "ab|    ab|ab    |0000ab"),
        ("%.1s|%5.1s", ["äb", "äb"], "ä|    ä"),
        ("%q|%#q|%+q", ['a"b', "ab", "☃"], r'"a\"b"|`ab`|"\u2603"'),
        ("%#q", ["a`b"], '"a`b"'),
        ("%#q", ["\udc80"], r'"\x80"'),
        ("%x|%X|% x|%#x|% #x", ["hi", "hi", "hi", "hi", "hi"], "6869|6869|68 69|0x6869|0x68 0x69"),
        ("%.1x|%6x|%-6x|", ["hi", "h", "h"], "68|    68|68    |"),
        ("%x|%4x|", ["", ""], "|    |"),
        ("%t|%6t|%-6t|", [True, False, True], "true| false|true  |"),
        ("%s", [True], "%!s(bool=true)"),
        ("%v", [NamedString("TCP", "main.Proto")], "TCP"),
        ("%T %d", [NamedString("TCP", "main.Proto")] * 2, "main.Proto %!d(main.Proto=TCP)"),
    ],
)
def test_strings_and_bools(template: str, arguments: list[object], expected: str) -> None:
    assert sprintf(template, arguments) == expected


@pytest.mark.parametrize(
    ("template", "arguments", "expected"),
    [
        ("%f %.2f %8.2f|%-8.2f|%08.2f", [1.5] * 5, "1.500000 1.50     1.50|1.50    |00001.50"),
        ("%+f % f %+08.1f", [1.5] * 3, "+1.500000  1.500000 +00001.5"),
        ("%e %E %.1e", [12345.678] * 3, "1.234568e+04 1.234568E+04 1.2e+04"),
        ("%g %G %.3g %g", [1e-7, 1e-7, 1234.5, 100000.0], "1e-07 1E-07 1.23e+03 100000"),
        ("%#g %#.3g %#g %#v", [1.0, 1.0, 1e10, 1.0], "1.00000 1.00 1.00000e+10 1"),
        ("%#.0f %#.0e", [2.0, 2.0], "2. 2.e+00"),
        ("%x %X %x %.1x %x", [3.5, 3.5, 0.0, 1.99, 1.0], "0x1.cp+01 0X1.CP+01 0x0p+00 0x1.0p+01 0x1p+00"),
        ("%b", [1.0], "4503599627370496p-52"),
        ("%b", [0.0], "0p-1074"),
        ("%v %5v|%05v", [float("inf"), float("-inf"), float("inf")], "+Inf  -Inf| +Inf"),
        ("%v %+f %5v % v", [float("nan")] * 4, "NaN +NaN   NaN  NaN"),
        ("% v", [float("inf")], " Inf"),
        ("%v %v", [-0.0, 0.0], "-0 0"),
        ("%d", [1.5], "%!d(float64=1.5)"),
        ("%v %.1f", [complex(1, -2), complex(1, 2)], "(1-2i) (1.0+2.0i)"),
        ("%d", [complex(0, 1)], "%!d(complex128=(0+1i))"),
    ],
)
def test_floats(template: str, arguments: list[object], expected: str) -> None:
    assert sprintf(template, arguments) == expected


@pytest.mark.parametrize(
    ("template", "arguments", "expected"),
    [
        ("%d", [], "%!d(MISSING)"),
        ("%d", [1, "a", None], "1%!(EXTRA string=a, <nil>)"),
        ("%", ["a"], "%!(NOVERB)%!(EXTRA string=a)"),
        ("%!", ["a"], "%!!(string=a)"),
        ("%.", [1], "%!.(int=1)"),
        ("%[2]d %[1]d", [1, 2], "2 1"),
        ("%[2]d %d", [1, 2], "2 %!d(MISSING)"),
        ("%[3]d", [1, 2], "%!d(BADINDEX)"),
        ("%[x]d", [1], "%!d(BADINDEX)"),
        ("%[1", [1], "%!(NOVERB)"),
        ("%[]", [1], "%!](BADINDEX)"),
        ("%[1]2d", [1], "%!d(BADINDEX)"),
        ("%[1].2d", [1], "%!d(BADINDEX)"),
        ("%*d|%-*d|%*d", [4, 1, 4, 1, -4, 1], "   1|1   |1   "),
        ("%.*f", [1, 2.55], "2.5"),
        ("%.*d", [-1, 5], "%!(BADPREC)5"),
        ("%*d", ["a", 5], "%!(BADWIDTH)5"),
        ("%*d", [10_000_000, 5], "%!(BADWIDTH)5"),
        ("%[2]*[1]d", [5, 4], "   5"),
        ("%.[2]*[1]f", [1.25, 1], "1.2"),
        ("%99999999d", [5], "%!(NOVERB)%!(EXTRA int=5)"),
        ("%w", ["a"], "%!w(string=a)"),
        ("%p", [1], "%!p(int=1)"),
        ("%p %p", [[1], TypedList("int", nil=True)], "0xc000000000 0x0"),
    ],
)
def test_arguments_that_do_not_fit(template: str, arguments: list[object], expected: str) -> None:
    assert sprintf(template, arguments) == expected


@pytest.mark.parametrize(
    ("template", "value", "expected"),
    [
        ("%v", [1, "a", None, True], "[1 a <nil> true]"),
        ("%3d", [1, "a"], "[  1 %!d(string=  a)]"),
        ("%#v", [1, "a", None], '[]interface {}{1, "a", interface {}(nil)}'),
        ("%#v", TypedList("string", ["a"]), '[]string{"a"}'),
        ("%#v", TypedList("string", nil=True), "[]string(nil)"),
        ("%v", TypedList("string", nil=True), "[]"),
        ("%#v", {"b": 1, "a": Uint8(3)}, 'map[string]interface {}{"a":0x3, "b":1}'),
        ("%#v", TypedMap("int", nil=True), "map[string]int(nil)"),
        ("%v", {2: "b", 1: "a"}, "map[1:a 2:b]"),
        ("%v", {"x": 1, 2: "b"}, "map[2:b x:1]"),
        ("%T", {2: "b"}, "map[interface {}]interface {}"),
        ("%v", POINT, "{1 a}"),
        ("%+v", POINT, "{X:1 Name:a}"),
        ("%#v", POINT, 'main.Point{X:1, Name:"a"}'),
        ("%d", POINT, "{1 %!d(string=a)}"),
        ("%v", POINTER, "&{1 a}"),
        ("%v", [POINTER], "[0xc000000000]"),
        ("%v", Version("main.Version", {"a": 1}), "v1.2.3"),
        ("%s", [Version("main.Version", {"a": 1})], "[v1.2.3]"),
        ("%d", Version("main.Version", {"a": 1}), "{1}"),
        ("%v", NOON, "2024-02-29 12:00:00.5 +0000 UTC"),
        ("%v", NOON.astimezone(timezone(timedelta(hours=2))), "2024-02-29 14:00:00.5 +0200 +0200"),
        ("%v", datetime(2024, 1, 2), "2024-01-02 00:00:00 +0000 UTC"),
    ],
)
def test_collections_and_structs(template: str, value: object, expected: str) -> None:
    assert sprintf(template, [value]) == expected


def test_a_field_without_end_is_refused() -> None:
    huge = [[["x" * 1000] * 1000] * 100]
    with pytest.raises(GoError) as error:
        sprintf("%v", huge)
    assert str(error.value) == f"the text is larger than {limits.TEXT} characters"
    with pytest.raises(GoError):
        sprint(["x" * limits.TEXT, "y"])


def test_print_puts_spaces_between_operands_that_are_no_strings() -> None:
    assert sprint([1, 2, "a", 3, "b", "c", None, True]) == "1 2a3bc<nil> true"
    assert sprint([NamedString("a", "main.Proto"), 1]) == "a1"
    assert sprintln([1, "a", None]) == "1 a <nil>\n"


def test_texts_of_single_values() -> None:
    values: list[object] = ["a", 1, True, False, None, 1e6, Int64(3), [1.0], {}]
    assert [to_text(value) for value in values] == [
        *("a", "1", "true", "false", "<nil>", "1e+06", "3", "[1]", "map[]"),
    ]


def test_quoting_escapes_what_go_escapes() -> None:
    assert quote('a\a\b\f\n\r\t\v\\"\x01\x7f\u00ad\U000e0001é\udcff') == (
        r'"a\a\b\f\n\r\t\v\\\"\x01\x7f\u00ad\U000e0001é\xff"'
    )
    assert quote_rune(0x27) == r"'\''"
    assert quote_rune(0xD800) == "'\ufffd'"


def test_floats_have_the_fewest_digits_that_read_back() -> None:
    assert [float_text(value) for value in (0.1, 1e5, 1e6, 1234567.0, 1e21, 5e-324, 1e-5, 0.0001, 12.0)] == [
        *("0.1", "100000", "1e+06", "1.234567e+06", "1e+21", "5e-324", "1e-05", "0.0001", "12"),
    ]


def test_kinds_and_types_of_values() -> None:
    values: list[object] = [
        None,
        True,
        1,
        1 << 63,
        1.5,
        1j,
        "a",
        Int64(1),
        Uint64(1),
        [],
        {},
        POINT,
        POINTER,
        NOON,
    ]
    assert [kind_of(value) for value in values] == [
        *("invalid", "bool", "int", "uint64", "float64", "complex128", "string", "int64", "uint64"),
        *("slice", "map", "struct", "ptr", "struct"),
    ]
    assert [type_name(value) for value in values] == [
        *("<nil>", "bool", "int", "uint64", "float64", "complex128", "string", "int64", "uint64"),
        *("[]interface {}", "map[string]interface {}", "main.Point", "*main.Point", "time.Time"),
    ]
    assert type_name(TypedMap("string", {"a": "b"})) == "map[string]string"
    assert element_type([]) == "interface {}"
    assert sorted_keys({"b": 1, "a": 2, 3: 1}) == [3, "a", "b"]


def test_truth_of_values() -> None:
    from doit_score.templating.functions import lookup

    upper = lookup("upper")
    assert upper is not None
    values: list[object] = [None, 0, 0.0, "", [], {}, False, 0j]
    assert [truth(value) for value in values] == [False] * 8
    assert [truth(value) for value in (1, -1.5, "0", [0], {"a": 0}, POINT, POINTER, NOON, Func(upper))] == [
        True
    ] * 9
    assert is_nil(TypedMap("int", nil=True))
    assert not is_nil({})
