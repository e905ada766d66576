"""`up` replaces what is stale and nothing else: the ids of all containers before and after each change."""

from __future__ import annotations

import json

import docking
from docking import Docked, docker, workload

# One broker for all, and a job for each topic that has to be done before any workload is started.
TOPIC = """\
- uri: jinja://tests/topic
  type: topic
  outputs: |
    name: {{ id | replace(".", "-") }}
    host: broker
  services: |
    broker:
      image: dsu-busybox:2
      command: [httpd, -f, -p, "80", -h, /www]
      healthcheck: {test: [CMD, "true"], interval: 300ms}
    topic-{{ id | replace(".", "-") }}:
      image: dsu-busybox:2
      command: [echo, "{{ params.size | default(1) }}"]
      labels: {dev.score.compose.labels.is-init-container: "true"}
      depends_on: {broker: {condition: service_healthy}}
"""
PROBE = "[test, -d, /www]"


SIDE = "  side:\n    image: dsu-busybox:2\n    command: [sleep, '1000']\nservice:"


def one(**variables: str) -> str:
    """A workload whose second container shares the network of the first."""
    text = workload("one", probe=PROBE, resources={"blue": "topic"}, **variables)  # type: ignore[arg-type]
    return text.replace("service:", SIDE)


def two(*topics: str, **variables: str) -> str:
    resources = dict.fromkeys(("red", *topics), "topic")
    return workload("two", probe=PROBE, resources=resources, **variables)  # type: ignore[arg-type]


class Shop:
    """A project of two workloads with a topic each, that is up."""

    def __init__(self, here: Docked, order: str = "wait") -> None:
        self.here = here
        here.dodo(f"start_order={order!r}")
        here.write("provisioners/topic.provisioners.yaml", TOPIC)
        here.write("one.score.yaml", one())
        here.write("two.score.yaml", two())
        here.doit("up")

    def up(self, *, named: bool = True) -> tuple[set[str], set[str], str]:
        """Which services got another container, which were started, and what was said.

        Then nothing is left to do, and neither does `docker compose up` replace anything, nor `up` what
        that has run again.
        """
        before, ran_before = self.here.ids(), self.here.started()
        said = self.here.doit("up").err
        after, ran = self.here.ids(), self.here.started()
        where = ["--file", "compose.yaml"] if named else []
        self.here.run("docker", "compose", *where, "up", "--detach")
        assert self.here.doit("up").out.splitlines()[-1] == "-- up"
        assert self.here.ids() == after
        every = before.keys() | after.keys()
        return (
            {name for name in every if before.get(name) != after.get(name)},
            {name for name in ran if ran[name] != ran_before.get(name)},
            said,
        )


def test_edits_of_score_files_in_order_wait(here: Docked) -> None:
    shop = Shop(here)
    # One variable.
    here.write("two.score.yaml", two(COLOUR="red"))
    assert shop.up()[:2] == ({"two-main"}, {"two-main"})
    # One variable of a container in whose network another one is.
    here.write("one.score.yaml", one(COLOUR="red"))
    replaced, started, said = shop.up()
    assert (replaced, started) == ({"one-main", "one-side"}, {"one-main", "one-side"})
    assert "INFO: one-side shares with one-main, which is made anew\n" in said
    # One topic more.  Compose 2.26 knows a container by what it depends on too, later ones do not.
    here.write("two.score.yaml", two("green", COLOUR="red"))
    replaced, started, _ = shop.up()
    assert replaced - {"wait-for-resources"} == {"topic-two-green"}
    assert started == replaced
    # Other params of one.
    here.write("two.score.yaml", two("green", COLOUR="red").replace("red: {type: topic", SIZED))
    assert shop.up()[:2] == ({"topic-two-red"}, {"topic-two-red"})
    assert docker("logs", here.ids()["topic-two-red"]).splitlines()[0] == "2"
    # A workload more, which waits for its topic.
    here.write("three.score.yaml", workload("three", resources={"blue": "topic"}))
    before = here.started()
    here.doit("up")
    after = here.started()
    assert after["topic-three-blue"] < after["wait-for-resources"] < after["three-main"]
    assert {name for name in before if before[name] != after[name]} == {"wait-for-resources"}
    # A topic and a workload less.
    here.remove("three.score.yaml")
    here.write("two.score.yaml", two(COLOUR="red").replace("red: {type: topic", SIZED))
    assert shop.up()[0] - {"wait-for-resources"} == {"topic-three-blue", "topic-two-green", "three-main"}


SIZED = "red: {type: topic, params: {size: 2}"


def test_one_topic_more_in_order_direct_replaces_its_workload_at_most(here: Docked) -> None:
    shop = Shop(here, "direct")
    here.write("two.score.yaml", two("green"))
    replaced, started, _ = shop.up()
    assert replaced - {"two-main"} == {"topic-two-green"}
    assert started == replaced
    here.write("one.score.yaml", one(COLOUR="red"))
    assert shop.up()[:2] == ({"one-main", "one-side"}, {"one-main", "one-side"})


