"""The resource that a provisioner is tried on."""

from __future__ import annotations

from pathlib import Path

import pytest
from engineering import ROUTE, THING, TOPIC, Project, score

from doit_score.provisioning.model import ProvisionInput
from doit_score.score.workload import Workload
from doit_score.store.copies import open_copy
from doit_score.store.meta import Meta
from doit_score.targets import find
from doit_score.text.errors import ScoreError
from doit_score.trying.resource import Around, Resource, existing, read_workload, read_workloads

PORTS = "service:\n  ports:\n    web:\n      port: 80\n      targetPort: 8080\n"


def workload(name: str, more: str = "") -> Workload:
    return read_workload(f"{score(name)}{more}".encode(), f"{name}.yaml")


def test_a_resource_that_nothing_is_said_of() -> None:
    assert Resource("redis", "default", "example.redis").given(Around("demo")) == ProvisionInput(
        uid="redis.default#example.redis",
        type="redis",
        class_="default",
        id="example.redis",
        params=None,
        metadata=None,
        state={},
        shared={},
        source_workload="example",
        workload_services={"example": {"ServiceName": "example", "Ports": {}}},
        project="demo",
        mounts_directory="state/mounts",
        target=find("compose"),
        guid="00000000-0000-4000-8000-000000000000",
    )


def test_it_is_of_the_first_workload_and_knows_the_ports_of_all() -> None:
    around = Around("demo").of([workload("web", PORTS), workload("api")])
    given = Resource("redis", "default", "x").given(around)
    port = {"Name": "web", "Port": 80, "TargetPort": 8080, "Protocol": "TCP"}
    assert given.source_workload == "web"
    assert given.workload_services == {
        "web": {"ServiceName": "web", "Ports": {"web": port, "80": port}},
        "api": {"ServiceName": "api", "Ports": {}},
    }


def test_placeholders_of_params_are_replaced_as_in_a_score_file() -> None:
    around = Around("demo").of([workload("web")])
    params = {"name": "${metadata.name}-x", "price": "$${5}", "size": 3}
    given = Resource("redis", "default", "x", params=params).given(around)
    assert given.params == {"name": "web-x", "price": "${5}", "size": 3}
    with pytest.raises(ScoreError) as error:
        Resource("redis", "default", "x", params={"host": "${resources.dns.host}"}).given(around)
    assert str(error.value).endswith("\n  in the params of resource 'redis.default#x'")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Two workloads that share a topic, of which one has a thing that refers to it, and a route."""
    monkeypatch.chdir(tmp_path)
    Path("provisioners").mkdir()
    for name, text in (("thing", THING), ("topic", TOPIC), ("route", ROUTE)):
        Path(f"provisioners/{name}.provisioners.yaml").write_text(text)
    resources = {
        "events": "{type: topic, id: events, metadata: {annotations: {team: b}}}",
        "one": "{type: thing, params: {say: '${resources.events.topic} of ${metadata.name}'}}",
        "route": "{type: route, params: {host: h}}",
    }
    Path("web.score.yaml").write_text(score("web", resources) + PORTS)
    Path("api.score.yaml").write_text(score("api", {"events": "{type: topic, id: events}"}))
    made = Project(project="shop")
    made.run()
    return made


def test_a_resource_of_a_project_is_given_what_the_last_run_gave_it(project: Project) -> None:
    with open_copy("state") as state:
        resource, around = existing(state, "thing.default#web.one", Around("demo"), {})
        topic, _ = existing(state, "topic.default#events", Around("demo"), {})
    given = resource.given(around)
    assert topic.state.keys() == {"topic"}
    assert given.params == {"say": f"{topic.state['topic']} of web"}
    assert given.state.keys() == {"name"}
    assert given.metadata is None
    assert sorted(given.shared) == ["broker", "routes"]
    assert given.shared["routes"] == {"route.default#web.route": "h"}
    port = {"Name": "web", "Port": 80, "TargetPort": 8080, "Protocol": "TCP"}
    assert given.workload_services == {
        "api": {"ServiceName": "api", "Ports": {}},
        "web": {"ServiceName": "web", "Ports": {"80": port, "web": port}},
    }
    assert (given.source_workload, given.project) == ("web", "shop")


def test_what_was_taken_over_from_score_compose_is_in_the_shared_state_too(project: Project) -> None:
    with open_copy("state") as state:
        state.set_meta(Meta.base.to({"old": 1}))
        _, around = existing(state, "topic.default#events", Around("demo"), {})
    assert sorted(around.shared) == ["broker", "old", "routes"]


def test_the_metadata_of_a_shared_resource_are_those_that_one_workload_gives(project: Project) -> None:
    with open_copy("state") as state:
        resource, around = existing(state, "topic.default#events", Around("demo"), {})
    given = resource.given(around)
    assert (given.metadata, given.params, given.source_workload) == (
        {"annotations": {"team": "b"}},
        None,
        "api",
    )


def test_a_resource_that_the_project_does_not_have(project: Project) -> None:
    with open_copy("state") as state, pytest.raises(ScoreError) as error:
        existing(state, "thing.default#web.on", Around("demo"), {})
    assert str(error.value) == (
        "no such resource 'thing.default#web.on'\n  hint: did you mean 'thing.default#web.one'?"
    )


def test_score_files_that_are_no_good_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "score.yaml"
    path.write_text("apiVersion: score.dev/v1b1\n")
    with pytest.raises(ScoreError, match="metadata"):
        read_workloads([str(path)])
