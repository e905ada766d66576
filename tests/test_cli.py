"""The command: exit statuses, what goes to stdout and stderr, and what the verbs do."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
import running
import yaml
from running import Command

from doit_score.version import __version__


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    directory = Command(tmp_path / "shop", capfd)
    monkeypatch.chdir(directory.path)
    return directory


NOT_YET = (
    "Error: the state directory 'state' does not exist yet\n  hint: please run \"doit-score init\" first\n"
)


@pytest.mark.parametrize("arguments", [["--version"], ["--version", "generate", "--nope"]])
def test_version_flag(arguments: list[str], here: Command) -> None:
    with pytest.raises(SystemExit) as exit:
        here.main(*arguments)
    assert (exit.value.code, *here.printed()) == (0, f"doit-score {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["version"], ["--quiet", "version"], ["version", "-vv"]])
def test_version_command(arguments: list[str], here: Command) -> None:
    said = f"doit-score {__version__} (Python {platform.python_version()})\n"
    assert here.main(*arguments) == (0, said, "")


def test_as_a_module_and_as_a_program_the_exit_status_is_that_of_main(here: Command) -> None:
    assert here.score("version").err == ""
    assert here.score("generat", exit=1) == (
        "",
        "Error: unknown command 'generat' for 'doit-score'\n  hint: see `doit-score help`\n",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["generate"],
        ["generate", "none.yaml"],
        ["resources", "list"],
        ["resources", "get-outputs", "a.b#c"],
        ["provisioners", "list"],
    ],
)
def test_before_init_there_is_one_hint_for_all(arguments: list[str], here: Command) -> None:
    assert here.main(*arguments) == (1, "", NOT_YET)
    assert here.tree() == {}


def test_another_state_directory(here: Command) -> None:
    here.write("score.yaml", running.score())
    assert here.main("init", "--state-dir", "var/score") == (
        0,
        "",
        "INFO: found 'score.yaml', no sample is written\nINFO: initialised 'var/score' for project 'shop'\n",
    )
    assert here.main("generate", "score.yaml")[2] == NOT_YET
    assert here.main("generate", "score.yaml", "--state-dir=var/score").exit == 0
    assert here.exists("compose.yaml")


def test_init_in_an_empty_directory(here: Command) -> None:
    assert here.main("init") == (
        0,
        "",
        "INFO: wrote a sample Score file to 'score.yaml'\nINFO: initialised 'state' for project 'shop'\n",
    )
    modes = {name: mode & 0o777 for name, (mode, _, _) in here.tree().items()}
    assert modes == {
        "score.yaml": 0o644,
        "state": 0o700,
        "state/.gitignore": 0o600,
        "state/backup.db": 0o600,
        "state/lock": 0o600,
        "state/mounts": 0o700,
        "state/schemas": 0o700,
        "state/schemas/provisioners.schema.json": 0o600,
        "state/schemas/score.schema.json": 0o600,
        "state/state.db": 0o600,
    }
    assert here.main("generate", "score.yaml") == (
        0,
        "",
        "INFO: read workload 'hello' from 'score.yaml'\n"
        "INFO: rendered 1 workload\n"
        "INFO: wrote compose.yaml\n",
    )


def test_init_again_changes_nothing_and_says_so(here: Command) -> None:
    here.main("init")
    before = here.tree()
    assert here.main("init") == (
        0,
        "",
        "INFO: found 'score.yaml', no sample is written\nINFO: found the state directory 'state'\n",
    )
    assert here.tree() == before


def test_init_with_a_sample_elsewhere_or_none(here: Command) -> None:
    assert here.main("init", "-f", "web.yaml").err.startswith(
        "INFO: wrote a sample Score file to 'web.yaml'\n"
    )
    assert here.main("init", "--no-sample").err == "INFO: found the state directory 'state'\n"
    assert not here.exists("score.yaml")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (
            "no/such/score.yaml",
            "no/such/score.yaml: cannot be written: its directory does not exist\n  hint: make the directory",
        ),
        (".", ".: is a directory, so no file can be written there"),
    ],
)
def test_init_with_a_sample_where_none_can_be(here: Command, file: str, said: str) -> None:
    assert here.main("init", "--file", file) == (1, "", f"Error: {said}\n")
    assert not here.exists("state")


@pytest.mark.parametrize("name", ["Upper", "with.dot", "-dash", "a/b", "", "new\nline"])
def test_init_with_a_bad_project_name(here: Command, name: str) -> None:
    assert here.main("init", f"--project={name}") == (
        1,
        "",
        f"Error: invalid value {name!r} for --project: it must match ^[a-z0-9][a-z0-9_-]*$\n"
        "  hint: use lower case letters, digits, '-' and '_', and begin with a letter or digit\n",
    )
    assert here.tree() == {}


def test_init_gives_the_project_another_name(here: Command) -> None:
    here.main("init")
    here.main("generate", "score.yaml")
    assert here.compose()["name"] == "shop"
    assert here.main("init", "-p", "mall").err == (
        "INFO: found 'score.yaml', no sample is written\nINFO: initialised 'state' for project 'mall'\n"
    )
    here.main("init")
    here.main("generate")
    assert here.compose()["name"] == "mall"


def test_no_default_provisioners_is_remembered(here: Command) -> None:
    here.write("score.yaml", running.score() + "resources:\n  data:\n    type: volume\n")
    here.main("init", "--no-default-provisioners")
    assert here.main("provisioners", "list").out == (
        "+------+-------+--------+---------+-------------+------+-------------+\n"
        "| TYPE | CLASS | PARAMS | OUTPUTS | DESCRIPTION | FROM | SHADOWED BY |\n"
        "+------+-------+--------+---------+-------------+------+-------------+\n"
    )
    unsupported = (
        "INFO: read workload 'web' from 'score.yaml'\n"
        "Error: score.yaml:9:11: resource 'volume.default#web.data' is not supported by any provisioner\n"
        "  | type: volume\n"
        "  hint: write one: a file 'provisioners/volume.provisioners.yaml' with `type: volume`; or let the "
        "shipped ones count (`doit-score init --default-provisioners`)\n"
    )
    assert here.main("generate", "score.yaml") == (1, "", unsupported)
    here.main("init")
    assert here.main("generate", "score.yaml") == (1, "", unsupported)


def test_default_provisioners_count_again_once_that_is_said(here: Command) -> None:
    here.write("score.yaml", running.score() + "resources:\n  data:\n    type: volume\n")
    here.main("init", "--no-default-provisioners")
    said = here.main("init", "--default-provisioners").err
    assert said.endswith("INFO: initialised 'state' for project 'shop'\n")
    assert here.main("generate", "score.yaml").exit == 0
    here.main("init")
    assert here.main("generate").exit == 0
    here.main("init", "--default-provisioners", "--no-default-provisioners")  # the last word counts
    assert here.main("generate").exit == 1


def test_init_takes_in_provisioners_from_files_and_stdin(here: Command) -> None:
    here.write("one.yaml", running.PROVISIONER)
    here.write("score.yaml", running.score(things=("cup",)))
    ran = here.score(
        *("init", "--no-default-provisioners", "--provisioners", "one.yaml", "--provisioners", "-"),
        stdin=running.PROVISIONER.replace("first", "second"),
    )
    saved = sorted((here.path / ".score-compose").iterdir())
    assert ran.err == (
        "INFO: found 'score.yaml', no sample is written\n"
        f"INFO: took in provisioners as '.score-compose/{saved[1].name}'\n"
        f"INFO: took in provisioners as '.score-compose/{saved[0].name}'\n"
        "INFO: initialised 'state' for project 'shop'\n"
    )
    here.main("generate", "score.yaml")
    assert here.services()["web-main"]["environment"] == {"CUP": "second"}


def test_init_takes_provisioners_in_where_those_of_the_target_are(here: Command) -> None:
    here.write("score.yaml", running.score(things=("cup",)))
    here.write("thing.yaml", running.PROVISIONER)
    here.main("init", "--target", "kubernetes")
    here.main("init", "--provisioners", "thing.yaml")
    (saved,) = here.path.glob(".score-k8s/*")
    assert saved.name.startswith("loaded-999999.")
    assert not here.exists(".score-compose")
    here.main("generate", "score.yaml")
    assert "value: first" in here.read("manifests.yaml")


def test_init_takes_in_nothing_if_one_provisioner_file_is_wrong(here: Command) -> None:
    here.write("one.yaml", running.PROVISIONER)
    here.write("two.yaml", "- uri: nope\n")
    ran = here.main("init", "--provisioners", "one.yaml", "--provisioners", "two.yaml")
    assert ran.exit == 1
    assert not here.exists("state")
    assert list((here.path / ".score-compose").glob("*")) == []


def test_init_with_a_provisioner_file_there_that_cannot_be_read(here: Command) -> None:
    here.write(".score-compose/x.provisioners.yaml", "- uri: nope\n  type: x\n")
    assert here.main("init") == (
        1,
        "",
        "Error: failed to load provisioners:\n"
        "  .score-compose/x.provisioners.yaml:1:8: the uri 'nope' has no scheme\n"
        "    | - uri: nope\n"
        "    hint: give it as template://NAME, jinja://NAME, cmd://COMMAND, local-env://NAME or images://NAME\n",
    )
    assert not here.exists("state")


def test_patch_templates_are_remembered_until_others_are_given(here: Command) -> None:
    here.write("score.yaml", running.score())
    for word in ("one", "two"):
        here.write(f"{word}.tpl", f"- {{op: set, path: services.web-main.user, value: {word}}}\n")
    here.main("init", "--patch-templates", "one.tpl")
    here.main("generate", "score.yaml")
    assert here.services()["web-main"]["user"] == "one"
    here.remove("one.tpl")
    here.main("init")
    here.main("generate")
    assert here.services()["web-main"]["user"] == "one"
    here.main("init", "--patch-templates", "two.tpl")
    here.main("generate")
    assert here.services()["web-main"]["user"] == "two"


def test_provisioners_list_shows_the_order_in_which_they_count(here: Command) -> None:
    here.write(".score-compose/b.provisioners.yaml", "- uri: template://b\n  type: thing\n  class: b\n")
    here.write(".score-compose/a.provisioners.yaml", "- uri: template://a\n  type: zebra\n")
    here.main("init", "--no-default-provisioners")
    assert [line.split()[1:4:2] for line in here.main("provisioners", "list").out.splitlines()[3::2]] == [
        ["zebra", "(any)"],
        ["thing", "b"],
    ]
    listed = json.loads(here.main("provisioners", "list", "--format", "json").out)
    assert [entry["Type"] for entry in listed] == ["thing", "zebra"]


@pytest.fixture
def generated(here: Command) -> Command:
    here.write("score.yaml", running.score(things=("cup", "mug")))
    here.write(".score-compose/thing.provisioners.yaml", running.PROVISIONER)
    here.main("init", "--no-default-provisioners")
    here.main("generate", "score.yaml")
    return here


def test_resources_list(generated: Command) -> None:
    assert generated.main("resources", "list") == (
        0,
        "+-----------------------+------------------------+-----------+------------+\n"
        "|          UID          |      PROVISIONER       | WORKLOADS |  OUTPUTS   |\n"
        "+-----------------------+------------------------+-----------+------------+\n"
        "| thing.default#web.cup | template://tests/thing | web       | name, word |\n"
        "+-----------------------+------------------------+-----------+------------+\n"
        "| thing.default#web.mug | template://tests/thing | web       | name, word |\n"
        "+-----------------------+------------------------+-----------+------------+\n",
        "",
    )
    listed = json.loads(generated.main("resources", "list", "-f", "json").out)
    assert [entry["UID"] for entry in listed] == ["thing.default#web.cup", "thing.default#web.mug"]


def test_resources_get_outputs(generated: Command) -> None:
    get = ("resources", "get-outputs", "thing.default#web.cup")
    found = json.loads(generated.main(*get).out)
    assert found == {"name": found["name"], "word": "first"}
    # The random name is in quotes if it looks like a number.
    assert yaml.safe_load(generated.main(*get, "--format", "yaml").out) == found
    assert generated.main(*get, "-f", "{{.word}}!").out == "first!\n"
    assert generated.main(*get, "-f", "{{.word") == (
        1,
        "",
        "Error: --format is not json, yaml, name or a template that works: line 1, column 8: expected }}, "
        "found the end of the template\n  | {{.word\n",
    )


@pytest.mark.parametrize(
    ("uid", "hint"),
    [
        ("thing.default#web.cap", "did you mean 'thing.default#web.cup'?"),
        ("x", "`doit-score resources list` shows what there is"),
    ],
)
def test_resources_get_outputs_of_what_there_is_not(generated: Command, uid: str, hint: str) -> None:
    assert generated.main("resources", "get-outputs", uid) == (
        1,
        "",
        f"Error: no such resource '{uid}'\n  hint: {hint}\n",
    )


@pytest.mark.usefixtures("settled")
def test_looking_changes_nothing(generated: Command) -> None:
    before = generated.tree()
    for command in (["resources", "list"], ["provisioners", "list"], ["version"], ["generate"]):
        generated.main(*command)
    assert generated.tree() == before


def test_an_interrupted_run_says_so(here: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from doit_score.command import cli

    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(cli._COMMANDS, "version", interrupted)
    assert here.main("version") == (130, "", "Error: interrupted; what was generated so far is kept\n")


def test_a_fault_of_ours_is_told_without_a_traceback(here: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from doit_score.engine.run import Engine

    def broken(_: Engine, *, forget: bool) -> None:
        raise RuntimeError("boom")

    here.write("score.yaml", running.score())
    here.main("init")
    monkeypatch.setattr(Engine, "update", broken)
    assert here.main("generate", "score.yaml") == (
        1,
        "",
        "Error: this is a fault of doit-score: RuntimeError: boom\n"
        "  hint: set DOIT_SCORE_DEBUG=1 to see where it happened, and report it\n",
    )
    monkeypatch.setenv("DOIT_SCORE_DEBUG", "1")
    assert "Traceback (most recent call last):" in here.main("generate", "score.yaml").err


def test_a_reader_that_has_enough_is_no_error(generated: Command) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "doit_score", "resources", "list"]
    environment = {**os.environ, "PYTHONPATH": str(running.SOURCES)}
    try:
        done = subprocess.run(
            command, cwd=generated.path, env=environment, stdout=write, stderr=subprocess.PIPE, text=True
        )
    finally:
        os.close(write)
    assert done.stderr == ""


def test_commands_leave_no_connection_open(generated: Command) -> None:
    """ResourceWarning is an error here (pyproject.toml)."""
    import gc

    generated.main("generate", "--force")
    gc.collect()
