"""A real Apache Kafka: its jars from Maven's repository, on a JRE of Debian.  Nothing is pulled."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import docking
from e2e.cache import cached

SOURCE = Path(__file__).parent / "servers" / "kafka"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


def missing() -> str:
    """What a broker needs and is not there; empty if nothing."""
    return "" if shutil.which("mvn") else "there is no Maven (`mvn`), which fetches Apache Kafka"


def layout(name: str) -> str:
    """Which target of the Dockerfile an image is, by its name; empty for one that is no broker."""
    names = name.partition(":")[0].split("/")
    if names[-1] != "kafka":
        return ""
    return "bitnami" if "bitnami" in names else "apache"


def partitions(listed: str) -> dict[str, int]:
    """How many partitions each topic has, but for Kafka's own, of what `kcat -L -J` prints."""
    topics = json.loads(listed)["topics"]
    return {one["topic"]: len(one["partitions"]) for one in topics if not one["topic"].startswith("__")}


def jars() -> str:
    """The image with nothing but the jars; made of what Maven fetches."""
    return docking.imported(cached("kafka", [SOURCE / "pom.xml"], _fetch))


def _fetch(directory: Path) -> None:
    command = ["mvn", "--quiet", "--batch-mode", _PLUGIN, "-DincludeScope=runtime"]
    done = subprocess.run(
        [*command, f"-DoutputDirectory={directory}"],
        cwd=SOURCE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "MAVEN_OPTS": "-XX:TieredStopAtLevel=1"},
    )
    assert done.returncode == 0, done.stdout[-4000:]
