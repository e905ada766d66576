"""The program `docker compose`: whether it will do, what it makes of a project, and running it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType

from doit_score.running.files import environment_files, project_files, value_of
from doit_score.running.model import Model, read_model
from doit_score.store.files import read, signature
from doit_score.text import words
from doit_score.text.errors import ScoreError
from doit_score.text.light import Any
from doit_score.text.secrets import MASK, is_secret_name
from doit_score.text.terminal import has_colour, stdout_has_colour

OLDEST = (2, 20)
"""The first Compose that knows all that we write: `depends_on` with `required`, `--progress`."""

INSTALL = (
    "install Docker's command line with its Compose plugin, version 2.20 or newer (Debian 13: `apt install "
    "docker-cli docker-compose`; elsewhere: https://docs.docker.com/compose/install/)"
)
_READS = re.compile(rb"\b(env_file|extends|include)[\"']?[ \t]*:")
"""What tells that a file of a project may have Compose read others: those with variables of services."""

_NO_FILE: Mapping[str, str] = {"COMPOSE_FILE": ""}
"""Where a project is only named: Compose would read the files of the environment, which need not be there."""

_CLEAR_LINE = "\x1b[2K"
_WARNING = re.compile(r'time="[^"]*" level=warning |WARN\[')
# What follows are a line of advice and the value.
_INTERPOLATION = re.compile(r"invalid interpolation format for (\S+)\.$")


def check_version(version: str) -> None:
    """Raises ScoreError unless this version of Compose is new enough."""
    found = re.match(r"v?(\d+)\.(\d+)", version)
    if found and tuple(map(int, found.groups())) < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise ScoreError(f"Docker Compose {version} is too old: {wanted} or newer is needed", hint=INSTALL)


class Compose:
    """`docker compose` for the project that ``path`` is generated for, with all that users lay over it.

    ``environment`` is laid over that of the process, below which are ``secrets``: the variables that the
    project has in place of them.
    """

    def __init__(
        self, path: str, environment: Mapping[str, str], secrets: Callable[[], Mapping[str, str]] = dict
    ) -> None:
        self.path = path
        self._secrets = secrets
        self._environment = {**os.environ, **environment}
        self._known: tuple[object, Model] | None = None

    @property
    def files(self) -> list[str]:
        """The Compose files of the project.  Raises ScoreError where ``path`` is not among them."""
        return project_files(self.path, self._environment)

    def require(self) -> None:
        """Raises ScoreError unless the program and its plugin are there and new enough."""
        done = self._finish(["docker", "compose", "version", "--short"])
        if done.returncode != 0:
            self._check_context(done.stderr)
            raise ScoreError("this Docker command line has no Compose plugin", hint=INSTALL)
        check_version(done.stdout.strip())

    @contextmanager
    def asking(self) -> Iterator[Callable[[], Model]]:
        """Asks Compose how it reads the project; the answer can be waited for later.

        Asking for it raises ScoreError for what Compose does not take.  It is not asked again as long as the
        files are the same.
        """
        seen = self._seen()
        if self._known is not None and self._known[0] == seen:
            known = self._known[1]
            yield lambda: known
            return
        asked = self._start("config", "--format", "json"), self._start("config", "--hash", "*")

        def answer() -> Model:
            model = self._answer(*asked)
            self._known = seen, model
            return model

        try:
            yield answer
        finally:
            for process in asked:
                process.kill()
                with process:  # closes its pipes, and waits
                    pass

    def forget(self) -> None:
        """Has the next who wants the model ask for it: much time may have passed."""
        self._known = None

    def _seen(self) -> object:
        """What tells that the files are the same: those of other services' variables are read once."""
        paths = [*self.files, *environment_files(self.path, self._environment)]
        return [(path, signature(path)) for path in paths]

    def model(self) -> Model:
        """The project as Compose reads it."""
        with self.asking() as answer:
            return answer()

    def services_of_all_profiles(self) -> set[str]:
        """The services that there are with any profile, whether or not it is chosen."""
        process = self._start("--profile", "*", "config", "--services")
        out, _ = process.communicate()
        return {*out.split()} if process.returncode == 0 else set()

    def _answer(self, project: _Popen, hashed: _Popen) -> Model:
        config = _printed(self._taken(project), "{")
        hashes = self._taken(hashed)
        if self._reads_more():
            hashes = self._hashed(config)
        lines = [line.split() for line in hashes.splitlines()]
        by_service = {line[0]: line[1] for line in lines if len(line) == 2}
        variables = {**self._secrets(), **self._environment}
        return read_model(config, by_service, lambda name: value_of(name, self.path, variables))

    def _taken(self, process: _Popen, text: str | None = None) -> str:
        """What Compose prints of a project.  Raises ScoreError if it does not take it."""
        out, err = process.communicate(text)
        if process.returncode != 0:
            self._check_context(err)
            self.require()
            raise ScoreError(f"Compose does not take this project: {_refusal(err)}", path=self.path)
        return out

    def _reads_more(self) -> bool:
        """Whether a service may have variables of a file (`env_file`)."""
        return any(_READS.search(read(path)[0]) for path in self.files)

    def _hashed(self, config: object) -> str:
        """The hashes of what Compose has printed of the project.

        Those of the project itself (as of 2.26) do not have the variables in them that are in files, by which
        it labels containers.
        """
        command = ["docker", "compose", "--file", "-", "--profile", "*", "config", "--hash", "*"]
        pipe = subprocess.PIPE
        with self._popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
            return self._taken(process, json.dumps(config, ensure_ascii=False))

    def start(self, arguments: Sequence[str], *, terminal: bool, project: str | None = None) -> _Popen:
        """Starts `docker compose`: with its own display on a terminal, else what it says is piped."""
        where = ["--project-name", project] if project else self._named()
        command = ["docker", "compose", *where, *([] if terminal else ["--progress", "plain"]), *arguments]
        piped = None if terminal else subprocess.PIPE
        more = dict(_NO_FILE) if project else {}
        if terminal and not has_colour(sys.__stderr__):
            more["NO_COLOR"] = "1"
        return self._popen(command, stdout=piped, stderr=None if terminal else subprocess.STDOUT, more=more)

    def show(self, arguments: Sequence[str], project: str) -> int:
        """Runs `docker compose` on stdout; returns its exit status.

        Of what containers have printed only colours reach a terminal as they are.
        """
        ansi = "always" if stdout_has_colour() else "never"
        command = ["docker", "compose", "--ansi", ansi, "--project-name", project, *arguments]
        with self._popen(command, stdout=subprocess.PIPE, more=_NO_FILE) as process:
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

    def _named(self) -> list[str]:
        return [word for path in self.files for word in ("--file", path)]

    def _start(self, *arguments: str) -> _Popen:
        command = ["docker", "compose", *self._named(), *arguments]
        return self._popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def _finish(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        process = self._popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = process.communicate()
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def _popen(
        self,
        command: list[str],
        stdin: int = subprocess.DEVNULL,
        stdout: int | None = None,
        stderr: int | None = None,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> _Popen:
        try:
            return subprocess.Popen(
                command,
                env={**self._secrets(), **self._environment, **more},
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
        except FileNotFoundError:
            raise missing() from None
        except OSError as error:
            raise ScoreError(f"the program 'docker' cannot be run: {error.strerror}") from None


_Popen = subprocess.Popen[str]


def missing() -> ScoreError:
    """The error where there is no `docker`."""
    return ScoreError("there is no program 'docker' on the PATH", hint=INSTALL)


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
