"""The fixture `project_up`: a project that runs in Docker for one test."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial

from doit_score.engine import secrets
from doit_score.running import Wanted
from doit_score.running.client import connected
from doit_score.running.compose import Compose
from doit_score.running.project import Running
from doit_score.testing.failed import Failed, fails
from doit_score.testing.project import Project
from doit_score.testing.provision import Provision
from doit_score.text.errors import ScoreError
from doit_score.text.light import Any, uuid4


class RunningProject:
    """A project whose containers are up, as it asks for it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._compose = Compose(
            project.settings.output,
            project.settings.environment,
            partial(secrets.variables, project.settings.state_dir),
        )

    @fails
    def exec(self, service: str, *command: str) -> str:
        """What ``command`` prints in the container of ``service``.  Raises Failed if it fails."""
        return self._run("exec", "-T", service, *command)

    @fails
    def logs(self, service: str) -> str:
        """What the containers of ``service`` have printed."""
        return self._run("logs", "--no-color", "--no-log-prefix", service)

    def _run(self, *arguments: str) -> str:
        with self.project.inside():
            status, printed = self._compose.printed(arguments)
        if status != 0:
            said = f"`docker compose {' '.join(arguments)}` exited with status {status}"
            raise Failed(f"{said}:\n{printed}".rstrip(":\n"))
        return printed


class Up:
    """Brings projects up, and takes them down again, with their volumes."""

    def __init__(self, provision: Provision, stack: ExitStack) -> None:
        self._provision = provision
        self._stack = stack

    @fails
    def __call__(self, files: Mapping[str, str], **more: Any) -> RunningProject:
        """A project, generated as by :meth:`Provision.project`, that is up: every container runs, is healthy,
        or has ended well.  When the test ends it is removed, whatever happens, with containers and volumes.

        It has a name of its own, so that tests can run at once.  Raises Failed if it does not come up, with
        what is known of each container that does not.
        """
        project = self._provision.project(files, name=f"test-{uuid4()[:13]}", **more)
        if project.settings.target != "compose":
            raise Failed(f"a project for {project.settings.target} cannot be run in Docker")
        running = Running(project.settings, lambda level, text: None, terminal=False)
        self._stack.callback(_down, project, running)
        with project.inside():
            running.up(Wanted())
        return RunningProject(project)


def _down(project: Project, running: Running) -> None:
    with project.inside():
        running.down(volumes=True)


def why_not() -> str:
    """Why nothing can be run in Docker here; empty if it can."""
    compose = Compose("compose.yaml", {})
    try:
        compose.require()
        with connected(compose):
            return ""
    except ScoreError as error:
        return error.problems[0].message
