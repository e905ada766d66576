"""Where the keys of a TOML file are."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator

import pytest

from doit_score.configuring.keys import Keys

TEXT = '''\
a = 1
  "b c".d = [
  "x = 1",
]
long = """
e = 1
[f]
"""
[env.dev]  # a comment = 1
g = {h = 1, "i j" = {k = 2}}
[ env . 'the stage' ]
'l.m' = 1
[[n]]
o = \'\'\'p = 1\'\'\'
q = 1
'''


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (("a",), (1, 1)),
        (("b c",), (2, 3)),
        (("b c", "d"), (2, 3)),
        (("long",), (5, 1)),
        (("env",), (9, 2)),
        (("env", "dev"), (9, 2)),
        (("env", "dev", "g"), (10, 1)),
        (("env", "dev", "g", "h"), (10, 6)),
        (("env", "the stage"), (11, 3)),
        (("env", "the stage", "l.m"), (12, 1)),
        (("n", "o"), (14, 1)),
        (("n", "q"), (15, 1)),
        (("e",), (None, None)),
        (("x",), (None, None)),
    ],
)
def test_a_key_is_where_it_is_first_written(
    key: tuple[str, ...], place: tuple[int | None, int | None]
) -> None:
    keys = Keys(TEXT)
    assert keys.place(key) == place
    assert keys.has(key) == (place != (None, None))


def test_below_a_table() -> None:
    keys = Keys("a = 1\n[tool.doit-score]\na = 2\n[tool.doit-score.env.dev]\nb = 1\n", ("tool", "doit-score"))
    assert [keys.place(key) for key in (("a",), ("env", "dev", "b"), ("tool",))] == [
        (3, 1),
        (5, 1),
        (None, None),
    ]


def test_every_key_that_the_reader_finds_outside_of_lists_has_a_place() -> None:
    def found(value: dict[str, object], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
        for name, inner in value.items():
            yield (*above, name)
            if isinstance(inner, dict):
                yield from found(inner, (*above, name))

    reader = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    keys = Keys(TEXT)
    lacking = [key for key in found(reader.loads(TEXT)) if not keys.has(key)]
    assert lacking == [("env", "dev", "g", "i j", "k")]  # in braces within braces
