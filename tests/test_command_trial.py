"""`doit-score provisioners try`."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from engineering import score
from read_only import read_only

from doit_score.command import cli

CACHE = """\
- uri: template://shop/cache
  type: cache
  supported_params: [megabytes]
  expected_outputs: [host]
  state: |
    name: {{ dig "name" (print "cache-" (randAlphaNum 6 | lower)) .State }}
    password: {{ .State.password | default (randAlphaNum 16) }}
  shared: |
    caches:
      {{ .State.name }}: {{ dig "megabytes" 64 (.Params | default dict) }}
  outputs: |
    host: {{ .State.name }}
"""


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a provisioner file, and no state."""
    folder = tmp_path / "shop"
    (folder / "provisioners").mkdir(parents=True)
    (folder / "provisioners" / "cache.provisioners.yaml").write_text(CACHE)
    monkeypatch.chdir(folder)
    return folder


def tried(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = cli.main(["provisioners", "try", *arguments])
    said = capsys.readouterr()
    return status, said.out + said.err


def tree(folder: Path) -> dict[str, tuple[object, ...]]:
    """Every file and directory below ``folder``, with its mode and a file's time and content."""
    return {
        str(path): (
            path.stat().st_mode,
            *((path.stat().st_mtime_ns, path.read_bytes()) if path.is_file() else ()),
        )
        for path in sorted(folder.rglob("*"))
    }


FILE = "provisioners/cache.provisioners.yaml"


@pytest.mark.parametrize("what", ["cache", FILE])
def test_a_type_or_a_file_in_a_project_that_has_no_state(
    what: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(shop)
    status, said = tried(capsys, what, "--param", "megabytes=32", "--section", "shared", "--data")
    assert status == 0
    assert said.startswith(
        f"cache.default#example.cache\nby template://shop/cache ({FILE}:1)\n\nshared\n  data:\n"
    )
    assert "    ComposeProjectName: shop\n" in said
    assert "    Params:\n      megabytes: 32\n" in said
    assert said.endswith(": 32\n\nstable: run again on its own result it gives the same\n")
    assert tree(shop) == before


def generate(more: str = "") -> None:
    Path("score.yaml").write_text(score("web", {"one": f"{{type: cache, params: {{megabytes: 8}}{more}}}"}))
    assert cli.main(["--quiet", "init", "--project", "demo"]) == 0
    assert cli.main(["--quiet", "generate", "score.yaml"]) == 0


UID = "cache.default#web.one"


def test_a_resource_of_the_project_with_what_is_kept_and_shared(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate()
    before = tree(shop)
    status, said = tried(capsys, "cache", "--from", UID, "--format", "json", "--data", "--show-secrets")
    found = json.loads(said)
    state, shared = found["Fields"][0], found["Fields"][1]
    assert (status, found["UID"], found["Stable"]) == (0, UID, True)
    kept = state["Data"]["State"]
    assert len(kept["password"]) == 16
    assert state["Value"] == kept
    assert state["Data"]["Shared"] == {"caches": {kept["name"]: 8}}
    assert shared["Value"] == {"caches": {kept["name"]: 8}}
    assert state["Data"]["ComposeProjectName"] == "demo"
    assert tree(shop) == before


def test_a_directory_that_cannot_be_written_to(capsys: pytest.CaptureFixture[str]) -> None:
    generate()
    with read_only():
        assert tried(capsys, "cache")[0] == tried(capsys, "cache", "--from", UID)[0] == 0


def test_the_class_is_that_of_the_resource(capsys: pytest.CaptureFixture[str]) -> None:
    generate(", class: large")
    status, said = tried(capsys, FILE, "--from", "cache.large#web.one")
    assert (status, said.partition("\n")[0]) == (0, "cache.large#web.one")


def test_what_is_said_is_laid_over_what_the_resource_has(capsys: pytest.CaptureFixture[str]) -> None:
    generate()
    more = ("--param", "megabytes=9", "--metadata", r"annotations.a\.b=c", "--class", "large")
    _, said = tried(capsys, FILE, "--from", UID, "--format", "json", "--data", *more)
    found = json.loads(said)
    assert found["UID"] == "cache.large#web.one"
    data = found["Fields"][0]["Data"]
    assert (data["Params"], data["Metadata"]) == ({"megabytes": 9}, {"annotations": {"a.b": "c"}})


def test_passwords_are_shown_only_if_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert "    2 | password: *****\n" in tried(capsys, "cache")[1]
    assert "*****" not in tried(capsys, "cache", "--show-secrets")[1]


def test_workloads_of_score_files(capsys: pytest.CaptureFixture[str]) -> None:
    ports = "service:\n  ports:\n    web:\n      port: 80\n"
    Path("web.yaml").write_text(score("web") + ports)
    Path("api.yaml").write_text(score("api"))
    arguments = ("--workload", "web.yaml", "--workload", "api.yaml", "--format", "json", "--data")
    found = json.loads(tried(capsys, "cache", *arguments)[1])
    data = found["Fields"][0]["Data"]
    assert (found["UID"], data["SourceWorkload"]) == ("cache.default#web.cache", "web")
    assert sorted(data["WorkloadServices"]) == ["api", "web"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("outputs: |\n    host: {{ fail `no` }}", "  error: "),
        ("outputs: |\n    host: {{ uuidv4 }}", "unstable: "),
        ("outputs: |\n    port: 1", "  warning: "),
    ],
)
def test_whatever_is_wrong_makes_the_exit_status_1(
    text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("x.yaml").write_text(f"- uri: template://x\n  type: x\n  expected_outputs: [host]\n  {text}\n")
    status, printed = tried(capsys, "x.yaml")
    assert status == 1
    assert f"\n{said}" in printed


def test_a_command_is_run_again_only_if_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    Path("script").write_text("#!/bin/sh\necho x >> runs\necho '{}'\n")
    os.chmod("script", stat.S_IRWXU)
    Path("x.yaml").write_text("- {uri: 'cmd://./script', type: x}\n")
    status, said = tried(capsys, "x.yaml")
    assert (status, Path("runs").read_text()) == (0, "x\n")
    assert said.endswith("\nit was not run again, since it is a command: --again does that\n")
    status, said = tried(capsys, "x.yaml", "--again")
    assert (status, Path("runs").read_text()) == (0, "x\nx\nx\n")
    assert said.endswith("\nstable: run again on its own result it gives the same\n")


def test_images_of_the_project_are_those_of_the_provisioner_too(capsys: pytest.CaptureFixture[str]) -> None:
    Path("provisioners/images.provisioners.yaml").write_text("- {uri: 'images://x', images: {redis: mine}}\n")
    Path("x.yaml").write_text(
        "- uri: jinja://x\n  type: x\n  images: [redis]\n  outputs: |\n    image: {{ images.redis }}\n"
    )
    assert "    1 | image: mine\n" in tried(capsys, "x.yaml")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cahe"], "Error: there is no provisioner for type 'cahe'\n  hint: did you mean 'cache'?\n"),
        (
            ["cache", "--section", "stat"],
            "Error: template://shop/cache gives nothing in 'stat'\n  hint: did you mean 'state'?\n",
        ),
        (
            ["cache", "--param", "x"],
            "Error: --param 'x': expected PATH=VALUE, such as size=10Gi (an empty VALUE deletes), "
            "found no '='\n",
        ),
        (
            ["cache", "--type", "other"],
            "Error: two types are asked for, 'other' and 'cache'\n"
            "  hint: name the file of the provisioner, or one type\n",
        ),
        (
            ["cache", "--from", UID],
            "Error: there is no state in 'state' yet\n  hint: run `doit-score init` (or `doit init`) first\n",
        ),
        (
            ["cache", "--workload", "none.yaml"],
            "Error: none.yaml: cannot be read: No such file or directory\n",
        ),
    ],
)
def test_what_cannot_be_tried(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert tried(capsys, *arguments) == (1, message)


def test_the_environment_has_a_provisioner_in_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert tried(capsys, "environment") == (
        0,
        "environment.default#example.environment\nby builtin://environment\n\n"
        "stable: run again on its own result it gives the same\n",
    )
