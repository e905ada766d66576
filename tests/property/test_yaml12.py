"""Laws of the YAML reader and writer."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import yaml
from hypothesis import given
from hypothesis import strategies as st

from doit_score.text.yaml12 import dump, load, locate

# Text made of what readers stumble over is found far more often here than in plain st.text().
_PIECES = [
    *" \t\n\r-?:,[]{}#&*!|>'\"%@`~=<.+0189eExXoObB_TZaynf/\\$\x00\x07\x1b\x7f\x85\xa0é日",
    *(": ", " #", "- ", "---", "...", "<<", "no", "on", "yes", "true", "null", "inf", "nan"),
    *(
        "\u2028",
        "\ufeff",
        "12:30",
        "2020-01-01",
        "0x1f",
        "1e5",
        "1_000",
        "\n\n",
        "\u200d",
        "\U0001f56f",
        "\ufffe",
        "--x",
    ),
]
_texts = st.one_of(
    st.lists(st.sampled_from(_PIECES), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
_moments = st.builds(
    lambda moment, minutes: moment.replace(tzinfo=timezone(timedelta(minutes=minutes))),
    st.datetimes(min_value=datetime(1000, 1, 1)).map(lambda moment: moment.replace(fold=0)),
    st.integers(-14 * 60, 14 * 60),
)
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False),
    _moments,
    _texts,
)
_values = st.recursive(
    _scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_texts, inner, max_size=4)),
    max_leaves=12,
)
_text_trees = st.recursive(
    _texts,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_texts, inner, max_size=4)),
    max_leaves=12,
)


@given(_values)
def test_what_is_written_is_read_back(value: object) -> None:
    assert load(dump(value)) == value


@given(_values)
def test_what_is_read_back_has_the_same_types(value: object) -> None:
    assert repr(load(dump(value))) == repr(_sorted(value))


@given(_text_trees)
def test_text_is_text_for_a_reader_of_yaml_1_1(value: object) -> None:
    assert yaml.load(dump(value), Loader=yaml.SafeLoader) == value


@given(_text_trees)
def test_text_is_text_for_the_c_reader_of_yaml_1_1(value: object) -> None:
    assert yaml.load(dump(value), Loader=yaml.CSafeLoader) == value


@given(_texts)
def test_text_is_one_line_inside_a_list_or_is_indented(text: str) -> None:
    lines = dump([text]).splitlines()
    assert lines[0].startswith("- ")
    assert all(line.startswith("  ") or not line for line in lines[1:])


@given(_values)
def test_writing_twice_gives_the_same_text(value: object) -> None:
    assert dump(load(dump(value))) == dump(value)


@given(_values)
def test_the_order_of_keys_does_not_matter(value: object) -> None:
    assert dump(_reversed(value)) == dump(value)


@given(st.dictionaries(_texts, st.dictionaries(_texts, _texts, max_size=3), min_size=1, max_size=3))
def test_every_key_and_value_has_a_place_in_its_line(value: dict[str, dict[str, str]]) -> None:
    text = dump(value)
    for key, inner in value.items():
        place = locate(text, [key], key=True)
        assert place is not None
        assert place[1] == 1 or len(key) > 300
        for below in inner:
            deeper = locate(text, [key, below], key=True)
            assert deeper is not None
            assert deeper > place


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        # Keys are text here; they come back in the order in which they were written.
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    if isinstance(value, datetime) and value.utcoffset() == timedelta(0):
        return value.replace(tzinfo=timezone.utc)
    return value


def _reversed(value: object) -> object:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [_reversed(item) for item in value]
    return value
