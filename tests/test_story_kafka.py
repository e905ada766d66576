"""The article that the project came from, step by step, in its own files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import article
import pytest
import yaml

DODO = """\
from doit_score import Score

DOIT_CONFIG = {"default_tasks": ["generate"]}
score = Score(default_provisioners=False, builds={"sample-app:main": "."})
"""
HINT = (
    "  | type: kafka-topic\n"
    "  hint: write one: a file 'provisioners/kafka-topic.provisioners.yaml' with `type: kafka-topic`; "
    "or let the shipped ones count (`doit-score init --default-provisioners`)\n"
)
LINE = f"+{'-' * 39}+{'-' * 44}+{'-' * 12}+{'-' * 34}+\n"
USED = "| template://custom-provisioners/kafka-topic | sample-app | host, name, num_partitions, port |\n"
UNSUPPORTED = f"score.yaml:15:11: resource '{article.UID}' is not supported by any provisioner\n{HINT}"


class Directory:
    """A working directory in which somebody follows the article."""

    def __init__(self, path: Path, provisioners: str) -> None:
        path.mkdir()
        self.path = path
        self.provisioners = path / provisioners
        (path / "score.yaml").write_text(article.score())

    def run(self, *command: str, exit: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(command, cwd=self.path, capture_output=True, text=True, timeout=60)
        assert done.returncode == exit, done.stdout + done.stderr
        return done

    def step(self, name: str) -> None:
        """Brings the provisioner file to a step of the article."""
        self.provisioners.parent.mkdir(exist_ok=True)
        self.provisioners.write_text((article.DATA / f"{name}.provisioners.yaml").read_text())

    def outputs(self, uid: str = article.UID) -> dict[str, object]:
        done = self.run(sys.executable, "-m", "doit_score", "resources", "get-outputs", uid)
        found: dict[str, object] = json.loads(done.stdout)
        return found

    def names(self) -> tuple[str, str]:
        """The generated names of the broker and of the workload's topic."""
        outputs = self.outputs()
        host, topic = str(outputs["host"]), str(outputs["name"])
        assert re.fullmatch(r"kafka-[A-Za-z0-9]{6}", host)
        assert re.fullmatch(r"topic-[A-Za-z0-9]{6}", topic)
        assert outputs == {"host": host, "port": "9092", "name": topic, "num_partitions": 3}
        return host, topic


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    provisioners = ".score-compose/00-kafka-topic-provisioner.provisioners.yaml"
    made = Directory(tmp_path / article.PROJECT, provisioners)
    # The image is built of the whole directory; without this, generate warns of that.
    (made.path / ".dockerignore").write_text("state\ncompose.yaml\n.doit.db*\n")
    return made


