"""What `init` takes in: provisioner files and patch templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from doit_score.command import imports
from doit_score.fetching import Source
from doit_score.store.files import Writer
from doit_score.text.errors import ScoreError

FIRST = b"- uri: template://first\n  type: thing\n"
SECOND = b"- uri: template://second\n  type: thing\n"
DIRECTORY = ".score-compose"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def take_in(*sources: Source) -> list[str]:
    imports.check_provisioners(sources)
    return imports.take_in_provisioners(sources, DIRECTORY, Writer("state"))


def names() -> list[str]:
    """The saved files in the order in which they count."""
    return sorted(path.name for path in Path(DIRECTORY).iterdir())


def test_a_file_is_saved_with_where_it_came_from() -> None:
    (path,) = take_in(Source("a.yaml", "a.yaml", FIRST))
    assert path == ".score-compose/loaded-999999.a42a65b8fa9d19fb.provisioners.yaml"
    saved = Path(path)
    assert saved.read_bytes() == (
        b"# Taken in by `doit-score init --provisioners a.yaml`; do so again to refresh it.\n" + FIRST
    )
    assert saved.stat().st_mode & 0o777 == 0o644


def test_the_last_one_counts_first() -> None:
    first, second = take_in(Source("a", "a", FIRST), Source("b", "b", SECOND))
    (third,) = take_in(Source("c", "c", FIRST))
    assert [f"{DIRECTORY}/{name}" for name in names()] == [third, second, first]


def test_taken_in_files_come_after_a_users_own_and_before_the_defaults_of_score_compose() -> None:
    (path,) = take_in(Source("a", "a", FIRST))
    for name in ("00-mine.provisioners.yaml", "zz-default.provisioners.yaml"):
        (Path(DIRECTORY) / name).touch()
    assert names() == ["00-mine.provisioners.yaml", Path(path).name, "zz-default.provisioners.yaml"]


def test_the_same_uri_again_replaces_its_copy_and_counts_first() -> None:
    first, other = take_in(Source("a", "a", FIRST), Source("b", "b", FIRST))
    (again,) = take_in(Source("a", "a", SECOND))
    assert [f"{DIRECTORY}/{name}" for name in names()] == [again, other]
    assert first != again
    assert Path(again).read_bytes().endswith(SECOND)


def test_nothing_is_saved_if_one_cannot_be_read() -> None:
    take_in(Source("a", "a", FIRST))
    before = names()
    with pytest.raises(ScoreError) as error:
        take_in(Source("a", "a", SECOND), Source("x", "dir/x.yaml", b"- uri: nope\n  type: thing\n"))
    assert names() == before
    assert Path(DIRECTORY, before[0]).read_bytes().endswith(FIRST)
    assert str(error.value) == (
        "dir/x.yaml:1:8: the uri 'nope' has no scheme\n"
        "  hint: give it as template://NAME, jinja://NAME, cmd://COMMAND, local-env://NAME or images://NAME"
    )


def test_other_files_there_are_left_alone() -> None:
    Path(DIRECTORY).mkdir()
    for name in ("loaded-1.x.provisioners.yaml", "loaded-000001.0123456789abcdef.yaml", "notes.txt"):
        (Path(DIRECTORY) / name).write_text("mine")
    take_in(Source("a", "a", FIRST))
    assert [n for n in names() if Path(DIRECTORY, n).read_bytes() == b"mine"] == [
        "loaded-000001.0123456789abcdef.yaml",
        "loaded-1.x.provisioners.yaml",
        "notes.txt",
    ]


def test_nothing_to_take_in_makes_nothing() -> None:
    assert take_in() == []
    assert not Path(DIRECTORY).exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.tpl", "{{ range .Workloads }}{{ end }}"),
        ("p.j2", "{% for w in workloads %}{% endfor %}"),
        ("x", ""),
    ],
)
def test_a_patch_template_that_can_be_parsed(name: str, text: str) -> None:
    assert imports.check_patch_template(Source(name, name, text.encode())) == (name, text)


@pytest.mark.parametrize(
    ("name", "text", "place", "said"),
    [
        ("p.tpl", "a\n{{ range }}", "p.tpl:2:10", "missing value for range\n  | {{ range }}"),
        ("p.tpl", "{{ qqqq }}", "p.tpl:1:4", "there is no function 'qqqq'\n  | {{ qqqq }}"),
        ("p.j2", "a\n{% for %}", "p.j2:2:8", "Expected an expression, got '%}'\n  | {% for %}"),
    ],
)
def test_a_patch_template_that_cannot_be_parsed(name: str, text: str, place: str, said: str) -> None:
    with pytest.raises(ScoreError) as error:
        imports.check_patch_template(Source(name, name, text.encode()))
    assert str(error.value) == f"{place}: {said}\n  in a patch template"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [("p.tpl", "{{ workloads.x }}", "this is Jinja2 syntax"), ("p.j2", "{{ .Workloads }}", "this is Go")],
)
def test_a_patch_template_in_the_other_syntax_is_told_as_that(name: str, text: str, said: str) -> None:
    with pytest.raises(ScoreError) as error:
        imports.check_patch_template(Source(name, name, text.encode()))
    assert said in str(error.value)
    hint = "a patch template whose name ends in .j2 is Jinja2, any other a Go template"
    assert [problem.hint for problem in error.value.problems] == [hint]
