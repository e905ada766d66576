"""`--forget`: what is gone for good, and what is in use and stays."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from engineering import THING, TOPIC, Project, score

from doit_score.engine.settings import FileOptions
from doit_score.store.rows import KeptRow
from doit_score.store.state import open_state

ONE, TWO = "thing.default#alpha.one", "topic.default#alpha.two"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Two workloads given as to the command, one with a name of its own and one that it shares."""
    monkeypatch.chdir(tmp_path)
    project = Project(project="p", workloads=None)
    project.provisioner(THING, TOPIC)
    project.write("a.yaml", score("alpha", {"one": "{type: thing}", "two": "{type: topic}"}))
    project.write("b.yaml", score("beta", {"one": "{type: thing}"}))
    project.run(given=(("a.yaml", FileOptions(image="x")), ("b.yaml", FileOptions())))
    return project


def forget(project: Project) -> list[str]:
    project.said.clear()
    project.engine().generate(forget=True)
    return [text for level, text in project.said if level != "debug"]


def remembered() -> tuple[list[str], Mapping[str, object], list[str]]:
    with open_state("state") as state:
        return (
            [row.uid for row in state.rows(KeptRow)],
            state.meta().attic,
            sorted(state.given()),
        )


def test_what_is_in_use_is_not_forgotten(project: Project) -> None:
    before = remembered()
    assert forget(project) == ["compose.yaml is up to date", "there was nothing to forget"]
    assert remembered() == before


def test_what_is_gone_is_forgotten_and_named(project: Project) -> None:
    outputs = project.outputs("thing.default#beta.one")
    os.rename("a.yaml", "aside")
    project.run()
    kept, attic, given = remembered()
    assert (kept, list(attic), given) == (
        [ONE, "thing.default#beta.one", TWO],
        ["broker"],
        ["a.yaml", "b.yaml"],
    )
    assert forget(project) == [
        "compose.yaml is up to date",
        f"forgot the values of 2 removed resources: {ONE}, {TWO}",
        "forgot 1 past value of the shared state: 'broker'",
        "forgot what was said of 1 missing Score file: a.yaml",
    ]
    assert remembered() == (["thing.default#beta.one"], {}, ["b.yaml"])
    assert forget(project)[-1] == "there was nothing to forget"
    assert project.outputs("thing.default#beta.one") == outputs


def test_a_resource_that_comes_back_gets_new_values_only_if_they_were_forgotten(project: Project) -> None:
    before = project.outputs(ONE), project.outputs(TWO)
    os.rename("a.yaml", "aside")
    project.run()
    os.rename("aside", "a.yaml")
    project.run()
    assert (project.outputs(ONE), project.outputs(TWO)) == before
    os.rename("a.yaml", "aside")
    project.run()
    forget(project)
    os.rename("aside", "a.yaml")
    project.run(given=(("a.yaml", FileOptions()),))
    after = project.outputs(ONE), project.outputs(TWO)
    assert after[0]["name"] != before[0]["name"]
    assert after[1]["topic"] != before[1]["topic"] and after[1]["host"] != before[1]["host"]


def test_a_run_that_fails_forgets_nothing(project: Project) -> None:
    os.rename("a.yaml", "aside")
    project.run()
    before = remembered()
    project.write("b.yaml", score("beta", {"one": "{type: thing}"}, variables={"A": "${resources.one.none}"}))
    project.said.clear()
    with pytest.raises(Exception, match="none"):
        project.engine().generate(forget=True)
    assert remembered() == before


def test_a_renamed_file_keeps_every_value_and_a_renamed_workload_finds_them_on_its_way_back(
    project: Project,
) -> None:
    before = project.outputs(ONE)
    os.rename("a.yaml", "c.yaml")
    project.run(given=(("c.yaml", FileOptions()),))
    assert project.outputs(ONE) == before
    text = Path("c.yaml").read_text()
    project.write("c.yaml", text.replace("alpha", "omega"))
    said = project.run()
    assert said == [
        "workload 'alpha' is 'omega' now (in 'c.yaml'): its resources have other names too, and new values; "
        "those of before are kept for the return of the name",
        "read workload 'omega' from 'c.yaml'",
        f"removed 2 resources: {ONE}, {TWO} (what was generated is kept for a return; "
        "`generate --forget` drops it)",
        "provisioned 2 resources of 3",
        "rendered 1 workload of 2",
        "wrote compose.yaml",
    ]
    assert project.outputs("thing.default#omega.one")["name"] != before["name"]
    project.write("c.yaml", text)
    project.run()
    assert project.outputs(ONE) == before