def test_the_article_with_the_command(here: Directory) -> None:
    def score(*arguments: str, exit: int = 0) -> subprocess.CompletedProcess[str]:
        return here.run(sys.executable, "-m", "doit_score", *arguments, exit=exit)

    def generate(exit: int = 0) -> str:
        return score("generate", "score.yaml", "--build", "main=.", exit=exit).stderr

    score("init", "--no-default-provisioners")
    # Setting the stage: there is no provisioner yet.
    assert generate(exit=1) == f"INFO: read workload 'sample-app' from 'score.yaml'\nError: {UNSUPPORTED}"
    assert not (here.path / "compose.yaml").exists()
    here.provisioners.parent.mkdir()
    here.provisioners.write_text("{}\n")
    assert generate(exit=1).endswith(f"Error: {UNSUPPORTED}")

    here.step("1-fake-outputs")
    assert generate() == (
        "INFO: read workload 'sample-app' from 'score.yaml'\n"
        "INFO: provisioned 1 resource\n"
        "INFO: rendered 1 workload\n"
        "INFO: wrote compose.yaml\n"
    )
    assert article.compose(here.path) == {
        "name": article.PROJECT,
        "services": {"sample-app-main": article.workload("unknown", "9092", "unknown", waits=False)},
    }

    here.step("2-real-service")
    generate()
    broker, topic = here.names()
    assert article.compose(here.path) == article.project(broker, [topic])

    here.step("3-healthcheck")
    generate()
    assert article.compose(here.path) == article.project(broker, [topic], healthy=True)

    here.step("4-init-container")
    generate()
    assert article.compose(here.path) == article.project(broker, [topic], healthy=True, init=True)

    format_ = score("resources", "get-outputs", article.UID, "--format", "{{.host}}:{{.port}}")
    assert format_.stdout == f"{broker}:9092\n"

    # With the step after it nothing changes until the annotation is there.
    for step in ("5-volume", "6-publish-port"):
        here.step(step)
        generate()
        assert article.compose(here.path) == article.project(
            broker, [topic], healthy=True, init=True, volume=True
        )
    (here.path / "score.yaml").write_text(article.score(annotated=True))
    generate()
    last: dict[str, Any] = {"healthy": True, "init": True, "volume": True, "published": "55002"}
    assert article.compose(here.path) == article.project(broker, [topic], **last)

    # Verifying our setup: a second topic on the same broker, two init containers.  Both resources write
    # the broker, and only the first asks for the port: score-compose drops it in silence, we say so.
    (here.path / "score.yaml").write_text(article.score(annotated=True, second=True))
    assert generate() == (
        "INFO: read workload 'sample-app' from 'score.yaml'\n"
        "INFO: provisioned 1 resource of 2\n"
        "INFO: rendered 1 workload\n"
        "INFO: wrote compose.yaml\n"
        f"WARN: .score-compose/00-kafka-topic-provisioner.provisioners.yaml:8: "
        f"service '{broker}' is written by resource '{article.UID}' and, with other content, by resource "
        f"'{article.SECOND_UID}', which replaces it\n"
        "  | {{ .Shared.shared_kafka_instance_name }}:\n"
        "  in services of template://custom-provisioners/kafka-topic\n"
        "  hint: put the id of the resource into the name, or make both print the same\n"
    )
    both = [topic, str(here.outputs(article.SECOND_UID)["name"])]
    assert article.compose(here.path) == article.project(broker, both, healthy=True, init=True, volume=True)
    (here.path / "score.yaml").write_text(
        article.score(annotated=True, second=True).replace(
            article.SECOND, article.ANNOTATED.replace("  bus:", "  second:")
        )
    )
    generate()
    second = here.outputs(article.SECOND_UID)
    assert second == {"host": broker, "port": "9092", "name": both[1], "num_partitions": 3}
    assert both[1] != topic
    assert article.compose(here.path) == article.project(broker, both, **last)

    before = (here.path / "compose.yaml").read_bytes()
    assert generate() == "INFO: nothing to do: 1 workload, 2 resources up to date\n"
    assert score("generate").stderr == "INFO: nothing to do: 1 workload, 2 resources up to date\n"
    score("generate", "--force")
    assert (here.path / "compose.yaml").read_bytes() == before
    listed = score("resources", "list").stdout
    assert listed == (
        f"{LINE}|                  UID                  |                PROVISIONER                 "
        f"| WORKLOADS  |             OUTPUTS              |\n{LINE}"
        f"| {article.UID}    {USED}{LINE}"
        f"| {article.SECOND_UID} {USED}{LINE}"
    )


def test_the_article_with_doit(here: Directory) -> None:
    (here.path / "dodo.py").write_text(DODO)
    here.provisioners = here.path / "provisioners" / "00-kafka-topic.provisioners.yaml"

    def doit(*arguments: str, exit: int = 0) -> str:
        done = here.run(sys.executable, "-m", "doit", *arguments, exit=exit)
        return done.stdout + done.stderr

    unsupported = UNSUPPORTED.replace(
        "`doit-score init --default-provisioners`", "Score(default_provisioners=True)"
    )
    assert f"TaskFailed - taskid:provision\n{unsupported}" in doit(exit=1)
    here.step("1-fake-outputs")
    doit("generate")
    assert article.compose(here.path) == {
        "name": article.PROJECT,
        "services": {"sample-app-main": article.workload("unknown", "9092", "unknown", waits=False)},
    }
    here.step("2-real-service")
    doit("generate")
    broker, topic = here.names()
    assert article.compose(here.path) == article.project(broker, [topic])
    healthy = {"healthy": True}
    steps: list[tuple[str, dict[str, bool]]] = [
        ("3-healthcheck", healthy),
        ("4-init-container", {**healthy, "init": True}),
        ("5-volume", {**healthy, "init": True, "volume": True}),
        ("6-publish-port", {**healthy, "init": True, "volume": True}),
    ]
    for step, parts in steps:
        here.step(step)
        doit("generate")
        assert article.compose(here.path) == article.project(broker, [topic], **parts)  # type: ignore[arg-type]  # bools
    (here.path / "score.yaml").write_text(article.score(annotated=True))
    doit("generate")
    assert article.compose(here.path) == article.project(
        broker, [topic], healthy=True, init=True, volume=True, published="55002"
    )
    assert doit("generate") == "-- init\n-- provision\n-- render\n-- generate\n"


def test_the_provisioner_rewritten_in_jinja_gives_the_same_project(here: Directory) -> None:
    def generate(*arguments: str) -> str:
        return here.run(sys.executable, "-m", "doit_score", "generate", *arguments).stderr

    here.run(sys.executable, "-m", "doit_score", "init", "--no-default-provisioners")
    (here.path / "score.yaml").write_text(article.score(annotated=True, second=True))
    here.step("6-publish-port")
    generate("score.yaml", "--build=main=.")
    before = yaml.safe_load((here.path / "compose.yaml").read_text())
    here.step("jinja")
    generate()
    assert article.compose(here.path) == before
    # Names that Jinja2 generates itself are kept as well, and the project is the article's again.
    broker, topic = here.names()
    assert generate("--force") != ""
    assert here.names() == (broker, topic)
