"""`doit up` and `down` with real containers."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

import docking
from docking import Docked, docker, workload
from running import NOT_ASKED, UP_TO_DATE

ALL = ".  init\n.  provision\n.  render\n.  generate\n.  up\n"
CHANGED = "-- init\n.  provision\n.  render\n.  generate\n.  up\n"
NOTHING = f"{UP_TO_DATE}-- up\n"

# A resource with a server, a job that has to be done after that is healthy, and a generated password.
STORE = """\
- uri: jinja://tests/store
  type: store
  state: |
    password: {{ state | dig("password", randAlphaNum(16)) }}
  outputs: |
    password: {{ state.password }}
    host: store
  services: |
    store:
      image: dsu-busybox:2
      command: [httpd, -f, -p, "80", -h, /www]
      healthcheck: {test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1/"], interval: 500ms, retries: 600}
    store-init:
      image: dsu-busybox:2
      command: [sh, -c, "wget -q -O - http://store/ && echo ready"]
      labels: {dev.score.compose.labels.is-init-container: "true"}
      depends_on: {store: {condition: service_healthy}}
"""


def test_first_up_starts_all_in_order_and_a_second_does_nothing(here: Docked) -> None:
    here.write("provisioners/store.provisioners.yaml", STORE)
    probe = "[wget, -q, -O, /dev/null, 'http://127.0.0.1/']"
    here.write("score.yaml", workload(probe=probe, resources={"db": "store"}, HOST="${resources.db.host}"))
    ran = here.doit("up")
    assert ran.out == ALL
    assert ran.err.splitlines()[-1] == f"INFO: project '{here.project}' is up: 4 containers"
    assert here.states() == {
        "store": "running",
        "store-init": "exited",
        "wait-for-resources": "exited",
        "web-main": "running",
    }
    started = here.started()
    assert started["store"] < started["store-init"] < started["wait-for-resources"] < started["web-main"]
    assert docker("logs", here.ids()["store-init"]) == "hello\nready\n"
    ids = here.ids()
    assert here.doit("up") == (NOTHING, "")
    here.score("generate", "--force")  # the command takes the project over from the pack
    assert here.score("up").err == "INFO: nothing to do: 4 containers as the project wants\n"
    assert (here.ids(), here.started()) == (ids, started)


def test_a_changed_score_file_recreates_its_container_and_no_other(here: Docked) -> None:
    for name in ("one", "two"):
        here.write(f"{name}.score.yaml", workload(name))
    here.doit("up")
    before, started = here.ids(), here.started()
    here.write("one.score.yaml", workload("one", COLOUR="red"))
    ran = here.doit("up")
    assert ran.out == CHANGED
    assert "INFO: one-main is configured in another way\n" in ran.err
    assert "two-main" not in ran.err.replace(f"Container {here.project}-two-main-1 ", "")
    after = here.ids()
    assert (after["one-main"] != before["one-main"], after["two-main"]) == (True, before["two-main"])
    assert here.started()["two-main"] == started["two-main"]
    assert "COLOUR=red\n" in here.inside("one-main", "env")
    assert here.doit("up") == (NOTHING, "")


def test_a_workload_that_is_gone_disappears_and_one_that_is_new_appears(here: Docked) -> None:
    for name in ("one", "two"):
        here.write(f"{name}.score.yaml", workload(name))
    here.doit("up")
    before = here.ids()
    here.remove("one.score.yaml")
    here.write("three.score.yaml", workload("three"))
    assert "INFO: one-main is no longer in the project\n" in here.doit("up").err
    after = here.ids()
    assert list(after) == ["three-main", "two-main"]
    assert after["two-main"] == before["two-main"]
    assert here.doit("up") == (NOTHING, "")


def test_a_changed_file_reaches_the_container(here: Docked) -> None:
    here.write("score.yaml", workload(files={"/www/page": "one"}))
    here.write("other.score.yaml", workload("other"))
    here.doit("up")
    before, started = here.ids(), here.started()
    here.write("score.yaml", workload(files={"/www/page": "two"}))
    assert "INFO: web-main has another file mounted\n" in here.doit("up").err
    assert here.inside("web-main", "cat", "/www/page") == "two"
    assert here.ids() == before
    assert here.started()["other-main"] == started["other-main"]
    assert here.doit("up") == (NOTHING, "")


def test_containers_of_one_workload_share_a_network_also_when_one_is_recreated(here: Docked) -> None:
    side = "  side:\n    image: dsu-busybox:2\n    command: [sleep, '1000']\nservice:"
    here.write("score.yaml", workload().replace("service:", side))
    here.doit("up")
    assert here.page("web-side") == "hello\n"
    assert here.doit("up") == (NOTHING, "")
    here.write("score.yaml", workload(A="b").replace("service:", side))
    here.doit("up")
    assert here.page("web-side") == "hello\n"
    assert here.doit("up") == (NOTHING, "")
    # The one restarts, say after a crash, and the other is left with a network that is gone.
    docker("restart", here.ids()["web-main"])
    assert "INFO: web-side uses the network of web-main, which was started after it\n" in here.doit("up").err
    assert here.page("web-side") == "hello\n"
    assert here.doit("up") == (NOTHING, "")


def test_what_was_stopped_or_removed_by_hand_is_started_again(here: Docked) -> None:
    for name in ("one", "two", "three"):
        here.write(f"{name}.score.yaml", workload(name))
    here.doit("up")
    ids = here.ids()
    docker("stop", ids["one-main"])
    docker("rm", "--force", ids["two-main"])
    docker("pause", ids["three-main"])
    ran = here.doit("up")
    for line in (
        "INFO: one-main has ended with status 137\n",
        "INFO: two-main has no container yet\n",
        "INFO: three-main is paused\n",
    ):
        assert line in ran.err
    assert here.states() == {"one-main": "running", "three-main": "running", "two-main": "running"}
    assert here.doit("up") == (NOTHING, "")


def test_a_workload_that_ends_well_is_up_until_it_is_changed(here: Docked) -> None:
    here.write("web.score.yaml", workload())
    assert here.doit("up").out == ALL
    here.write("score.yaml", workload("job", "[sh, -c, 'date > /tmp/x']"))
    with docking.patient():
        assert here.doit("up").out == CHANGED
    started = here.started()
    assert here.doit("up") == (NOTHING, "")
    assert here.started() == started
    here.write("score.yaml", workload("job", "[sh, -c, 'echo again']"))
    with docking.patient():
        here.doit("up")
    assert here.started()["web-main"] == started["web-main"]
    assert docker("logs", here.ids()["job-main"]) == "again\n"


def test_an_image_of_the_same_name_that_was_made_again_is_taken(here: Docked) -> None:
    name = f"{here.project}:dev"
    here.write("score.yaml", workload().replace(docking.IMAGE, name))
    here.write("Dockerfile", f"FROM {docking.IMAGE}\nENV V=one\n")
    docker("build", "--quiet", "--tag", name, str(here.path))
    try:
        here.doit("up")
        assert here.doit("up") == (NOTHING, "")
        here.write("Dockerfile", f"FROM {docking.IMAGE}\nENV V=two\n")
        docker("build", "--quiet", "--tag", name, str(here.path))
        assert "INFO: web-main has another image\n" in here.doit("up").err
        assert "V=two\n" in here.inside("web-main", "env")
    finally:
        here.close()
        docker("rmi", "--force", name)


def test_an_image_of_compose_is_built_and_built_again(here: Docked) -> None:
    here.dodo("builds={'web:main': '.'}")
    here.write("score.yaml", workload().replace(f"image: {docking.IMAGE}", "image: ."))
    here.write("Dockerfile", f"FROM {docking.IMAGE}\nCOPY page /www/\n")
    here.write(".dockerignore", "*\n!page\n")
    here.write("page", "one")
    try:
        here.doit("up")
        ids = here.ids()
        assert here.doit("up").err.splitlines()[-1] == "INFO: nothing to do: 1 container as the project wants"
        assert here.ids() == ids
        here.write("page", "two")
        here.doit("up")
        assert here.inside("web-main", "cat", "/www/page") == "two"
    finally:
        here.close()
        docker("rmi", "--force", f"{here.project}-web-main", check=False)


def test_data_survives_down_and_up_and_goes_with_its_volumes(here: Docked) -> None:
    command = "[sh, -c, 'echo line >> /data/log; httpd -f -p 80 -h /data']"
    here.write("score.yaml", workload(command=command, volume=True))

    def log() -> str:
        """What it has written so far: it begins when it counts as up, or a moment later."""
        return here.inside("web-main", "sh", "-c", "cat /data/log || true")

    here.doit("up")
    docking.wait_until(lambda: log() == "line\n")
    assert here.doit("down").out == ".  down\n"
    assert (here.ids(), len(here.volumes())) == ({}, 1)
    here.doit("up")
    docking.wait_until(lambda: log() == "line\nline\n")
    ran = here.doit("down", "--volumes")
    assert ran.err.splitlines()[-1] == f"INFO: project '{here.project}' is down"
    assert (here.ids(), here.volumes()) == ({}, [])
    here.doit("up")
    docking.wait_until(lambda: log() != "")
    assert log() == "line\n"
    assert here.score("down", "--volumes").err.splitlines()[-1] == f"INFO: project '{here.project}' is down"
    assert (here.ids(), here.volumes()) == ({}, [])


def test_down_works_where_nothing_else_does(here: Docked) -> None:
    here.write("score.yaml", workload())
    here.doit("up")
    here.write("score.yaml", "metadata: [")
    here.write("compose.yaml", "name: [")
    ran = here.doit("down")
    assert here.ids() == {}
    assert ran.err.startswith("WARN: compose.yaml: Compose does not take this project: ")
    here.remove("compose.yaml")
    assert here.doit("down").err.splitlines()[-1] == f"INFO: project '{here.project}' is down"


def test_down_and_logs_read_no_file_that_the_environment_names(here: Docked) -> None:
    here.write("score.yaml", workload(command="[sh, -c, 'echo hello; sleep 1000']"))
    here.doit("up")
    here.wait_for_log("web-main", "hello")
    assert "hello" in here.score("logs", COMPOSE_FILE="gone.yaml").out
    said = here.score("down", COMPOSE_FILE="gone.yaml").err
    assert said.startswith("WARN: COMPOSE_FILE names 'gone.yaml', and not 'compose.yaml'")
    assert here.ids() == {}


def test_a_published_port_is_reached_and_told(here: Docked) -> None:
    port = docking.free_port()
    here.dodo(f"publish='{port}:web:80'")
    here.write("score.yaml", workload())
    assert here.doit("up").err.splitlines()[-1] == f"INFO: web-main is published: {port}->80/tcp"
    here.page("web-main")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=docking.LIMIT) as answer:
        assert answer.read() == b"hello\n"


def test_a_plain_log_tells_each_step_on_a_line(here: Docked) -> None:
    here.write("score.yaml", workload())
    lines = here.doit("up").err.splitlines()
    container = f"{here.project}-web-main-1"
    assert [line for line in lines if container in line][:4] == [
        f"INFO: Container {container} Creating",
        f"INFO: Container {container} Created",
        f"INFO: Container {container} Starting",
        f"INFO: Container {container} Started",
    ]
    assert not [line for line in lines if not re.match("INFO: ", line)]
    assert here.score("--quiet", "down").err == ""


def test_a_bare_doit_neither_starts_nor_stops_anything(here: Docked) -> None:
    here.write("score.yaml", workload())
    here.doit("up")
    ids = here.ids()
    assert here.doit() == (UP_TO_DATE + NOT_ASKED, "")
    # Even where everything is to be done.
    always = (UP_TO_DATE + NOT_ASKED).replace("-- ", ".  ")
    assert here.doit("run", "--always-execute").out == always
    assert here.ids() == ids


def test_default_tasks_ask_for_it(here: Docked) -> None:
    here.dodo(more="DOIT_CONFIG = {'default_tasks': ['up']}\n")
    here.write("score.yaml", workload())
    assert here.doit().out == ALL
    assert here.states() == {"web-main": "running"}


def test_two_packs_run_beside_each_other(here: Docked, tmp_path: Path) -> None:
    here.dodo(more=f"stage = Score('stage', project='{here.project}-stage')\n")
    here.write("score.yaml", workload())
    try:
        here.doit("up")
        here.doit("stage-up")
        assert [row["Container"] for row in here.status()] == [f"{here.project}-web-main-1"]
        assert f"{here.project}-stage-web-main-1" in docker("ps", "--format", "{{.Names}}").splitlines()
        here.doit("stage-down")
        assert here.states() == {"web-main": "running"}
    finally:
        docker("compose", "--project-name", f"{here.project}-stage", "down", check=False)


def test_a_task_of_the_user_has_the_project_up_and_takes_it_down(here: Docked) -> None:
    here.dodo(
        more=(
            "def task_test():\n"
            "    return {\n"
            f"        'actions': ['docker exec {here.project}-web-main-1 cat /www/index.html > answer'],\n"
            "        'setup': ['up'],\n"
            "        'teardown': [score.down],\n"
            "    }\n"
        )
    )
    here.write("score.yaml", workload())
    ran = here.doit("test")
    assert ran.out == f"{ALL}.  test\n"
    assert here.read("answer") == "hello\n"
    assert here.ids() == {}
    # Also where the test fails.
    here.write("score.yaml", workload("other"))
    assert "TaskFailed - taskid:test\n" in here.doit("test", exit=1).out
    assert here.ids() == {}


LASTING = """\
- uri: jinja://tests/store
  type: store
  services: |
    store:
      image: dsu-busybox:2
      command: [sleep, "1000"]
      stop_signal: KILL
      networks: [back]
      volumes: [{type: volume, source: stored, target: /stored}]
  networks: |
    back: {internal: false}
  volumes: |
    stored: {name: stored-of-PROJECT}
"""


def test_a_network_and_a_volume_that_stay_as_they_were_made_are_told_until_they_are_made_anew(
    here: Docked,
) -> None:
    before = LASTING.replace("PROJECT", here.project)
    here.write("provisioners/store.provisioners.yaml", before)
    here.write("score.yaml", workload(resources={"db": "store"}))
    assert "WARN" not in here.doit("up").err
    ids = here.ids()
    after = before.replace("false}", "true}").replace(
        "stored: {", "stored: {driver_opts: {type: tmpfs, device: x}, "
    )
    here.write("provisioners/store.provisioners.yaml", after)
    told = [
        f"WARN: network '{here.project}_back' was made with another internal, and stays so: `doit down` and "
        "`doit up` make it anew",
        f"WARN: volume 'stored-of-{here.project}' was made with another driver_opts, and stays so, for its "
        f"data: `doit down`, `docker volume rm stored-of-{here.project}` and `doit up` make it anew, empty",
    ]
    for verb in ("up", "up", "status"):
        said = here.doit(verb).err.splitlines()
        assert [line for line in said if line.startswith("WARN")] == told
    assert here.ids() == ids
    here.doit("down")
    docker("volume", "rm", f"stored-of-{here.project}")
    assert "WARN" not in here.doit("up").err
    assert here.doit("up").out.endswith("-- up\n")
    network, volume = f"{here.project}_back", f"stored-of-{here.project}"
    assert docker("network", "inspect", "-f", "{{.Internal}}", network) == "true\n"
    assert docker("volume", "inspect", "-f", "{{.Options.type}}", volume) == "tmpfs\n"
