"""The program `docker compose`: whether it will do, what it makes of a project, and running it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from doit_score.text import words
from doit_score.text.errors import ScoreError
from doit_score.text.light import Any, dataclass, field
from doit_score.text.secrets import MASK, is_secret_name

OLDEST = (2, 20)
"""The first Compose that knows all that we write: `depends_on` with `required`, `up --wait`, `--progress`."""

_INSTALL = (
    "install Docker's command line with its Compose plugin, version 2.20 or newer (Debian 13: `apt install "
    "docker-cli docker-compose`; elsewhere: https://docs.docker.com/compose/install/)"
)
_CLEAR_LINE = "\x1b[2K"
_WARNING = re.compile(r'time="[^"]*" level=warning |WARN\[')
# What follows are a line of advice and the value.
_INTERPOLATION = re.compile(r"invalid interpolation format for (\S+)\.$")
_COMPLETED = "service_completed_successfully"
_INIT_LABEL = "dev.score.compose.labels.is-init-container"


@dataclass(frozen=True, slots=True)
class Service:
    """A service as Compose reads it.  ``hash`` is what Compose will know its containers by.

    ``runs_once`` is whether it is awaited that it completes; ``shares`` the service whose network it
    uses; ``networks`` the names of those that it is in.
    """

    name: str
    hash: str
    replicas: int = 1
    image: str | None = None
    is_built: bool = False
    runs_once: bool = False
    shares: str | None = None
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """A project as Compose reads it: its name, and its services by theirs."""

    project: str
    services: Mapping[str, Service] = field(default_factory=dict)


class Compose:
    """`docker compose` for one Compose file.  ``environment`` is laid over that of the process."""

    def __init__(self, path: str, environment: Mapping[str, str]) -> None:
        self.path = path
        self._environment = {**os.environ, **environment}

    def require(self) -> None:
        """Raises ScoreError unless the program and its plugin are there and new enough."""
        done = self._finish(["docker", "compose", "version", "--short"])
        if done.returncode != 0:
            self._check_context(done.stderr)
            raise ScoreError("this Docker command line has no Compose plugin", hint=_INSTALL)
        found = re.match(r"v?(\d+)\.(\d+)", done.stdout.strip())
        if found and tuple(map(int, found.groups())) < OLDEST:
            wanted = ".".join(map(str, OLDEST))
            raise ScoreError(
                f"Docker Compose {done.stdout.strip()} is too old: {wanted} or newer is needed", hint=_INSTALL
            )

    @contextmanager
    def asking(self) -> Iterator[Callable[[], Model]]:
        """Asks Compose how it reads the project; the answer can be waited for later.

        Asking for it raises ScoreError for what Compose does not take.
        """
        asked = self._start("config", "--format", "json"), self._start("config", "--hash", "*")
        try:
            yield lambda: self._answer(*asked)
        finally:
            for process in asked:
                process.kill()
                with process:  # closes its pipes, and waits
                    pass

    def model(self) -> Model:
        """The project as Compose reads it."""
        with self.asking() as answer:
            return answer()

    def _answer(self, *asked: _Popen) -> Model:
        printed = []
        for process in asked:
            out, err = process.communicate()
            if process.returncode != 0:
                self._check_context(err)
                raise ScoreError(f"Compose does not take this project: {_refusal(err)}", path=self.path)
            printed.append(out)
        lines = [line.split() for line in printed[1].splitlines()]
        hashes = {line[0]: line[1] for line in lines if len(line) == 2}
        return read_model(_printed(printed[0], "{"), hashes)

    def start(self, arguments: Sequence[str], *, terminal: bool, project: str | None = None) -> _Popen:
        """Starts `docker compose`: with its own display on a terminal, else what it says is piped."""
        where = ["--project-name", project] if project else ["--file", self.path]
        command = ["docker", "compose", *where, *([] if terminal else ["--progress", "plain"]), *arguments]
        piped = None if terminal else subprocess.PIPE
        return self._popen(command, stdout=piped, stderr=None if terminal else subprocess.STDOUT)

    def show(self, arguments: Sequence[str], project: str) -> int:
        """Runs `docker compose` on stdout; returns its exit status.

        Of what containers have printed only colours reach a terminal as they are.
        """
        ansi = ["--ansi", "always"] if os.isatty(1) else []
        command = ["docker", "compose", *ansi, "--project-name", project, *arguments]
        with self._popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for line in process.stdout:
                # Compose clears the line of a terminal also where there is none.
                print(words.coloured(line.replace(_CLEAR_LINE, "")), end="", flush=True)
        return process.returncode

    def printed(self, arguments: Sequence[str]) -> tuple[int, str]:
        """The exit status of `docker compose`, and what it prints on both streams."""
        with self.start(arguments, terminal=False) as process:
            printed, _ = process.communicate()
        return process.returncode, printed.replace(_CLEAR_LINE, "")

    def context(self) -> Mapping[str, object]:
        """The Docker context that counts, as `docker context inspect` tells of it."""
        done = self._finish(["docker", "context", "inspect"])
        if done.returncode != 0:
            raise ScoreError(
                f"the Docker context cannot be used: {last_line(done.stderr)}",
                hint="`docker context ls` shows what there is; DOCKER_CONTEXT or `docker context use` picks "
                "one",
            )
        found = _printed(done.stdout, "[")[0]
        assert isinstance(found, dict)
        return found

    def _check_context(self, said: str) -> None:
        """Raises what is wrong with the context, if that is why a program has failed."""
        if "context" in said:
            self.context()

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment in which `docker` runs."""
        return self._environment

    def _start(self, *arguments: str) -> _Popen:
        command = ["docker", "compose", "--file", self.path, *arguments]
        return self._popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def _finish(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        process = self._popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = process.communicate()
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def _popen(self, command: list[str], stdout: int | None = None, stderr: int | None = None) -> _Popen:
        try:
            return subprocess.Popen(
                command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
        except FileNotFoundError:
            raise ScoreError("there is no program 'docker' on the PATH", hint=_INSTALL) from None
        except OSError as error:
            raise ScoreError(f"the program 'docker' cannot be run: {error.strerror}") from None


_Popen = subprocess.Popen[str]


def read_model(config: Mapping[str, object], hashes: Mapping[str, str]) -> Model:
    """The model from what `docker compose config` prints as JSON, and its hashes."""
    services = _mapping(config.get("services"))
    networks = {key: _mapping(one).get("name") for key, one in _mapping(config.get("networks")).items()}
    awaited = {
        name
        for service in services.values()
        for name, wait in _mapping(_mapping(service).get("depends_on")).items()
        if _mapping(wait).get("condition") == _COMPLETED
    }
    found = {}
    for name, value in services.items():
        service = _mapping(value)
        mode = str(service.get("network_mode", ""))
        image = service.get("image")
        found[name] = Service(
            name=name,
            hash=hashes.get(name, ""),
            replicas=_replicas(service),
            image=image if isinstance(image, str) else None,
            is_built="build" in service,
            runs_once=name in awaited or _mapping(service.get("labels")).get(_INIT_LABEL) == "true",
            shares=mode.removeprefix("service:") if mode.startswith("service:") else None,
            networks=tuple(str(networks.get(key)) for key in _mapping(service.get("networks"))),
        )
    return Model(str(config.get("name", "")), found)


def _replicas(service: Mapping[str, object]) -> int:
    for count in (_mapping(service.get("deploy")).get("replicas"), service.get("scale")):
        if isinstance(count, int):
            return count
    return 1


def _printed(text: str, start: str) -> Any:
    """The JSON in what `docker` printed; a wrapper of it may say something first.

    Raises ScoreError if there is none.
    """
    found = re.search(rf"^{re.escape(start)}", text, re.MULTILINE)
    try:
        return json.loads(text[found.start() if found else 0 :])
    except ValueError:
        raise ScoreError(
            "the program 'docker' printed something that is no JSON",
            hint="is the first one on the PATH that of Docker? (`docker compose config --format json`)",
        ) from None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _refusal(said: str) -> str:
    """All that Compose says against a project but for warnings, without the value of what is a secret."""
    lines = [line for line in said.splitlines() if line.strip() and not _WARNING.match(line)]
    found = _INTERPOLATION.match(lines[0]) if lines else None
    if found and is_secret_name(found[1]):
        lines[2:] = [MASK]
    return "\n  ".join(lines) or last_line("")


def last_line(text: str) -> str:
    """What a program says last: its error."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it does not say why"
