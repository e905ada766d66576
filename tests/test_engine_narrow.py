"""Which edits a narrow run does for, and that it leaves what a whole one would."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from engineering import THING, Project, check_law, score, tree

from doit_score.engine.settings import FileOptions
from doit_score.engine.stages import session
from doit_score.store.files import remove

pytestmark = pytest.mark.usefixtures("settled")

PORT = "service: {ports: {web: {port: %d}}}\n"
FILES = "files: {/etc/name: {content: '%s'}, /etc/data: {source: data.txt}}\n"
USES = {"one": "{type: thing}"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Two workloads, each with a resource, files and a port."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("ENGINE_VALUE", "one")
    project = Project(project="p")
    project.provisioner(THING)
    project.write("data.txt", "data")
    project.write("other.txt", "other")
    for name in ("alpha", "beta"):
        project.write(f"{name}.score.yaml", text(name))
    project.run()
    return project


def text(name: str = "alpha", content: str = "one", port: int = 80, **variables: str) -> str:
    resources = {"one": "{type: thing}", "env": "{type: environment}"}
    variables = {"NAME": "${resources.one.name}", **variables}
    return PORT % port + score(name, resources, variables=variables, more=FILES % content)


class Watch:
    """Counts how often everything was looked at."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.whole = 0
        ordinary = session.load  # type: ignore[attr-defined]  # what the module uses

        def counted(*arguments, **more):  # type: ignore[no-untyped-def]  # as load()
            self.whole += 1
            return ordinary(*arguments, **more)

        monkeypatch.setattr(session, "load", counted)


