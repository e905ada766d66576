from __future__ import annotations

from doit_score.text.errors import Problem, ScoreError


def test_a_problem_names_its_place_as_far_as_it_is_known() -> None:
    assert str(Problem("wrong", "a.yaml", 3, 5, "mend it")) == "a.yaml:3:5: wrong\n  hint: mend it"
    assert str(Problem("wrong", "a.yaml", 3)) == "a.yaml:3: wrong"
    assert str(Problem("wrong", "a.yaml")) == "a.yaml: wrong"
    assert str(Problem("wrong", None, 3, 5)) == "wrong"


def test_one_problem_is_printed_as_it_is() -> None:
    assert (
        str(ScoreError("wrong", path="a.yaml", line=1, hint="mend it")) == "a.yaml:1: wrong\n  hint: mend it"
    )


def test_several_problems_are_sorted_by_place_and_told_once() -> None:
    error = ScoreError.of(
        [
            Problem("late", "a.yaml", 10, 1),
            Problem("early", "a.yaml", 9, 1, "first"),
            Problem("late", "a.yaml", 10, 1),
            Problem("nowhere"),
        ],
        "a.yaml is wrong:",
    )
    assert str(error) == (
        "a.yaml is wrong:\n  nowhere\n  a.yaml:9:1: early\n    hint: first\n  a.yaml:10:1: late"
    )
    assert [problem.message for problem in error.problems] == ["nowhere", "early", "late"]


def test_several_problems_without_a_title_are_counted() -> None:
    assert str(ScoreError.of([Problem("wrong"), Problem("worse")])) == "2 problems:\n  worse\n  wrong"


def test_one_problem_with_a_title_keeps_it() -> None:
    assert str(ScoreError.of([Problem("wrong")], "title:")) == "title:\n  wrong"
