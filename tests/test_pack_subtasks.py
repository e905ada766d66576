"""Tasks that render one workload: `doit render:NAME`."""

from __future__ import annotations

from pathlib import Path

import pytest
import running
from running import Directory

from doit_score.store.rows import EntryRow
from doit_score.store.state import open_state

pytestmark = pytest.mark.usefixtures("settled")

DODO = "from doit_score import Score\n\nscore = Score({arguments})\n"
USER = """

def task_check():
    return {"actions": ["echo checked"], "task_dep": ["render:two"], "verbosity": 2}
"""


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    """Two workloads, not generated yet."""
    here = Directory(tmp_path / "shop")
    here.write("dodo.py", DODO.format(arguments=""))
    for name in ("one", "two"):
        here.write(f"{name}.score.yaml", running.score(name))
    return here


def rendered(here: Directory) -> list[str]:
    with open_state(str(here.path / "state")) as state:
        return [row.name for row in state.rows(EntryRow)]


def test_any_workload_can_be_rendered_alone_from_the_command_line(here: Directory) -> None:
    ran = here.doit("render:two")
    assert ran.out == ".  init\n.  provision\n.  render:two\n"
    assert ran.err.endswith("INFO: rendered 1 workload of 2\n")
    assert rendered(here) == ["two-main"]
    assert not here.exists("compose.yaml")
    here.doit("generate")
    assert sorted(here.services()) == ["one-main", "two-main"]
    assert here.doit("render:two").out == "-- init\n-- provision\n-- render:two\n"


def test_an_edit_of_another_workload_waits(here: Directory) -> None:
    here.doit("generate")
    for name in ("one", "two"):
        here.write(f"{name}.score.yaml", running.score(name, image="redis"))
    assert here.doit("render:one").err.endswith("INFO: rendered 1 workload of 2\n")
    assert [service["image"] for service in here.services().values()] == ["nginx", "nginx"]
    assert here.doit("generate").err == "INFO: rendered 1 workload of 2\nINFO: wrote compose.yaml\n"
    assert [service["image"] for service in here.services().values()] == ["redis", "redis"]


def test_a_task_can_depend_on_one_that_is_named_in_subtasks(here: Directory) -> None:
    here.write("dodo.py", DODO.format(arguments="subtasks=['two']") + USER)
    assert here.doit("check").out == ".  init\n.  provision\n.  render:two\n.  check\nchecked\n"
    assert rendered(here) == ["two-main"]
    assert "render:two" in here.doit("list").out


def test_a_pack_with_a_name_has_subtasks_with_its_prefix(here: Directory) -> None:
    here.write("dodo.py", DODO.format(arguments="'stage'"))
    assert here.doit("stage-render:one").out == ".  stage-init\n.  stage-provision\n.  stage-render:one\n"


def test_a_workload_that_there_is_not_is_told(here: Directory) -> None:
    out = here.doit("render:tow", exit=1).out
    assert "there is no workload 'tow'\n  hint: did you mean 'two'?\n" in out
    out = here.doit("render:zzz", exit=1).out
    assert "there is no workload 'zzz'\n  hint: known are one, two\n" in out


def test_what_names_no_workload_is_a_wrong_argument(here: Directory) -> None:
    here.write("dodo.py", DODO.format(arguments="subtasks=[7]"))
    assert "Score(...) has wrong arguments: subtasks: " in here.doit("list", exit=3).err.replace("\n  ", " ")
