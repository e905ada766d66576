"""Images for tests with a real engine, made on the spot of Debian's packages: no registry is needed.

``ensure`` makes an image under the very name that a provisioner or a Score file uses.  The last part of
the name says what it is to be: ``docker.io/library/redis:7.4.2-alpine`` becomes Debian's redis with an
entrypoint that does what the official one does, as far as the shipped provisioners need it; Kafka comes from
Maven's repository (brokers.py), MinIO and what stands for MongoDB from those of Go and npm (stores.py).  What
none has becomes a stand-in (servers/standin), which plays the parts
of server and client.  The engine keeps the layers, so making them again takes a moment.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import docking
from e2e import brokers, stores

SERVERS = Path(__file__).parent / "servers"
BASE = "doit-score-e2e/base:bookworm-1"
"""A small Debian.  Another number makes every engine build it anew."""

KCAT = "doit-score-e2e/kcat"
"""A client of Kafka."""

WORKLOAD = "doit-score-e2e/workload"
"""Python with the client libraries of all servers."""

ROLES = ("alpine", "kcat", "mysql", "nginx", "postgres", "rabbitmq", "redis", "workload")
"""What there are images of, and the targets of servers/Dockerfile; all else becomes a stand-in."""

_LABEL = "doit-score.e2e"
_OURS = "doit-score-e2e/"


def ensure(names: Iterable[str]) -> None:
    """Makes the images ``names``; one of that name that is from elsewhere is used as it is.

    Raises AssertionError with what the engine said if that fails.
    """
    for name in sorted({*names}):
        _ensure(name)


def can_be_made() -> bool:
    """Whether :func:`ensure` has what it needs; debootstrap wants to be root."""
    return _has(BASE) or (shutil.which("debootstrap") is not None and os.geteuid() == 0)


@contextmanager
def needed() -> Iterator[None]:
    """Nobody takes the images away meanwhile.

    The last process of tests that needs images takes their names away, so that nobody takes ours for the
    real ones; the layers stay.
    """
    with _lock("needed", fcntl.LOCK_SH) as lock:
        yield
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        listed = ["docker", "images", "--filter", f"label={_LABEL}", "--format", "{{.Repository}}:{{.Tag}}"]
        names = subprocess.run(listed, capture_output=True, text=True).stdout.split()
        for name in sorted(names):
            if not name.startswith((_OURS, "<none>")):
                subprocess.run(["docker", "image", "rm", name], capture_output=True)
        _ensure.cache_clear()


@contextmanager
def _lock(name: str, how: int) -> Iterator[int]:
    """A lock among all processes of this machine that run such tests."""
    file = os.open(f"/var/tmp/doit-score-e2e-{name}.lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(file, how)
        yield file
    finally:
        os.close(file)


def _has(name: str) -> bool:
    return subprocess.run(["docker", "image", "inspect", name], capture_output=True).returncode == 0


def _is_from_elsewhere(name: str) -> bool:
    asked = ["docker", "image", "inspect", "--format", f'{{{{index .Config.Labels "{_LABEL}"}}}}', name]
    done = subprocess.run(asked, capture_output=True, text=True)
    return done.returncode == 0 and done.stdout.strip() != "yes"


@cache
def _ensure(name: str) -> None:
    if _is_from_elsewhere(name):
        return
    last = name.rsplit("/", 1)[-1].partition(":")[0]
    if broker := brokers.layout(name):
        source = [f"--target={broker}", f"--build-arg=JARS={brokers.jars()}", str(brokers.SOURCE)]
    elif directory := stores.ROLES.get(last):
        programs = docking.imported(stores.programs(directory))
        source = [f"--target={last}", f"--build-arg=PROGRAMS={programs}", str(SERVERS / directory)]
    else:
        source = [f"--target={last if last in ROLES else 'standin'}", str(SERVERS)]
    # What two make at once would be two images, and the containers of the first be outdated.
    with _lock("made", fcntl.LOCK_EX):
        _base()
        _run(["docker", "build", "--network=host", f"--build-arg=BASE={BASE}", f"--tag={name}",
              f"--label={_LABEL}=yes", *source])  # fmt: skip


@cache
def _base() -> None:
    if _has(BASE):
        return
    # Not in memory: that may not have devices.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        root = os.path.join(folder, "root")
        _run(["debootstrap", "--variant=minbase", "bookworm", root, *_archive()])
        docking.import_tree(root, BASE, "--exclude=./var/cache/apt/archives/*.deb")


def _archive() -> list[str]:
    """The archive that this machine takes Debian's packages from; none leaves the choice to debootstrap."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Origin: Debian", "Component: main"]
    found = subprocess.run(asked, capture_output=True, text=True).stdout.split()
    return [uri for uri in found if "security" not in uri][:1]


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "DOCKER_BUILDKIT": "0"},
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}"
