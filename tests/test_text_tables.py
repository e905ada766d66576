"""Tables as wide as a terminal shows their text."""

from __future__ import annotations

import pytest

from doit_score.text.errors import ScoreError
from doit_score.text.tables import answer, json_text, lines, table


def test_a_table_is_as_wide_as_its_widest_cell() -> None:
    assert table(("A", "HEAD"), [("long cell", ""), ("x", "y")]) == (
        "+-----------+------+\n"
        "|     A     | HEAD |\n"
        "+-----------+------+\n"
        "| long cell |      |\n"
        "+-----------+------+\n"
        "| x         | y    |\n"
        "+-----------+------+\n"
    )


def test_a_table_without_rows() -> None:
    assert table(("UID",), []) == "+-----+\n| UID |\n+-----+\n"


def test_wide_and_combining_characters_take_the_columns_of_a_terminal() -> None:
    assert table(("X",), [("日本",), ("e\u0301",)]) == (
        "+------+\n|  X   |\n+------+\n| 日本 |\n+------+\n| e\u0301    |\n+------+\n"
    )


HEADS, ROWS = ("NAME", "WHAT", "WHERE"), [("cup", "a cup of tea and milk", "kitchen.yaml:12")]


def test_a_table_that_fits_is_as_it_is_without_a_terminal() -> None:
    assert table(HEADS, ROWS, 52) == table(HEADS, ROWS)
    assert max(map(len, table(HEADS, ROWS).splitlines())) == 50


def test_cells_are_wrapped_at_blanks_the_widest_first() -> None:
    assert table(HEADS, ROWS, 40) == (
        "+------+-------------+-----------------+\n"
        "| NAME |    WHAT     |      WHERE      |\n"
        "+------+-------------+-----------------+\n"
        "| cup  | a cup of    | kitchen.yaml:12 |\n"
        "|      | tea and     |                 |\n"
        "|      | milk        |                 |\n"
        "+------+-------------+-----------------+\n"
    )


def test_columns_go_in_the_order_that_is_told_where_wrapping_is_not_enough() -> None:
    assert table(HEADS, ROWS, 30, drops=("WHERE", "WHAT")) == (
        "+------+---------------------+\n"
        "| NAME |        WHAT         |\n"
        "+------+---------------------+\n"
        "| cup  | a cup of tea and    |\n"
        "|      | milk                |\n"
        "+------+---------------------+\n"
        "no room for WHERE: `--format\n"
        "json` has all\n"
    )


def test_words_are_broken_where_nothing_may_go() -> None:
    assert table(HEADS, ROWS, 28) == (
        "+------+---------+---------+\n"
        "| NAME |  WHAT   |  WHERE  |\n"
        "+------+---------+---------+\n"
        "| cup  | a cup   | kitchen |\n"
        "|      | of tea  | .yaml:1 |\n"
        "|      | and     | 2       |\n"
        "|      | milk    |         |\n"
        "+------+---------+---------+\n"
    )


def test_each_line_of_a_cell_is_painted_by_the_whole_of_it() -> None:
    paint = {"B": lambda cell: "31" if cell == "not well" else ""}
    assert table(("A", "B"), [("a", "not well"), ("b", "well")], 12, paint=paint) == (
        "+---+------+\n"
        "| A |  B   |\n"
        "+---+------+\n"
        "| a | \x1b[31mnot\x1b[0m  |\n"
        "|   | \x1b[31mwell\x1b[0m |\n"
        "+---+------+\n"
        "| b | well |\n"
        "+---+------+\n"
    )


def test_what_every_list_is_printed_as() -> None:
    def told(format_: str) -> str:
        return answer(format_, table=lambda: "T\n", records=lambda: [{"B": 1, "A": "é"}], names=lambda: "bab")

    assert [told("table"), told("name")] == ["T\n", "b\na\n"]
    assert told("json") == '[\n  {\n    "B": 1,\n    "A": "é"\n  }\n]\n'
    with pytest.raises(ScoreError) as error:
        told("xml")
    assert str(error.value) == "--format: expected 'table' or 'json' or 'name', found 'xml'"
    assert (json_text({}), lines([])) == ("{}\n", "")
