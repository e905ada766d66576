"""`kubectl`, run for one context: each call is one process, and all that it reads comes by standard input."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence

from doit_score.running.attaching import attached
from doit_score.targets.kubernetes.objects import has_namespace
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import Any, NamedTuple

_LOGGED = re.compile(r"Warning:|[IWEF]\d{4} \d\d:\d\d")
"""A line that is no error: a warning of the API server, or one of kubectl's own log."""
MANAGER = "doit-score"
"""The field manager: what it has set is ours, and what others have set stays theirs."""

Object = Mapping[str, object]


class Ended(NamedTuple):
    """How it ended, and what it printed."""

    status: int
    out: str
    said: str


class Kubectl:
    """The program, for one cluster and one namespace.

    ``context`` is that of the kubeconfig; ``namespace`` where objects are that do not say so, empty for that
    of the context.  ``variables`` are laid over the environment.
    """

    def __init__(self, context: str, namespace: str, variables: Mapping[str, str]) -> None:
        self.context = context
        self.namespace = namespace
        self._environment = {**os.environ, **variables}

    def command(self, *arguments: str) -> list[str]:
        """The words of a command line."""
        flags = [f"--context={self.context}"] if self.context else []
        flags += [f"--namespace={self.namespace}"] if self.namespace else []
        return ["kubectl", *flags, *arguments]

    def run(
        self, *arguments: str, objects: Iterable[object] | None = None, more: Mapping[str, str] | None = None
    ) -> Ended:
        """Runs it to its end.  ``objects`` are what it reads from a file called ``-``, ``more`` variables.

        Raises ScoreError if there is no such program.
        """
        stdin = None
        if objects is not None:
            stdin = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
        try:
            done = subprocess.run(
                self.command(*arguments),
                input=stdin,
                stdin=subprocess.DEVNULL if stdin is None else None,
                capture_output=True,
                text=True,
                errors="replace",
                env={**self._environment, **(more or {})},
            )
        except FileNotFoundError:
            raise missing() from None
        return Ended(done.returncode, done.stdout, done.stderr)

    def show(self, *arguments: str) -> int:
        """Runs it with our own standard output; returns its exit status."""
        try:
            return subprocess.run(
                self.command(*arguments), stdin=subprocess.DEVNULL, env=self._environment
            ).returncode
        except FileNotFoundError:
            raise missing() from None

    def attach(self, *arguments: str) -> int:
        """Runs it with our own streams, and what they are attached to; returns its exit status."""
        return attached(self.command(*arguments), self._environment, missing)

    def got(self, *arguments: str, objects: Iterable[object] | None = None) -> list[dict[str, Any]]:
        """The objects that `kubectl get` finds; those that are not there are left out.

        Raises ScoreError for what else fails.
        """
        given = () if objects is None else ("--filename", "-")
        ended = self.run("get", *given, *arguments, "--output", "json", "--ignore-not-found", objects=objects)
        if ended.status != 0:
            raise failure(ended.said, "cannot look at the cluster:")
        if not ended.out.strip():
            return []
        found = json.loads(ended.out)
        items = found.get("items", ()) if found.get("kind") == "List" or "items" in found else [found]
        return list(items)


def contexts(variables: Mapping[str, str]) -> list[str]:
    """The contexts that there are, by name."""
    ended = Kubectl("", "", variables).run("config", "get-contexts", "--output", "name")
    return sorted(ended.out.split())


def missing() -> ScoreError:
    """The error where there is no kubectl."""
    return ScoreError(
        "there is no program kubectl", hint="install it: https://kubernetes.io/docs/tasks/tools/"
    )


def failure(said: str, title: str) -> ScoreError:
    """What kubectl complained of, a problem for each line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    known = [line for line in dict.fromkeys(lines) if not _LOGGED.match(line)] or ["it did not say why"]
    return ScoreError.of([Problem(_plain(line)) for line in known], title)


def _plain(line: str) -> str:
    for start in ("error: ", "Error from server: "):
        line = line.removeprefix(start)
    if "was refused" in line or "Unable to connect" in line:
        return f"{line} (is the cluster running, and is this the right context?)"
    return line


def key(value: Object, namespace: str) -> str:
    """What an object is called in a cluster: ``apps/v1 Deployment shop web``; no namespace is ``-``."""
    metadata = value.get("metadata")
    said = metadata if isinstance(metadata, Mapping) else {}
    found = (said.get("namespace") or namespace or "-") if has_namespace(value) else "-"
    return f"{value.get('apiVersion')} {value.get('kind')} {found} {said.get('name')}"


def named(key: str) -> dict[str, object]:
    """No more of the object of this :func:`key` than it takes to find it."""
    version, kind, namespace, name = key.split(" ")
    metadata = {"name": name, **({} if namespace == "-" else {"namespace": namespace})}
    return {"apiVersion": version, "kind": kind, "metadata": metadata}


def file_of(key_: str) -> str:
    """How the files are called that `kubectl diff` compares: ``apps.v1.Deployment.shop.web``."""
    version, kind, namespace, name = key_.split(" ")
    return f"{version.replace('/', '.')}.{kind}.{'' if namespace == '-' else namespace}.{name}"


def names(keys: Sequence[str]) -> str:
    """For messages."""
    return ", ".join(f"{kind} '{name}'" for _, kind, _, name in (one.split(" ") for one in keys))
