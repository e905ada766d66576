"""Laws of the template functions."""

from __future__ import annotations

import copy
import json as standard
import math
from datetime import datetime, timezone
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from doit_score.templating.functions import (
    conversion,
    dicts,
    durations,
    encoding,
    json,
    lists,
    numbers,
    paths,
    semver,
    strings,
)
from doit_score.templating.functions.layout import formatted
from doit_score.templating.functions.layout_parse import parsed
from doit_score.templating.values import INT64_MAX, INT64_MIN, utf8

INT64 = st.integers(INT64_MIN, INT64_MAX)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | INT64 | FLOATS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(INT64, INT64)
def test_integer_arithmetic_is_arithmetic_modulo_two_to_the_64(left: int, right: int) -> None:
    for result, exact in (
        (numbers.add(left, right), left + right),
        (numbers.sub(left, right), left - right),
        (numbers.mul(left, right), left * right),
    ):
        assert INT64_MIN <= result <= INT64_MAX
        assert (result - exact) % (1 << 64) == 0


@given(INT64, INT64.filter(bool))
def test_quotient_and_rest_belong_together(left: int, right: int) -> None:
    quotient, rest = numbers.div(left, right), numbers.mod(left, right)
    assert conversion.wrap64(quotient * right + rest) == left
    assert abs(rest) < abs(right)
    assert rest == 0 or (rest < 0) == (left < 0)


@given(INT64)
def test_integers_survive_a_trip_through_text(number: int) -> None:
    text = str(number)
    assert conversion.to_int64(text) == numbers.atoi(text) == number
    assert conversion.to_int64(hex(number)) == number


@given(FLOATS)
def test_floats_survive_a_trip_through_text_and_json(number: float) -> None:
    assert conversion.to_float64(repr(number)) == number
    assert float(json.to_json(number)) == number


@given(FLOATS, FLOATS)
def test_decimal_sums_are_the_nearest_float_of_the_exact_sum(left: float, right: float) -> None:
    exact = Fraction(repr(left)) + Fraction(repr(right))
    result = numbers.addf(left, right)
    if math.isinf(result):
        assert abs(exact) > Fraction(1.7e308)
    else:
        assert result == float(exact)


@given(VALUES)
def test_json_is_json_and_reads_back(value: object) -> None:
    for text in (json.to_json(value), json.to_pretty_json(value), json.to_raw_json(value)):
        assert standard.loads(text, parse_int=float) == standard.loads(standard.dumps(value), parse_int=float)
    assert not set("<>&") & set(json.to_json(value))


@given(VALUES)
def test_a_deep_copy_is_deeply_equal(value: object) -> None:
    if value is not None:
        assert conversion.deep_equal(dicts.deep_copy(value), value)


@given(st.binary())
def test_base_64_and_32_read_back(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    assert encoding.b64dec(encoding.b64enc(text)) == text
    assert encoding.b32dec(encoding.b32enc(text)) == text


@given(TEXT, st.integers(-20, 20))
def test_trunc_never_gives_more_bytes_than_asked_for(text: str, count: int) -> None:
    result = utf8(strings.trunc(count, text))
    assert len(result) <= min(abs(count), len(utf8(text))) or utf8(text) == result
    assert utf8(text).startswith(result) if count >= 0 else utf8(text).endswith(result)


@given(TEXT, st.text("ab,", min_size=1, max_size=2))
def test_joining_undoes_splitting(text: str, separator: str) -> None:
    assert strings.join(separator, strings.split_list(separator, text)) == text


@given(TEXT, st.integers(-1, 12))
def test_wrapping_with_breaks_keeps_lines_within_the_width(text: str, width: int) -> None:
    wrapped = strings.wrap_with(width, "\0", text.replace("\0", ""))
    assert all(len(utf8(line)) <= max(width, 1) for line in wrapped.split("\0"))


@given(st.lists(VALUES, max_size=6), st.integers(1, 4))
def test_chunks_concatenate_to_the_list(items: list[object], size: int) -> None:
    chunks = lists.chunk(size, items)
    assert list(lists.concat(*chunks)) == items
    assert all(1 <= len(chunk) <= size for chunk in chunks if isinstance(chunk, list))


@given(st.dictionaries(TEXT, VALUES, max_size=4), st.dictionaries(TEXT, VALUES, max_size=4))
def test_merge_keeps_what_is_set(into: dict[str, object], source: dict[str, object]) -> None:
    merged = dicts.merge(dict(into), copy.deepcopy(source))
    for key, value in into.items():
        if not conversion.is_empty(value) and not isinstance(value, dict):
            assert conversion.deep_equal(merged[key], value)
    assert set(merged) <= set(into) | set(source)


@given(st.text("ab./", max_size=12))
def test_cleaning_a_path_twice_changes_nothing(path: str) -> None:
    assert paths.clean(paths.clean(path)) == paths.clean(path)


@given(INT64)
def test_durations_read_back(nanoseconds: int) -> None:
    assert durations.parse(durations.text(nanoseconds)) == nanoseconds


@given(st.datetimes(min_value=datetime(1, 1, 1), timezones=st.just(timezone.utc)))
def test_dates_read_back(moment: datetime) -> None:
    layout = "Mon Jan _2 15:04:05.000000 2006 -0700"
    assert parsed(layout, formatted(moment, layout), timezone.utc) == moment


VERSIONS = st.builds(
    lambda numbers, pre: ".".join(map(str, numbers)) + (f"-{pre}" if pre else ""),
    st.tuples(*[st.integers(0, 3)] * 3),
    st.sampled_from(["", "a", "a.1", "1", "10", "rc.2"]),
)


@given(VERSIONS, VERSIONS)
def test_comparisons_of_versions_agree_with_constraints(left: str, right: str) -> None:
    order = semver.compared(semver.parsed(left), semver.parsed(right))
    assert order == -semver.compared(semver.parsed(right), semver.parsed(left))
    if "-" in right or "-" not in left:
        assert semver.semver_compare(f">{right}", left) is (order > 0)
        assert semver.semver_compare(f"<={right}", left) is (order <= 0)
        assert semver.semver_compare(f"={right}", left) is (order == 0)
