"""Without Docker, or with one that will not do: one clear message.  No engine is needed for these."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import running
from running import Directory

INSTALL = (
    "  hint: install Docker's command line with its Compose plugin, version 2.20 or newer (Debian 13: `apt "
    "install docker-cli docker-compose`; elsewhere: https://docs.docker.com/compose/install/)\n"
)
START = (
    "  hint: start it (`systemctl start docker`), install it (Debian, Ubuntu: `apt install docker.io`; "
    "elsewhere: https://docs.docker.com/get-docker/), or say where it is (DOCKER_HOST, `docker context "
    "use`)\n"
)
VERBS = ("up", "down", "status", "logs")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    directory = Directory(tmp_path_factory.mktemp("absent") / "shop")
    directory.write("score.yaml", running.score())
    directory.score("--quiet", "init", "--no-sample", "--no-default-provisioners")
    directory.score("--quiet", "generate", "score.yaml")
    return directory


def _fake_docker(here: Directory, script: str) -> str:
    """A PATH with a program `docker` that does what ``script`` says."""
    here.write("bin/docker", f"#!/bin/sh\n{script}\n")
    (here.path / "bin" / "docker").chmod(0o755)
    return f"{here.path}/bin:/usr/bin:/bin"


def _said(here: Directory, verb: str, **environment: str) -> str:
    """The error of a verb, without what was said of generating."""
    err = here.score(verb, exit=1, **environment).err
    return err[err.index("Error: ") :]


@pytest.mark.parametrize("verb", VERBS)
def test_without_docker(here: Directory, verb: str) -> None:
    (here.path / "empty").mkdir(exist_ok=True)
    said = _said(here, verb, PATH=str(here.path / "empty"))
    assert said == f"Error: there is no program 'docker' on the PATH\n{INSTALL}"


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    "script",
    [
        "echo 'docker: unknown command: docker compose' >&2; exit 1",
        "echo \"docker: 'compose' is not a docker command.\" >&2; exit 1",
        "echo 'unknown shorthand flag' >&2; exit 125",
    ],
)
def test_without_the_plugin(here: Directory, verb: str, script: str) -> None:
    said = _said(here, verb, PATH=_fake_docker(here, script))
    assert said == f"Error: this Docker command line has no Compose plugin\n{INSTALL}"


@pytest.mark.parametrize("version", ["2.19.1", "v2.2.3", "1.29.2"])
def test_with_a_plugin_that_is_too_old(here: Directory, version: str) -> None:
    script = f'case "$*" in "compose version --short") echo {version};; *) exit 1;; esac'
    said = _said(here, "up", PATH=_fake_docker(here, script))
    assert said == f"Error: Docker Compose {version} is too old: 2.20 or newer is needed\n{INSTALL}"


@pytest.mark.parametrize("verb", VERBS)
def test_without_an_engine(here: Directory, verb: str) -> None:
    socket_path = here.path / "nobody.sock"
    said = _said(here, verb, DOCKER_HOST=f"unix://{socket_path}")
    assert said == (
        f"Error: no Docker engine answers at unix://{socket_path} (No such file or directory)\n{START}"
    )


def test_with_an_engine_that_has_ended(here: Directory, tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(path))
    said = _said(here, "up", DOCKER_HOST=f"unix://{path}")
    assert said == f"Error: no Docker engine answers at unix://{path} (Connection refused)\n{START}"
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        # As long as it is taken, nobody else can come to listen there.
        said = _said(here, "up", DOCKER_HOST=f"tcp://127.0.0.1:{port}")
    assert said.startswith(
        f"Error: no Docker engine answers at tcp://127.0.0.1:{port} (Connection refused)\n"
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="gives up its rights, for which it has to be root first")
def test_with_an_engine_that_this_user_may_not_use(here: Directory, tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        path.chmod(0o600)
        listener.listen()
        for folder in (tmp_path, *tmp_path.parents):
            if "pytest" in folder.name:
                folder.chmod(folder.stat().st_mode | 0o011)
        # The libraries first: the other user may not read them.
        script = (
            "import os, http.client, docker, requests\n"
            "from doit_score.text.errors import ScoreError\n"
            "from doit_score.running import client, compose\n"
            f"asked = compose.Compose('compose.yaml', {{'DOCKER_HOST': 'unix://{path}'}})\n"
            "os.seteuid(65534)\n"
            "try:\n"
            "    with client.connected(asked): pass\n"
            "except ScoreError as error:\n"
            "    print(error)\n"
        )
        said = here.run(sys.executable, "-c", script).out
    assert said == (
        f"the Docker engine at unix://{path} may not be used by this user\n"
        "  hint: become a member of the group 'docker' (`sudo usermod -aG docker $USER`, then log in again)\n"
    )


class _Engine:
    """Something that listens where an engine would, and remembers that it was asked."""

    def __init__(self, path: Path) -> None:
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, suppress(OSError):  # who asks may be gone before the answer
                self.asked.append(connection.recv(65536).decode().partition("\r\n")[0])
                connection.sendall(b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[_Engine]:
    made = _Engine(tmp_path / "s")
    yield made
    made.close()


@pytest.mark.skipif(shutil.which("docker") is None, reason="docker keeps the contexts: it has to be there")
@pytest.mark.parametrize("by", ["DOCKER_HOST", "DOCKER_CONTEXT", "docker context use"])
def test_the_engine_is_the_one_that_docker_would_use(
    here: Directory, engine: _Engine, tmp_path: Path, by: str
) -> None:
    address = f"unix://{tmp_path}/s"
    environment = {"DOCKER_CONFIG": str(tmp_path / "config")}
    # The plugins of a user are in the same directory; those of the machine are found all the same.
    if by == "DOCKER_HOST":
        environment["DOCKER_HOST"] = address
    else:
        here.run("docker", "context", "create", "far", "--docker", f"host={address}", exit=0, **environment)
        if by == "DOCKER_CONTEXT":
            environment["DOCKER_CONTEXT"] = "far"
        else:
            here.run("docker", "context", "use", "far", exit=0, **environment)
            assert json.loads((tmp_path / "config" / "config.json").read_text())["currentContext"] == "far"
    here.score("status", exit=1, **environment)
    # What the SDK asks first; `docker` itself asks other things.
    assert [line for line in engine.asked if line.startswith("GET /version ")]


@pytest.mark.skipif(shutil.which("docker") is None, reason="docker keeps the contexts: it has to be there")
def test_a_context_that_is_not_there(here: Directory) -> None:
    said = _said(here, "status", DOCKER_CONTEXT="nowhere")
    assert said.startswith("Error: the Docker context cannot be used: ")
    assert said.endswith(
        "\n  hint: `docker context ls` shows what there is; DOCKER_CONTEXT or `docker context use` picks "
        "one\n"
    )


@pytest.mark.parametrize("host", ["tcp://[::1", "tcp://127.0.0.1:99999", "http://[x]"])
def test_an_address_that_is_none(here: Directory, host: str) -> None:
    assert _said(here, "up", DOCKER_HOST=host).startswith(f"Error: no Docker engine answers at {host} (")


def test_tls_without_certificates(here: Directory) -> None:
    more = {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/nowhere"}
    said = _said(here, "up", DOCKER_HOST="tcp://127.0.0.1:2376", **more)
    assert said.startswith("Error: no Docker engine answers at tcp://127.0.0.1:2376 (")


def test_a_docker_that_says_something_before_its_json(here: Directory) -> None:
    answers = "*version*) echo 2.26.1;; *json*) echo aliased; echo '%s';; *) echo aliased to it;;"
    script = f'case "$*" in {answers} esac'
    path = _fake_docker(here, script % '{"name": "shop"}')
    environment = {"PATH": path, "DOCKER_HOST": "unix:///nowhere"}
    assert _said(here, "status", **environment).startswith(
        "Error: no Docker engine answers at unix:///nowhere"
    )
    _fake_docker(here, script % "no json")
    assert _said(here, "status", **environment).startswith(
        "Error: the program 'docker' printed something that is no JSON\n"
    )


def test_a_pipe_as_compose_file_is_not_waited_for(here: Directory) -> None:
    (here.path / "compose.yaml").rename(here.path / "kept.yaml")
    os.mkfifo(here.path / "compose.yaml")
    said = _said(here, "status", PATH=_fake_docker(here, "echo 2.40"))
    (here.path / "kept.yaml").replace(here.path / "compose.yaml")
    assert said == "Error: compose.yaml: is no regular file\n"
