"""`exec`, `restart`, `logs`, `ps` and what `down` takes, with real containers."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Sequence

import pytest
from docking import IMAGE, Docked, build, docker, patient, wait_until, workload
from running import SOURCES

STORE = f"""\
- uri: jinja://tests/store
  type: store
  services: |
    store:
      image: {IMAGE}
      command: [sh, -c, "echo store; sleep 1000"]
      healthcheck: {{test: [CMD, "true"], interval: 300ms}}
    store-init:
      image: {IMAGE}
      command: [echo, made]
      labels: {{dev.score.compose.labels.is-init-container: "true"}}
      depends_on: {{store: {{condition: service_healthy}}}}
"""
SIDE = f"  side:\n    image: {IMAGE}\n    command: [sh, -c, 'echo side; sleep 1000']\nservice:"
SLOW = "[sh, -c, \"trap 'sleep 3; touch /data/ended; exit' TERM; echo up; while true; do sleep 0.1; done\"]"
"""It needs some time to end by itself."""


@pytest.fixture
def shop(here: Docked) -> Docked:
    """A workload of two containers and one of one, with a resource that has a server and a job."""
    here.write("provisioners/store.provisioners.yaml", STORE)
    here.write("score.yaml", workload(resources={"db": "store"}).replace("service:", SIDE))
    here.write("api.score.yaml", workload("api", "[sh, -c, 'echo api; sleep 1000']"))
    here.doit("up")
    return here


def test_exec_passes_on_words_streams_and_status(shop: Docked) -> None:
    assert shop.score("exec", "web:main", "--", "echo", "a  b", "-c", "--x").out == "a  b -c --x\n"
    assert shop.score("exec", "api", "sh", "-c", "cat; echo no >&2; exit 7", stdin="in\n", exit=7) == (
        "in\n",
        "no\n",
    )
    assert shop.score("exec", "-T", "web-side", "cat", "/www/index.html").out == "hello\n"
    assert shop.score("exec", "store", "cat", "/www/index.html").out == "hello\n"
    assert shop.score("exec", "store.default#web.db", "--", "echo", "in the server").out == "in the server\n"
    assert shop.doit("exec", "api", "sh", "-c", "echo $0 $1", "-a", "--b").out == ".  exec\n-a --b\n"
    assert shop.doit("exec", "-T", "web:side", "--", "echo", "hi").out == ".  exec\nhi\n"
    ran = shop.doit("exec", "api", "sh", "-c", "exit 3", exit=1)
    assert ran.out == ".  exec\nTaskFailed - taskid:exec\nthe command ended with status 3\n\n"
    assert shop.doit("exec", "api", exit=1).out.endswith(
        "expected a name and a command: `doit exec NAME COMMAND...`\n\n"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("web", "'web' has 2 containers\n  hint: name one of them: web:main, web:side\n"),
        ("web:sid", "'web' has no container 'sid'\n  hint: name one of them: web:main, web:side\n"),
        ("api:x", "'api' has no container 'x'\n  hint: name one of them: api:main\n"),
        ("store:x", "'store' has no container 'x'\n"),
        (
            "apo",
            "'apo' is neither a workload nor a resource nor a service of this project\n"
            "  hint: did you mean 'api'?\n",
        ),
    ],
)
def test_exec_says_which_containers_there_are(here: Docked, name: str, said: str) -> None:
    here.write("provisioners/store.provisioners.yaml", STORE)
    here.write("score.yaml", workload(resources={"db": "store"}).replace("service:", SIDE))
    here.write("api.score.yaml", workload("api"))
    here.doit("generate")
    assert here.score("exec", name, "ls", exit=1) == ("", f"Error: {said}")


def test_exec_in_what_does_not_run_is_an_error(shop: Docked) -> None:
    docker("stop", shop.ids()["api-main"])
    said = "service 'api-main' of workload 'api' does not run\n  hint: `up` starts what is not running\n"
    assert shop.score("exec", "api", "ls", exit=1) == ("", f"Error: {said}")


def on_a_terminal(here: Docked, *arguments: str, keys: Sequence[bytes] = ()) -> tuple[int, str]:
    """The exit status of the command on a terminal, where ``keys`` are pressed, and what is seen there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "doit_score", *arguments],
        cwd=here.path,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: os.close(os.open(os.ttyname(0), os.O_RDWR)),  # it is its own terminal then
    )
    os.close(theirs)
    seen = b""
    for key in keys:
        while b"ready" not in seen:
            seen += os.read(ours, 1000)
        os.write(ours, key)
    while True:
        try:
            seen += os.read(ours, 1000)
        except OSError:  # nobody has the other end any more
            break
    os.close(ours)
    return process.wait(), seen.decode().replace("\r\n", "\n")


