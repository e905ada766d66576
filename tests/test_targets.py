"""The engine with a target that has no services: what is not asked of a target is not known of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import clock
import pytest
from engineering import Project, score

from doit_score import targets
from doit_score.engine.difference import difference

NOTE = """\
- uri: template://tests/note
  type: note
  state: |
    id: {{ dig "id" (randAlphaNum 9) .State }}
  outputs: |
    id: {{ .State.id }}
    port: {{ (index .WorkloadServices "alpha").ServiceName }}
  volumes: |
    - title: note-{{ .SourceWorkload }}
      id: {{ .State.id }}
"""
USES = {"one": "{type: note}", "env": "{type: environment}"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(targets._PLACES, "cards", "cards")
    project = Project(project="p", target="cards", output="cards.txt")
    project.provisioner(NOTE)
    for name in ("alpha", "beta"):
        project.write(f"{name}.score.yaml", text(name))
    return project


def text(name: str, **variables: str) -> str:
    said: Mapping[str, str] = {"ID": "${resources.one.id}", "OPEN": "${resources.env.OPEN}", **variables}
    return score(name, USES, variables=said)


def cards() -> list[str]:
    return Path("cards.txt").read_text().splitlines()


def test_a_target_without_services_is_generated_and_kept_up_to_date(project: Project) -> None:
    project.run()
    project_name, alpha, beta, *notes = cards()
    id_ = alpha.split("ID=")[1].split()[0]
    assert (project_name, alpha) == ("p", f"cards alpha: ID={id_} OPEN=<OPEN>")
    assert beta.startswith("cards beta: ID=")
    assert notes[0] == f"notes note-alpha: id={id_} title=note-alpha"
    assert len(notes) == 2
    with clock.shifted(clock.AHEAD):
        project.run()
        assert project.engine().is_current()
        # A narrow run: one entry in the place of another.
        project.write("alpha.score.yaml", text("alpha", MORE="two"))
        said = project.run()
    assert said == [
        "read workload 'alpha' from 'alpha.score.yaml'",
        "rendered 1 workload of 2",
        "wrote cards.txt",
    ]
    assert cards() == ["p", f"cards alpha: ID={id_} MORE=two OPEN=<OPEN>", beta, *notes]
    os.unlink("beta.score.yaml")
    project.run()
    assert cards() == ["p", f"cards alpha: ID={id_} MORE=two OPEN=<OPEN>", notes[0]]


def test_diff_tells_what_a_run_would_write(project: Project) -> None:
    project.run()
    before = Path("cards.txt").read_bytes()
    project.write("alpha.score.yaml", text("alpha", MORE="two"))
    found = difference(project.settings, lambda level, said: None, commands=True)
    [change] = found.changes
    assert (change.path, change.old) == ("cards.txt", before)
    assert Path("cards.txt").read_bytes() == before
    project.run()
    assert Path("cards.txt").read_bytes() == change.new


def test_what_a_provisioner_gives_is_checked_by_the_target(project: Project) -> None:
    project.provisioner(NOTE.replace("title", "name"))
    assert "note 0 has no title" in project.fails()
    project.provisioner(NOTE.replace("    - title", "    title").replace("      id: {{", "    id: {{"))
    assert "expected a list, found a mapping" in project.fails()


def test_a_project_that_the_target_refuses_is_not_written(project: Project) -> None:
    project.provisioner(NOTE.replace("note-{{ .SourceWorkload }}", "wrong"))
    assert project.fails() == "a card is wrong"
    assert not os.path.exists("cards.txt")


def test_every_target_gives_its_sections_and_knows_its_name() -> None:
    for name in targets._PLACES:
        target = targets.find(name)
        assert target.name == name
        given = [section.name for section in target.sections if section.field or section.json]
        assert given == [section.name for section in target.sections if section.field and section.json]
    assert targets.fields() == (
        "directories",
        "files",
        "services",
        "networks",
        "volumes",
        "secrets",
        "configs",
        "models",
        "manifests",
    )
