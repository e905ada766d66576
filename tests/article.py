"""The article: the files of its Kafka provisioner, and the Compose project that each step must give."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data" / "kafka"
PROJECT = "score-eg-kafka-provisioner"
UID = "kafka-topic.default#sample-app.bus"
SECOND_UID = "kafka-topic.default#sample-app.second"
PORT = 55002
ANNOTATED = f"""\
  bus:
    type: kafka-topic
    metadata:
      annotations:
        compose.score.dev/publish-port: "{PORT}"
"""
SECOND = """\
  second:
    type: kafka-topic
"""

Service = dict[str, object]


def score(*, annotated: bool = False, second: bool = False, port: int = PORT) -> str:
    """The article's Score file, with what its last two steps add; ``port`` is the one that is published."""
    text = (DATA / "score.yaml").read_text()
    if annotated:
        text = text.replace("  bus:\n    type: kafka-topic\n", ANNOTATED.replace(str(PORT), str(port)))
    return text + SECOND if second else text


def workload(host: str, port: str, topic: str, *, waits: bool) -> Service:
    service: Service = {
        "annotations": {"compose.score.dev/workload-name": "sample-app"},
        "build": {"context": "."},
        "environment": {"KAFKA_HOST": host, "KAFKA_PORT": port, "KAFKA_TOPIC": topic},
        "hostname": "sample-app",
    }
    if waits:
        service["depends_on"] = {
            "wait-for-resources": {"condition": "service_completed_successfully", "required": True}
        }
    return service


def broker(name: str, *, healthy: bool, volume: bool, published: str | None) -> Service:
    service: Service = {
        "image": "bitnami/kafka:latest",
        "restart": "always",
        "environment": {
            "KAFKA_CFG_NODE_ID": "0",
            "KAFKA_CFG_PROCESS_ROLES": "controller,broker",
            "KAFKA_CFG_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
            "KAFKA_CFG_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "KAFKA_CFG_CONTROLLER_QUORUM_VOTERS": f"0@{name}:9093",
            "KAFKA_CFG_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
            "KAFKA_CFG_AUTO_CREATE_TOPICS_ENABLE": "false",
        },
    }
    if healthy:
        service["healthcheck"] = {
            "test": ["CMD", "kafka-topics.sh", "--list", "--bootstrap-server=localhost:9092"],
            "interval": "2s",
            "timeout": "2s",
            "retries": 10,
        }
    if volume:
        service["volumes"] = [{"type": "volume", "source": f"{name}-data", "target": "/bitnami/kafka"}]
    if published:
        service["ports"] = [{"target": 9092, "published": published}]
    return service


def init_container(topic: str, name: str) -> Service:
    script = "kafka-topics.sh --topic={0} --bootstrap-server=localhost:9092"
    return {
        "image": "bitnami/kafka:latest",
        "entrypoint": ["/bin/sh"],
        "command": [
            "-c",
            f"{script} --describe || {script} --create --partitions=3".format(topic),
        ],
        "network_mode": f"service:{name}",
        "labels": {"dev.score.compose.labels.is-init-container": "true"},
        "depends_on": {name: {"condition": "service_healthy", "required": True, "restart": True}},
    }


def project(
    name: str,
    topics: list[str],
    *,
    healthy: bool = False,
    init: bool = False,
    volume: bool = False,
    published: str | None = None,
) -> dict[str, object]:
    """The whole Compose project once the broker is real; ``topics[0]`` is the workload's."""
    waited = {name: {"condition": "service_healthy" if healthy else "service_started", "required": True}}
    services = {
        name: broker(name, healthy=healthy, volume=volume, published=published),
        "sample-app-main": workload(name, "9092", topics[0], waits=True),
    }
    if init:
        for topic in topics:
            services[f"{topic}-init"] = init_container(topic, name)
            waited[f"{topic}-init"] = {"condition": "service_completed_successfully", "required": True}
    services["wait-for-resources"] = {"image": "alpine", "command": ["echo"], "depends_on": waited}
    found: dict[str, object] = {"name": PROJECT, "services": services}
    if volume:
        found["volumes"] = {f"{name}-data": {"driver": "local"}}
    return found


def compose(directory: Path) -> object:
    """The Compose project as data; checked by Compose itself where the plugin is there."""
    path = directory / "compose.yaml"
    if has_compose():
        subprocess.run(["docker", "compose", "-f", path, "config", "--quiet"], check=True)
    return yaml.safe_load(path.read_text())


def has_compose() -> bool:
    """Whether `docker compose` can be asked; it needs no daemon for that."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0
