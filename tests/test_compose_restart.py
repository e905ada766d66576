"""A workload that is started again with servers of its resources, as an annotation asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from engineering import Project

# A server with a job, and a resource that brings nothing.
BROKER = """\
- uri: jinja://tests/queue
  type: queue
  outputs: "host: broker"
  services: |
    broker:
      image: broker
      healthcheck: {test: [CMD, "true"]}
    queue-{{ id | replace(".", "-") }}:
      image: broker
      labels: {dev.score.compose.labels.is-init-container: "true"}
      depends_on: {broker: {condition: service_healthy}}
- uri: jinja://tests/name
  type: name
  outputs: "host: name"
"""
WEB = """\
apiVersion: score.dev/v1b1
metadata:
  name: web
  annotations:
    compose.score.dev/restart-with: QUEUES
containers:
  main: {image: nginx}
  migrate: {image: nginx, before: {main: {ready: complete}}}
resources:
  orders: {type: queue}
  bills: {type: queue}
  name: {type: name}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    project = Project(project="p")
    project.write("provisioners/broker.provisioners.yaml", BROKER)
    return project


@pytest.mark.parametrize("order", ["wait", "direct"])
def test_its_services_depend_on_the_server_and_are_restarted_with_it(project: Project, order: str) -> None:
    project.write("web.score.yaml", WEB.replace("QUEUES", "orders, bills"))
    project.run(start_order=order)
    services = project.compose()["services"]
    restarted = {"condition": "service_healthy", "restart": True, "required": True}
    assert services["web-main"]["depends_on"]["broker"] == restarted
    # One that others wait for to complete is not what runs, and a job is not what it depends on.
    assert _restarts(services) == {("web-main", "broker")}
    unasked = WEB.replace("compose.score.dev/restart-with: QUEUES", "team.example/ab: c")
    project.write("web.score.yaml", unasked)
    project.run(start_order=order)
    assert _restarts(project.compose()["services"]) == set()


def _restarts(services: Mapping[str, Mapping[str, object]]) -> set[tuple[str, str]]:
    found = set()
    for name, service in services.items():
        depends_on = service.get("depends_on", {})
        assert isinstance(depends_on, dict)
        found |= {(name, other) for other, wait in depends_on.items() if wait.get("restart")}
    return found


@pytest.mark.parametrize(
    ("value", "found"), [("order", "order"), ("''", ""), ("name", "name"), ("'orders, x'", "x")]
)
def test_a_name_that_has_no_server_is_told_with_its_place(project: Project, value: str, found: str) -> None:
    project.write("web.score.yaml", WEB.replace("QUEUES", value))
    said = (
        "metadata.annotations[compose.score.dev/restart-with]: "
        f"expected names of resources that have a server here, found '{found}'"
    )
    assert project.fails() == f"web.score.yaml:5:37: {said}\n  hint: these have: bills, orders"
