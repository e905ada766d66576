"""One tree, a doit-score.toml and a dodo.py: neither takes the project of the other."""

from __future__ import annotations

from pathlib import Path

import pytest
import running
from running import Project

pytestmark = pytest.mark.usefixtures("settled")

REFUSED = (
    "the state in 'state' is of a project that 'doit-score.toml' says, not of this dodo.py\n"
    "  hint: name other places, Score(state_dir=...) and Score(output=...), or take it out of "
    "'doit-score.toml'"
)


@pytest.fixture
def here(tmp_path: Path) -> Project:
    directory = Project(tmp_path / "shop")
    directory.write("score.yaml", running.score())
    directory.write("dodo.py", "from doit_score import Score\nscore = Score()\n")
    directory.write("doit-score.toml", "publish = []\n")
    directory.score("generate")
    return directory


def test_a_dodo_py_does_not_take_over_the_state_of_a_toml(here: Project) -> None:
    before = here.tree()
    assert REFUSED in here.doit("generate", exit=1).out
    assert {path: it for path, it in here.tree().items() if not path.startswith(".doit.db")} == before


def test_it_does_once_the_toml_is_gone_or_says_another_place(here: Project) -> None:
    here.write("doit-score.toml", 'state_dir = "elsewhere"\noutput = "other.yaml"\n')
    here.doit("generate")
    here.score("generate")
    assert here.exists("other.yaml")


def test_with_places_of_its_own_each_has_a_project(here: Project) -> None:
    here.write(
        "dodo.py", "from doit_score import Score\nscore = Score('own', state_dir='own', output='own.yaml')\n"
    )
    here.doit("own-generate")
    assert [here.exists(name) for name in ("own.yaml", "compose.yaml")] == [True, True]


def test_the_command_goes_by_the_toml_where_there_are_both(here: Project) -> None:
    here.write("doit-score.toml", 'output = "by-toml.yaml"\n')
    here.score("generate")
    assert here.exists("by-toml.yaml")
