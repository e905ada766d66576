"""Tables as wide as a terminal shows their text."""

from __future__ import annotations

from doit_score.text.tables import table


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
