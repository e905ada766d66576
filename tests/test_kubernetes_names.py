"""Names that Kubernetes takes, and how those that are too long are made shorter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doit_score.targets.kubernetes import names

LABELS = st.from_regex(r"[a-z0-9]([-a-z0-9]{0,80}[a-z0-9])?", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "label", "service", "object_"),
    [
        ("web", True, True, True),
        ("7web", True, False, True),
        ("web-", False, False, False),
        ("-web", False, False, False),
        ("We", False, False, False),
        ("a.b", False, False, True),
        ("a..b", False, False, False),
        ("a_b", False, False, False),
        ("", False, False, False),
        ("a\n", False, False, False),
        ("a" * 63, True, True, True),
        ("a" * 64, False, False, True),
        ("a" * 254, False, False, False),
    ],
)
def test_what_can_be_called_so(name: str, label: bool, service: bool, object_: bool) -> None:
    assert (names.is_label(name), names.is_service(name), names.is_object(name)) == (label, service, object_)


def test_a_short_name_stays_and_a_long_one_keeps_its_beginning() -> None:
    assert names.shortened("a" * 63) == "a" * 63
    assert names.shortened("a" * 64) == f"{'a' * 54}-{names.digest('a' * 64, 8)}"
    assert names.shortened("weaver-of-cloth", 12) == f"wea-{names.digest('weaver-of-cloth', 8)}"


@given(LABELS, LABELS, st.integers(20, 63))
def test_shortened_names_are_labels_that_differ_where_the_names_do(one: str, two: str, most: int) -> None:
    short = names.shortened(one, most)
    assert names.is_label(short)
    assert len(short) <= most
    assert (short == names.shortened(two, most)) == (one == two)


@pytest.mark.parametrize(
    ("name", "clean"), [("Loom.Bin_2", "loom-bin-2"), ("--", ""), ("a", "a"), ("__a__B", "a-b")]
)
def test_cleaned(name: str, clean: str) -> None:
    assert names.cleaned(name) == clean
