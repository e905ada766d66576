"""What a second `doit generate` does after a change: just that, and it says what."""

from __future__ import annotations

from pathlib import Path

import pytest
import running
from running import Project

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def here(tmp_path: Path) -> Project:
    directory = Project(tmp_path / "shop")
    directory.write("score.yaml", running.score())
    return directory


def test_an_edited_score_file_is_rendered_alone(here: Project) -> None:
    here.write("two/score.yaml", running.score("two", things=("cup",)))
    here.write("provisioners/thing.provisioners.yaml", running.PROVISIONER)
    here.generate()
    here.write("score.yaml", running.score(image="redis"))
    assert here.generate() == (
        "INFO: read workload 'web' from 'score.yaml'\n"
        "INFO: rendered 1 workload of 2\n"
        "INFO: wrote compose.yaml\n"
    )


def test_an_edited_provisioner_entry_provisions_its_resources_and_renders_their_workloads(
    here: Project,
) -> None:
    other = running.PROVISIONER.replace("thing", "other")
    here.write("two/score.yaml", running.score("two", things=("cup",)))
    here.write("score.yaml", running.score(things=("cup",)).replace("type: thing", "type: other"))
    here.write("provisioners/all.provisioners.yaml", running.PROVISIONER + other)
    here.generate()
    before = here.services()
    here.write("provisioners/all.provisioners.yaml", running.PROVISIONER + other.replace("first", "second"))
    assert here.generate() == (
        "INFO: provisioned 1 resource of 2\nINFO: rendered 1 workload of 2\nINFO: wrote compose.yaml\n"
    )
    after = here.services()
    assert after["two-main"] == before["two-main"]
    assert after["web-main"]["environment"] == {"CUP": "second"}


def test_a_removed_workload_disappears_with_its_resources_and_returns_with_its_values(here: Project) -> None:
    text = running.score("two", things=("cup",)).replace("cup.word", "cup.name")
    here.write("two/score.yaml", text)
    here.write("provisioners/thing.provisioners.yaml", running.PROVISIONER)
    here.generate()
    before = here.read("compose.yaml")
    here.remove("two/score.yaml")
    assert here.generate() == (
        "WARN: workload 'two' is gone (it was in 'two/score.yaml'): removed from the project; generated "
        "values are kept for its return\n"
        "INFO: removed 1 resource: thing.default#two.cup (what was generated is kept for a return; "
        "`generate --forget` drops it)\n"
        "INFO: wrote compose.yaml\n"
    )
    assert list(here.services()) == ["web-main"]
    assert "two" not in here.score("resources", "list").out
    here.write("two/score.yaml", text)
    here.generate()
    assert here.read("compose.yaml") == before


def test_the_problems_of_several_files_are_told_at_once(here: Project) -> None:
    here.write("score.yaml", running.score().replace("image", "imege"))
    here.write("two/score.yaml", running.score("two").replace("v1b1", "v1"))
    assert here.generate(exit=1) == (
        ".  init\n"
        ".  provision\n"
        "TaskFailed - taskid:provision\n"
        "3 problems:\n"
        "  score.yaml:5:3: /containers/main: the property 'image' is missing\n"
        "    | main:\n"
        "  score.yaml:6:5: /containers/main/imege: unknown property "
        "'imege', expected image, command, args, variables, files, volumes, before, resources, "
        "livenessProbe, readinessProbe\n"
        "    | imege: nginx\n"
        "    hint: did you mean 'image'?\n"
        "  two/score.yaml:1:13: /apiVersion: expected score.dev/v1b1, found text ('score.dev/v1')\n"
        "    | apiVersion: score.dev/v1\n\n"
    )


def test_generate_with_forget_drops_what_was_generated_for_what_is_gone(here: Project) -> None:
    here.write("two/score.yaml", running.score("two", things=("cup",)).replace("cup.word", "cup.name"))
    here.write("provisioners/thing.provisioners.yaml", running.PROVISIONER)
    here.generate()
    here.remove("two/score.yaml")
    here.generate()
    ran = here.doit("generate", "--forget")
    assert ran.err == (
        "INFO: compose.yaml is up to date\n"
        "INFO: forgot the values of 1 removed resource: thing.default#two.cup\n"
    )
    assert here.doit("generate").out == running.UP_TO_DATE
