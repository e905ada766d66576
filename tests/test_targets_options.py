"""Options that are for one target: with another they are errors; those of Kubernetes are remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import Directory

from doit_score.configuring.arguments import settings
from doit_score.options import ARGUMENTS, OPTIONS, Option
from doit_score.text.errors import ScoreError

SCORE = "apiVersion: score.dev/v1b1\nmetadata: {name: loom}\ncontainers: {main: {image: x}}\n"


def project(path: Path) -> Directory:
    here = Directory(path)
    here.init("--target", "kubernetes")
    here.write("score.yaml", SCORE)
    here.run("generate", "score.yaml")
    return here


FOR_ONE = {
    ("--publish", "80:loom:80"): "compose",
    ("--start-order", "direct"): "compose",
    ("--probes", "http"): "compose",
    ("--env-file", "x.env"): "compose",
    ("--build", "main=."): "compose",
    ("--namespace", "mill"): "kubernetes",
    ("--generate-namespace",): "kubernetes",
    ("--output-format", "kyaml"): "kubernetes",
}


OF_CONTAINERS = {"--pull": ("up", "always"), "--timeout": ("down", "3"), "--until": ("logs", "1m")}
"""What is for containers that Compose runs: with the verb, and a value."""


@pytest.mark.parametrize(("said", "target"), FOR_ONE.items())
def test_a_flag_of_another_target_is_told_with_the_one_that_has_it(
    tmp_path: Path, said: tuple[str, ...], target: str
) -> None:
    other = "kubernetes" if target == "compose" else "compose"
    here = Directory(tmp_path)
    here.init("--target", other)
    here.write("score.yaml", SCORE)
    assert here.run("generate", "score.yaml", *said, status=1).stderr == (
        f"Error: {said[0]} is for the target {target}, and this project is for {other}\n"
    )


def test_all_flags_of_another_target_are_told_at_once(tmp_path: Path) -> None:
    here = project(tmp_path)
    said = here.run("generate", "score.yaml", "--build", "main=.", "-p", "80:loom:80", status=1).stderr
    assert said == (
        "Error: 2 problems:\n"
        "  --build is for the target compose, and this project is for kubernetes\n"
        "  --publish is for the target compose, and this project is for kubernetes\n"
    )


@pytest.mark.parametrize("verb", ["up", "down", "status", "logs"])
def test_a_context_is_for_a_cluster(tmp_path: Path, verb: str) -> None:
    here = Directory(tmp_path)
    here.init()
    assert here.run(verb, "--context", "test", status=1).stderr == (
        "Error: --context is for the target kubernetes, and this project is for compose\n"
    )


@pytest.mark.parametrize(("flag", "said"), OF_CONTAINERS.items())
def test_what_is_for_containers_of_compose_is_told_in_a_project_for_a_cluster(
    tmp_path: Path, flag: str, said: tuple[str, str]
) -> None:
    here = project(tmp_path)
    verb, value = said
    assert here.run(verb, flag, value, status=1).stderr == (
        f"Error: {flag} is for the target compose, and this project is for kubernetes\n"
    )


def test_a_look_into_a_cluster_is_for_one(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.init()
    here.write("score.yaml", SCORE)
    assert here.run("diff", "score.yaml", "--live", status=2).stderr == (
        "Error: --live is for the target kubernetes, and this project is for compose\n"
    )


def test_every_flag_of_one_target_is_tried() -> None:
    flags = {option.flags[-1] for option in OPTIONS if option.target and option.flags}
    assert flags - {"--context", "--live"} == {said[0] for said in FOR_ONE} | set(OF_CONTAINERS)


SAID = {
    "builds": {"main": "."},
    "publish": ["80:loom:80"],
    "start_order": "direct",
    "probes": "http",
    "namespace": "mill",
    "generate_namespace": True,
    "context": "test",
    "format": "kyaml",
}


@pytest.mark.parametrize("option", [one for one in ARGUMENTS if one.target], ids=lambda one: one.name)
def test_an_argument_of_another_target_is_told_with_the_one_that_has_it(option: Option) -> None:
    other = "kubernetes" if option.target == "compose" else "compose"
    with pytest.raises(ScoreError) as error:
        settings("", {"target": other, option.name: SAID[option.name]})
    assert str(error.value) == (
        "Score(...) has wrong arguments:\n"
        f"  {option.name} is for the target {option.target}, and this project is for {other}"
    )
    settings("", {"target": option.target, option.name: SAID[option.name]})


def test_what_was_said_for_a_cluster_is_remembered_and_why_tells_it(tmp_path: Path) -> None:
    here = project(tmp_path)
    assert "remembered" not in here.run("why").stderr
    here.run(
        *("generate", "-n", "mill", "--generate-namespace", "--output-format", "kyaml"),
        *("--secrets", "separate", "-o", "all.yaml"),
    )
    assert here.run("why").stderr.splitlines()[-1] == (
        "INFO: remembered: --output all.yaml --namespace mill --generate-namespace "
        "--output-format kyaml --secrets separate"
    )
