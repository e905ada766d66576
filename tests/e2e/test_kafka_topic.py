"""The shipped kafka-topic with a real Apache Kafka: topics that workloads and programs outside use for real.

One project is brought up once; each test leaves it as it was.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from docking import LIMIT, free_port, wait_until
from e2e import images
from e2e.brokers import partitions
from e2e.project import Stack, running
from e2e.test_default_provisioners import outputs, starts, workload

pytestmark = pytest.mark.usefixtures("kafka")

APP = """\
  kafka-topic:
    type: kafka-topic
    metadata:
      annotations:
        compose.score.dev/publish-port: "{port}"
  more:
    type: kafka-topic
    params:
      num_partitions: 7
"""
OTHER = """\
  kafka-topic:
    type: kafka-topic
    metadata:
      annotations:
        compose.score.dev/publish-port: "{port}"
"""


class Broker:
    """A broker as a program on this machine sees it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def kcat(self, *arguments: str, said: str = "") -> str:
        """What kcat prints."""
        command = ["kcat", "-b", f"localhost:{self.port}", "-m", "120", *arguments]
        done = subprocess.run(command, input=said, capture_output=True, text=True, timeout=LIMIT)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def topics(self) -> dict[str, int]:
        """How many partitions each topic has, but for Kafka's own."""
        return partitions(self.kcat("-L", "-J"))

    def write(self, topic: str, *messages: str) -> None:
        self.kcat("-P", "-t", topic, said="".join(f"{message}\n" for message in messages))

    def messages(self, topic: str) -> list[str]:
        """All messages of a topic; those of different partitions come in no order."""
        return sorted(self.kcat("-C", "-t", topic, "-e", "-o", "beginning").splitlines())


@pytest.fixture(scope="module")
def broker() -> Broker:
    return Broker(free_port())


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, broker: Broker) -> Iterator[Stack]:
    """Two workloads with topics on one broker, running."""
    stack = Stack(tmp_path_factory.mktemp("topics"), "dsd-topics")
    stack.write("workload.py", (Path(__file__).parent / "workload.py").read_text(encoding="utf-8"))
    stack.write("app.yaml", workload("app", ("KAFKA",), APP.format(port=broker.port)))
    stack.write("other.yaml", workload("other", ("KAFKA",), OTHER.format(port=free_port())))
    with running(stack):
        stack.generate("app.yaml", "other.yaml")
        stack.up()
        yield stack


def topic(stack: Stack, workload: str) -> str:
    return str(outputs(stack, workload, "kafka-topic")["name"])


def more(stack: Stack) -> str:
    """The topic that no workload uses."""
    found = stack.score("resources", "get-outputs", "kafka-topic.default#app.more").out
    return str(json.loads(found)["name"])


def test_two_score_files_share_a_broker_and_have_topics_of_their_own(stack: Stack, broker: Broker) -> None:
    for name in ("app", "other"):
        assert starts(stack, name) == {"kafka": 1}
        assert broker.messages(topic(stack, name)) == [name]
    brokers = [name for name, service in stack.services().items() if "ports" in service]
    assert [outputs(stack, name, "kafka-topic")["host"] for name in ("app", "other")] == brokers * 2


def test_topics_have_the_partitions_that_are_asked_for(stack: Stack, broker: Broker) -> None:
    assert broker.topics() == {topic(stack, "app"): 3, topic(stack, "other"): 3, more(stack): 7}


def test_a_program_outside_and_one_inside_read_what_the_other_wrote(stack: Stack, broker: Broker) -> None:
    broker.write(more(stack), "from outside")
    inside = [
        *("docker", "run", "--rm", "--interactive", f"--network={stack.name}_default", images.KCAT),
        *("-q", "-b", "{host}:{port}".format_map(outputs(stack, "app", "kafka-topic")), "-t", more(stack)),
    ]
    images.ensure([images.KCAT])
    subprocess.run([*inside, "-P"], input="from inside\n", text=True, check=True, timeout=LIMIT)
    every = [*inside, "-C", "-e", "-o", "beginning"]
    read = subprocess.run(every, capture_output=True, text=True, check=True, timeout=LIMIT).stdout
    assert sorted(read.splitlines()) == ["from inside", "from outside"] == broker.messages(more(stack))


def test_a_topic_that_nobody_asked_for_is_not_made(stack: Stack, broker: Broker) -> None:
    before = broker.topics()
    with pytest.raises(AssertionError, match="Delivery failed"):
        broker.kcat("-P", "-t", "nobody-asked", "-X", "message.timeout.ms=3000", said="hello\n")
    assert broker.topics() == before


