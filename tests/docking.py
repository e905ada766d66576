"""Real containers for tests: an image made on the spot, and a working directory whose project is removed.

No registry is asked for anything.  The image holds a static busybox of Debian: a shell, a web server
and the usual small programs in 2 MB.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from unittest import mock

import pytest
from filelock import FileLock
from running import SOURCES, Directory

from doit_score.running import watch
from doit_score.running.containers import seconds

# An engine keeps it: what is in it changes with the number.
IMAGE = "dsu-busybox:2"
APPLETS = ("cat", "date", "echo", "env", "false", "httpd", "sh", "sleep", "test", "touch", "true", "wget")

# Stopped at once: nothing in it has anything to save, and the first process ignores SIGTERM.
DOCKERFILE = b'FROM scratch\nADD root /\nSTOPSIGNAL SIGKILL\nCMD ["sh"]\n'

SERVER = "[httpd, -f, -p, '80', -h, /www]"

LIMIT = 300.0
"""Seconds for what takes a few on a machine that has nothing else to do."""

_PORTS = range(21000, 28000)
"""Those that tests are given: the system gives none of them to a client, and nothing in the docs has one."""

_SHARED = "/var/tmp"
"""The directory of what all processes of tests have, wherever each has its temporary files."""


def docker(*arguments: str, check: bool = True) -> str:
    """What `docker` prints."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return done.stdout


def need_engine() -> None:
    """Fails in CI, and skips elsewhere, unless there is an engine with Compose."""
    for command in (["docker", "compose", "version"], ["docker", "info"]):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
            why = "" if done.returncode == 0 else done.stderr.strip()
        except FileNotFoundError:
            why = "there is no program docker"
        if why:
            reason = f"`{' '.join(command)}` fails: {why}"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def need_image() -> None:
    """Makes the image, unless it is there, or is being made by another process of the tests."""
    with FileLock(f"{_SHARED}/dsu-busybox.lock"):
        _need_image()


def _need_image() -> None:
    if not docker("images", "--quiet", IMAGE).strip():
        busybox = _busybox()
        context = io.BytesIO()
        with tarfile.open(fileobj=context, mode="w") as tar:
            _add(tar, "Dockerfile", DOCKERFILE)
            _add(tar, "root/bin/busybox", busybox, 0o755)
            _add(tar, "root/www/index.html", b"hello\n")
            _add(tar, "root/etc/passwd", b"root:x:0:0:root:/:/bin/sh\n")
            scratch = tarfile.TarInfo("root/tmp")
            scratch.type, scratch.mode = tarfile.DIRTYPE, 0o1777
            tar.addfile(scratch)
            for applet in APPLETS:
                link = tarfile.TarInfo(f"root/bin/{applet}")
                link.type, link.linkname = tarfile.SYMTYPE, "busybox"
                tar.addfile(link)
        import docker as sdk

        client = sdk.from_env()
        context.seek(0)
        client.images.build(fileobj=context, custom_context=True, tag=IMAGE, rm=True)
        client.close()
    # What Compose would pull for the service that waits, and for what the docs show.
    for name in ("alpine:latest", "busybox:1.37"):
        if not docker("images", "--quiet", name).strip():
            docker("tag", IMAGE, name)