def test_servers_that_are_replaced_or_stopped_and_what_is_done_by_hand(here: Docked) -> None:
    shop = Shop(here)
    # A server that is made anew may have lost what its jobs made; its users stay.
    here.write("provisioners/topic.provisioners.yaml", TOPIC.replace("300ms", "301ms"))
    replaced, started, said = shop.up()
    assert replaced - {"topic-one-blue", "topic-two-red"} == {"broker"}
    assert started == {"broker", "topic-one-blue", "topic-two-red"}
    assert "INFO: broker is configured in another way\n" in said
    assert "INFO: topic-one-blue prepares broker, which is made anew\n" in said
    # One that was stopped has lost nothing.
    ids = here.ids()
    docker("kill", ids["two-main"])
    docker("stop", ids["broker"])
    docker("pause", ids["one-side"])
    replaced, started, said = shop.up()
    assert (replaced, started) == (set(), {"broker", "two-main", "wait-for-resources"})
    assert "INFO: two-main has ended with status 137\n" in said
    assert "INFO: one-side is paused\n" in said
    docker("rm", "--force", ids["two-main"])
    assert shop.up()[:2] == ({"two-main"}, {"two-main"})


def test_a_workload_that_asks_for_it_is_restarted_with_its_broker(here: Docked) -> None:
    shop = Shop(here)
    annotation = "metadata: {name: two, annotations: {compose.score.dev/restart-with: red}}"
    here.write("two.score.yaml", two().replace("metadata: {name: two}", annotation))
    assert shop.up()[0] == {"two-main"}
    docker("restart", here.ids()["broker"])
    replaced, started, said = shop.up()
    assert (replaced, started) == (set(), {"two-main"})
    assert "INFO: two-main restarts with broker, which was started after it\n" in said
    here.write("provisioners/topic.provisioners.yaml", TOPIC.replace("300ms", "301ms"))
    replaced, started, said = shop.up()
    # Compose before 2.27 has what a service depends on in its hash, but not how that is.
    assert "two-main" in started
    assert "one-main" not in started
    assert here.started()["broker"] < here.started()["two-main"]
    # That it was stopped for that is not why nothing comes up, and it goes on.
    docker("restart", here.ids()["broker"])
    here.write("one.score.yaml", one().replace(docking.IMAGE, "dsu-nowhere:7"))
    said = here.doit("up", exit=1).out.partition("did not come up:\n")[2]
    assert said.startswith("  the image 'dsu-nowhere:7' of service 'one-main' of workload 'one' is not there")
    assert "two" not in said
    assert here.states()["two-main"] == "running"


def test_what_is_laid_over_the_project_counts_for_both(here: Docked) -> None:
    shop = Shop(here)
    override = "services:\n  two-main: {environment: {COLOUR: %s}}\n"
    here.write("compose.override.yaml", override % "red")
    assert shop.up(named=False)[:2] == ({"two-main"}, {"two-main"})
    assert "COLOUR=red\n" in here.inside("two-main", "env")
    assert all(row["Current"] for row in here.status())
    # COMPOSE_FILE says it in another way, in a file; what has a profile is there if that is chosen.
    extra = f"  debug: {{image: {docking.IMAGE}, command: [sleep, '1000'], profiles: [debug]}}\n"
    here.write("more.yaml", override % "blue" + extra)
    here.write(".env", "COMPOSE_FILE=compose.yaml:more.yaml\nCOMPOSE_PROFILES=debug\n")
    assert shop.up(named=False)[:2] == ({"two-main", "debug"}, {"two-main", "debug"})
    # Without the profile it is not ours to remove, as it is not Compose's.
    here.write(".env", "COMPOSE_FILE=compose.yaml:more.yaml\n")
    assert shop.up(named=False)[:2] == (set(), set())
    assert "debug" in here.ids()
    here.write(".env", "COMPOSE_FILE=more.yaml\n")
    assert "COMPOSE_FILE names 'more.yaml', and not 'compose.yaml'" in here.doit("up", exit=1).out
    here.remove(".env")
    here.remove("compose.override.yaml")
    replaced, _, said = shop.up(named=False)
    assert replaced == {"two-main", "debug"}
    assert "INFO: debug is no longer in the project\n" in said


