"""`--format json` and `--format name` of what lists or reports, and where colours go."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest
import running
from running import Command

from doit_score.version import __version__

pytestmark = pytest.mark.usefixtures("settled")

UID = "thing.default#web.cup"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """A project with a workload that has a resource, not generated yet."""
    here = Command(tmp_path / "shop", capsys)
    monkeypatch.chdir(here.path)
    here.write("provisioners/thing.provisioners.yaml", running.PROVISIONER)
    here.write("score.yaml", running.score(things=("cup",)))
    assert here.main("init", "--no-sample", "--no-default-provisioners").exit == 0
    return here


def test_what_generate_did_as_json_is_what_why_tells_and_nothing_if_nothing_was_done(here: Command) -> None:
    done = here.main("generate", "score.yaml", "--format", "json")
    assert (done.exit, done.err.splitlines()[-1]) == (0, "INFO: wrote compose.yaml")
    assert json.loads(done.out) == json.loads(here.main("why", "--format", "json").out)
    assert [(one["Kind"], one["Name"], one["Did"]) for one in json.loads(done.out)] == [
        ("workload", "web", "rendered"),
        ("resource", UID, "provisioned"),
        ("file", "compose.yaml", "wrote"),
    ]
    assert list(json.loads(done.out)[0]) == ["Kind", "Name", "Did", "Reasons", "Warnings"]
    assert here.main("generate", "--format", "json").out == "[]\n"
    assert here.main("generate", "--format", "name").out == ""
    here.write("score.yaml", running.score(things=("cup",), image="nginx:2"))
    assert here.main("generate", "--format", "name").out == "web\ncompose.yaml\n"
    assert here.main("why", "--format", "name").out == "web\ncompose.yaml\n"


def test_a_report_and_the_output_cannot_both_be_on_standard_output(here: Command) -> None:
    done = here.main("generate", "score.yaml", "-o", "-", "--format", "json")
    assert (done.exit, done.out) == (1, "")
    assert done.err == "Error: --format json: standard output is for what -o - writes there\n"


def test_what_generate_would_do(here: Command) -> None:
    assert here.main("generate", "score.yaml").exit == 0
    assert here.main("diff", "--format", "json").out == "[]\n"
    here.write("score.yaml", running.score(things=("cup",), image="nginx:2"))
    done = here.main("diff", "--format", "json")
    (found,) = json.loads(done.out)
    assert (done.exit, list(found)) == (1, ["Kind", "Name", "Would", "Diff"])
    text = here.main("diff").out
    assert found == {"Kind": "file", "Name": "compose.yaml", "Would": "change", "Diff": text}
    assert text.startswith("--- compose.yaml\n+++ compose.yaml\n@@ ")
    assert here.main("diff", "--format", "name").out == "compose.yaml\n"
    painted = here.main("diff", "--color", "always").out
    assert "\x1b[32m+    image: nginx:2\x1b[0m\n" in painted
    assert "\x1b[31m-    image: nginx\x1b[0m\n" in painted


def test_names_are_those_that_other_commands_take(here: Command) -> None:
    assert here.main("generate", "score.yaml").exit == 0
    (uid,) = here.main("resources", "list", "--format", "name").out.splitlines()
    assert uid == UID
    outputs = here.main("resources", "get-outputs", uid, "--format", "name").out.splitlines()
    assert list(json.loads(here.main("resources", "get-outputs", uid).out)) == outputs
    assert len(outputs) > 1
    assert here.main("provisioners", "list", "--format", "name").out == "thing\n"
    here.write("score.yaml", running.score(things=("cup",)).replace("image:", "imige:"))
    done = here.main("check", "--format", "name")
    assert (done.exit, done.out) == (1, "score.yaml\n")


def test_the_version(here: Command) -> None:
    assert here.main("version", "--format", "name").out == f"{__version__}\n"
    found = {"Name": "doit-score", "Version": __version__, "Python": platform.python_version()}
    assert json.loads(here.main("version", "--format", "json").out) == found
    assert here.main("version").out == f"doit-score {__version__} (Python {platform.python_version()})\n"


def test_colours_are_for_errors_of_the_words_themselves_too(here: Command) -> None:
    red = "\x1b[1;31mError:\x1b[0m "
    assert here.main("generate", "--wrong", "--color=always").err.startswith(red)
    assert here.main("--color", "always", "why", "nobody").err.startswith(red)
    assert here.main("generate", "--wrong", "--color", "never").err.startswith("Error: ")
    assert here.main("why", "nobody").err.startswith("Error: ")


def test_vv_tells_the_provisioner_of_each_resource_and_its_place_also_if_nothing_was_done(
    here: Command,
) -> None:
    assert here.main("generate", "score.yaml").exit == 0
    said = here.main("generate", "-vv").err.splitlines()
    uri = json.loads(here.main("resources", "list", "--format", "json").out)[0]["Provisioner"]
    place = f"DEBUG: resource '{UID}' is of provisioner {uri} (provisioners/thing.provisioners.yaml:1)"
    assert said[-1] == place
    assert place not in here.main("generate", "-v").err.splitlines()
