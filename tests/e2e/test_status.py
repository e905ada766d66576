"""`status`: whose each container is, and how it does."""

from __future__ import annotations

import docking
from docking import Docked, docker, workload

STORE = """\
- uri: jinja://tests/store
  type: store
  outputs: |
    host: store
  services: |
    store:
      image: dsu-busybox:2
      command: [httpd, -f, -p, "80", -h, /www]
      healthcheck: {test: [CMD, "true"], interval: 300ms}
    store-init:
      image: dsu-busybox:2
      command: ["true"]
      labels: {dev.score.compose.labels.is-init-container: "true"}
      depends_on: {store: {condition: service_healthy}}
"""


def test_the_table_and_the_json_of_a_project(here: Docked) -> None:
    port = docking.free_port()
    here.dodo(f"publish='{port}:web:80'")
    here.write("provisioners/store.provisioners.yaml", STORE)
    here.write("score.yaml", workload(resources={"db": "store"}))
    here.doit("up")
    published = f"{port}->80/tcp"
    assert here.doit("status").out == (
        ".  status\n"
        "+----------------------+--------------------+---------+---------+---------------+\n"
        "| WORKLOAD OR RESOURCE |      SERVICE       |  STATE  | HEALTH  |     PORTS     |\n"
        "+----------------------+--------------------+---------+---------+---------------+\n"
        f"| web                  | web-main           | running |         | {published:<13} |\n"
        "+----------------------+--------------------+---------+---------+---------------+\n"
        "| store.default#web.db | store              | running | healthy |               |\n"
        "+----------------------+--------------------+---------+---------+---------------+\n"
        "| store.default#web.db | store-init         | done    |         |               |\n"
        "+----------------------+--------------------+---------+---------+---------------+\n"
        "| doit-score           | wait-for-resources | done    |         |               |\n"
        "+----------------------+--------------------+---------+---------+---------------+\n"
    )

    def row(kind: str, owners: list[str], service: str, **more: object) -> dict[str, object]:
        usual: dict[str, object] = {
            "Kind": kind,
            "Owners": owners,
            "Service": service,
            "Container": f"{here.project}-{service}-1",
            "State": "running",
            "ExitCode": None,
            "Health": "",
            "Ports": [],
            "Current": True,
        }
        return usual | more

    assert here.status() == [
        row("workload", ["web"], "web-main", Ports=[published]),
        row("resource", ["store.default#web.db"], "store", Health="healthy"),
        row("resource", ["store.default#web.db"], "store-init", State="done", ExitCode=0),
        row("doit-score", [], "wait-for-resources", State="done", ExitCode=0),
    ]


def test_what_is_outdated_missing_or_not_of_the_project_any_more(here: Docked) -> None:
    for name in ("one", "two", "three"):
        here.write(f"{name}.score.yaml", workload(name))
    here.doit("up")
    here.write("one.score.yaml", workload("one", A="b"))
    here.remove("two.score.yaml")
    here.write("four.score.yaml", workload("four"))
    docker("kill", here.ids()["three-main"])
    here.doit("generate")
    found = [(row["Service"], row["State"], row["ExitCode"], row["Current"]) for row in here.status()]
    assert found == [
        ("four-main", "not created", None, False),
        ("one-main", "running", None, False),
        ("three-main", "exited (137)", 137, True),
        ("two-main", "running", None, False),
    ]
    assert "| one                  | one-main   | running, outdated |" in here.score("status").out


def test_before_there_is_anything(here: Docked) -> None:
    here.write("score.yaml", workload())
    assert here.doit("status", exit=1).out.partition("taskid:status\n")[2].rstrip() == (
        "compose.yaml: there is no such file yet\n  hint: `doit generate` or `doit-score generate` makes it"
    )
    here.doit("generate")
    assert [(row["Service"], row["State"]) for row in here.status()] == [("web-main", "not created")]
    assert here.score("status", "--format", "yaml", exit=1).err == (
        "Error: --format: expected 'table' or 'json' or 'name', found 'yaml'\n"
    )
