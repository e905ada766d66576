"""Warnings of images that are built of a directory in which is what is generated."""

from __future__ import annotations

from pathlib import Path

import pytest
from engineering import Project, score

from doit_score.store.state import open_state

pytestmark = pytest.mark.usefixtures("settled")

HINT = "add to '.dockerignore' 2 lines: state, compose.yaml; `doit-score init --dockerignore .` does"

# An image that the resource brings, and what else it is built of.
BUILDER = """\
- uri: template://tests/builder
  type: builder
  services: |
    made:
      build: {context: sub, dockerfile: docker/Other, additional_contexts: {all: ., far: "https://x/y.git"}}
"""
BUILT = {"web:main": {"context": "."}}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    project = Project()
    project.write("score.yaml", score())
    return project


def warned(project: Project, state: str = "state") -> list[tuple[str | None, str, str | None]]:
    """The warnings of the project as a whole that stand."""
    with open_state(state) as opened:
        return [(one.path, one.message, one.hint) for one in opened.meta().checked]


def message(who: str = "service 'web-main' of workload 'web'") -> str:
    return (
        f"the image of {who} is built of this directory, in which is what is generated: passwords get into "
        "the image, and it is another one whenever something is generated"
    )


def test_a_context_with_the_state_in_it_is_warned_of_until_it_is_left_out(project: Project) -> None:
    project.run(builds=BUILT)
    assert warned(project) == [(".", message(), HINT)]
    project.write(".dockerignore", "state\n")
    project.run(builds=BUILT)
    one = "add to '.dockerignore' 1 line: compose.yaml; `doit-score init --dockerignore .` does"
    assert warned(project) == [(".", message(), one)]
    project.write(".dockerignore", "state/**\n*.yaml\n")
    project.run(builds=BUILT)
    assert warned(project) == []
    assert project.run(builds=BUILT) == []
    Path(".dockerignore").unlink()
    project.run(builds=BUILT)
    assert warned(project) == [(".", message(), HINT)]


@pytest.mark.parametrize(
    "rules",
    ["state/*.db*\ncompose.yaml", "state\n!state/mounts\ncompose.yaml", "state\n!**/lock\ncompose.yaml"],
)
def test_all_that_is_in_a_state_directory_has_to_be_left_out(project: Project, rules: str) -> None:
    project.write(".dockerignore", rules)
    project.run(builds=BUILT)
    hint = "add to '.dockerignore' 1 line: state; `doit-score init --dockerignore .` does"
    assert warned(project) == [(".", message(), hint)]


def test_a_strict_run_fails_for_it(project: Project) -> None:
    assert project.fails(builds=BUILT, strict=True) == f".: {message()}\n  hint: {HINT}"
    assert not Path("compose.yaml").exists()


def test_rules_of_the_dockerfile_itself_count_in_place_of_the_usual_ones(project: Project) -> None:
    builds = {"web:main": {"context": ".", "dockerfile": "docker/Web"}}
    project.write(".dockerignore", "state\ncompose.yaml\n")
    project.write("docker/Web.dockerignore", "docs\n")
    project.run(builds=builds)
    hint = "add to 'docker/Web.dockerignore' 2 lines: state, compose.yaml"
    assert warned(project) == [(".", message(), hint)]
    Path("docker/Web.dockerignore").unlink()
    project.run(builds=builds)
    assert warned(project) == []
    inline = {"web:main": {"context": ".", "dockerfile_inline": "FROM scratch"}}
    project.write("Dockerfile.dockerignore", "docs\n")
    project.run(builds=inline)
    assert warned(project) == []


@pytest.mark.parametrize(
    "context", ["app", "../other", "https://x/y.git", "git@x:y", "github.com/x/y", "${DIR}", "state/mounts/x"]
)
def test_a_context_without_anything_that_is_generated_is_not_looked_at(
    project: Project, context: str
) -> None:
    project.run(builds={"web:main": {"context": context}})
    assert warned(project) == []


def test_a_context_above_is_told_the_paths_as_seen_from_it(project: Project) -> None:
    Path("out").mkdir()
    project.run(builds={"web:main": {"context": "../"}}, state_dir="state [1]", output="out/compose.yaml")
    hint = "add to '../.dockerignore' 2 lines: here/state \\[1\\], here/out/compose.yaml; "
    by_us = "`doit-score init --dockerignore ..` does"
    assert warned(project, "state [1]") == [("..", message(), hint + by_us)]


def test_of_several_images_the_first_is_named(project: Project) -> None:
    project.write("api.score.yaml", score("api"))
    project.run(builds={"main": {"context": "."}})
    who = "service 'api-main' of workload 'api' (and 1 other)"
    assert warned(project) == [(".", message(who), HINT)]


def test_images_of_resources_and_their_further_contexts_count(project: Project) -> None:
    project.provisioner(BUILDER)
    project.write("score.yaml", score(resources={"made": "{type: builder}"}))
    project.run()
    who = "service 'made' of resource 'builder.default#web.made'"
    assert warned(project) == [(".", message(who), HINT)]


def test_images_of_patch_templates_count(project: Project) -> None:
    project.write("patch.tpl", "- {op: set, path: services.extra, value: {build: {context: .}}}\n")
    project.run(patch_templates=("patch.tpl",))
    assert warned(project) == [(".", message("service 'extra' of the patched project"), HINT)]


def test_a_link_to_a_state_elsewhere_is_not_in_the_context(project: Project, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    Path("state").symlink_to(tmp_path / "elsewhere")
    project.write(".dockerignore", "compose.yaml\n")
    project.run(builds=BUILT)
    assert warned(project) == []


def test_files_beside_are_left_out_too(project: Project) -> None:
    project.write(".dockerignore", "state\ncompose.yaml\n.doit.db\n")
    project.run(builds=BUILT, beside=(".doit.db",))
    hint = "add to '.dockerignore' 1 line: .doit.db*; `doit-score init --dockerignore .` does"
    assert warned(project) == [(".", message(), hint)]
