"""Whole projects in tests."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest
from engineering import ROUTE, THING, TOPIC, score

from doit_score.testing import Failed, Provision, Up
from doit_score.text.light import Any

OWN = {f"provisioners/{name}.provisioners.yaml": text for name, text in (("thing", THING), ("route", ROUTE))}
RESOURCES = {"one": "{type: thing, params: {say: hi}}", "way": "{type: route, params: {host: h}}"}
FILES = {"score.yaml": score("web", RESOURCES, variables={"NAME": "${resources.one.name}"}), **OWN}


def test_all_that_there_is_of_a_project(provision: Provision) -> None:
    before = os.getcwd()
    project = provision.project(FILES, name="shop")
    name = project.outputs["thing.default#web.one"]["name"]
    assert project.outputs == {
        "route.default#web.way": {"url": "http://h"},
        "thing.default#web.one": {"name": name, "said": "hi"},
    }
    assert sorted(project.services) == ["proxy", "wait-for-resources", "web-main"]
    assert project.services["web-main"]["environment"] == {"NAME": name}
    assert project.files == {"proxy/routes.conf": "\nh route.default#web.way\n"}
    assert project.compose["name"] == "shop"
    assert project.volumes == {}
    assert project.text.startswith("name: shop\n")
    assert (project.warnings, project.info[0]) == ((), "initialised 'state' for project 'shop'")
    assert (project.directory / "compose.yaml").is_file()
    assert os.getcwd() == before
    project.again()


def test_provisioners_are_those_of_the_project_that_is_tested_unless_others_are_named(
    provision: Provision, tmp_path: Path
) -> None:
    (tmp_path / "topic.yaml").write_text(TOPIC)
    files = {"score.yaml": score("web", {"one": "{type: topic}", "two": "{type: redis}"})}
    with pytest.raises(Failed) as failure:
        provision.project(files)
    assert "resource 'topic.default#web.one' is not supported by any provisioner" in str(failure.value)
    project = provision.project(files, provisioners=[str(tmp_path / "*.yaml")])
    assert sorted(project.outputs) == ["redis.default#web.two", "topic.default#web.one"]


def test_what_score_takes(provision: Provision) -> None:
    ports = "service:\n  ports:\n    web:\n      port: 80\n"
    text = score("web", {"env": "{type: environment}"}, variables={"A": "${resources.env.SIZE}"}) + ports
    patch = '- {op: set, path: services.web-main.image, value: "patched"}\n'
    more: dict[str, Any] = {
        "publish": ["8080:web:80"],
        "patch_templates": ["patch.yaml"],
        "env": {"SIZE": "9"},
    }
    project = provision.project({"score.yaml": text, "patch.yaml": patch}, **more)
    service = project.services["web-main"]
    assert (service["image"], service["ports"]) == ("patched", [{"published": "8080", "target": 80}])


def test_what_generate_refuses_fails_the_test(provision: Provision) -> None:
    with pytest.raises(Failed) as failure:
        provision.project({"score.yaml": score("web").replace("nginx", "3")})
    assert str(failure.value) == (
        "validation errors in workload 'web':\n"
        "  score.yaml:6:12: /containers/main/image: expected text: text that is not empty, "
        "found a number (3)\n"
        "    | image: 3\n"
        "    hint: put the value in quotes"
    )


def test_warnings_are_those_of_the_last_run(provision: Provision) -> None:
    files = {**FILES, "provisioners/thing.provisioners.yaml": THING + "  supported_params: []\n"}
    (warning,) = provision.project(files).warnings
    assert "unknown param 'say'" in warning


def test_a_project_that_is_another_one_each_time(provision: Provision) -> None:
    restless = "- uri: template://x\n  type: id\n  outputs: |\n    id: {{ print `id-` (randAlpha 8) }}\n"
    text = score("web", {"one": "{type: id}"}, variables={"ID": "${resources.one.id}"})
    project = provision.project({"score.yaml": text, "provisioners/x.provisioners.yaml": restless})
    first = project.outputs["id.default#web.one"]["id"]
    with pytest.raises(Failed) as failure:
        project.again()
    then = project.outputs["id.default#web.one"]["id"]
    lines = str(failure.value).splitlines()
    assert lines[:3] == [
        "generated again, with provisioners run on their own results, it differs:",
        "--- first",
        "+++ again",
    ]
    assert [line for line in lines[3:] if line[0] in "+-"] == [
        f"-        ID: {first}",
        f"+        ID: {then}",
        f"-    id: {first}",
        f"+    id: {then}",
    ]


def test_a_project_for_kubernetes(provision: Provision) -> None:
    text = score("web", {"one": "{type: redis}"}, variables={"HOST": "${resources.one.host}"})
    project = provision.project({"score.yaml": text}, target="kubernetes")
    host = project.outputs["redis.default#web.one"]["host"]
    assert (project.compose, project.services, project.warnings) == ({}, {}, ())
    assert sorted(project.manifests) == sorted(
        [
            f"/v1/Secret/{host}",
            f"/v1/Service/{host}",
            f"/apps/v1/StatefulSet/{host}",
            "/apps/v1/Deployment/web",
        ]
    )
    (container,) = project.manifests["/apps/v1/Deployment/web"]["spec"]["template"]["spec"]["containers"]
    assert container["env"] == [{"name": "HOST", "value": host}]
    project.again()


def test_a_compose_project_has_no_manifests(provision: Provision) -> None:
    assert provision.project(FILES).manifests == {}


def test_a_project_for_kubernetes_is_not_run_in_docker(provision: Provision) -> None:
    with ExitStack() as stack, pytest.raises(Failed) as failure:
        Up(provision, stack)({"score.yaml": score("web")}, target="kubernetes")
    assert str(failure.value) == "a project for kubernetes cannot be run in Docker"
