"""Versions and constraints, as Masterminds/semver 3.5 has them (conformance group sprig:semver)."""

from __future__ import annotations

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import semver
from doit_score.templating.functions.semver import Version, parsed, semver_compare
from doit_score.templating.values import Uint64


def call(version: Version, method: str, *arguments: object) -> object:
    function = version.method(method)
    assert function is not None
    return function.call(*arguments)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2.3", "1.2.3"),
        ("v1.2.3-beta.1+ghi", "1.2.3-beta.1+ghi"),
        ("1", "1.0.0"),
        ("v1.2", "1.2.0"),
        ("01.2.3", "1.2.3"),
        ("1.2-rc", "1.2.0-rc"),
        ("1.2.3+a.01", "1.2.3+a.01"),
    ],
)
def test_versions_are_read(text: str, expected: str) -> None:
    version = parsed(text)
    assert version.string() == expected
    assert version.original == text


@pytest.mark.parametrize(
    "text", ["", "bad", "1.2.3.4", "V1.2.3", "1.2.3-", "1.2.3-a_b", " 1.2.3", "1.2.3\n", "-1"]
)
def test_what_is_no_version_is_an_error(text: str) -> None:
    with pytest.raises(GoError) as error:
        parsed(text)
    assert str(error.value) == f"{text!r} is no semantic version; expected one such as 1.2.3 or v1.2.3-beta.1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1.2.3-01", "a number in a pre-release must not start with 0"),
        ("99999999999999999999999.0.0", "a part of the version is too large a number"),
    ],
)
def test_versions_with_bad_numbers_are_errors(text: str, message: str) -> None:
    with pytest.raises(GoError) as error:
        parsed(text)
    assert str(error.value) == message


def test_parts_of_a_version() -> None:
    version = parsed("v1.2.3-beta.1+ghi")
    assert [call(version, name) for name in ("Major", "Minor", "Patch")] == [1, 2, 3]
    assert type(call(version, "Major")) is Uint64
    assert call(version, "Prerelease") == "beta.1"
    assert call(version, "Metadata") == "ghi"
    assert call(version, "Original") == "v1.2.3-beta.1+ghi"
    assert call(version, "String") == "1.2.3-beta.1+ghi"
    assert version.method("Nope") is None


@pytest.mark.parametrize(
    ("text", "method", "expected"),
    [
        ("v1.2.3", "IncMajor", "v2.0.0"),
        ("1.2.3-a+b", "IncMinor", "1.3.0"),
        ("1.2.3", "IncPatch", "1.2.4"),
        ("1.2.3-a+b", "IncPatch", "1.2.3"),
    ],
)
def test_next_versions(text: str, method: str, expected: str) -> None:
    following = call(parsed(text), method)
    assert isinstance(following, Version)
    assert following.original == expected
    assert following.string() == expected.removeprefix("v")
    assert following.go_type == "semver.Version"


def test_changed_versions() -> None:
    changed = call(parsed("v1.2.3+m"), "SetPrerelease", "rc.1")
    assert isinstance(changed, Version)
    assert changed.string() == "1.2.3-rc.1+m"
    changed = call(parsed("1.2.3-a"), "SetMetadata", "x")
    assert isinstance(changed, Version)
    assert changed.string() == "1.2.3-a+x"
    for method, message in (
        ("SetPrerelease", "a pre-release consists of letters, digits, dots and hyphens"),
        ("SetMetadata", "metadata consists of letters, digits, dots and hyphens"),
    ):
        with pytest.raises(GoError) as error:
            call(parsed("1.2.3"), method, "a b")
        assert str(error.value) == message


ASCENDING = [
    "0.9.9",
    "1.0.0-0",
    "1.0.0-2",
    "1.0.0-10",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0",
    "1.0.1",
    "1.1.0",
    "2.0.0",
]


def test_versions_are_ordered() -> None:
    for place, left in enumerate(ASCENDING):
        for other, right in enumerate(ASCENDING):
            expected = (place > other) - (place < other)
            assert call(parsed(left), "Compare", parsed(right)) == expected
            assert call(parsed(left), "LessThan", parsed(right)) is (expected < 0)
            assert call(parsed(left), "LessThanEqual", parsed(right)) is (expected <= 0)
            assert call(parsed(left), "Equal", parsed(right)) is (expected == 0)
            assert call(parsed(left), "GreaterThan", parsed(right)) is (expected > 0)
            assert call(parsed(left), "GreaterThanEqual", parsed(right)) is (expected >= 0)


def test_metadata_does_not_count() -> None:
    assert semver.compared(parsed("1.0.0+a"), parsed("1.0.0+b")) == 0