def test_volumes_without_a_name_go_with_the_jobs_that_had_them(here: Docked) -> None:
    name = f"{here.project}:job"
    docking.build(name, f"FROM {docking.IMAGE}\nVOLUME /scratch\n")

    def volume() -> str:
        (mount,) = json.loads(docker("inspect", here.ids()["topic-two-red"]))[0]["Mounts"]
        return str(mount["Name"])

    def volumes() -> list[str]:
        return docker("volume", "ls", "--quiet").split()

    try:
        text = TOPIC.replace("dsu-busybox:2\n      command: [echo", f"{name}\n      command: [echo")
        here.write("provisioners/topic.provisioners.yaml", text)
        here.write("two.score.yaml", two())
        here.doit("up")
        first = volume()
        here.write("two.score.yaml", two().replace("red: {type: topic", SIZED))
        here.doit("up")
        assert volume() == first
        here.doit("down")
        assert first not in volumes()
        here.doit("up")
        second = volume()
        assert second in volumes()
        # A job that is gone leaves none either.
        here.write("two.score.yaml", workload("two"))
        here.doit("up")
        assert (list(here.ids()), second in volumes()) == (["two-main"], False)
    finally:
        here.close()
        docker("rmi", name, check=False)


def test_data_without_a_name_moves_into_the_container_that_replaces_another(here: Docked) -> None:
    name = f"{here.project}:data"
    docking.build(name, f"FROM {docking.IMAGE}\nVOLUME /data\n")
    try:
        here.write("score.yaml", workload().replace(docking.IMAGE, name))
        here.doit("up")
        here.inside("web-main", "touch", "/data/kept")
        here.write("score.yaml", workload(A="b").replace(docking.IMAGE, name))
        here.doit("up")
        assert here.inside("web-main", "sh", "-c", "echo /data/*") == "/data/kept\n"
        docker("network", "disconnect", "--force", f"{here.project}_default", here.ids()["web-main"])
        assert "was disconnected from its network" in here.doit("up").err
        assert here.inside("web-main", "sh", "-c", "echo /data/*") == "/data/kept\n"
    finally:
        docker("rm", "--force", "--volumes", here.ids()["web-main"])
        here.close()
        docker("rmi", name)


GIVEN = """\
services:
  web-main:
    configs: [{source: text, target: /text}]
    secrets: [word]
configs: {text: {file: ./one.txt}}
secrets: {word: {environment: WORD}}
"""


def test_configs_and_secrets_of_another_file_or_value_reach_the_container(here: Docked) -> None:
    here.write("score.yaml", workload())
    here.write("other.score.yaml", workload("other"))
    for name in ("one", "two"):
        here.write(f"{name}.txt", name)
    here.write("compose.override.yaml", GIVEN)
    here.write(".env", "WORD=first\n")
    here.doit("up")

    def changed() -> tuple[str, str]:
        """What the container is given, after an `up` that replaces it and nothing else."""
        before = here.ids()
        here.doit("up")
        after = here.ids()
        assert [name for name in after if after[name] != before[name]] == ["web-main"]
        assert here.doit("up").out.endswith("-- up\n")
        return here.inside("web-main", "cat", "/text"), here.inside("web-main", "cat", "/run/secrets/word")

    here.write("compose.override.yaml", GIVEN.replace("one", "two"))
    assert changed() == ("two", "first")
    here.write(".env", "WORD=second\n")
    assert changed() == ("two", "second")
    # Compose makes it with the old hash, and with the files that are wanted now.
    here.write("compose.override.yaml", GIVEN.split("secrets: {word")[0].replace("    secrets: [word]\n", ""))
    here.run("docker", "compose", "up", "--detach")
    assert here.doit("up").out.endswith("-- up\n")


def test_files_of_variables_count_as_they_do_for_compose(here: Docked) -> None:
    here.write("score.yaml", workload())
    here.write("other.score.yaml", workload("other"))
    here.write("x.env", "COLOUR=red\n")
    here.write("compose.override.yaml", "services: {web-main: {env_file: x.env}}\n")
    here.doit("up")
    before = here.ids()
    here.run("docker", "compose", "up", "--detach")
    assert (here.ids(), here.doit("up").out.endswith("-- up\n")) == (before, True)
    here.write("x.env", "COLOUR=blue\n")
    said = here.doit("up").err
    assert "INFO: web-main is configured in another way\n" in said
    after = here.ids()
    assert [name for name in after if after[name] != before[name]] == ["web-main"]
    assert "COLOUR=blue\n" in here.inside("web-main", "env")
    here.write("x.env", "COLOUR=green\n")
    here.run("docker", "compose", "up", "--detach")
    after = here.ids()
    assert (here.doit("up").out.endswith("-- up\n"), here.ids()) == (True, after)
    assert all(row["Current"] for row in here.status())


def test_secrets_in_files_are_mounted_from_where_the_project_was_moved_to(here: Docked) -> None:
    here.write("score.yaml", workload())
    here.write("word.txt", "word")
    override = "services: {web-main: {secrets: [word]}}\nsecrets: {word: {file: ./word.txt}}\n"
    here.write("compose.override.yaml", override)
    here.doit("up")
    moved = here.path.with_name("moved")
    here.path.rename(moved)
    here.path = moved
    here.doit("up", "--force")
    (source,) = json.loads(docker("inspect", "-f", "{{json .HostConfig.Mounts}}", here.ids()["web-main"]))
    assert source["Source"] == str(moved / "word.txt")
    assert here.doit("up").out.endswith("-- up\n")