@pytest.fixture
def watch(project: Project, monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


@pytest.mark.parametrize(
    "edited",
    [
        text(A="'1'"),
        text(content="two").replace("nginx", "redis"),
        text(content="${resources.one.name}"),
        text().replace("    image: nginx\n", "    image: nginx\n    command: [sleep]\n"),
        text() + "# a comment\n",
        text().replace("  name: alpha\n", "  name: alpha\n  annotations: {note: some}\n", 1),
        text(A="'${resources.env.ENGINE_VALUE}'"),
    ],
    ids=[
        "a variable",
        "a file and an image",
        "a file with an output",
        "a command",
        "nothing",
        "metadata",
        "a variable that is left to Compose",
    ],
)
def test_an_edit_that_provisioning_cannot_see_looks_at_one_workload(
    project: Project, watch: Watch, edited: str
) -> None:
    project.write("alpha.score.yaml", edited)
    project.run()
    assert watch.whole == 0
    assert project.engine().is_current()
    check_law(project)


def test_what_a_narrow_run_tells(project: Project) -> None:
    project.write("alpha.score.yaml", text(content="two").replace("nginx", "redis"))
    assert project.run() == [
        "read workload 'alpha' from 'alpha.score.yaml'",
        "rendered 1 workload of 2",
        "wrote compose.yaml",
        "mounts: wrote 1, removed 0",
    ]


@pytest.mark.parametrize(
    "edited",
    [
        text(port=81),
        text().replace("name: alpha", "name: gamma"),
        text().replace("one: {type: thing}", "one: {type: thing, params: {say: '${metadata.name}'}}"),
        text().replace("one: {type: thing}", "one: {type: thing, id: common}"),
        text() + "  two: {type: thing}\n",
        text().replace("data.txt", "other.txt"),
        text().replace("/etc/data", "/etc/elsewhere"),
        text().replace("containers:\n  main:", "containers:\n  side: {image: side}\n  main:"),
        text(content="${resources.env.ENGINE_VALUE}"),
    ],
    ids=[
        "a port",
        "the name",
        "params",
        "an id",
        "a resource",
        "another source",
        "another target",
        "a container",
        "an environment variable",
    ],
)
def test_an_edit_that_may_concern_others_looks_at_everything(
    project: Project, watch: Watch, edited: str
) -> None:
    project.write("alpha.score.yaml", edited)
    project.run()
    assert watch.whole == 1
    assert project.engine().is_current()
    check_law(project)


def test_metadata_that_a_param_refers_to_is_seen_by_provisioning(project: Project) -> None:
    spoken = text().replace("one: {type: thing}", "one: {type: thing, params: {say: '${metadata.note}'}}")
    for note in ("first", "second"):
        project.write(
            "alpha.score.yaml", spoken.replace("name: alpha\n", f"name: alpha\n  note: {note}\n", 1)
        )
        project.run()
        assert project.outputs("thing.default#alpha.one")["said"] == note
        check_law(project)


def test_two_edits_at_once_are_narrow_too(project: Project, watch: Watch) -> None:
    for name in ("alpha", "beta"):
        project.write(f"{name}.score.yaml", text(name, A="'1'"))
    assert project.run()[-2:] == ["rendered 2 workloads", "wrote compose.yaml"]
    assert watch.whole == 0
    check_law(project)


def test_a_wrong_edit_is_told_and_the_next_run_mends_everything(project: Project) -> None:
    before = Path("compose.yaml").read_bytes()
    project.write("alpha.score.yaml", text(A="${resources.none.name}"))
    assert "${resources.none.name}" in project.fails()
    assert Path("compose.yaml").read_bytes() == before
    project.write("alpha.score.yaml", text(A="'1'"))
    project.run()
    check_law(project)


def test_an_edit_by_hand_is_restored_beside_a_narrow_edit(project: Project, watch: Watch) -> None:
    Path("compose.yaml").write_text(Path("compose.yaml").read_text() + "#")
    project.write("alpha.score.yaml", text(A="'1'"))
    assert "wrote compose.yaml" in project.run()
    assert watch.whole == 1
    check_law(project)


def test_an_edit_by_hand_between_the_look_and_the_writing_is_restored(project: Project, watch: Watch) -> None:
    project.write("alpha.score.yaml", text(A="'1'"))
    engine = project.engine()
    assert not engine.is_current()
    engine.provision()
    engine.render()
    Path("compose.yaml").write_text("#")
    engine.generate()
    assert watch.whole == 1
    check_law(project)


def test_a_run_of_somebody_else_after_the_look_is_seen(project: Project, watch: Watch) -> None:
    project.write("alpha.score.yaml", text(A="'1'"))
    engine = project.engine()
    assert not engine.is_current()
    remove("beta.score.yaml")
    project.run()
    whole = watch.whole
    engine.provision()
    engine.render()
    engine.generate()
    assert watch.whole == whole + 1
    assert list(project.compose()["services"]) == ["alpha-main"]
    check_law(project)


@pytest.mark.parametrize("publish", [("8080:alpha:80",), ("8080:beta:80",)])
def test_a_published_port_stays(project: Project, publish: tuple[str, ...]) -> None:
    project.run(publish=publish)
    project.write("alpha.score.yaml", text(A="'1'"))
    project.run(publish=publish)
    check_law(project, publish=publish)


BIND = """\
- uri: template://tests/bind
  type: bind
  outputs: |
    type: bind
    source: ./data
"""


def test_a_volume_that_comes_with_an_edit_lands_beside_a_published_port_where_a_whole_run_puts_it(
    project: Project,
) -> None:
    """The entry of a service with a published port goes on where its own text ends."""
    project.provisioner(THING, BIND)
    uses, volume = {"data": "{type: bind}"}, "volumes: {/d: {source: '${resources.data}'}}\n"
    project.write("alpha.score.yaml", PORT % 80 + score("alpha", uses))
    project.run(publish=("8080:alpha:80",))
    project.write("alpha.score.yaml", PORT % 80 + score("alpha", uses, more=volume))
    project.run(publish=("8080:alpha:80",))
    services = project.compose()["services"]
    assert isinstance(services, dict)
    assert list(services["alpha-main"])[-2:] == ["ports", "volumes"]
    check_law(project, publish=("8080:alpha:80",))


def test_a_source_with_a_line_break_in_its_name_is_looked_at(project: Project) -> None:
    source = 'files: {/etc/data: {source: "two\\nlines.txt"}}\n'
    project.write("two\nlines.txt", "one")
    project.write("alpha.score.yaml", score("alpha", more=source))
    project.run()
    project.write("two\nlines.txt", "two")
    project.run()
    check_law(project)
    assert [text for text, _ in tree("state/mounts/files").values() if text == "two"] == ["two"]


def test_a_patched_project_is_patched_again(project: Project) -> None:
    project.write("patch.tpl", "- {op: set, path: services.alpha-main.restart, value: always}\n")
    patches = {"patch_templates": ("patch.tpl",)}
    project.run(**patches)
    project.write("alpha.score.yaml", text(A="'1'"))
    project.run(**patches)
    check_law(project, **patches)


def test_a_score_file_that_is_a_source_of_another_workload_stays_a_score_file(project: Project) -> None:
    project.write("beta.score.yaml", text("beta").replace("data.txt", "alpha.score.yaml"))
    project.run()
    project.write("beta.score.yaml", text("beta", A="'1'").replace("data.txt", "alpha.score.yaml"))
    project.run()
    assert project.engine().is_current()
    project.write("alpha.score.yaml", text(A="'1'"))
    project.run()
    assert project.engine().is_current()
    check_law(project)


def test_an_overrides_file_counts(project: Project, watch: Watch) -> None:
    project.write("over.yaml", "containers: {main: {image: over}}\n")
    overrides = {"overrides": {"alpha.score.yaml": FileOptions(overrides_file="over.yaml")}}
    project.run(**overrides)
    whole = watch.whole
    project.write("alpha.score.yaml", text(A="'1'"))
    project.run(**overrides)
    assert watch.whole == whole
    services = project.compose()["services"]
    assert services["alpha-main"]["image"] == "over"
    check_law(project, **overrides)


def test_files_that_are_given_keep_their_options(project: Project, watch: Watch) -> None:
    given = (("alpha.score.yaml", FileOptions(image="given")), ("beta.score.yaml", FileOptions()))
    project.write("alpha.score.yaml", text().replace("nginx", "."))
    project.run(workloads=None, given=given)
    whole = watch.whole
    project.write("alpha.score.yaml", text(A="'1'").replace("nginx", "."))
    project.run(workloads=None)
    assert watch.whole == whole
    services = project.compose()["services"]
    assert services["alpha-main"]["image"] == "given"
    check_law(project, workloads=None, given=given)


@pytest.mark.parametrize("how", ["provision", "render"])
def test_a_narrow_run_that_is_stopped_is_ended_by_the_next_one(project: Project, how: str) -> None:
    project.write("alpha.score.yaml", text(A="'1'"))
    engine = project.engine()
    assert not engine.is_current()
    engine.provision()
    if how == "render":
        engine.render()
    assert not project.engine().is_current()
    project.run()
    check_law(project)


def test_a_fragment_with_the_text_of_another_entry_in_it_is_not_taken_for_that(project: Project) -> None:
    """A text in a variable of alpha looks like the service of beta."""
    beta = Path("compose.yaml").read_text().partition("  beta-main:\n")[2]
    inside = ("beta-main:\n" + beta.partition("\nnetworks")[0]).replace("$", "$$")
    indented = "\n".join("        " + line for line in inside.splitlines())
    project.write("alpha.score.yaml", text(TEXT="|\n" + indented.replace("        ", "          ", 1)))
    project.run()
    project.write("beta.score.yaml", text("beta", A="'1'"))
    project.run()
    check_law(project)


def test_a_touched_file_is_hashed_and_nothing_else_happens(project: Project, watch: Watch) -> None:
    before = os.stat("compose.yaml").st_ino
    os.utime("alpha.score.yaml")
    assert project.run() == ["compose.yaml is up to date"]
    assert os.stat("compose.yaml").st_ino == before
    assert watch.whole == 0
    assert project.engine().is_current()