def build(name: str, dockerfile: str) -> None:
    """Makes an image that needs nothing but what its Dockerfile says."""
    done = subprocess.run(
        ["docker", "build", "--quiet", "--tag", name, "-"],
        input=dockerfile,
        capture_output=True,
        text=True,
        env={**os.environ, "DOCKER_BUILDKIT": "0"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def import_tree(directory: str, name: str, *flags: str) -> None:
    """Makes an image of nothing but a directory; ``flags`` are of tar."""
    tree = ["tar", "-C", directory, "--sort=name", *flags, "-c", "."]
    with subprocess.Popen(tree, stdout=subprocess.PIPE) as tar:
        done = subprocess.run(
            ["docker", "import", "-", name], stdin=tar.stdout, capture_output=True, text=True
        )
    assert (tar.returncode, done.returncode) == (0, 0), done.stderr


def imported(directory: Path) -> str:
    """The image with nothing but a directory that tests have in their cache."""
    image = f"doit-score-e2e/cached:{directory.name}"
    if subprocess.run(["docker", "image", "inspect", image], capture_output=True).returncode != 0:
        import_tree(str(directory), image, "--owner=0", "--group=0")
    return image


def _busybox() -> bytes:
    """A static busybox: the one that is installed, or Debian's, which is not installed for it."""
    installed = shutil.which("busybox")
    if installed and b"/ld-linux" not in (content := Path(installed).read_bytes()):
        return content
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["apt-get", "download", "--quiet", "-o", "APT::Sandbox::User=root", "busybox-static"],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        (package,) = Path(folder).glob("*.deb")
        subprocess.run(["dpkg-deb", "--extract", package, f"{folder}/x"], check=True)
        found = shutil.which("busybox", path=f"{folder}/x/bin:{folder}/x/usr/bin")
        assert found
        return Path(found).read_bytes()


def _add(tar: tarfile.TarFile, name: str, content: bytes, mode: int = 0o644) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), mode
    tar.addfile(info, io.BytesIO(content))


def free_port() -> int:
    """A port that nobody uses, and that no other test is given before all others were."""
    note = Path(_SHARED, "dsu-port")
    with FileLock(f"{note}.lock"):
        last = int(note.read_text() or 0) if note.exists() else 0
        for number in range(1, len(_PORTS)):
            port = _PORTS[(last + number) % len(_PORTS)]
            if _is_free(port):
                note.write_text(str(last + number))
                return port
    raise AssertionError("all ports of the tests are taken")


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as one:
            try:
                one.bind(("0.0.0.0", port))
            except OSError:
                return False
    return True


def workload(
    name: str = "web",
    command: str = SERVER,
    *,
    probe: str = "",
    volume: bool = False,
    files: Mapping[str, str] | None = None,
    resources: Mapping[str, str] | None = None,
    **variables: str,
) -> str:
    """A Score file of one container ``main``, with port 80."""
    lines = ["apiVersion: score.dev/v1b1", f"metadata: {{name: {name}}}", "containers:", "  main:"]
    lines += [f"    image: {IMAGE}", f"    command: {command}"]
    if probe:
        lines += [f"    readinessProbe: {{exec: {{command: {probe}}}}}"]
    if variables:
        lines += ["    variables:", *(f"      {key}: {value}" for key, value in sorted(variables.items()))]
    if files:
        lines += ["    files:", *(f"      {path}: {{content: {text}}}" for path, text in files.items())]
    wanted = dict(resources or {})
    if volume:
        wanted["data"] = "volume"
        lines += ["    volumes:", "      /data: {source: '${resources.data}'}"]
    lines += ["service:", "  ports:", "    http: {port: 80}"]
    if wanted:
        lines += ["resources:", *(f"  {key}: {{type: {type_}}}" for key, type_ in wanted.items())]
    return "\n".join(lines) + "\n"


class Docked(Directory):
    """A working directory with a dodo.py, whose project is removed from the engine at the end."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.project = f"dsu-{uuid.uuid4().hex[:8]}"
        self._started: list[subprocess.Popen[str]] = []
        self.dodo()

    def dodo(self, arguments: str = "", more: str = "") -> None:
        """Writes the dodo.py, with these further arguments of Score."""
        given = f"project={self.project!r}, {arguments}".rstrip(", ")
        self.write("dodo.py", f"from doit_score import Score\n\nscore = Score({given})\n{more}")

    def close(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.communicate()
        docker("compose", "--project-name", self.project, "down", "--volumes", "--timeout", "0", check=False)

    def ids(self) -> dict[str, str]:
        """The id of the container of each service."""
        return self._listed("{{.ID}}")

    def states(self) -> dict[str, str]:
        """The state of the container of each service."""
        return self._listed("{{.State}}")

    def _listed(self, what: str) -> dict[str, str]:
        """This of the container of each service, all at one moment: one may be there for a moment only."""
        listed = docker(
            *("ps", "--all", "--no-trunc", "--filter", f"label=com.docker.compose.project={self.project}"),
            *("--format", '{{.Label "com.docker.compose.service"}} ' + what),
        )
        return dict(sorted(line.split() for line in listed.splitlines()))

    def started(self) -> dict[str, float]:
        """When the container of each service was started, in seconds since the epoch."""
        return {
            name: seconds(docker("inspect", "-f", "{{.State.StartedAt}}", id_).strip())
            for name, id_ in self.ids().items()
        }

    def volumes(self) -> list[str]:
        listed = docker("volume", "ls", "-q", "--filter", f"label=com.docker.compose.project={self.project}")
        return sorted(listed.split())

    def inside(self, service: str, *command: str) -> str:
        """What a command prints in the container of a service."""
        return docker("exec", self.ids()[service], *command)

    def page(self, service: str) -> str:
        """What the server of a container answers to another one in its network, or to itself.

        Without a healthcheck nobody knows when it listens.
        """
        found = ""

        def answers() -> bool:
            nonlocal found
            found = docker(
                *("exec", self.ids()[service], "wget", "-q", "-O", "-", "http://127.0.0.1/"), check=False
            )
            return found != ""

        wait_until(answers)
        return found

    def wait_for_log(self, service: str, text: str) -> None:
        """Waits until a container has printed ``text``: that it runs does not say that it has."""
        wait_until(lambda: text in docker("logs", self.ids()[service]))

    def password(self) -> str:
        """The password that the resource `db` of the workload `web` was given."""
        outputs = json.loads(self.score("resources", "get-outputs", "store.default#web.db").out)
        return str(outputs["password"])

    def status(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = json.loads(self.score("status", "--format", "json").out)
        return found

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts doit, which can be interrupted wherever these tests run, and does not wait for it."""
        process = subprocess.Popen(
            [sys.executable, "-m", "doit", *arguments],
            cwd=self.path,
            env={**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # What is started in the background of a shell ignores it.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )
        self._started.append(process)
        return process


def kill(process: subprocess.Popen[str]) -> None:
    """Kills a process, but not those that it started."""
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


@contextmanager
def patient() -> Iterator[None]:
    """Whatever ends at once is seen to have ended before it counts as up, however late the engine tells it.

    Only for what is to end: what stays, and has no healthcheck, has to run as long as that until it is up.
    """
    with mock.patch.object(watch, "SETTLED", LIMIT):
        yield


def wait_until(holds: Callable[[], bool], seconds: float = LIMIT) -> None:
    """Waits for something that will happen; fails if it does not."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