def test_exec_on_a_terminal_has_it(shop: Docked) -> None:
    asked = "test -t 0 && test -t 1 && echo a terminal"
    assert on_a_terminal(shop, "exec", "api", "sh", "-c", asked) == (0, "a terminal\n")
    assert on_a_terminal(shop, "exec", "-T", "api", "sh", "-c", f"{asked}; exit 4") == (4, "")
    waits = "trap 'echo interrupted; exit 5' INT; echo ready; while true; do sleep 0.1; done"
    status, seen = on_a_terminal(shop, "exec", "api", "sh", "-c", waits, keys=[b"\x03"])
    assert (status, seen.splitlines()[0], seen.splitlines()[-1].endswith("interrupted")) == (5, "ready", True)


def test_restart_restarts_what_is_named_and_waits_until_it_is_well(shop: Docked) -> None:
    ids, before = shop.ids(), shop.started()
    ran = shop.score("restart", "web", "-t", "0")
    assert ran.err.splitlines()[-1] == "INFO: restarted 2 containers"
    after = shop.started()
    assert [name for name in after if after[name] != before[name]] == ["web-main", "web-side"]
    assert shop.ids() == ids
    # The one still is in the network of the other.
    assert shop.page("web-side") == "hello\n"
    assert shop.doit("restart", "-t", "0", "store.default#web.db").out == ".  restart\n"
    assert "(healthy)" in docker("ps", "--filter", f"id={ids['store']}")
    again = shop.started()
    assert [name for name in again if again[name] != after[name]] == ["store"]
    assert shop.doit("up").out.endswith("-- up\n")


def test_restart_of_all_leaves_jobs_and_a_service_takes_along_what_uses_its_network(shop: Docked) -> None:
    before = shop.started()
    shop.score("restart", "web-main", "--timeout", "0")
    after = shop.started()
    assert [name for name in after if after[name] != before[name]] == ["web-main", "web-side"]
    shop.score("restart", "-t", "0")
    again = shop.started()
    assert [name for name in again if again[name] != after[name]] == [
        "api-main",
        "store",
        "web-main",
        "web-side",
    ]
    assert shop.doit("up").out.endswith("-- up\n")


def test_restart_has_what_shares_a_network_wait_for_the_one_that_has_it(here: Docked) -> None:
    slow = "[sh, -c, \"trap 'sleep 1; exit' TERM; while true; do sleep 0.1; done\"]"
    side = SIDE.replace("service:", "    before: {main: {ready: started}}\nservice:")
    # The one that has the network takes longer to end than the one that shares it.
    build(f"{here.project}:slow", f"FROM {IMAGE}\nSTOPSIGNAL SIGTERM\n")
    text = workload().replace("service:", side)
    text = text.replace("[sh, -c, 'echo side; sleep 1000']", slow)
    here.write(
        "score.yaml", text.replace(f"side:\n    image: {IMAGE}", f"side:\n    image: {here.project}:slow")
    )
    try:
        here.doit("up")
        before = here.started()
        here.score("restart")
        assert here.states() == {"web-main": "running", "web-side": "running"}
        after = here.started()
        assert all(after[name] != before[name] for name in before)
        assert after["web-side"] < after["web-main"]
    finally:
        docker("image", "rm", "--force", f"{here.project}:slow")


def test_restart_fails_with_why_it_is_not_well_again(here: Docked) -> None:
    once = "test -e /tmp/once && { echo no more; exit 3; }; touch /tmp/once; while true; do sleep 0.1; done"
    here.write(
        "score.yaml",
        workload(command=f'[sh, -c, "{once}"]').replace("service:\n  ports:\n    http: {port: 80}\n", ""),
    )
    here.doit("up")
    wait_until(lambda: here.inside("web-main", "sh", "-c", "echo /tmp/*") == "/tmp/once\n")
    with patient():
        ran = here.score("restart", "-t", "0", exit=1)
    assert ran.err.endswith(
        f"Error: project '{here.project}' did not come up:\n"
        "  service 'web-main' of workload 'web' ended with status 3\n"
        "    the end of its log:\n"
        "      no more\n"
    )