def test_the_reader_that_is_told_shows_the_messages(stack: Stack, broker: Broker) -> None:
    found = stack.score("resources", "show", "kafka-topic.default#other.kafka-topic", "--format", "json").out
    told, _, command = json.loads(found)["Logs"][0].partition(": ")
    assert (told, command.split()[:3]) == ("a reader", ["docker", "compose", "-p"])
    held = broker.messages(topic(stack, "other"))
    # Nobody has a terminal here, and nobody interrupts it.
    command = command.replace("exec ", "exec -T ", 1) + f" --max-messages={len(held)}"
    done = subprocess.run(command, shell=True, cwd="/", capture_output=True, text=True, timeout=LIMIT)
    assert sorted(done.stdout.splitlines()) == held, done.stderr


def test_messages_survive_down_and_up(stack: Stack, broker: Broker) -> None:
    names = [topic(stack, "app"), topic(stack, "other"), more(stack)]
    before = {name: broker.messages(name) for name in names}
    stack.down()
    stack.up()
    assert {name: broker.messages(name) for name in names} == {
        topic(stack, "app"): [*before[names[0]], "app"],
        topic(stack, "other"): [*before[names[1]], "other"],
        more(stack): before[names[2]],
    }
    ended = [one["State"]["ExitCode"] for name, one in stack.inspected().items() if name.endswith("-init")]
    assert ended == [0, 0, 0]


def test_each_published_port_sends_a_program_outside_to_itself(stack: Stack, broker: Broker) -> None:
    ports = [int(port["published"]) for one in stack.services().values() for port in one.get("ports", ())]
    assert (len(ports), broker.port in ports) == (2, True)
    before = broker.messages(more(stack))
    for port in ports:
        one = Broker(port)
        (address,) = (found["name"] for found in json.loads(one.kcat("-L", "-J"))["brokers"])
        assert address == f"localhost:{port}"
        one.write(more(stack), f"through {port}")
        before.append(f"through {port}")
        assert one.messages(more(stack)) == sorted(before)


def test_a_broker_that_does_not_answer_is_not_healthy_until_it_does(stack: Stack) -> None:
    name = outputs(stack, "app", "kafka-topic")["host"]
    container = stack.inspected()[name]["Id"]
    check = stack.services()[name]["healthcheck"]["test"][1:]
    asked = ["docker", "exec", container, "timeout", "5", *(part.replace("$$", "$") for part in check)]

    def serves() -> bool:
        return subprocess.run(asked, capture_output=True, timeout=LIMIT).returncode == 0

    def signal(what: str) -> None:
        subprocess.run(["docker", "kill", f"--signal={what}", container], check=True, timeout=LIMIT)

    wait_until(serves)
    # It keeps its port open, so that whoever only connects takes it for alive.
    signal("STOP")
    try:
        assert not serves()
    finally:
        signal("CONT")
    wait_until(serves)


def test_a_topic_gets_the_partitions_that_are_asked_for_later_and_keeps_its_messages(
    stack: Stack, broker: Broker
) -> None:
    name, before, text = more(stack), broker.topics(), stack.read("app.yaml")
    held = broker.messages(name)
    stack.write("app.yaml", text.replace("num_partitions: 7", "num_partitions: 9"))
    stack.generate()
    stack.up()
    assert broker.topics() == {**before, name: 9}
    assert broker.messages(name) == held
    stack.write("app.yaml", text)
    said = stack.score("generate", exit=1).err
    assert (
        "params.num_partitions: Kafka cannot take partitions away: this topic has been given 9, and 7" in said
    )
    stack.write("app.yaml", text.replace("num_partitions: 7", "num_partitions: 9"))
    stack.generate()


def test_a_topic_that_is_gone_and_back_is_the_one_that_it_was(stack: Stack, broker: Broker) -> None:
    name, services = more(stack), stack.services()
    text = stack.read("app.yaml")
    held, partitions = broker.messages(name), broker.topics()
    stack.write("app.yaml", text.partition("  more:")[0])
    stack.generate()
    assert {*services} - {*stack.services()} == {f"{name}-init"}
    stack.up()
    stack.write("app.yaml", text)
    stack.generate()
    assert stack.services() == services
    stack.up()
    assert (broker.messages(name), broker.topics()) == (held, partitions)
