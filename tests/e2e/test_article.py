"""The article, step by step in its order, with a real Apache Kafka, its application and a real client."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import article
import docking
import pytest
from e2e import follower
from e2e.follower import SERVICE, ByCommand, ByDoit, Follower

pytestmark = pytest.mark.usefixtures("kafka")

WAYS = {"docker compose up": Follower, "doit-score up": ByCommand, "doit up": ByDoit}


@pytest.fixture(params=WAYS)
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Follower]:
    follower.need_go()
    found = WAYS[request.param](tmp_path)
    yield found
    found.close()


def test_the_article_on_a_real_broker(here: Follower) -> None:
    _there_is_no_provisioner(here)
    _outputs_are_made_up(here)
    _the_application_is_faster_than_the_broker(here)
    _nobody_makes_the_topic(here)
    _an_init_container_makes_it(here)
    _messages_stay_in_a_volume(here)
    _a_port_is_published(here)
    _a_second_topic(here)


def _there_is_no_provisioner(here: Follower) -> None:
    said = here.generated(exit=1)
    assert f"resource '{article.UID}' is not supported by any provisioner" in said
    assert not here.exists("compose.yaml")


def _outputs_are_made_up(here: Follower) -> None:
    here.step("1-fake-outputs")
    said = here.go()
    log = here.ended()
    assert log.startswith("a ping to unknown:9092/unknown every 1s\n")
    assert re.search(r"lookup unknown on \S+: no such host\n$", log)
    _is_told(here, said, log)


def _is_told(here: Follower, said: str, log: str) -> None:
    """What ends while `up` looks is told by it, and what ends later by `status`."""
    if f"service '{SERVICE}' of workload 'sample-app' ended with status 1" in said:
        assert log.splitlines()[-1] in said
    (status,) = (one for one in here.status() if one["Service"] == SERVICE)
    assert (status["Kind"], status["State"], status["ExitCode"]) == ("workload", "exited (1)", 1)


def _the_application_is_faster_than_the_broker(here: Follower) -> None:
    here.step("2-real-service")
    here.go()
    log = here.ended()
    broker, topic = here.outputs()["host"], here.outputs()["name"]
    assert log.startswith(f"a ping to {broker}:9092/{topic} every 1s\n")
    # On a machine that is busy it may come late enough to find a broker, but never its topic.
    assert re.search(r"connect: connection refused\n$|context deadline exceeded\n$", log)


def _nobody_makes_the_topic(here: Follower) -> None:
    here.step("3-healthcheck")
    here.go()
    assert here.ended().endswith("no leader of the topic: context deadline exceeded\n")
    assert "Kafka Server started" in here.said(here.outputs()["host"])


def _an_init_container_makes_it(here: Follower) -> None:
    here.step("4-init-container")
    here.go()
    topic = here.outputs()["name"]
    assert f"Created topic {topic}." in here.said(f"{topic}-init")
    assert here.inspected()[f"{topic}-init"]["State"]["ExitCode"] == 0
    count = here.pings()
    # The console: a client in the network of the project.
    assert here.messages(topic)[:count] == ["ping"] * count
    assert here.topics() == {topic: 3}


def _messages_stay_in_a_volume(here: Follower) -> None:
    here.step("5-volume")
    here.go()
    broker, topic = here.outputs()["host"], here.outputs()["name"]
    listed = docking.docker("volume", "ls", "-q", "--filter", f"name={here.name}").split()
    assert listed == [f"{here.name}_{broker}-data"]
    if here.lets_clients_be:
        # The application connects once, and asks for no restart with its broker, which was made anew.
        docking.wait_until(lambda: here.said().splitlines()[-1].startswith("not sent: "), follower.PATIENCE)
        here.go_anew()
    before = here.pings()
    here.go_anew()
    assert "Created topic" not in here.said(f"{topic}-init")
    expected = before + here.pings()
    assert len(here.messages(topic)) >= expected


def _a_port_is_published(here: Follower) -> None:
    port = docking.free_port()
    here.step("6-publish-port")
    here.write("score.yaml", article.score(annotated=True, port=port))
    here.go_anew()
    broker = here.outputs()["host"]
    container = here.inspected()[broker]
    assert {one["HostPort"] for one in container["NetworkSettings"]["Ports"]["9092/tcp"]} == {str(port)}
    assert here.pings()
    # The port is open, but the broker sends clients on to a name that is known in the network alone.
    client = ["kcat", "-b", f"localhost:{port}"]
    seen = subprocess.run([*client, "-L", "-m", "60"], capture_output=True, text=True, check=True)
    assert f"broker 0 at {container['Id'][:12]}:9092 (controller)" in seen.stdout
    send = [*client, "-P", "-t", here.outputs()["name"], "-X", "message.timeout.ms=5000"]
    sent = subprocess.run(send, input="from outside\n", capture_output=True, text=True)
    assert (sent.returncode, "Delivery failed for message" in sent.stderr) == (1, True)


def _a_second_topic(here: Follower) -> None:
    first, broker = here.outputs()["name"], here.outputs()["host"]
    # Only the first asks for the port, and the second says of the same broker that it has none: we warn.
    here.write("score.yaml", article.score(annotated=True, second=True))
    here.go_anew()
    assert "ports" not in here.services()[broker]
    second = here.outputs(article.SECOND_UID)
    assert (second["host"], second["name"] != first) == (broker, True)
    assert here.topics() == {first: 3, second["name"]: 3}
    assert here.pings()
    assert here.messages(second["name"]) == []