def test_restart_of_what_is_not_there_is_an_error(shop: Docked) -> None:
    docker("rm", "--force", shop.ids()["api-main"])
    said = "service 'api-main' of workload 'api' has no container\n  hint: `up` makes what is not there\n"
    assert shop.score("restart", "api", exit=1).err == f"Error: {said}"
    assert "did you mean 'api'?" in shop.score("restart", "apj", exit=1).err
    shop.doit("down")
    said = f"project '{shop.project}' has no container\n  hint: `up` makes what is not there\n"
    assert shop.score("restart", exit=1).err == f"Error: {said}"


def test_a_workload_that_ends_may_be_restarted_and_is_as_wanted_then(here: Docked) -> None:
    here.write("score.yaml", workload(command="[echo, done]"))
    with patient():
        here.doit("up")
    before = here.started()
    with patient():
        here.score("restart", "web")
    assert here.started() != before
    assert here.doit("up").out.endswith("-- up\n")


def test_a_service_of_an_override_file_has_a_name_too(shop: Docked) -> None:
    command = "[sh, -c, 'echo dash; sleep 1000']"
    shop.write("compose.override.yaml", f"services: {{dash: {{image: {IMAGE}, command: {command}}}}}\n")
    shop.doit("up")
    assert shop.score("exec", "dash", "echo", "hello").out == "hello\n"
    shop.wait_for_log("dash", "dash")
    assert shop.score("logs", "dash").out == "dash-1  | dash\n"
    before = shop.started()
    shop.score("restart", "dash", "--timeout", "0")
    assert {name for name, when in shop.started().items() if before[name] != when} == {"dash"}


def test_logs_of_a_time_with_times(shop: Docked) -> None:
    shop.wait_for_log("api-main", "api")
    (line,) = shop.score("logs", "api", "--timestamps").out.splitlines()
    _, _, moment, text = line.split()
    assert text == "api"
    assert shop.score("logs", "-t", "api", "--since", "1h").out.split()[2:] == [moment, "api"]
    assert shop.score("logs", "api", "--since", moment).out.split()[-1] == "api"
    assert shop.score("logs", "api", "--until", moment.split(".")[0] + "Z").out == ""
    assert shop.score("logs", "api", "--until", "2020-01-01").out == ""
    assert shop.doit("logs", "--until", "1h", "api").out == ".  logs\n"
    assert shop.doit("logs", "--since", "1h", "--timestamps", "api").out.split()[-2:] == [moment, "api"]
    said = "expected a time such as 2026-11-29T06:00:00Z, or how long ago such as 42m, found 'soon'"
    assert shop.score("logs", "--since", "soon", exit=1).err == f"Error: --since: {said}\n"


def test_down_gives_containers_as_long_as_it_is_told_to(here: Docked) -> None:
    image = f"{here.project}-slow"
    build(image, f"FROM {IMAGE}\nSTOPSIGNAL SIGTERM\n")
    here.write("score.yaml", workload(command=SLOW, volume=True).replace(IMAGE, image))
    try:
        found = []
        for timeout in ("0", "60"):
            here.doit("up")
            here.wait_for_log("web-main", "up")  # from here on it takes its time to end
            here.score("down", "--timeout", timeout)
            assert here.ids() == {}
            (volume,) = here.volumes()
            found.append(docker("run", "--rm", "-v", f"{volume}:/data", IMAGE, "sh", "-c", "echo /data/*"))
        assert found == ["/data/*\n", "/data/ended\n"]
    finally:
        docker("image", "rm", "--force", image, check=False)


def test_ps_is_another_name_of_status(shop: Docked) -> None:
    assert shop.score("ps") == shop.score("status")
    assert shop.score("ps", "--format", "json") == shop.score("status", "--format", "json")
    assert shop.doit("ps").out.partition("\n")[2] == shop.doit("status").out.partition("\n")[2]
