from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from engineering import THING, Project, score

from doit_score.engine.inputs.current import look
from doit_score.engine.settings import FileOptions
from doit_score.store.state import open_state

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project that is up to date."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ENGINE_VALUE", "one")
    project = Project(project="p")
    project.provisioner(
        THING,
        "- uri: cmd://./tool.sh\n  type: tool\n  inputs: []\n",
        '- uri: template://env\n  type: env\n  outputs: |\n    value: {{ env "ENGINE_VALUE" }}\n',
    )
    project.write("tool.sh", "#!/bin/sh\necho '{}'\n")
    os.chmod("tool.sh", 0o755)
    project.write("data.txt", "data")
    resources = {"one": "{type: thing}", "two": "{type: tool}", "three": "{type: env}"}
    project.write("score.yaml", score("alpha", resources, more="files: {/etc/data: {source: data.txt}}\n"))
    project.run()
    assert project.run() == []
    return project


def why(project: Project, /, **settings: object) -> str:
    """Why a run would have to look closer; empty if not."""
    with open_state("state") as state:
        return look(state, project._settings(settings)).why


def test_nothing_is_read_parsed_or_imported_to_see_that_nothing_has_changed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from doit_score.engine import run
    from doit_score.engine.inputs import load
    from doit_score.store import files
    from doit_score.text import yaml12

    def fail(*_: object, **__: object) -> object:
        raise AssertionError

    for module, name in ((files, "read"), (yaml12, "load"), (load, "look_at"), (run, "locked")):
        monkeypatch.setattr(module, name, fail)
    engine = project.engine()
    assert engine.is_current()
    project.said.clear()
    engine.describe()
    assert project.said == [("info", "nothing to do: 1 workload, 3 resources up to date")]


def test_whether_something_has_changed_is_asked_once_in_a_run(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = project.engine()
    assert engine.is_current()
    os.remove("compose.yaml")
    assert engine.is_current()
    engine.provision()
    assert not engine.is_current()


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda: Path("score.yaml").touch(), "'score.yaml' has changed"),
        (lambda: Path("data.txt").write_text("new"), "'data.txt' has changed"),
        (lambda: Path("tool.sh").touch(), "'tool.sh' has changed"),
        (lambda: Path("compose.yaml").write_text(""), "'compose.yaml' has changed"),
        (lambda: os.chmod("compose.yaml", 0o600), "'compose.yaml' has changed"),
        (lambda: os.remove("compose.yaml"), "'compose.yaml' has changed"),
        (
            lambda: Path("state/mounts/files/alpha.main.etc+data").write_text(""),
            "'state/mounts/files/alpha.main.etc+data' has changed",
        ),
        (lambda: Path("b.score.yaml").write_text(score("beta")), "there are other Score files"),
        (lambda: os.remove("score.yaml"), "there are other Score files"),
        (
            lambda: Path("provisioners/00.provisioners.yaml").write_text(""),
            "there are other provisioner files",
        ),
        (lambda: os.environ.update(ENGINE_VALUE="two"), "an environment variable has changed"),
        (lambda: os.environ.pop("ENGINE_VALUE"), "an environment variable has changed"),
        (lambda: os.environ.update(ENGINE_OTHER="two"), ""),
        (lambda: Path("unrelated.yaml").touch(), ""),
    ],
)
def test_the_first_thing_that_is_not_as_it_was_is_named(
    project: Project, edit: Callable[[], object], reason: str
) -> None:
    edit()
    assert why(project) == reason
    assert project.engine().is_current() == (not reason)


@pytest.mark.parametrize(
    "settings",
    [
        {"output": "other.yaml"},
        {"strict": True},
        {"hermetic": True},
        {"project": "other"},
        {"default_provisioners": True},
        {"environment": {"A": "b"}},
        {"builds": {"main": {"context": "."}}},
        {"images": {"main": "x"}},
        {"workloads": ("score.yaml",)},
        {"patch_templates": ("x",)},
    ],
)
def test_other_options_are_a_change(project: Project, settings: dict[str, object]) -> None:
    assert why(project, **settings) == "the options, the tool or the state have changed"


@pytest.mark.parametrize(
    ("how", "path"),
    [("env", "secrets.env"), ("file", "secrets.env"), ("file", "secrets/SECRET_SAFE_BETA_SAFE_PASSWORD")],
)
def test_a_file_of_secrets_that_is_gone_or_emptied_is_a_change(project: Project, how: str, path: str) -> None:
    project.provisioner(
        "- uri: template://safe\n  type: safe\n  state: 'password: opensesame'\n"
        "  outputs: 'p: {{ .State.password }}'\n",
        file="provisioners/60-safe.provisioners.yaml",
    )
    variables = {"P": "${resources.safe.p}"}
    project.write("beta.score.yaml", score("beta", {"safe": "{type: safe}"}, variables=variables))
    project.run(secrets=how)
    assert why(project) == ""
    Path("state", path).write_text("")
    assert why(project) == f"'state/{path}' has changed"
    Path("state", path).unlink()
    assert why(project) == f"'state/{path}' has changed"
    if path != "secrets.env" or how == "env":
        place = "state/secrets.env" if how == "env" else "state/secrets"
        assert project.fails() == (
            f"the secret SECRET_SAFE_BETA_SAFE_PASSWORD is not in {place} any more\n"
            "  hint: put it back from a copy: nothing is generated anew in its place"
        )


def test_ports_that_were_published_before_are_no_change(project: Project) -> None:
    assert why(project, publish=()) == ""
    assert why(project, publish=("8080:alpha:80",)) == "something new is said of the Score files or ports"
    project.write("score.yaml", score("alpha"))
    project.run(publish=("8080:alpha:80",))
    assert why(project, publish=("8080:alpha:80",)) == ""
    assert why(project, publish=None) == ""
    assert why(project, publish=()) == "something new is said of the Score files or ports"


def test_what_is_given_and_remembered_already_is_no_change(project: Project) -> None:
    options = FileOptions(builds={"main": {"context": "."}})
    given = {"workloads": None, "given": (("score.yaml", options),)}
    project.run(**given)
    project.run(**given)
    assert why(project, **given) == ""
    assert why(project, workloads=None) == ""
    for path, said in (
        ("score.yaml", FileOptions()),
        ("score.yaml", FileOptions(image="x")),
        ("other.yaml", options),
    ):
        other = why(project, workloads=None, given=((path, said),))
        assert other == "something new is said of the Score files or ports"


def test_an_environment_file_is_made_whenever_it_is_asked_for(project: Project) -> None:
    assert why(project, env_file="env") == "an environment file is asked for"


def test_a_run_that_did_not_end_is_not_complete(project: Project) -> None:
    project.engine().provision()
    assert why(project) == "the options, the tool or the state have changed"


def test_another_tool_is_a_change(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from doit_score.engine import settings

    monkeypatch.setattr(settings, "__version__", "0.0.0")
    assert why(project) == "the options, the tool or the state have changed"


def test_force_is_never_current(project: Project) -> None:
    assert not project.engine(force=True).is_current()


def test_after_a_checkout_that_touched_everything_the_next_run_but_one_is_quick_again(
    project: Project,
) -> None:
    for folder, _, names in os.walk("."):
        for name in names:
            if "state.db" not in name:
                os.utime(os.path.join(folder, name))
    assert not project.engine().is_current()
    before = os.stat("compose.yaml").st_mtime_ns
    assert project.run() == ["compose.yaml is up to date"]
    assert os.stat("compose.yaml").st_mtime_ns == before
    assert project.engine().is_current()
