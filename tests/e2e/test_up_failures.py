"""What `up` says where a container does not come up: whole messages, with what the engine knows."""

from __future__ import annotations

import re
import socket

import docking
import pytest
from docking import Docked, docker, workload

CRASH = "[sh, -c, 'echo starting >&2; echo \"no such table\" >&2; exit 3']"

# A database that is never ready, and whose healthcheck and log both give its password away.
STORE = """\
- uri: jinja://tests/store
  type: store
  state: |
    password: {{ state | dig("password", randAlphaNum(16)) }}
  outputs: |
    password: {{ state.password }}
  services: |
    store:
      image: dsu-busybox:2
      restart: always
      environment: {PASSWORD: {{ state.password }}}
      command: [sh, -c, COMMAND]
      healthcheck:
        test: [CMD-SHELL, "echo refused $$PASSWORD; exit 7"]
        interval: 300ms
        timeout: 60s
        retries: RETRIES
"""

# A job that takes longer than anything else, and that succeeds for one size only.
JOB = """\
- uri: jinja://tests/store
  type: store
  services: |
    store:
      image: dsu-busybox:2
      command: [sleep, "100{{ params.size | default(1) }}"]
    store-init:
      image: dsu-busybox:2
      command: [sh, -c, "sleep 2; test {{ params.size | default(1) }} = 1"]
      labels: {dev.score.compose.labels.is-init-container: "true"}
      depends_on: {store: {condition: service_started}}
"""


def _error(here: Docked) -> str:
    """What `doit up` says of its failure."""
    ran = here.doit("up", exit=1)
    title = f"TaskFailed - taskid:up\nproject '{here.project}' did not come up:\n"
    _, found, message = ran.out.partition(title)
    assert found, ran.out + ran.err
    return message.rstrip()


def test_a_container_that_crashes(here: Docked) -> None:
    here.write("score.yaml", workload(command=CRASH))
    here.write("other.score.yaml", workload("other"))
    with docking.patient():
        message = _error(here)
    assert message == (
        "  service 'web-main' of workload 'web' ended with status 3\n"
        "    the end of its log:\n"
        "      starting\n"
        "      no such table"
    )
    assert here.states() == {"other-main": "running", "web-main": "exited"}
    here.write("score.yaml", workload())
    assert here.doit("up").err.splitlines()[-1] == f"INFO: project '{here.project}' is up: 2 containers"


def test_a_server_that_crashes_over_and_over_does_not_make_us_wait_for_ever(here: Docked) -> None:
    store = STORE.replace("COMMAND", '"echo password is $$PASSWORD; exit 5"').replace("RETRIES", "100")
    here.write("provisioners/store.provisioners.yaml", store)
    here.write("score.yaml", workload(resources={"db": "store"}))
    # The engine counts its restarts from the second `up` on anew.
    for _ in range(2):
        ran = here.doit("up", exit=1)
        message = ran.out.partition("did not come up:\n")[2]
        # One restart is enough for Compose, if it looks just then; or none, if that was before this `up`.
        pattern = (
            r"  service 'store' of resource 'store\.default#web\.db' "
            r"crashes over and over \((restarted \d+ times? so far)?(, )?(ended with status 5 last)?\)\n"
            r"    the end of its log:\n(      password is \*{5}\n)+\n*"
        )
        assert re.fullmatch(pattern, message), message
        assert here.password() not in ran.out + ran.err


def test_a_job_that_fails_after_all_else_is_up(here: Docked) -> None:
    here.write("provisioners/store.provisioners.yaml", JOB)
    here.write("score.yaml", workload(resources={"db": "store"}))
    here.doit("up")
    here.write("score.yaml", workload(resources={"db": "store, params: {size: 2}"}))
    said = (
        "  service 'store-init' of resource 'store.default#web.db' ended with status 1\n    its log is empty"
    )
    assert _error(here) == said
    assert _error(here) == said


def test_a_failing_healthcheck(here: Docked) -> None:
    store = STORE.replace("COMMAND", '"echo ready with $$PASSWORD; sleep 100"').replace("RETRIES", "2")
    here.write("provisioners/store.provisioners.yaml", store)
    here.write("score.yaml", workload(resources={"db": "store"}))
    ran = here.doit("up", exit=1)
    assert ran.out.partition("did not come up:\n")[2].rstrip() == (
        "  service 'store' of resource 'store.default#web.db' is unhealthy\n"
        "    its healthcheck `echo refused $PASSWORD; exit 7` ended with status 7 and said:\n"
        "      refused *****\n"
        "    the end of its log:\n"
        "      ready with *****"
    )
    assert here.password() not in ran.out + ran.err


def test_an_image_that_is_not_there(here: Docked) -> None:
    here.write("score.yaml", workload().replace(docking.IMAGE, "dsu-nowhere:7"))
    message = _error(here)
    pattern = (
        r"  the image 'dsu-nowhere:7' of service 'web-main' of workload 'web' is not there and cannot be "
        r"pulled: [^\n]+\n"
        r"    hint: check its name, build it, or log in where it is \(`docker login`\)"
    )
    assert re.fullmatch(pattern, message), message
    here.score("generate", "--force")  # the command takes the project over from the pack
    said = here.score("up", exit=1).err.partition("Error: ")[2]
    assert said == f"project '{here.project}' did not come up:\n{message}\n"


