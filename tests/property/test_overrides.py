from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from doit_score.score.overrides import apply, merge, parse_property, set_property

KEYS = st.text(st.sampled_from("ab.\\01-"), max_size=4)
SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.text("xy", max_size=2)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=4)


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return value


def _text(path: list[str]) -> str:
    return ".".join(part.replace("\\", "\\\\").replace(".", "\\.") for part in path)


@given(DOCUMENTS, DOCUMENTS)
def test_merging_twice_is_merging_once(document: dict[str, object], overrides: dict[str, object]) -> None:
    once = merge(document, overrides)
    assert merge(once, overrides) == once


@given(DOCUMENTS)
def test_merging_nothing_changes_nothing(document: dict[str, object]) -> None:
    assert merge(document, {}) == document


@given(DOCUMENTS)
def test_merging_into_nothing_leaves_what_is_not_null(overrides: dict[str, object]) -> None:
    assert merge(None, overrides) == _without_nulls(overrides)


@given(st.lists(KEYS, min_size=1, max_size=5).filter(lambda path: path != [""]))
def test_a_path_is_read_back_as_it_was_escaped(path: list[str]) -> None:
    assert parse_property(f"{_text(path)}=x").path == tuple(path)


@given(st.lists(KEYS, min_size=1, max_size=5).filter(lambda path: path != [""]))
def test_what_is_set_in_an_empty_document_can_be_deleted_again(path: list[str]) -> None:
    was_set = set_property({}, parse_property(f"{_text(path)}=x"))
    node: object = was_set
    for part in path:
        assert isinstance(node, dict)
        node = node[part]
    assert node == "x"
    cleared = set_property(was_set, parse_property(f"{_text(path)}="))
    assert set_property(cleared, parse_property(f"{_text(path)}=x")) == was_set


@given(DOCUMENTS, DOCUMENTS)
def test_the_reader_of_an_overrides_file_gets_what_it_says(
    document: dict[str, object], overrides: dict[str, object]
) -> None:
    result = apply(document, overrides)
    assert isinstance(result, dict)
    for key, value in overrides.items():
        if value is None:
            assert key not in result
        elif not isinstance(value, dict):
            assert result[key] == value
