from __future__ import annotations

from pathlib import Path

import pytest

from doit_score.text import messages, terminal
from doit_score.text.errors import Problem, ScoreError


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_line_of_the_file_is_shown_between_the_cause_and_the_rest() -> None:
    Path("a.yaml").write_text("a: 1\n  b: 2\n")
    problem = Problem("wrong", "a.yaml", 2, 3, "mend it", "in b of a")
    told = "a.yaml:2:3: wrong\n  | b: 2\n  in b of a\n  hint: mend it"
    assert messages.text_of(problem) == told
    assert messages.text_of(ScoreError.of([problem])) == told
    nested = "".join(f"\n  {line}" for line in told.splitlines())
    assert messages.text_of(ScoreError.of([problem], "title:")) == f"title:{nested}"
    assert messages.text_of(ScoreError.of([problem, Problem("worse")])) == f"2 problems:\n  worse{nested}"


@pytest.mark.parametrize(
    "problem",
    [
        Problem("wrong", "a.yaml"),
        Problem("wrong", None, 1),
        Problem("wrong", "a.yaml", 9),
        Problem("wrong", "gone.yaml", 1),
        Problem("wrong", ".", 1),
        Problem("wrong", "a\0b", 1),
        Problem("wrong", "a.yaml", 2),
        Problem("wrong", "a.yaml", 1, excerpt=""),
    ],
)
def test_no_line_is_shown_where_there_is_none(problem: Problem) -> None:
    Path("a.yaml").write_text("a: 1\n\n")
    assert messages.text_of(problem) == str(problem)


def test_an_excerpt_that_is_at_hand_is_shown_as_it_is() -> None:
    Path("a.yaml").write_text("a: 1\n")
    assert messages.text_of(Problem("wrong", "a.yaml", 1, excerpt="b: 2")) == "a.yaml:1: wrong\n  | b: 2"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("PASSWORD: hunter2", "PASSWORD: *****"),
        ("variables: {A: 1, DB_PASSWORD: hunter2, B: 2}", "variables: {A: 1, DB_PASSWORD: *****, B: 2}"),
        ('- "TOKEN=hunter2"', '- "TOKEN=*****'),
        ("url: postgres://me:hunter2@db/x", "url: postgres://me:*****@db/x"),
        ("password: ${resources.db.password}", "password: ${resources.db.password}"),
        ("password: {{ .State.password | quote }}", "password: {{ .State.password | quote }}"),
        ("password: |", "password: |"),
        ("user: me", "user: me"),
    ],
)
def test_a_line_is_shown_without_secrets(line: str, shown: str) -> None:
    Path("a.yaml").write_text(f"{line}\n")
    assert messages.text_of(Problem("wrong", "a.yaml", 1)) == f"a.yaml:1: wrong\n  | {shown}"


def test_of_a_long_line_the_part_at_the_column_is_shown() -> None:
    Path("a.yaml").write_text(f"  a: {'x' * 200} here {'y' * 200}\n")
    shown = messages.text_of(Problem("wrong", "a.yaml", 1, 207)).splitlines()[1]
    assert shown == f"  | ...{'x' * 39} here {'y' * 75}..."
    shown = messages.text_of(Problem("wrong", "a.yaml", 1, 3)).splitlines()[1]
    assert shown == f"  | a: {'x' * 117}..."


def test_of_a_line_that_takes_long_to_mask_nothing_is_shown() -> None:
    Path("a.yaml").write_text("a" * 65_535 + "\n" + "a" * 65_536 + "\n")
    assert "\n  | aaa" in messages.text_of(Problem("wrong", "a.yaml", 1, 3))
    assert messages.text_of(Problem("wrong", "a.yaml", 2, 3)) == "a.yaml:2:3: wrong"


def test_lines_fit_into_the_terminal_if_somebody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "Error: a.yaml:1:1: there is no key 'colour' here, where size and shape are known\n"
        "  | a: a line that is shown is cut and not broken\n"
        "  in a.very.long.name.that.cannot.be.broken.at.all of it\n"
        "  hint: short"
    )
    assert messages.fitted(text) == text
    monkeypatch.setattr(terminal, "width", lambda stream: 40)
    assert messages.fitted(text) == (
        "Error: a.yaml:1:1: there is no key\n"
        "    'colour' here, where size and shape\n"
        "    are known\n"
        "  | a: a line that is shown is cut an...\n"
        "  in\n"
        "      a.very.long.name.that.cannot.be.broken.at.all\n"
        "      of it\n"
        "  hint: short"
    )
