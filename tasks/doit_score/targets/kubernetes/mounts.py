"""What containers mount: the ``files`` of a Score file one by one, and the volumes of resources."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from posixpath import basename, normpath

from doit_score.score import references
from doit_score.score.placeholders import Context, MapOutputs, Outputs, substitute
from doit_score.score.references import Reference
from doit_score.score.workload import Container, ContainerFile, ContainerVolume, Workload
from doit_score.targets import ConversionInput
from doit_score.targets.contents import content_of
from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import dataclass

from . import names, objects

_LARGEST = 1 << 20
"""The most bytes that a ConfigMap can hold."""

_Complain = Callable[[str, tuple[str, ...], str, str | None], None]


@dataclass(frozen=True, slots=True)
class _Mountable:
    """The outputs of a resource, and, where no output is named, the resource itself."""

    uid: str
    outputs: Outputs

    def lookup(self, keys: tuple[str, ...], *, deferred: bool) -> object:
        return self.outputs.lookup(keys, deferred=deferred) if keys else self.uid


class Mounts:
    """The mounts of a pod, made container by container."""

    def __init__(
        self,
        workload: Workload,
        inputs: ConversionInput,
        context: Context,
        is_set: bool,
        is_taken_over: bool,
        complain: _Complain,
    ) -> None:
        self.volumes: dict[str, dict[str, object]] = {}
        """The volumes of the pod, by name."""
        self.files: dict[str, dict[str, object]] = {}
        """``data`` or ``binaryData`` of ConfigMaps, by their names."""
        self.claims: dict[str, object] = {}
        """Claims by the names of the objects."""
        self.own_claims: dict[str, object] = {}
        """Claims of which each pod has its own, by the names of the volumes."""
        self.contents: list[str] = []
        """What is mounted, as texts to compare."""
        self.used: set[Reference] = set()
        self._workload = workload
        self._inputs = inputs
        self._context = context
        self._is_set = is_set
        self._is_taken_over = is_taken_over
        self._complain = complain
        uids = inputs.resource_uids
        self._resources = {name: _Mountable(uids[name], one) for name, one in inputs.resources.items()}
        self._by_uid = {one.uid: one.outputs for one in self._resources.values()}
        self._named: dict[str, str] = {}

    def of(self, container: Container) -> list[dict[str, object]]:
        """The mounts of one container, by path."""
        taken: dict[str, str] = {}
        found = [*self._files(container, taken), *self._volumes(container, taken)]
        return sorted(found, key=lambda mount: str(mount["mountPath"]))

    def _path(self, keys: tuple[str, ...], taken: dict[str, str]) -> str | None:
        """The path that a target stands for; None with an error if it is none, or if it is taken."""
        target = keys[-1]
        if not target.startswith("/"):
            self._complain("error", keys, "expected an absolute path", None)
            return None
        path = normpath(target)
        path = "/" + path.lstrip("/")
        if path == "/" or ":" in path:
            why = "cannot be mounted over" if path == "/" else "cannot have a ':'"
            self._complain("error", keys, f"the path {path!r} {why}", None)
            return None
        if path in taken:
            self._complain("error", keys, f"{taken[path]} mounts something at {path} already", None)
            return None
        taken[path] = f"{keys[1]}[{target}]"
        return path

    def _files(self, container: Container, taken: dict[str, str]) -> Iterator[dict[str, object]]:
        for file in container.files:
            keys = (container.name, "files", file.target)
            path = self._path(keys, taken)

            def complain(target: str, key: str, problem: Problem, keys: tuple[str, ...] = keys) -> None:
                self._complain("error", (*keys, key), problem.message, problem.hint)

            content = content_of(file, self._inputs, self._context, complain)
            if path is None or content is None:
                continue
            if basename(path).startswith(".."):
                message = f"no file of a ConfigMap can be called {basename(path)!r}: it begins with '..'"
                self._complain("error", keys, message, "put it into the image, or give it another name")
                continue
            volume = self._file(container, file, path, content)
            if volume is not None:
                name = f"file-{names.digest(f'{container.name}{path}')}"
                self.volumes[name] = {"name": name, **volume}
                yield {"name": name, "mountPath": path, "subPath": basename(path), "readOnly": True}

    def _file(
        self, container: Container, file: ContainerFile, path: str, content: bytes
    ) -> dict[str, object] | None:
        """The volume of one file."""
        keys = (container.name, "files", file.target)
        mode = None if file.mode is None else int(file.mode, 8)
        try:
            text: str | None = content.decode()
        except UnicodeDecodeError:
            text = None
        parts = references.split(text.rstrip("\n")) if text and not file.no_expand else []
        if any(isinstance(part, Reference) for part in parts):
            (first, *others) = parts
            if others or not isinstance(first, Reference):
                message = "a secret stands beside other text, which a file cannot have"
                hint = "give the file nothing but the secret, or use a variable, which can have both"
                self._complain("error", (*keys, "content"), message, hint)
                return None
            self.used.add(first)
            return first.volume(basename(path), mode)
        if len(content) > _LARGEST:
            message = f"{words.count(len(content), 'byte')} are more than a ConfigMap can hold ({_LARGEST})"
            self._complain("error", keys, message, "put it into the image, or into a volume")
            return None
        name = f"{self._workload.name}-{container.name}-file-{names.digest(file.target)}"
        if text is None:
            self.files[name] = {"binaryData": {"file": b64encode(content).decode()}}
        else:
            self.files[name] = {"data": {"file": text}}
        self.contents.append(f"{name} {names.digest(content.hex())}")
        item: dict[str, object] = {"key": "file", "path": basename(path)}
        if mode is not None:
            item["mode"] = mode
        return {"configMap": {"name": name, "items": [item]}}

    def _volumes(self, container: Container, taken: dict[str, str]) -> Iterator[dict[str, object]]:
        for volume in container.volumes:
            keys = (container.name, "volumes", volume.target)
            path = self._path(keys, taken)
            uid = self._uid(volume, keys)
            if path is None or uid is None:
                continue
            name = self._volume(uid, volume.target, keys)
            if name is None:
                continue
            mount: dict[str, object] = {"name": name, "mountPath": path}
            if volume.path:
                below = normpath(volume.path)
                if below.startswith(("/", "../")) or below == "..":
                    message = f"expected a relative path below the volume, found {volume.path!r}"
                    self._complain("error", (*keys, "path"), message, None)
                elif below != ".":
                    mount["subPath"] = below
            if volume.read_only:
                mount["readOnly"] = True
            yield mount

    def _uid(self, volume: ContainerVolume, keys: tuple[str, ...]) -> str | None:
        context = Context(self._workload.metadata, dict(self._resources))
        try:
            source = substitute(volume.source, context)
        except ScoreError as error:
            for problem in error.problems:
                self._complain("error", (*keys, "source"), problem.message, problem.hint)
            return None
        if source not in self._by_uid:
            hint = "name a resource of the workload: ${resources.NAME}"
            self._complain("error", (*keys, "source"), f"there is no resource {source!r} to be mounted", hint)
            return None
        return source

    def _volume(self, uid: str, target: str, keys: tuple[str, ...]) -> str | None:
        """The name of the volume of a resource, which is made when it is first mounted.

        One resource is one volume, wherever it is mounted.  The claims of a StatefulSet are found by its
        name, so it is the resource's: whatever else is mounted, and where, the data stays.  In what was taken
        over it is score-k8s's, whose claims go on.
        """
        if uid in self._named:
            return self._named[uid]
        described = self._described(uid, keys)
        if described is None:
            return None
        name = f"vol-{names.digest(target if self._is_taken_over else uid)}"
        if name in self._named.values():
            name = f"vol-{names.digest(uid)}"
        self._named[uid] = name
        kind, value = described
        if kind == "source":
            self.volumes[name] = {"name": name, **value}
            self.used.update(_used(value))
        elif self._is_set and uid.partition("#")[2].startswith(f"{self._workload.name}."):
            self.own_claims[name] = value
        else:
            claim = f"{names.shortened(names.cleaned(uid.partition('#')[2]), 40)}-{names.digest(uid)}"
            self.claims[claim] = value
            self.volumes[name] = {"name": name, "persistentVolumeClaim": {"claimName": claim}}
        return name

    def _described(self, uid: str, keys: tuple[str, ...]) -> tuple[str, Mapping[str, object]] | None:
        """``source`` or ``claimSpec`` of the outputs of a resource, and its value."""
        outputs = self._by_uid[uid]
        values = outputs.outputs if isinstance(outputs, MapOutputs) else {}
        known = sorted({"source", "claimSpec"} & {key for key, value in values.items() if value is not None})
        if len(known) != 1:
            found = "both" if known else "neither"
            message = f"resource '{uid}' is no volume: expected the output source or claimSpec, found {found}"
            self._complain("error", (*keys, "source"), message, None)
            return None
        kind = known[0]
        value = values[kind]
        problems: list[tuple[str, str | None]] = [
            (f"output '{key}' is no part of a volume", None) for key in sorted(set(values) - set(known))
        ]
        if isinstance(value, Mapping) and value:
            problems += ((f"output {kind}: {message}", hint) for message, hint in _faults(kind, value))
        else:
            found = "an empty one" if isinstance(value, Mapping) else words.kind(value)
            problems.append((f"output {kind}: expected a mapping with something in it, found {found}", None))
            value = {}
        for message, hint in problems:
            self._complain("error", (*keys, "source"), f"resource '{uid}': {message}", hint)
        return None if problems else (kind, value)


def _used(source: Mapping[str, object]) -> Iterator[Reference]:
    """The Secrets and ConfigMaps that are mounted by a ``source``."""
    for key, value in source.items():
        if key == "projected" and isinstance(value, Mapping):
            for one in value.get("sources") or ():
                yield from _used(one)
        elif isinstance(value, Mapping) and key in ("secret", "configMap"):
            kind, name = ("Secret", "secretName") if key == "secret" else ("ConfigMap", "name")
            yield Reference(kind, str(value.get(name) or value.get("name")), "")


def _faults(kind: str, value: Mapping[str, object]) -> Iterator[tuple[str, str | None]]:
    """What is wrong with a ``source`` or ``claimSpec``: messages and hints."""
    if kind == "source":
        if "name" in value:
            yield "unknown field name", "the volume is named by us"
        elif len(value) > 1:
            yield f"expected one kind of volume, found {', '.join(sorted(value))}", None
    yield from objects.of_type("Volume" if kind == "source" else "PersistentVolumeClaimSpec", value)
    for path, _ in references.unresolved(value):
        yield f"{path[1:]}: a secret cannot stand here", None
