from __future__ import annotations

import datetime

import pytest

from doit_score.text import canonical


def test_encode_sorts_keys_and_leaves_no_spaces() -> None:
    assert canonical.encode({"b": [1, 1.0, True, None], "a": "ü"}) == '{"a":"ü","b":[1,1.0,true,null]}'


def test_int_and_float_of_one_value_have_different_texts() -> None:
    assert canonical.encode(1) != canonical.encode(1.0)


def test_timestamps_and_odd_keys_come_back() -> None:
    value = {
        1: datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
        1.5: datetime.date(2026, 1, 2),
        None: {"a": [1.5, {2: "two"}]},
    }
    assert canonical.decode(canonical.encode(value)) == value


def test_order_of_odd_keys_does_not_matter() -> None:
    assert canonical.encode({2: "b", 1: "a"}) == canonical.encode({1: "a", 2: "b"})


def test_mapping_refuses_what_is_none() -> None:
    with pytest.raises(TypeError, match="expected a mapping, found list"):
        canonical.mapping("[]")


def test_other_types_have_no_text() -> None:
    with pytest.raises(TypeError, match="no canonical text for a value of type object"):
        canonical.encode([object()])


def test_digest_keeps_parts_apart() -> None:
    assert canonical.digest("ab", "c") != canonical.digest("a", "bc")
    assert canonical.digest("a") == canonical.digest("a")
