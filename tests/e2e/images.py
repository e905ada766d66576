"""Images for tests with a real engine, made on the spot of Debian's packages: no registry is needed.

``ensure`` makes an image under the very name that a provisioner or a Score file uses.  The last part of
the name says what it is to be: ``docker.io/library/redis:7.4.2-alpine`` becomes Debian's redis with an
entrypoint that does what the official one does, as far as the shipped provisioners need it.  What Debian
does not have becomes a stand-in (servers/standin), which plays the parts of server and client.  The engine
keeps the layers, so making them again takes a moment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SERVERS = Path(__file__).parent / "servers"
BASE = "doit-score-e2e/base:bookworm-1"
"""A small Debian.  Another number makes every engine build it anew."""

WORKLOAD = "doit-score-e2e/workload"
"""Python with the client libraries of all servers."""

ROLES = ("alpine", "mysql", "nginx", "postgres", "rabbitmq", "redis", "workload")
"""What there are images of, and the targets of servers/Dockerfile; all else becomes a stand-in."""

_made: set[str] = set()


def ensure(names: Iterable[str]) -> None:
    """Makes the images ``names``; one of that name that is from elsewhere is used as it is.

    Raises AssertionError with what the engine said if that fails.
    """
    for name in sorted({*names}):
        _ensure(name)


def can_be_made() -> bool:
    """Whether :func:`ensure` has what it needs; debootstrap wants to be root."""
    return _has(BASE) or (shutil.which("debootstrap") is not None and os.geteuid() == 0)


def forget() -> None:
    """Takes the names away again, so that nobody takes ours for the real ones; the layers stay."""
    for name in sorted(_made - {WORKLOAD}):
        subprocess.run(["docker", "image", "rm", name], capture_output=True)
    _made.clear()
    _ensure.cache_clear()


def _has(name: str) -> bool:
    return subprocess.run(["docker", "image", "inspect", name], capture_output=True).returncode == 0


def _is_from_elsewhere(name: str) -> bool:
    asked = ["docker", "image", "inspect", "--format", '{{index .Config.Labels "doit-score.e2e"}}', name]
    done = subprocess.run(asked, capture_output=True, text=True)
    return done.returncode == 0 and done.stdout.strip() != "yes"


@cache
def _ensure(name: str) -> None:
    if _is_from_elsewhere(name):
        return
    last = name.rsplit("/", 1)[-1].partition(":")[0]
    what = last if last in ROLES else "standin"
    _base()
    _made.add(name)
    _run(["docker", "build", "--network=host", f"--build-arg=BASE={BASE}", f"--target={what}",
          f"--tag={name}", "--label=doit-score.e2e=yes", str(SERVERS)])  # fmt: skip


@cache
def _base() -> None:
    if _has(BASE):
        return
    # Not in memory: that may not have devices.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        root = os.path.join(folder, "root")
        _run(["debootstrap", "--variant=minbase", "bookworm", root, *_archive()])
        with subprocess.Popen(["tar", "-C", root, "--exclude=./var/cache/apt/archives/*.deb", "-c", "."],
                              stdout=subprocess.PIPE) as tar:  # fmt: skip
            _run(["docker", "import", "-", BASE], stdin=tar.stdout)
        assert tar.returncode == 0, "tar failed"


def _archive() -> list[str]:
    """The archive that this machine takes Debian's packages from; none leaves the choice to debootstrap."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Origin: Debian", "Component: main"]
    found = subprocess.run(asked, capture_output=True, text=True).stdout.split()
    return [uri for uri in found if "security" not in uri][:1]


def _run(command: list[str], stdin: object = subprocess.DEVNULL) -> None:
    done = subprocess.run(
        command,
        stdin=stdin,  # type: ignore[call-overload]  # a file or DEVNULL
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "DOCKER_BUILDKIT": "0"},
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}"
