"""``check-version``: conformance commands-137 to 141."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from doit_score.command.cli import main
from doit_score.command.version_check import check, semantic
from doit_score.text.errors import ScoreError
from doit_score.version import __version__


@pytest.mark.parametrize(
    "constraint",
    [
        ">=0.0.0",
        ">1.2.2",
        "=1.2.3",
        "1.2.3",
        "v1.2.3",
        "1.2",
        "1",
        "1.x",
        "~1.2.0",
        "^1.0",
        ">=1.2, <2",
        ">=1.2 <2",
        "<1 || >=1.2",
        "1.0 - 1.4",
        "!=1.2.4",
    ],
)
def test_constraints_that_are_satisfied(constraint: str) -> None:
    check(constraint, "1.2.3")


@pytest.mark.parametrize(
    "constraint", [">=99.0.0", ">1.2.3", "=1.2.4", "1.2.4", "~1.3", "<1.2", ">=1, <1.2", "<1 || >2"]
)
def test_constraints_that_are_not_satisfied_are_an_error(constraint: str) -> None:
    with pytest.raises(ScoreError) as error:
        check(constraint, "1.2.3")
    assert str(error.value) == (
        f"current version 1.2.3 does not match requested constraint {constraint}\n"
        "  hint: this is the version of doit-score, which is not that of score-compose"
    )


@pytest.mark.parametrize("constraint", ["nonsense", "", ">=", "==1.2", ">=1.2.3.4", "1..2", ">= 1 &&"])
def test_what_is_no_constraint_is_an_error(constraint: str) -> None:
    with pytest.raises(ScoreError) as error:
        check(constraint, "1.2.3")
    assert str(error.value) == (
        f"invalid constraint '{constraint}'\n  hint: a constraint is such as '>=1.2', '>=1.2, <2' or '~1.4'"
    )


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.2.3", "1.2.3"),
        ("1.2.3rc1", "1.2.3-rc.1"),
        ("1.2.3a2", "1.2.3-alpha.2"),
        ("1.2.3b2", "1.2.3-beta.2"),
        ("1.2.3.dev4", "1.2.3-0.dev.4"),
    ],
)
def test_versions_of_python_are_read_as_semantic_versions(version: str, expected: str) -> None:
    assert semantic(version) == expected


def test_pre_releases_come_in_their_order_before_the_release() -> None:
    versions = ["1.2.3.dev1", "1.2.3a1", "1.2.3b1", "1.2.3rc1", "1.2.3rc2", "1.2.3"]
    for lower, higher in pairwise(versions):
        check(f">{semantic(lower)}", higher)


def test_our_own_version_can_be_checked() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[0-9a-z.]+)?", semantic(__version__))
    check(f"={semantic(__version__)}")


def test_the_command_says_nothing_if_the_version_fits(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-version", f"={semantic(__version__)}"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("constraint", "said"),
    [
        ("nonsense", "invalid constraint 'nonsense'"),
        (">=99.0.0", f"current version {__version__} does not match requested constraint >=99.0.0"),
    ],
)
def test_the_command_fails_if_it_does_not(
    constraint: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check-version", constraint]) == 1
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[0]) == ("", f"Error: {said}")
