"""Somebody follows the article, with its real application, in one of three ways."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import article
import docking
import pytest
from e2e import images
from e2e.brokers import partitions
from e2e.cache import cached
from e2e.project import Stack

APP = Path(__file__).parent / "app"
SERVICE = "sample-app-main"
PATIENCE = 600.0
DODO = """\
from doit.action import CmdAction

from doit_score import Score

DOIT_CONFIG = {{"default_tasks": ["up"]}}
score = Score(project={name!r}, default_provisioners=False, images={{"sample-app:main": "image"}})


def task_image():
    return {{
        "actions": [CmdAction("docker build --quiet --tag {name}:dev .", save_out="image")],
        "file_dep": ["Dockerfile", "sample"],
    }}
"""


def need_go() -> None:
    """Fails in CI, and skips elsewhere, where there is no Go to build the application with."""
    if shutil.which("go") is None:
        reason = "there is no Go, which the application of the article is written in"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def sample() -> Path:
    """The application, built of ``app/`` unless one of the same source is there."""

    def build(path: Path) -> None:
        command = ["go", "build", "-trimpath", "-ldflags", "-s -w", "-o", str(path), "."]
        subprocess.run(command, cwd=APP, check=True, env={**os.environ, "CGO_ENABLED": "0"})

    return cached("sample", [APP / name for name in ("main.go", "go.mod", "go.sum")], build)


class Follower(Stack):
    """The article as it is told: `generate`, then `docker compose up`."""

    provisioners = ".score-compose/00-kafka-topic-provisioner.provisioners.yaml"
    busy = False
    """Whether a client in Java does not start in the two seconds that the article gives its healthcheck."""
    lets_clients_be = False
    """Whether what uses a server goes on running when that is made anew; Compose makes both anew."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "dsd-article")
        self.write("score.yaml", article.score())
        shutil.copy(sample(), path / "sample")
        shutil.copy(APP / "Dockerfile", path / "Dockerfile")
        self.begin()

    def begin(self) -> None:
        self.score("--quiet", "init", "--no-sample", "--no-default-provisioners", "--project", self.name)

    def close(self) -> None:
        if self.exists("compose.yaml"):
            self.down("--volumes", "--remove-orphans", "--timeout", "0")
        for name in (f"{self.name}:dev", f"{self.name}-{SERVICE}"):
            docking.docker("rmi", "--force", name, check=False)

    # -- what differs

    def generated(self, exit: int = 0) -> str:
        """Generates, and returns what was said."""
        return self.score("generate", "score.yaml", "--build", "main=.", exit=exit).err

    def bring_up(self) -> str:
        """Brings everything up, whether the application ends or stays, and returns what was said."""
        self.docker("up", "--detach", "--remove-orphans")
        return ""

    # -- what does not

    def step(self, name: str) -> None:
        """Brings the provisioner file to a step of the article."""
        self.at = name
        text = (article.DATA / f"{name}.provisioners.yaml").read_text()
        self.write(self.provisioners, text.replace("timeout: 2s", "timeout: 60s") if self.busy else text)

    def go(self) -> str:
        """What somebody does after an edit; returns what was said of bringing it up."""
        try:
            return self._go()
        except AssertionError as error:
            if self.busy or "is unhealthy" not in str(error):
                raise
        health = self.inspected()[self.outputs()["host"]]["State"]["Health"]
        assert "Health check exceeded timeout (2s)" in {one["Output"] for one in health["Log"]}
        self.busy = True
        self.step(self.at)
        return self._go()

    def _go(self) -> str:
        self.generated()
        images.ensure(str(one["image"]) for name, one in self.services().items() if name != SERVICE)
        return self.bring_up()

    def go_anew(self) -> str:
        """The same when everything was stopped before, as the article does with Ctrl+C."""
        self.down()
        return self.go()

    def outputs(self, uid: str = article.UID) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.score("resources", "get-outputs", uid).out)
        return found

    def status(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = json.loads(self.score("status", "--format", "json").out)
        return found

    def state(self, service: str) -> str:
        return str(self.inspected()[service]["State"]["Status"])

    def said(self, service: str = SERVICE) -> str:
        """What the container that a service has now has said."""
        logs = ["docker", "logs", self.inspected()[service]["Id"]]
        done = subprocess.run(
            logs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=docking.LIMIT
        )
        return done.stdout

    def ended(self) -> str:
        """Waits until the application has ended, which it does with 1; returns what it said."""
        docking.wait_until(lambda: self.state(SERVICE) == "exited", PATIENCE)
        assert self.inspected()[SERVICE]["State"]["ExitCode"] == 1
        return self.said()

    def pings(self) -> int:
        """Waits until the application has sent something; returns how often it did."""
        docking.wait_until(lambda: "sent 4 bytes\n" in self.said(), PATIENCE)
        return self.said().count("sent 4 bytes\n")

    def kcat(self, *arguments: str) -> str:
        """What a client prints that is started beside the project, in its network."""
        images.ensure([images.KCAT])
        format_ = ("--format", "{{.host}}:{{.port}}")
        broker = self.score("resources", "get-outputs", article.UID, *format_).out.strip()
        listed = self.docker("ls", "--quiet").split()
        assert self.name in listed
        network = f"{self.name}_default"
        return docking.docker("run", "--rm", f"--network={network}", images.KCAT, "-b", broker, *arguments)

    def messages(self, topic: str) -> list[str]:
        return self.kcat("-C", "-t", topic, "-o", "beginning", "-e", "-q").splitlines()

    def topics(self) -> dict[str, int]:
        """How many partitions each topic has, but for Kafka's own."""
        return partitions(self.kcat("-L", "-J"))


class ByCommand(Follower):
    """The same with `doit-score up`."""

    busy = True  # What comes of the two seconds is the same in every way: one has them.
    lets_clients_be = True

    def bring_up(self) -> str:
        return self._attempt("doit_score", "up")

    def _attempt(self, *command: str) -> str:
        """Runs a command; an application that ends within it is no success, one that ends later is."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.path,
            env=self._environment({}),
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode in (0, 1), done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done.stdout + done.stderr


class ByDoit(ByCommand):
    """The same with doit alone: a task makes the image of the application."""

    provisioners = "provisioners/00-kafka-topic.provisioners.yaml"

    def begin(self) -> None:
        self.write("dodo.py", DODO.format(name=self.name))

    def generated(self, exit: int = 0) -> str:
        done = self.doit("generate", exit=exit)
        return done.out + done.err

    def bring_up(self) -> str:
        return self._attempt("doit", "up")
