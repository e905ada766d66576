"""What a project has in a cluster: a ConfigMap there names every object, so that whoever brings the project
up next, from whatever machine, knows what is no longer in it."""

from __future__ import annotations

from collections.abc import Collection

from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple

from .kubectl import MANAGER, Kubectl, failure

_KEY = "objects"
KEPT = ("PersistentVolumeClaim", "Namespace", "PersistentVolume", "CustomResourceDefinition")
"""Kinds that are never removed by the way, as there is data in them, or something of others."""


class Inventory(NamedTuple):
    """``objects`` by their keys (kubectl.py); ``version`` is the ConfigMap's, empty if there is none."""

    objects: frozenset[str] = frozenset()
    version: str = ""


def name_of(project: str) -> str:
    """The name of the ConfigMap."""
    return f"doit-score-{project.replace('_', '-')}"[:253].rstrip("-.")


def read(kubectl: Kubectl, project: str) -> Inventory:
    """What the cluster knows of a project."""
    found = kubectl.got("configmap", name_of(project))
    if not found:
        return Inventory()
    data, metadata = found[0].get("data") or {}, found[0]["metadata"]
    assert isinstance(data, dict) and isinstance(metadata, dict)
    return Inventory(frozenset(str(data.get(_KEY, "")).splitlines()), str(metadata["resourceVersion"]))


def write(kubectl: Kubectl, project: str, objects: Collection[str], before: Inventory) -> Inventory:
    """Puts down which ``objects`` there are; raises ScoreError if somebody else has since ``before``."""
    if before.version and frozenset(objects) == before.objects:
        return before
    metadata: dict[str, object] = {
        "name": name_of(project),
        "labels": {"app.kubernetes.io/managed-by": MANAGER, "app.kubernetes.io/part-of": project[:63]},
    }
    verb = "create"
    if before.version:
        verb, metadata["resourceVersion"] = "replace", before.version
    value = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata,
        "data": {_KEY: "".join(f"{one}\n" for one in sorted(objects))},
    }
    ended = kubectl.run(verb, "--filename", "-", f"--field-manager={MANAGER}", objects=[value])
    if ended.status != 0 and ("the object has been modified" in ended.said or "already exists" in ended.said):
        raise ScoreError(
            f"somebody else is bringing up project '{project}' in this cluster",
            hint="wait until that has ended, and run it again",
        )
    if ended.status != 0:
        raise failure(ended.said, f"cannot note in the cluster what project '{project}' has:")
    return read(kubectl, project)


def remove(kubectl: Kubectl, project: str) -> None:
    """Forgets the project."""
    kubectl.run("delete", "configmap", name_of(project), "--ignore-not-found")
