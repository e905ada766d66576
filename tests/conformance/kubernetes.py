"""What a case of the Kubernetes target made: its objects, each as a cluster would see it.

Objects are told by kind, namespace and name (``Deployment/mill/web``), and what a container mounts by
paths: what is in a file, or of which volume it is.  What differs in every case on purpose is taken away
here, each by a name in :data:`EVERYWHERE`, which differences_kubernetes.py gives a reason.
"""

from __future__ import annotations

import base64
import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.disagreement import Disagreement, differing, shown, tells_all
from conformance.runner import Case, Run

from doit_score.store.rows import KeptRow
from doit_score.store.state import exists, open_state
from doit_score.text import yaml12
from doit_score.text.errors import ScoreError

OUTPUT = "manifests.yaml"
_INSTANCE = "app.kubernetes.io/instance"
_NAME = "app.kubernetes.io/name"
_MANAGER = "app.kubernetes.io/managed-by"
_PART_OF = "app.kubernetes.io/part-of"
_CONTENT = "k8s.score.dev/content"
_STARTUP = {"failureThreshold": 60, "periodSeconds": 5}
_WITHOUT_MEANING = ("creationTimestamp", "metadata", "resources", "status", "strategy", "updateStrategy")
_OF_FILES = re.compile(r"-file-[0-9a-f]{10}$")

_Object = dict[str, Any]


def made(case: Case, run: Run) -> Iterator[Disagreement]:
    """The manifests, and others that the case had written elsewhere."""
    yield from _manifests(OUTPUT, case.expected.get(OUTPUT), case, run)
    for name, content in case.expected.items():
        if name.startswith("files/") and is_output(content):
            yield from _manifests(name.removeprefix("files/"), content, case, run)


def printed(aspect: str, ours: str, reference: str, case: Case, run: Run) -> Iterator[Disagreement]:
    """What a command printed: equal, or for manifests equal as data."""
    ours = _said(ours, case, run)
    # Tables are not compared.
    if ours == reference or (ours[:2], reference[:2]) == ("+-", "+-") or tells_all(ours, reference):
        return
    if is_output(reference.encode()) and is_output(ours.encode()):
        yield from differing(aspect, _objects(ours, ours=True), _objects(reference, ours=False))
    elif reference[:1] in ("[", "{") and ours[:1] in ("[", "{"):
        theirs = json.loads(reference)
        yield from differing(aspect, _as_told(json.loads(ours), theirs), theirs)
    else:
        yield Disagreement(aspect, ours, reference)


def _as_told(ours: Any, theirs: Any) -> Any:
    """``ours`` without what is told of each thing in a list beside what the reference tells."""
    if not (isinstance(ours, list) and isinstance(theirs, list)):
        return ours
    known = {key for row in theirs for key in row}
    return [{key: value for key, value in row.items() if key in known} for row in ours]


def is_output(content: bytes | None) -> bool:
    """Whether this is what a project was turned into."""
    return content is not None and content.startswith((b"---\n", b"# patched\n---\n"))


def is_compared(name: str) -> bool:
    """Whether a file is one of others, by its path."""
    ours_alone = name.startswith(("state/", ".score-k8s/")) or name.endswith(".provisioners.yaml")
    return name not in ("", OUTPUT) and not ours_alone


def known_as(name: str) -> str:
    """How the path of a file is told where it differs from run to run."""
    return name


def plain(content: bytes, run: Run) -> bytes:
    """What is in a file, in the words of the reference."""
    return _without_guids(content.decode(), run).encode()


def _manifests(name: str, reference: bytes | None, case: Case, run: Run) -> Iterator[Disagreement]:
    path = run.directory / name
    ours = path.read_bytes() if path.exists() else None
    if ours is None or reference is None:
        # The reference writes no objects at all as an empty file.
        if ours is not reference:
            yield Disagreement(name, shown(ours), shown(reference))
        return
    try:
        theirs = _objects(reference.decode(), ours=False)
    except ScoreError as error:
        yield Disagreement(name, "readable", f"unreadable: {error}")
        return
    yield from differing(name, _objects(_said(ours.decode(), case, run), ours=True), theirs)


def _said(text: str, case: Case, run: Run) -> str:
    """``text`` with what is random in the words of the case."""
    text = _without_guids(text, run)
    for pattern, with_ in case.normalise:
        text = re.sub(pattern, with_, text)
    return text.replace(str(run.directory), "<WORKDIR>")


def _without_guids(text: str, run: Run) -> str:
    directory = str(run.directory / "state")
    if exists(directory):
        with open_state(directory) as state:
            guids = [row.guid for row in state.rows(KeptRow)]
        for guid in guids:
            text = text.replace(guid, "<guid>").replace(guid[:8], "<guid8>")
    return text


def _objects(text: str, *, ours: bool) -> dict[str, object]:
    """The objects by kind, namespace and name; several of one name as a list."""
    documents = [yaml12.load(one) for one in re.split(r"^---\n", text, flags=re.MULTILINE)[1:]]
    objects = [one for one in documents if isinstance(one, dict)]
    files = {_name(one): one for one in objects if one.get("kind") == "ConfigMap"}
    used: set[str] = set()
    found: dict[str, object] = {}
    for one in objects:
        changed = _seen(one, files, used)
        if ours:
            _take_away(changed)
        else:
            _ours(changed)
        key = _key(one)
        if key in found:
            before = found[key]
            found[key] = [*(before if isinstance(before, list) else [before]), changed]
        else:
            found[key] = changed
    for name in used:
        if _OF_FILES.search(name):
            found.pop(_key(files[name]))
    return found


def _key(value: _Object) -> str:
    metadata = value.get("metadata") or {}
    parts = (value.get("kind"), metadata.get("namespace"), metadata.get("name"))
    return "/".join(str(part) for part in parts if part)