def test_an_image_that_is_not_there_for_what_runs_already(here: Docked) -> None:
    here.write("score.yaml", workload())
    here.doit("up")
    here.write("score.yaml", workload().replace(docking.IMAGE, "dsu-nowhere:7"))
    assert "  the image 'dsu-nowhere:7' of service 'web-main' of workload 'web' is not there" in _error(here)
    assert here.states() == {"web-main": "running"}


@pytest.mark.parametrize(
    ("command", "why"),
    [("exit 5", "crashes over and over"), ("sleep 1000", "is unhealthy")],
)
def test_an_image_that_is_not_there_for_what_was_not_well(here: Docked, command: str, why: str) -> None:
    store = STORE.replace("COMMAND", f'"{command}"').replace("RETRIES", "1")
    here.write("provisioners/store.provisioners.yaml", store)
    here.write("score.yaml", workload(resources={"db": "store"}))
    assert f"service 'store' of resource 'store.default#web.db' {why}" in _error(here)
    here.write("provisioners/store.provisioners.yaml", store.replace(docking.IMAGE, "dsu-nowhere:7"))
    said = "  the image 'dsu-nowhere:7' of service 'store' of resource 'store.default#web.db' is not there"
    assert _error(here).startswith(said)


def test_a_port_that_is_taken(here: Docked) -> None:
    with socket.socket() as other:
        port = docking.free_port()
        other.bind(("0.0.0.0", port))
        other.listen()
        here.dodo(f"publish='{port}:web:80'")
        here.write("score.yaml", workload())
        message = here.doit("up", exit=1).out.partition("did not come up:\n")[2].rstrip()
    pattern = (
        r"  service 'web-main' of workload 'web' cannot be started: [^\n]*\bPORT\b[^\n]*already [^\n]*\n"
        r"    hint: end what uses the port \(`docker ps` and `ss -ltnp` show it\), or publish another one"
    )
    assert re.fullmatch(pattern.replace("PORT", str(port)), message), message
    assert "driver failed" not in message
    assert here.doit("up").err.splitlines()[-1] == f"INFO: web-main is published: {port}->80/tcp"


def test_a_command_that_is_not_there(here: Docked) -> None:
    here.write("score.yaml", workload(command="[nosuch]"))
    message = here.doit("up", exit=1).out.partition("did not come up:\n")[2].rstrip()
    assert message.startswith("  service 'web-main' of workload 'web' cannot be started: ")
    assert '"nosuch": executable file not found in $PATH' in message
    assert "\n" not in message


def test_a_build_that_fails(here: Docked) -> None:
    here.dodo("builds={'web:main': '.'}")
    here.write("score.yaml", workload().replace(f"image: {docking.IMAGE}", "image: ."))
    here.write("Dockerfile", f"FROM {docking.IMAGE}\nRUN false\n")
    message = here.doit("up", exit=1).out.partition("TaskFailed - taskid:up\n")[2].rstrip()
    pattern = (
        f"the images of project '{here.project}' cannot be built:\n"
        r"  `docker compose` ended with status \d+: failed to solve: [^\n]*exit code: 1"
    )
    assert re.fullmatch(pattern, message), message
    assert here.ids() == {}


def test_a_project_that_compose_does_not_take(here: Docked) -> None:
    here.write("score.yaml", workload(A="b"))
    patch = "- {op: set, path: services.web-main.image, value: '${NOPE:?say which}'}\n"
    here.write("patch.tpl", patch)
    here.dodo("patch_templates='patch.tpl'")
    message = here.doit("up", exit=1).out.partition("TaskFailed - taskid:up\n")[2].rstrip()
    assert message == (
        "compose.yaml: Compose does not take this project: error while interpolating "
        "services.web-main.image: required variable NOPE is missing a value: say which"
    )


def test_all_images_that_are_not_there_are_told_at_once(here: Docked) -> None:
    for name in ("one", "two"):
        here.write(f"{name}.score.yaml", workload(name).replace(docking.IMAGE, f"dsu-nowhere:{name}"))
    hint = "hint: check its name, build it, or log in where it is (`docker login`)"
    message = re.sub(r"pulled: [^\n]+", "pulled: why", _error(here))
    assert message == "\n".join(
        f"  the image 'dsu-nowhere:{name}' of service '{name}-main' of workload '{name}' is not there and "
        f"cannot be pulled: why\n    {hint}"
        for name in ("one", "two")
    )


def test_logs_show_the_whole_log_of_one_workload(here: Docked) -> None:
    for name in ("one", "two"):
        here.write(
            f"{name}.score.yaml", workload(name, f"[sh, -c, 'echo I am {name}; echo again; sleep 100']")
        )
    here.doit("up")
    for name in ("one", "two"):
        here.wait_for_log(f"{name}-main", "again")
    assert here.doit("logs", "one").out == ".  logs\none-main-1  | I am one\none-main-1  | again\n"
    assert here.score("logs", "two-main", "--tail", "1").out == "two-main-1  | again\n"
    every = here.score("logs").out.splitlines()
    assert sorted(every) == [
        "one-main-1  | I am one",
        "one-main-1  | again",
        "two-main-1  | I am two",
        "two-main-1  | again",
    ]
    assert here.score("logs", "zzz", exit=1).err == (
        "Error: 'zzz' is neither a workload nor a resource nor a service of this project\n"
        "  hint: known are one, one-main, two, two-main\n"
    )
    assert docker("compose", "--project-name", here.project, "logs", "two-main").count("\n") == 2
