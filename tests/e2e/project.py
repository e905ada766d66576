"""A project in a directory of its own that is brought up in a real engine, and taken down again."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from e2e import images
from running import Directory


class Stack(Directory):
    """A directory with Score files, and its containers; its project is named as no other in the engine."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(path)
        self.name = f"{name}-{uuid.uuid4().hex[:8]}"

    def generate(self, *score_files: str) -> None:
        """Makes compose.yaml, and the images that it names."""
        if not self.exists("state"):
            self.score("--quiet", "init", "--no-sample", "--project", self.name)
        self.score("--quiet", "generate", "--strict", *score_files)
        images.ensure(str(service["image"]) for service in self.services().values())

    def docker(self, *arguments: str) -> str:
        """What `docker compose` prints on standard output; it must succeed."""
        command = ["docker", "compose", "--progress=plain", *self._variables(), *arguments]
        done = subprocess.run(command, cwd=self.path, capture_output=True, text=True, timeout=900)
        if done.returncode != 0:
            raise AssertionError("\n".join([*command, done.stdout, done.stderr, self.logs("--tail=10")]))
        return done.stdout

    def logs(self, *arguments: str) -> str:
        """What every container has said."""
        command = ["docker", "compose", *self._variables(), "logs", "--no-color", *arguments]
        done = subprocess.run(command, cwd=self.path, capture_output=True, text=True, timeout=300)
        return done.stdout + done.stderr

    def _variables(self) -> tuple[str, ...]:
        """What has Compose read secrets that are not in compose.yaml."""
        path = "state/secrets.env"
        return ("--env-file", path) if self.exists(path) else ()

    def up(self) -> None:
        # Without a limit it would wait for ever for what never gets healthy.
        self.docker("up", "--detach", "--wait", "--wait-timeout", "600", "--remove-orphans")

    def down(self, *arguments: str) -> None:
        self.docker("down", *arguments)

    def inspected(self) -> dict[str, dict[str, Any]]:
        """Every container, also those that have ended, by service."""
        found = self.docker("ps", "--all", "--quiet").split()
        done = subprocess.run(["docker", "inspect", *found], capture_output=True, text=True, check=True)
        every = json.loads(done.stdout)
        return {one["Config"]["Labels"]["com.docker.compose.service"]: one for one in every}

    def secrets(self) -> set[str]:
        """Every password in compose.yaml."""
        found = set()
        for service in self.services().values():
            environment: dict[str, str] = service.get("environment", {})
            found |= {value for key, value in environment.items() if "PASS" in key or "SECRET" in key}
        assert all(len(secret) >= 20 for secret in found), "what is short may be found by chance"
        return found


@contextmanager
def running(stack: Stack) -> Iterator[Stack]:
    """Takes everything away at the end, whatever happened."""
    try:
        yield stack
    finally:
        if stack.exists("compose.yaml"):
            stack.down("--volumes", "--remove-orphans", "--timeout", "0")


@contextmanager
def watching(secrets: set[str]) -> Iterator[set[str]]:
    """The command lines of all processes of this machine that held one of ``secrets`` meanwhile."""
    found: set[str] = set()
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.05):
            for name in os.listdir("/proc"):
                if not name.isdigit():
                    continue
                try:
                    line = Path("/proc", name, "cmdline").read_bytes().decode("utf-8", "replace")
                except OSError:
                    continue  # it has ended
                found.update(line for secret in secrets if secret in line)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        thread.join()