@pytest.mark.parametrize(
    ("constraint", "satisfied", "not_satisfied"),
    [
        ("1.2.3", "1.2.3 v1.2.3+meta", "1.2.4 1.2.3-a"),
        ("=1.2.3", "1.2.3", "1.2.2"),
        ("1.2", "1.2.0 1.2.9", "1.3.0 1.1.9 1.2.0-a"),
        ("1.x", "1.0.0 1.9.9", "2.0.0 0.9.9"),
        ("*", "0.0.0 1.2.3", "1.2.3-a"),
        ("*-0", "1.2.3-a 1.2.3", ""),
        ("!=1.2.3", "1.2.4", "1.2.3 1.2.4-a"),
        ("!=1.2", "1.3.0 2.2.0", "1.2.0 1.2.9"),
        ("!=1", "2.0.0", "1.0.0 1.9.0"),
        ("!=1.2.x-a", "1.2.0-b 1.2.0 1.3.0", "1.2.0-a"),
        ("!=*", "1.0.0", "0.0.0"),
        (">1.2.3", "1.2.4 2.0.0", "1.2.3 1.2.2"),
        (">1.2", "1.3.0 2.0.0", "1.2.9 1.1.0"),
        (">1", "2.0.0", "1.9.9 0.1.0"),
        (">*", "0.0.1", "0.0.0"),
        ("<1.2.3", "1.2.2", "1.2.3"),
        ("<1.2", "1.1.9", "1.2.0"),
        (">=1.2", "1.2.0 1.3.0", "1.1.9"),
        ("=>1.2.3", "1.2.3", "1.2.2"),
        ("<=1.2.3", "1.2.3 1.2.2", "1.2.4"),
        ("<=1.2", "1.2.9 1.0.0 0.9.0", "1.3.0 2.0.0"),
        ("=<1", "1.9.9 0.1.0", "2.0.0"),
        ("<=*", "0.0.9", "0.1.0 1.0.0"),
        ("~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2"),
        ("~>1.2", "1.2.0 1.2.9", "1.3.0"),
        ("~1", "1.0.0 1.9.9", "2.0.0"),
        ("~0.0.0", "0.0.0 1.2.3", ""),
        ("~0.0", "0.0.5", "0.1.0"),
        ("~*", "1.2.3", ""),
        ("^1.2.3", "1.2.3 1.9.9", "2.0.0 1.2.2"),
        ("^1.2.x", "1.2.0 1.3.0", "2.0.0"),
        ("^0.2.3", "0.2.3 0.2.9", "0.3.0 1.2.3"),
        ("^0.2", "0.2.0 0.2.9", "0.3.0"),
        ("^0.0.3", "0.0.3", "0.0.4 0.1.3"),
        ("^0.0", "0.0.9", "0.1.0"),
        ("^0", "0.9.9", "1.0.0"),
        ("^*", "0.0.0", "1.2.3 0.0.1"),
        (">=1.0, <2.0", "1.9.9", "2.0.0 0.9.9"),
        (">= 1.0   <2.0 !=1.5.0", "1.9.9", "1.5.0"),
        (">=1.0 , <2", "1.5.0", "2.0.0"),
        ("1.x || >=2.5", "1.9.0 2.6.0", "2.4.0"),
        ("1.2 - 1.4.5", "1.2.0 1.4.5", "1.4.6 1.1.9"),
        ("1.2.3 - 1.4.5 || 2 - 3", "1.3.0 2.5.0", "1.5.0"),
        (">1.0.0-0", "1.0.1-alpha 1.0.0", "1.0.0-0"),
        (">=1.2.3-beta.2", "1.2.3-beta.10 1.2.3-rc", "1.2.3-beta.1"),
        (">=1.0.0-0 <2.0.0", "1.5.0-a", "2.0.0"),
        (">=1.0.0-0 || <1.0.0", "1.5.0-a 0.5.0", "0.5.0-a"),
        ("v1.2.3", "1.2.3", "1.2.4"),
    ],
)
def test_constraints(constraint: str, satisfied: str, not_satisfied: str) -> None:
    assert [v for v in satisfied.split() if not semver_compare(constraint, v)] == []
    assert [v for v in not_satisfied.split() if semver_compare(constraint, v)] == []


@pytest.mark.parametrize(
    ("constraint", "shown"),
    [
        ("bad", "bad"),
        ("", ""),
        ("1.0 ||", ""),
        (">=1.0,", ">=1.0,"),
        ("1.2.3.4", "1.2.3.4"),
        (">1<2", ">1<2"),
        ("== 1.0", "== 1.0"),
        ("1a.2", "1a.2"),
        ("1x", "1x"),
        (">= ", ">= "),
    ],
)
def test_what_is_no_constraint_is_an_error(constraint: str, shown: str) -> None:
    with pytest.raises(GoError) as error:
        semver_compare(constraint, "1.0.0")
    assert str(error.value) == f"{shown!r} is no version constraint; expected one such as >=1.2, <2 or ~1.2.3"


@pytest.mark.parametrize(
    ("constraint", "message"),
    [
        ("1" * 513, "the version constraint is longer than 512 characters"),
        ("||".join(["1"] * 33), "the version constraint has more than 32 groups"),
        (">=" + "9" * 30, "a part of the version is too large a number"),
    ],
)
def test_constraints_have_limits(constraint: str, message: str) -> None:
    with pytest.raises(GoError) as error:
        semver_compare(constraint, "1.0.0")
    assert str(error.value) == message
