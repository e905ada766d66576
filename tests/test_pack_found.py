"""Which packs of a dodo.py doit finds, and what it is told of others."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from running import Project, score

IMPORT = "from doit_score import Score\n"
TASKS = (
    *("diff", "down", "exec", "generate", "graph", "init", "logs", "provision", "ps", "render", "restart"),
    *("status", "up", "watch", "why"),
)
LOST = (
    "Score(...) is in no variable, and in no dict, list or tuple that is in one, so doit does not see its"
    " tasks\n  hint: give it one, as in `score = Score()`\n"
)


@pytest.fixture
def here(tmp_path: Path) -> Project:
    return Project(tmp_path)


def listed(here: Project) -> list[str]:
    return [line.split()[0] for line in here.doit("list", "--all").out.splitlines()]


def names(*prefixes: str) -> list[str]:
    """The tasks of packs, as doit lists them; for `_init` and the like see the tests of the pack."""
    return sorted(f"{prefix}{name}" for prefix in prefixes for name in TASKS)


@pytest.mark.parametrize(
    ("dodo", "prefixes"),
    [
        ("packs = {'a': Score('a'), 'b': Score('b')}", ("a-", "b-")),
        ("packs = [Score('a'), (Score('b'), {'c': Score()})]", ("a-", "b-", "")),
        ("a = Score('a')\npacks = [a, Score('b')]", ("a-", "b-")),
        ("packs = []\npacks += [packs, Score('a'), Score('b')]", ("a-", "b-")),
        ("def make(name):\n    return Score(name)\n\npacks = tuple(map(make, 'ab'))", ("a-", "b-")),
        ("a = Score('a')\nDOIT_CONFIG = {'dep_file': a.dep_file, 'default_tasks': ['a-generate']}", ("a-",)),
    ],
)
def test_packs_are_found_in_variables_and_in_what_is_in_them(
    here: Project, dodo: str, prefixes: tuple[str, ...]
) -> None:
    here.write("dodo.py", f"{IMPORT}{dodo}\n")
    assert listed(here) == names(*prefixes)


def test_a_pack_in_a_dict_generates(here: Project) -> None:
    here.write("score.yaml", score())
    here.write("other.py", f"{IMPORT}packs = {{'a': Score('a')}}\n")
    here.doit("-f", "other.py", "a-generate")
    assert here.services("compose.a.yaml").keys() == {"web-main"}


@pytest.mark.parametrize("dodo", ["from helper import one", "import helper\none = helper.one"])
def test_another_module_may_make_a_pack(here: Project, dodo: str) -> None:
    here.write("helper.py", f"{IMPORT}one = Score('one')\nothers = [Score('other')]\n")
    here.write("dodo.py", f"{dodo}\n")
    assert listed(here) == names("one-")


def test_another_module_may_make_packs_for_a_list(here: Project) -> None:
    here.write("helper.py", f"{IMPORT}def make(name):\n    return Score(name)\n")
    here.write("dodo.py", "import helper\npacks = [helper.make('a'), helper.make('b')]\n")
    assert listed(here) == names("a-", "b-")


@pytest.mark.parametrize(
    "dodo",
    [
        "def task_all():\n    yield from Score('a').create_doit_tasks()",
        "task_all = Score('a').create_doit_tasks",
        "def creator(pack):\n    return lambda: pack.create_doit_tasks()\n\ntask_all = creator(Score('a'))",
        "class Own:\n    def __init__(self):\n        self.pack = Score('a')\n"
        "        self.create_doit_tasks = lambda: self.pack.create_doit_tasks()\n\nown = Own()",
    ],
)
def test_who_asks_a_pack_for_its_tasks_may_hold_it(here: Project, dodo: str) -> None:
    here.write("dodo.py", f"{IMPORT}{dodo}\n")
    assert {*names("a-")} <= {*listed(here)}


@pytest.mark.parametrize(
    ("dodo", "places"),
    [
        ("Score()", "dodo.py:2"),
        ("output = Score('a').output\nscore = Score()", "dodo.py:2"),
        ("score = Score('a')\nscore = Score('b')\nScore('c')", "dodo.py:2, dodo.py:4"),
        ("class Own:\n    pack = Score('a')", "dodo.py:3"),
        ("def make():\n    Score('a')\n\nmake()", "dodo.py:3"),
    ],
)
def test_a_pack_that_is_nowhere_is_told(here: Project, dodo: str, places: str) -> None:
    here.write("dodo.py", f"{IMPORT}{dodo}\n")
    for command in ("list", "generate"):
        ran = here.doit(command, exit=3)
        assert f"{places}: {LOST}" in ran.out + ran.err


@pytest.mark.parametrize(
    "dodo",
    ["packs = [Score(), Score(output='b.yaml')]", "score = Score()\npacks = {'b': Score(output='b.yaml')}"],
)
def test_two_packs_of_one_name_are_told_by_it(here: Project, dodo: str) -> None:
    here.write("dodo.py", f"{IMPORT}{dodo}\n")
    said = "two packs have the name '', so their tasks would too: give one of them another, as in Score("
    ran = here.doit("list", exit=3)
    assert said in ran.out + ran.err


def test_a_script_that_runs_doit_has_its_packs_found(here: Project) -> None:
    here.write("run.py", f"import sys\nimport doit\n{IMPORT}packs = [Score('a')]\ndoit.run(globals())\n")
    out = here.run(sys.executable, "run.py", "list", "--all").out
    assert [line.split()[0] for line in out.splitlines()] == names("a-")
