"""What other tasks of a dodo.py are given of a project (`getargs`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import running
from running import Project

pytestmark = pytest.mark.usefixtures("settled")

DODO = """\
import json
from doit_score import Score

score = Score({arguments})


def save(**values):
    with open("values.json", "w") as file:
        json.dump(values, file)


def task_use():
    names = ("output", "project", "services", "ports")
    getargs = {{name: ("generate", name) for name in names}}
    return {{"actions": [save], "getargs": getargs, "uptodate": [False]}}
"""


@pytest.fixture
def here(tmp_path: Path) -> Project:
    directory = Project(tmp_path / "shop")
    directory.write("score.yaml", running.score() + "  side:\n    image: nginx\n")
    return directory


def used(here: Project, arguments: str = "") -> object:
    here.write("dodo.py", DODO.format(arguments=arguments))
    here.doit("use")
    return json.loads(here.read("values.json"))


def test_output_project_services_and_published_ports(here: Project) -> None:
    here.write("score.yaml", here.read("score.yaml") + "service:\n  ports:\n    http:\n      port: 80\n")
    assert used(here, "publish=['8080:web:80', '8081:web:81/udp']") == {
        "output": "compose.yaml",
        "project": "shop",
        "services": {"web": ["web-main", "web-side"]},
        "ports": {"web-main": {"80/tcp": "8080", "81/udp": "8081"}},
    }


def test_they_are_those_of_the_last_run_also_where_nothing_had_to_be_done(here: Project) -> None:
    first = used(here)
    here.remove("values.json")
    assert used(here) == first
    here.remove("values.json")
    for path in here.path.glob(".doit.db*"):
        path.unlink()
    assert used(here) == first


def test_a_change_is_told(here: Project) -> None:
    used(here)
    assert used(here, "output='other.yaml', publish='80:web:80'") == {
        "output": "other.yaml",
        "project": "shop",
        "services": {"web": ["web-main", "web-side"]},
        "ports": {"web-main": {"80/tcp": "80"}},
    }


def test_objects_of_a_cluster(here: Project) -> None:
    assert used(here, "target='kubernetes', output='k8s/'") == {
        "output": "k8s/",
        "project": "shop",
        "services": {"web": ["Deployment/web"]},
        "ports": {},
    }
