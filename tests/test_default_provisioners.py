"""What the shipped provisioners make: whole Compose projects, in strict mode."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from doit_score import cli

SCORE = """\
apiVersion: score.dev/v1b1
metadata:
  name: app
containers:
  main:
    image: busybox
    variables:
      OUTPUTS: {outputs}
resources:
  one:
    type: {type}
"""

# `kafka-topics` is the name of a script.
GENERATED = re.compile(r"\b(app|kafka|topic)-(?!topics)[a-z0-9]{6}\b")


def generate(folder: Path, monkeypatch: pytest.MonkeyPatch, score: str) -> tuple[dict[str, object], str]:
    """The project for a Score file with generated endings replaced by `#`, and its text as it is."""
    monkeypatch.chdir(folder)
    Path("score.yaml").write_text(score, encoding="utf-8")
    assert cli.main(["--quiet", "init", "--project", "demo"]) == 0
    assert cli.main(["--quiet", "generate", "score.yaml", "--strict"]) == 0
    text = Path("compose.yaml").read_text(encoding="utf-8")
    project = yaml.safe_load(GENERATED.sub(r"\1-#", text))
    assert isinstance(project, dict)
    return project, text


def test_volume_gives_a_named_volume(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    score = SCORE.format(type="volume", outputs="${resources.one.source} ${resources.one.type}")
    score = score.replace(
        "resources:", "    volumes:\n      /data:\n        source: ${resources.one}\nresources:"
    )
    project, _ = generate(tmp_path, monkeypatch, score)
    assert project == {
        "name": "demo",
        "services": {
            "app-main": {
                "annotations": {"compose.score.dev/workload-name": "app"},
                "environment": {"OUTPUTS": "app-# volume"},
                "hostname": "app",
                "image": "busybox",
                "volumes": [{"type": "volume", "source": "app-#", "target": "/data"}],
            }
        },
        "volumes": {"app-#": {"driver": "local"}},
    }


KAFKA_OUTPUTS = (
    "${resources.one.host}:${resources.one.port}/${resources.one.name}/${resources.one.num_partitions}"
)

BROKER = {
    "environment": {
        "KAFKA_ADVERTISED_LISTENERS": "INSIDE://kafka-#:9092",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_INTER_BROKER_LISTENER_NAME": "INSIDE",
        "KAFKA_LISTENERS": "INSIDE://:9092,CONTROLLER://:9093",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": ("CONTROLLER:PLAINTEXT,INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT"),
        "KAFKA_LOG_DIRS": "/var/lib/kafka/data",
        "KAFKA_NODE_ID": "1",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
    },
    "healthcheck": {
        "interval": "3s",
        "retries": 20,
        "test": ["CMD", "/opt/kafka/bin/kafka-topics.sh", "--bootstrap-server", "localhost:9092", "--list"],
        "timeout": "10s",
    },
    "image": "apache/kafka:3.9.1",
    "restart": "always",
    "volumes": [{"type": "volume", "source": "kafka-#-data", "target": "/var/lib/kafka/data"}],
}


def topic(partitions: int) -> dict[str, object]:
    """The init container of a topic."""
    return {
        "command": [
            "--bootstrap-server=kafka-#:9092",
            "--create",
            "--if-not-exists",
            "--topic=topic-#",
            f"--partitions={partitions}",
            "--replication-factor=1",
        ],
        "depends_on": {"kafka-#": {"condition": "service_healthy", "required": True, "restart": True}},
        "entrypoint": ["/opt/kafka/bin/kafka-topics.sh"],
        "image": "apache/kafka:3.9.1",
        "labels": {"dev.score.compose.labels.is-init-container": "true"},
    }


def test_kafka_topic_gives_a_broker_and_a_topic_before_the_workload(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _ = generate(tmp_path, monkeypatch, SCORE.format(type="kafka-topic", outputs=KAFKA_OUTPUTS))
    assert project == {
        "name": "demo",
        "services": {
            "app-main": {
                "annotations": {"compose.score.dev/workload-name": "app"},
                "depends_on": {
                    "wait-for-resources": {"condition": "service_completed_successfully", "required": True}
                },
                "environment": {"OUTPUTS": "kafka-#:9092/topic-#/3"},
                "hostname": "app",
                "image": "busybox",
            },
            "kafka-#": BROKER,
            "topic-#-init": topic(3),
            "wait-for-resources": {
                "command": ["echo"],
                "depends_on": {
                    "kafka-#": {"condition": "service_healthy", "required": True},
                    "topic-#-init": {"condition": "service_completed_successfully", "required": True},
                },
                "image": "alpine",
            },
        },
        "volumes": {"kafka-#-data": {"driver": "local"}},
    }


def test_kafka_topics_share_a_broker_and_differ_in_partitions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    score = SCORE.format(type="kafka-topic", outputs=KAFKA_OUTPUTS)
    score += "  two:\n    type: kafka-topic\n    params:\n      num_partitions: 12\n"
    project, text = generate(tmp_path, monkeypatch, score)
    generated = {match[0] for match in GENERATED.finditer(text)}
    assert sorted(name.split("-")[0] for name in generated) == ["kafka", "topic", "topic"]
    assert sorted(re.findall(r"--partitions=\d+", text)) == ["--partitions=12", "--partitions=3"]
    assert project["volumes"] == {"kafka-#-data": {"driver": "local"}}


def test_kafka_topic_is_published_with_a_listener_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    score = SCORE.format(type="kafka-topic", outputs=KAFKA_OUTPUTS)
    score += '    metadata:\n      annotations:\n        compose.score.dev/publish-port: "19092"\n'
    project, _ = generate(tmp_path, monkeypatch, score)
    services = project["services"]
    assert isinstance(services, dict)
    assert services["kafka-#"] == {
        **BROKER,
        "environment": {
            **BROKER["environment"],  # type: ignore[dict-item]  # BROKER holds values of several types
            "KAFKA_ADVERTISED_LISTENERS": "INSIDE://kafka-#:9092,OUTSIDE://localhost:19092",
            "KAFKA_LISTENERS": "INSIDE://:9092,CONTROLLER://:9093,OUTSIDE://:9094",
        },
        "ports": [{"published": "19092", "target": 9094}],
    }
    assert services["app-main"]["environment"] == {"OUTPUTS": "kafka-#:9092/topic-#/3"}


def test_a_port_that_one_topic_asks_for_is_published_for_all_and_goes_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The topic that asks is provisioned first: the other one, which writes the broker last, must know.
    plain = SCORE.format(type="kafka-topic", outputs=KAFKA_OUTPUTS) + "  zz:\n    type: kafka-topic\n"
    asking = plain.replace(
        "  zz:", '    metadata:\n      annotations:\n        compose.score.dev/publish-port: "19092"\n  zz:'
    )
    _, before = generate(tmp_path, monkeypatch, plain)
    Path("score.yaml").write_text(asking, encoding="utf-8")
    assert cli.main(["--quiet", "generate", "--strict"]) == 0
    assert 'published: "19092"' in Path("compose.yaml").read_text(encoding="utf-8")
    Path("score.yaml").write_text(plain, encoding="utf-8")
    assert cli.main(["--quiet", "generate", "--strict"]) == 0
    assert Path("compose.yaml").read_text(encoding="utf-8") == before


def test_names_stay_when_everything_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    score = SCORE.format(type="kafka-topic", outputs=KAFKA_OUTPUTS)
    _, first = generate(tmp_path, monkeypatch, score)
    assert cli.main(["--quiet", "generate", "--force"]) == 0
    assert Path("compose.yaml").read_text(encoding="utf-8") == first
