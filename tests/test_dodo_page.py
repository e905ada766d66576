"""docs/dodo.md: every argument of Score(...) has an example, and each does what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dodo_examples import EXAMPLES, FILES
from dodo_page import PAGE, page
from running import Project

from doit_score.options import ARGUMENTS


def test_every_argument_has_an_example() -> None:
    assert [*EXAMPLES] == [option.name for option in ARGUMENTS]


def test_the_page_is_what_the_tables_give() -> None:
    """If not: ``python tests/dodo_page.py``."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_does_what_is_shown(name: str, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    here = Project(tmp_path / "shop")
    for path, text in FILES.items():
        here.write(path, text)
    (here.path / "deploy").mkdir()
    (here.path / "web").mkdir()
    here.write("dodo.py", f"from doit_score import Score\n\n{example.code}\n")
    assert f"{name}=" in example.code
    ran = here.doit(example.command, exit=example.status)
    text = here.read(example.file) if example.file else ran.out + ran.err
    assert re.search(".*".join(map(re.escape, example.shown.split("..."))), text), text


@pytest.mark.parametrize("name", [name for name, one in EXAMPLES.items() if one.file])
def test_without_the_argument_it_is_not_so(name: str, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    here = Project(tmp_path / "shop")
    for path, text in FILES.items():
        here.write(path, text)
    here.write("dodo.py", "from doit_score import Score\n\nscore = Score()\n")
    here.doit("generate")
    text = here.read(example.file) if here.exists(example.file) else ""
    assert not re.search(".*".join(map(re.escape, example.shown.split("..."))), text)
