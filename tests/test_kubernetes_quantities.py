"""Amounts as Kubernetes reads and writes them (seen on apimachinery's resource.Quantity)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doit_score.targets.kubernetes.quantities import amount, canonical

TEXTS = st.builds(
    lambda digits, suffix: f"{digits}{suffix}",
    st.one_of(st.integers(0, 10**15).map(str), st.decimals(0, 10**6, places=3).map(str)),
    st.sampled_from(["", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "e3", "E-2"]),
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", Fraction(1)),
        ("0.5", Fraction(1, 2)),
        (".5", Fraction(1, 2)),
        ("1.", Fraction(1)),
        ("250m", Fraction(1, 4)),
        ("1k", Fraction(1000)),
        ("1Ki", Fraction(1024)),
        ("1.5Gi", Fraction(3 * 2**29)),
        ("2e3", Fraction(2000)),
        ("5E-1", Fraction(1, 2)),
        ("2E", Fraction(2 * 10**18)),
        ("1Ei", Fraction(2**60)),
        ("1K", None),
        ("1mi", None),
        ("1 Gi", None),
        ("", None),
        ("Gi", None),
        ("-", None),
        ("1e", None),
        ("\N{ARABIC-INDIC DIGIT ONE}", None),
    ],
)
def test_what_an_amount_says(text: str, number: Fraction | None) -> None:
    assert amount(text) == number


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0.5", "500m"),
        ("1000m", "1"),
        ("1024Mi", "1Gi"),
        ("1024Ki", "1Mi"),
        ("0.5Gi", "512Mi"),
        ("1000", "1k"),
        ("1024", "1024"),
        ("1500M", "1500M"),
        ("1000M", "1G"),
        ("0", "0"),
        ("0Gi", "0"),
        ("0.0001", "1m"),
        ("0.5Ki", "512"),
        ("1e3", "1k"),
        ("100m", "100m"),
    ],
)
def test_how_an_amount_is_written(text: str, written: str) -> None:
    assert canonical(text) == written


@given(TEXTS)
def test_what_is_written_says_the_same_and_is_written_so_again(text: str) -> None:
    found, written = amount(text), canonical(text)
    assert found is not None
    rounded = Fraction(-(-found * 1000 // 1), 1000)
    assert amount(written) == rounded
    assert canonical(written) == written