def _name(value: _Object) -> str:
    return str((value.get("metadata") or {}).get("name"))


def _seen(value: _Object, files: Mapping[str, _Object], used: set[str]) -> _Object:
    """An object without what has no meaning in it, and with mounts as the containers see them."""
    changed = {key: _meant(item) for key, item in value.items() if _has_meaning(key, item)}
    spec, pod = _part(changed, "spec"), _part(changed, "spec", "template", "spec")
    if value.get("kind") == "Service" and isinstance(spec.get("ports"), list):
        spec["ports"].sort(key=lambda port: str(port.get("name")))
    if pod:
        claims = {_name(one): {"claim": one.get("spec")} for one in spec.get("volumeClaimTemplates") or ()}
        volumes = {
            one["name"]: {key: item for key, item in one.items() if key != "name"}
            for one in pod.pop("volumes", None) or ()
        } | claims
        for container in _containers(changed):
            mounts = container.pop("volumeMounts", None) or ()
            sees: dict[str, object] = {}
            for mount in mounts:
                for path, what in _mounted(mount, volumes.get(mount["name"], {}), files, used):
                    # The reference may write a path twice, which a cluster refuses.
                    sees[f"{path} again" if path in sees else path] = what
            if sees:
                container["sees"] = sees
    return changed


def _has_meaning(key: str, value: object) -> bool:
    if key == "status":
        return False
    return not (key in _WITHOUT_MEANING and value in (None, {}))


def _meant(value: Any) -> Any:
    if isinstance(value, dict):
        if {*value} == {"name", "value"} and value["value"] == "":
            return {"name": value["name"]}  # an empty variable may be said or not
        return {key: _meant(item) for key, item in value.items() if _has_meaning(key, item)}
    return [_meant(one) for one in value] if isinstance(value, list) else value


def _mounted(
    mount: _Object, volume: _Object, files: Mapping[str, _Object], used: set[str]
) -> Iterator[tuple[str, object]]:
    """The paths that a mount adds to a container, each with what is there."""
    place, below = str(mount["mountPath"]), mount.get("subPath")
    sources = volume["projected"]["sources"] if "projected" in volume else [volume]
    for source in sources:
        nothing: tuple[str, _Object] = ("", {})
        kind, said = next(iter(source.items()), nothing)
        if kind not in ("configMap", "secret") or not said.get("items"):
            what = {"volume": source, "subPath": below, "readOnly": bool(mount.get("readOnly"))}
            yield (f"{place} of a projection" if "projected" in volume else place), what
            continue
        name = str(said.get("name") or said.get("secretName"))
        for item in said["items"]:
            inner = item["path"]
            if below is None:
                path = posixpath.join(place, inner)
            elif inner == below:
                path = place
            else:
                continue
            mode = item.get("mode", said.get("defaultMode"))
            yield path, {"content": _content(kind, name, item["key"], files, used), "mode": mode}


def _content(kind: str, name: str, key: str, files: Mapping[str, _Object], used: set[str]) -> object:
    """What is in a file: its bytes, or the key of a Secret or ConfigMap of somebody else."""
    if kind == "configMap" and name in files and _OF_FILES.search(name):
        used.add(name)
        held = files[name]
        if key in (held.get("binaryData") or {}):
            return base64.b64decode(held["binaryData"][key])
        return str((held.get("data") or {}).get(key)).encode()
    return f"{kind} {name} {key}"


EVERYWHERE = ("labels", "instance", "files", "content", "startup")
"""What is taken away of ours, or put into theirs, in every case."""


def _take_away(value: _Object) -> None:
    """Takes from an object of ours what those of the reference never have."""
    for metadata in _metadata(value):
        labels, annotations = metadata.get("labels"), metadata.get("annotations")
        if isinstance(labels, dict):
            labels.pop(_PART_OF, None)
            if labels.get(_MANAGER) == "doit-score" and _INSTANCE in labels:
                labels[_INSTANCE] = _instance(labels)
        if isinstance(annotations, dict):
            annotations.pop(_CONTENT, None)
    for selector in _selectors(value):
        if _INSTANCE in selector:
            name = str(_part(value, "metadata", "labels").get(_NAME))
            selector[_INSTANCE] = _instance({_INSTANCE: selector[_INSTANCE], _NAME: name})
    for container in _containers(value):
        probe = container.get("livenessProbe")
        if probe and container.get("startupProbe") == {**probe, **_STARTUP}:
            del container["startupProbe"]


def _ours(value: _Object) -> None:
    """Says in an object of the reference that it is ours."""
    for metadata in _metadata(value):
        labels = metadata.get("labels")
        if isinstance(labels, dict) and labels.get(_MANAGER) == "score-k8s":
            labels[_MANAGER] = "doit-score"


def _instance(labels: Mapping[str, str]) -> str:
    """A digest in an instance label as the case has the random digits of the reference."""
    name, text = labels[_NAME], labels[_INSTANCE]
    return f"{name}-<instance>" if re.fullmatch(rf"{re.escape(name)}-[0-9a-f]{{10}}", text) else text


def _metadata(value: _Object) -> Iterator[_Object]:
    yield _part(value, "metadata")
    yield _part(value, "spec", "template", "metadata")


def _selectors(value: _Object) -> Iterator[_Object]:
    yield _part(value, "spec", "selector")
    yield _part(value, "spec", "selector", "matchLabels")


def _containers(value: _Object) -> Iterator[_Object]:
    pod = _part(value, "spec", "template", "spec")
    for kind in ("containers", "initContainers"):
        yield from pod.get(kind) or ()


def _part(value: _Object, *keys: str) -> _Object:
    """The mapping at some keys; an empty one if there is none."""
    found: Any = value
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
