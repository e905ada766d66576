"""What a project takes of the machine that it is on: looked at, and nothing changed.

What is asked may hang, an engine behind a tunnel for one: each question has its time, and all are asked
at once.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from importlib import metadata

from doit_score.running import client, compose
from doit_score.running.cluster import kubectl
from doit_score.text import words
from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple

OK, MISSING, FAULTY = "ok", "missing", "faulty"
SECONDS = 5.0
"""How long a program has for its answer."""
_PACKAGE = "doit-score"
_OF_EXTRA = re.compile(r"""([\w.-]+).*;.*\bextra == ['"]([\w-]+)['"]""")
_OF_DEVELOPERS = ("test", "docs")


class Finding(NamedTuple):
    """What was found of something; ``advice`` is what to do where it is not ``ok``.

    One that is not ``needed`` is of use only for some things, which the advice tells.
    """

    name: str
    state: str
    found: str
    advice: str = ""
    needed: bool = True


class Machine:
    """The programs of this machine, as a project would run them.

    ``target`` is that of the project, ``context`` its cluster, empty if none was named; ``environment`` all
    variables.
    """

    def __init__(self, target: str, context: str, environment: Mapping[str, str]) -> None:
        self._target = target
        self._context = context
        self._environment = environment

    def questions(self) -> list[Callable[[], Finding]]:
        """What is to be asked, in the order in which it is told; each may take its time."""
        docker = [self.docker, self.compose, self.engine]
        return [python, *docker, self.kubectl, self.cluster, self.git]

    def docker(self) -> Finding:
        """The command line of Docker."""
        return self._program(
            "docker", ["docker", "--version"], r"version ([\w.+~-]+)", compose.INSTALL, "compose"
        )

    def compose(self) -> Finding:
        """Its plugin Compose, and whether that is new enough."""
        version = ["docker", "compose", "version", "--short"]
        found = self._program("docker compose", version, r"(\S+)", compose.INSTALL, "compose")
        try:
            compose.check_version(found.found)
        except ScoreError as error:
            return found._replace(state=FAULTY, found=error.problems[0].message, advice=compose.INSTALL)
        return found

    def engine(self) -> Finding:
        """The engine that the command line would use."""
        asked = ["docker", "version", "--format", "{{.Server.Version}}"]
        found = self._program("Docker engine", asked, r"(\S+)", client.START, "compose")
        return found._replace(advice=client.GROUP) if "permission denied" in found.found else found

    def kubectl(self) -> Finding:
        """The command line of Kubernetes."""
        advice = kubectl.missing().problems[0].hint or ""
        asked = ["kubectl", "version", "--client", "--output", "json"]
        return self._program("kubectl", asked, r'"gitVersion": *"([^"]+)"', advice, "kubernetes")

    def cluster(self) -> Finding:
        """The context that was named, and whether its cluster answers."""
        name, needed = "cluster", self._target == "kubernetes"
        done = self._ask(["kubectl", "config", "get-contexts", "--output", "name"])
        known = sorted(done.out.split()) if done.status == 0 else []
        listed = (
            f"the contexts are: {', '.join(known)}" if known else "there are no contexts (is KUBECONFIG set?)"
        )
        if not self._context:
            advice = f"`doit-score up --context NAME` names it; {listed}"
            return Finding(name, MISSING, "no context was named", advice, needed)
        if self._context not in known:
            return Finding(name, FAULTY, f"there is no context '{self._context}'", listed, needed)
        asked = ["kubectl", f"--context={self._context}", "version", "--output", "json"]
        found = self._program(name, asked, r'"serverVersion"[^}]*"gitVersion": *"([^"]+)"', "", "kubernetes")
        if found.state == OK:
            return found._replace(found=f"{self._context} ({found.found})")
        return found._replace(advice="start it, or see whether the context is right: `kubectl cluster-info`")

    def git(self) -> Finding:
        """The program that fetches provisioners from git."""
        advice = "install it (`apt install git`) for provisioners from git-https:// and git-ssh://"
        return self._program("git", ["git", "--version"], r"version (\S+)", advice, "")

    def _program(self, name: str, asked: list[str], version: str, advice: str, target: str) -> Finding:
        """What a program says of its version; it is needed by projects for ``target``."""
        needed = target == self._target
        done = self._ask(asked)
        if done.status is None:
            return Finding(name, MISSING, done.said, advice, needed)
        match = re.search(version, done.out)
        if done.status != 0 or not match:
            said = [line.strip() for line in (done.said or done.out).splitlines() if line.strip()]
            return Finding(
                name, FAULTY, said[-1] if said else f"`{' '.join(asked)}` says nothing", advice, needed
            )
        return Finding(name, OK, match[1], needed=needed)

    def _ask(self, asked: list[str]) -> _Answer:
        try:
            done = subprocess.run(
                asked,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=SECONDS,
            )
        except FileNotFoundError:
            return _Answer(None, "", f"there is no program {asked[0]}")
        except subprocess.TimeoutExpired:
            return _Answer(-1, "", f"`{' '.join(asked[:2])}` does not answer within {SECONDS:g} s")
        except OSError as error:
            return _Answer(-1, "", f"{asked[0]} cannot be run: {error.strerror}")
        return _Answer(done.returncode, done.stdout, done.stderr)


class _Answer(NamedTuple):
    """What a program printed, and its exit status; None if there is no such program."""

    status: int | None
    out: str
    said: str


def python() -> Finding:
    """The Python that runs this."""
    import sys
    from platform import python_version

    return Finding("Python", OK, f"{python_version()} ({sys.executable})")


def extras() -> list[Finding]:
    """The extras of this package, as its own metadata have them, and whether what they ask for is there."""
    wanted: dict[str, list[str]] = {}
    try:
        for line in metadata.requires(_PACKAGE) or []:
            if (match := _OF_EXTRA.match(line)) and match[2] not in _OF_DEVELOPERS:
                wanted.setdefault(match[2], []).append(match[1])
    except metadata.PackageNotFoundError:
        return []  # it runs from a checkout
    found = []
    for extra in sorted(wanted):
        packages = [name for name in wanted[extra] if name != _PACKAGE]
        there = {name: version for name in packages if (version := _version(name))}
        missing = [name for name in packages if name not in there]
        name = f"extra {extra}"
        if missing:
            advice = f"`pip install 'doit-score[{extra}]'` if you want it"
            found.append(Finding(name, MISSING, f"no {words.either(missing)}", advice, needed=False))
        else:
            shown = ", ".join(f"{name} {version}" for name, version in there.items())
            found.append(Finding(name, OK, shown, needed=False))
    return found


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
