"""httpGet probes as healthchecks of real containers, whatever their image has."""

from __future__ import annotations

import json

import docking
import pytest
from docking import Docked, docker
from running import UP_TO_DATE

BARE = "dsu-bare:1"
"""Nothing but a server: no shell, and no program by any name that would be found."""
NOTHING = f"{UP_TO_DATE}-- up\n"
HELPER = "/.doit-score/probe 4 http://localhost:8080"


@pytest.fixture
def bare(engine: None) -> str:
    docking.build(
        BARE,
        f"FROM {docking.IMAGE} AS full\nFROM scratch\nCOPY --from=full /bin/busybox /busybox\n"
        "COPY --from=full /www /www\nSTOPSIGNAL SIGKILL\n",
    )
    return BARE


def score(image: str, command: str, get: str, more: str = "") -> str:
    return (
        f"apiVersion: score.dev/v1b1\nmetadata: {{name: web}}\ncontainers:\n"
        f"  server:\n    image: {image}\n    command: {command}\n"
        f"    readinessProbe: {{httpGet: {{{get}}}}}\n{more}"
    )


def checks(here: Docked, service: str) -> list[tuple[int, str]]:
    """The exit status and output of each time that a healthcheck was run."""
    log = json.loads(docker("inspect", "-f", "{{json .State.Health.Log}}", here.ids()[service]))
    return [(one["ExitCode"], one["Output"]) for one in log]


def test_an_image_with_nothing_but_its_server_is_healthy_when_that_answers(here: Docked, bare: str) -> None:
    here.dodo("probes='http'")
    here.write(
        "score.yaml", score(bare, "[/busybox, httpd, -f, -p, '8080', -h, /www]", "path: /, port: 8080")
    )
    here.doit("up")
    assert [one["Health"] for one in here.status()] == ["healthy"]
    assert checks(here, "web-server")[-1] == (0, "GET http://localhost:8080/: 200 OK\n")
    # What is mounted for it is as it was, so nothing is started anew.
    ids, started = here.ids(), here.started()
    assert here.doit("up") == (NOTHING, "")
    assert (here.ids(), here.started()) == (ids, started)


def test_others_start_when_the_server_answers_and_not_before(here: Docked, bare: str) -> None:
    here.dodo("probes='http'")
    late = "[sh, -c, 'sleep 3; exec httpd -f -p 8080 -h /www']"
    asks = "wget -q -O - http://localhost:8080/ >/tmp/page; touch /tmp/asked; sleep 1000"
    main = f"  main: {{image: dsu-busybox:2, command: [sh, -c, '{asks}']}}\n"
    get = "path: /, port: 8080, httpHeaders: [{name: Host, value: shop.example}]"
    here.write(
        "score.yaml", score("dsu-busybox:2", late, get, f"    before: {{main: {{ready: healthy}}}}\n{main}")
    )
    here.doit("up")
    assert here.states() == {"web-main": "running", "web-server": "running"}
    # The first thing that the other does is to ask it, once.
    docking.wait_until(lambda: "/tmp/asked" in here.inside("web-main", "sh", "-c", "echo /tmp/*"))
    assert here.inside("web-main", "cat", "/tmp/page") == "hello\n"


def test_a_server_that_does_not_answer_well_is_told_with_its_answer(here: Docked) -> None:
    here.write(
        "score.yaml",
        score("dsu-busybox:2", "[httpd, -f, -p, '8080', -h, /www]", "path: /ready, port: 8080"),
    )
    here.dodo("probes='http'")
    said = here.doit("up", exit=1).out
    assert said.partition(" did not come up:\n")[2].splitlines()[:5] == [
        "  service 'web-server' of workload 'web' is unhealthy",
        f"    its healthcheck `{HELPER}/ready` ended with status 1 and said:",
        "      GET http://localhost:8080/ready: 404 Not Found",
        "      <HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>",
        "      <BODY><H1>404 Not Found</H1>",
    ]


def test_where_an_address_has_to_be_looked_up_the_image_does_it(here: Docked) -> None:
    here.dodo("probes='http'")
    here.write(
        "score.yaml",
        score("dsu-busybox:2", "[httpd, -f, -p, '8080', -h, /www]", "path: /, port: 8080, host: web"),
    )
    here.doit("up")
    assert [one["Health"] for one in here.status()] == ["healthy"]
    assert checks(here, "web-server")[-1] == (0, "")
    here.write(
        "score.yaml",
        score("dsu-busybox:2", "[httpd, -f, -p, '8080', -h, /www]", "path: /none, port: 8080, host: web"),
    )
    assert "\n      GET http://web:8080/none: wget ended with status 1\n" in here.doit("up", exit=1).out
