from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from engineering import THING, TOPIC, Project, score, tree

from doit_score.store.rows import EntryRow, WorkloadRow
from doit_score.store.state import open_state
from doit_score.targets.compose.target import Compose

SOURCE = "files: {/etc/data: {source: data.txt}}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(project="p")


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The workloads that were converted, in order; to be cleared between runs."""
    found: list[str] = []
    convert = Compose.convert

    def counting(self, workload, *more):  # type: ignore[no-untyped-def]  # as Compose.convert
        found.append(workload.name)
        return convert(self, workload, *more)

    monkeypatch.setattr(Compose, "convert", counting)
    yield found


def renders(project: Project, rendered: list[str], **settings: object) -> list[str]:
    """The workloads that a run of ``project`` renders."""
    rendered.clear()
    project.run(**settings)
    return list(rendered)


def environment(project: Project, service: str) -> object:
    return project.compose()["services"][service].get("environment")


def test_only_the_changed_workload_is_rendered(project: Project, rendered: list[str]) -> None:
    for name in ("alpha", "beta"):
        project.write(f"{name}.score.yaml", score(name))
    assert renders(project, rendered) == ["alpha", "beta"]
    assert renders(project, rendered) == []
    project.write("beta.score.yaml", score("beta", variables={"A": "x"}))
    assert renders(project, rendered) == ["beta"]
    assert environment(project, "beta-main") == {"A": "x"}
    assert renders(project, rendered, force=True) == ["alpha", "beta"]


def test_a_touched_file_is_read_and_nothing_is_rendered(project: Project, rendered: list[str]) -> None:
    project.write("score.yaml", score())
    project.run()
    os.utime("score.yaml")
    assert not project.engine().is_current()
    assert renders(project, rendered) == []


def test_workloads_of_a_resource_are_rendered_when_its_outputs_change(
    project: Project, rendered: list[str]
) -> None:
    project.provisioner(THING)
    using = {"SAID": "${resources.one.said}"}
    project.write("a.score.yaml", score("alpha", {"one": "{type: thing, id: common}"}, variables=using))
    project.write("b.score.yaml", score("beta", {"one": "{type: thing, id: common}"}, variables=using))
    project.write("c.score.yaml", score("gamma", {"one": "{type: thing}"}, variables=using))
    project.run()
    project.write(
        "b.score.yaml",
        score("beta", {"one": "{type: thing, id: common, params: {say: x}}"}, variables=using),
    )
    assert renders(project, rendered) == ["alpha", "beta"]
    assert [environment(project, f"{name}-main") for name in ("alpha", "beta", "gamma")] == [
        {"SAID": "x"},
        {"SAID": "x"},
        {"SAID": "nothing"},
    ]


def test_a_provisioner_that_gives_the_same_outputs_renders_nothing(
    project: Project, rendered: list[str]
) -> None:
    project.provisioner(THING)
    project.write("score.yaml", score("alpha", {"one": "{type: thing}"}))
    project.run()
    project.provisioner(THING + "  volumes: |\n    some: {}\n")
    assert renders(project, rendered) == []
    assert project.compose()["volumes"] == {"some": None} or project.compose()["volumes"] == {"some": {}}


def test_the_first_service_of_a_resource_makes_all_workloads_wait(
    project: Project, rendered: list[str]
) -> None:
    project.provisioner(TOPIC)
    project.write("a.score.yaml", score("alpha"))
    project.write("b.score.yaml", score("beta"))
    project.run()
    project.write("b.score.yaml", score("beta", {"one": "{type: topic}"}))
    assert renders(project, rendered) == ["alpha", "beta"]
    project.write("c.score.yaml", score("gamma", {"one": "{type: topic}"}))
    assert renders(project, rendered) == ["gamma"]


def test_a_source_counts_for_the_workload_that_mounts_it(project: Project, rendered: list[str]) -> None:
    Path("data.txt").write_text("one")
    project.write("a.score.yaml", score("alpha", more=SOURCE))
    project.write("b.score.yaml", score("beta"))
    project.run()
    Path("data.txt").write_text("two")
    assert renders(project, rendered) == ["alpha"]
    assert tree()["files/alpha.main.etc+data"] == ("two", 0o644)


def test_a_variable_counts_where_its_value_is_written_and_not_where_compose_fills_it_in(
    project: Project, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENGINE_VALUE", "one")
    resources = {"env": "{type: environment}"}
    more = "files: {/etc/data: {content: '${resources.env.ENGINE_VALUE}'}}\n"
    project.write("a.score.yaml", score("alpha", resources, more=more))
    project.write("b.score.yaml", score("beta", resources, variables={"A": "${resources.env.ENGINE_VALUE}"}))
    project.run()
    monkeypatch.setenv("ENGINE_VALUE", "two")
    assert renders(project, rendered) == ["alpha"]
    assert tree()["files/alpha.main.etc+data"][0] == "two"
    assert environment(project, "beta-main") == {"A": "${ENGINE_VALUE}"}


def test_builds_and_images_count_for_the_workloads_that_they_are_for(
    project: Project, rendered: list[str]
) -> None:
    project.write("a.score.yaml", score("alpha"))
    project.write("b.score.yaml", score("beta"))
    project.run()
    assert renders(project, rendered, images={"beta:main": "busybox"}) == ["beta"]
    assert renders(project, rendered, builds={"main": {"context": "."}}) == ["alpha", "beta"]
    services = project.compose()["services"]
    assert [services[f"{name}-main"].get("build") for name in ("alpha", "beta")] == [{"context": "."}] * 2
    assert renders(project, rendered) == ["alpha", "beta"]


def test_another_directory_of_the_output_renders_again_what_has_paths(
    project: Project, rendered: list[str]
) -> None:
    os.mkdir("deploy")
    project.write("score.yaml", score("alpha", more="files: {/etc/data: {content: x}}\n"))
    project.run()
    assert renders(project, rendered, output="deploy/compose.yaml") == ["alpha"]
    text = Path("deploy/compose.yaml").read_text()
    assert "source: ../state/mounts/files/alpha.main.etc+data\n" in text


def test_the_mode_of_a_mounted_file_is_that_of_the_score_file(project: Project) -> None:
    files = (
        "files: {/a: {content: x}, /b: {content: x, mode: '0755'}, /c: {content: x, mode: '0440'}, "
        "/d: {content: x, mode: '0600'}}\n"
    )
    project.write("score.yaml", score("alpha", more=files))
    before = os.umask(0o077)
    try:
        project.run()
    finally:
        os.umask(before)
    # What the container must not write is mounted so; we must be able to.
    assert {path: mode for path, (_, mode) in tree().items()} == {
        "files/": 0o755,
        "files/alpha.main.a": 0o644,
        "files/alpha.main.b": 0o755,
        "files/alpha.main.c": 0o640,
        "files/alpha.main.d": 0o600,
    }


def test_an_error_in_one_workload_commits_none_and_all_are_told(project: Project) -> None:
    project.provisioner(THING)
    project.write("c.score.yaml", score("gamma"))
    for name in ("alpha", "beta"):
        project.write(
            f"{name}.score.yaml",
            score(name, {"one": "{type: thing}"}, variables={"A": "${resources.one.none}"}),
        )
    message = project.fails()
    assert [name for name in ("alpha", "beta", "gamma") if f"'{name}'" in message] == ["alpha", "beta"]
    with open_state("state") as state:
        assert [(row.name, row.rendered) for row in state.rows(WorkloadRow)] == [
            ("alpha", ""),
            ("beta", ""),
            ("gamma", ""),
        ]
        assert state.rows(EntryRow) == [] or all(row.kind == "resource" for row in state.rows(EntryRow))


def test_a_file_that_cannot_be_rendered_is_not_remembered_and_its_workload_goes_in_silence(
    project: Project,
) -> None:
    from doit_score.engine.settings import FileOptions

    project.provisioner(THING)
    project.write("good.yaml", score("good"))
    project.write(
        "bad.yaml", score("bad", {"one": "{type: thing}"}, variables={"A": "${resources.one.none}"})
    )
    project.run(workloads=None, given=(("good.yaml", FileOptions()),))
    assert "'bad'" in project.fails(workloads=None, given=(("bad.yaml", FileOptions()),))
    said = project.run(workloads=None)
    assert said == [
        "removed 1 resource: thing.default#bad.one (what was generated is kept for a return; "
        "`generate --forget` drops it)",
        "compose.yaml is up to date",
    ]
    assert list(project.compose()["services"]) == ["good-main"]
