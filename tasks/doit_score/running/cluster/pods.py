"""What is done with the pods of a project: their logs, a command in one, a restart."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from doit_score.running import Lines, numbers, times
from doit_score.text.errors import ScoreError
from doit_score.text.light import Any

from . import rollout
from .kubectl import Kubectl, failure, named

_RESTARTED = ("Deployment", "StatefulSet", "DaemonSet")


def logs(kubectl: Kubectl, keys: Sequence[str], lines: Lines) -> None:
    """Prints what the pods of these objects have printed."""
    flags = [*(["--follow"] if lines.follow else []), f"--tail={numbers.tail(lines.tail) or -1}"]
    if lines.since:
        since = times.read("--since", lines.since)
        flags.append(f"--since={since.ago}" if since.ago else f"--since-time={since.moment}")
    flags += ["--timestamps"] if lines.timestamps else []
    failed = 0
    for one in rollout.look(kubectl, keys):
        labels = ",".join(f"{name}={text}" for name, text in sorted(one.selector.items()))
        failed += kubectl.show("logs", "--selector", labels, "--all-containers", "--prefix", *flags) != 0
    if failed:
        raise ScoreError("`kubectl logs` failed; what it said is above")


def containers(kubectl: Kubectl, key: str) -> list[str]:
    """The names of the containers of the pods of an object, as it is in the cluster.

    Raises ScoreError if it is not there.
    """
    found = kubectl.got(objects=[named(key)])
    if not found:
        raise ScoreError(f"{_who(key)} is not in the cluster", hint="`up` brings it there")
    pod: Mapping[str, Any] = found[0]["spec"]["template"]["spec"]
    return [one["name"] for one in pod["containers"]]


def run(kubectl: Kubectl, key: str, container: str, command: Sequence[str], *, terminal: bool) -> int:
    """Runs a command in a container of one of the pods of an object; returns its exit status."""
    _, kind, namespace, name = key.split(" ")
    has_terminal = terminal and sys.stdin.isatty() and sys.stdout.isatty()
    flags = ["--stdin", *(["--tty"] if has_terminal else [])]
    where = [] if namespace == "-" else [f"--namespace={namespace}"]
    return kubectl.attach(
        "exec", f"{kind.lower()}/{name}", *where, f"--container={container}", *flags, "--", *command
    )


def restart(kubectl: Kubectl, keys: Sequence[str]) -> list[str]:
    """Has the pods of these objects made anew, but for those of jobs; returns what was restarted."""
    found = [key for key in keys if key.split(" ")[1] in _RESTARTED]
    for key in found:
        _, kind, namespace, name = key.split(" ")
        where = [] if namespace == "-" else [f"--namespace={namespace}"]
        ended = kubectl.run("rollout", "restart", f"{kind.lower()}/{name}", *where)
        if ended.status != 0:
            raise failure(ended.said, f"cannot restart {_who(key)}:")
    return found


def _who(key: str) -> str:
    _, kind, _, name = key.split(" ")
    return f"{kind} '{name}'"
