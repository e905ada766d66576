"""A directory in which the command ``doit-score`` is run, in a forked child that knows nothing of ours."""

from __future__ import annotations

from pathlib import Path

from conformance import runner

from doit_score.text import yaml12


class Directory:
    """A working directory.  Paths are relative to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.environment = {"PATH": runner.SYSTEM_PATH, "HOME": str(path), "LANG": "C.UTF-8", "TZ": "UTC"}

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run(self, *arguments: str, status: int = 0) -> runner.Answer:
        """Runs the command, which must end with ``status``."""
        answer = runner.call(arguments, self.path, self.environment)
        assert answer.status == status, answer.stderr
        return answer

    def doit(self, *arguments: str, status: int = 0) -> runner.Answer:
        """Runs doit, which must end with ``status``."""
        answer = runner.call(arguments, self.path, self.environment, program=runner.doit)
        assert answer.status == status, answer.stdout + answer.stderr
        return answer

    def init(self, *arguments: str) -> None:
        """An empty project ``demo``, without the shipped provisioners."""
        self.run("--quiet", "init", "--no-sample", "--no-default-provisioners", "-p", "demo", *arguments)

    def services(self) -> dict[str, dict[str, object]]:
        """The services of compose.yaml."""
        project = yaml12.load((self.path / "compose.yaml").read_bytes())
        assert isinstance(project, dict)
        services: dict[str, dict[str, object]] = project["services"]
        return services
