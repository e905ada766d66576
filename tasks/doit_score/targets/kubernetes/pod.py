"""The pod of a workload: its containers in their order, with what they mount."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction

from doit_score.options import said
from doit_score.score import references
from doit_score.score.placeholders import Context, substitute
from doit_score.score.references import Reference
from doit_score.score.workload import Container, Limits, Probe, Workload
from doit_score.targets import ConversionInput
from doit_score.text.errors import ScoreError
from doit_score.text.light import dataclass, field

from . import quantities
from .brought import Brought
from .mounts import Mounts
from .names import digest

Complain = Callable[[str, tuple[str, ...], str, str | None], None]
"""Notes an error, a warning or a notice: which, the keys below ``containers``, what is wrong, what to do."""

# What Kubernetes reads in a variable, a command or an argument: ``$(NAME)``, and ``$$`` as one.
_READ = re.compile(r"\$+\(|\$\$+")
_READ_BEFORE = re.compile(r"\$+(?:\(|\Z)|\$\$+")
# Five minutes in which a container may begin to answer before its liveness probe counts.
_STARTUP = {"failureThreshold": 60, "periodSeconds": 5}
_HEADER = re.compile(r"[-A-Za-z0-9]+")
_PLACEHOLDER = re.compile(r"(?<!\$)\$\{(?:metadata|resources)\.[^}]*\}")


@dataclass(slots=True)
class Template:
    """``files`` are ConfigMaps and ``claims`` claims by the names of the objects, ``own_claims`` those that
    each pod of a StatefulSet has for itself, by the names of the volumes.  ``content`` is a digest of what is
    in the files, and in the Secrets and ConfigMaps, that the containers see."""

    spec: dict[str, object] = field(default_factory=dict)
    files: dict[str, dict[str, object]] = field(default_factory=dict)
    claims: dict[str, object] = field(default_factory=dict)
    own_claims: dict[str, object] = field(default_factory=dict)
    content: str = ""


class Pod:
    """The making of one pod."""

    def __init__(
        self,
        workload: Workload,
        inputs: ConversionInput,
        brought: Brought,
        is_set: bool,
        complain: Complain,
    ) -> None:
        self._workload = workload
        self._inputs = inputs
        self._brought = brought
        self._complain = complain
        self._context = Context(workload.metadata, inputs.resources)
        self._used: set[Reference] = set()
        is_taken_over = workload.name in brought.instances
        self._mounts = Mounts(workload, inputs, self._context, is_set, is_taken_over, complain)

    def template(self) -> Template:
        """The pod and what goes with it; what is wrong has been told to ``complain``."""
        order = _order(self._workload.containers)
        made = {name: self._container(self._workload.containers[name]) for name in order}
        first = [made[name] for name in order if self._workload.containers[name].before]
        spec: dict[str, object] = {
            "containers": [made[name] for name in order if not self._workload.containers[name].before]
        }
        if first:
            spec["initContainers"] = first
        mounts = self._mounts
        if mounts.volumes:
            spec["volumes"] = [mounts.volumes[name] for name in sorted(mounts.volumes)]
        used = sorted(self._used | mounts.used)
        seen = [*mounts.contents, *(self._brought.content_of(one.kind, one.name) for one in used)]
        content = digest("\n".join(filter(None, seen)), 16) if any(seen) else ""
        return Template(spec, mounts.files, mounts.claims, mounts.own_claims, content)

    def _container(self, container: Container) -> dict[str, object]:
        name = container.name
        given: dict[str, object] = {
            "image": self._image(container),
            "command": self._words(name, "command", container.command),
            "args": self._words(name, "args", container.args),
            "env": self._variables(container),
            "resources": self._resources(container),
            "volumeMounts": self._mounts.of(container),
        }
        found: dict[str, object] = {"name": name, **{key: value for key, value in given.items() if value}}
        readiness = self._probe(name, "readinessProbe", container.readiness)
        liveness = self._probe(name, "livenessProbe", container.liveness)
        ready = set(container.before.values())
        if "complete" in ready:
            for key, probe in (("readinessProbe", readiness), ("livenessProbe", liveness)):
                if probe:
                    message = "not carried over: others wait until this container has ended"
                    self._complain("notice", (name, key), message, None)
            return found
        if ready:
            found["restartPolicy"] = "Always"
        if "healthy" in ready and not (readiness or liveness):
            self._complain(
                "error",
                (name, "before"),
                "ready 'healthy' needs a probe, and the container has none",
                "add a readinessProbe, or use ready: started",
            )
        startup = liveness or (readiness if "healthy" in ready else {})
        if "healthy" in ready and readiness:
            startup = readiness
        probes = {
            "readinessProbe": readiness,
            "livenessProbe": liveness,
            "startupProbe": {**startup, **_STARTUP} if startup else {},
        }
        return {**found, **{key: probe for key, probe in probes.items() if probe}}

    def _image(self, container: Container) -> str | None:
        image = self._inputs.image if container.image == "." else container.image
        if not image:
            message = "there is no image ('.'), and nobody gave one"
            self._complain("error", (container.name, "image"), message, f"give {said('images')}")
        elif _PLACEHOLDER.search(image):
            message = "placeholders are not replaced in images: it stays as it is"
            self._complain("warning", (container.name, "image"), message, None)
        return image

    def _words(self, name: str, key: str, words: tuple[str, ...]) -> list[str]:
        """Of a Score file ``$`` and ``$$`` are one dollar each, as in Compose."""
        for word in words:
            if _PLACEHOLDER.search(word):
                message = f"placeholders are not replaced here: the container gets {word!r}"
                self._complain("warning", (name, key), message, "give it in a variable")
        return [literal(word.replace("$$", "$")) for word in words]

    def _variables(self, container: Container) -> list[dict[str, object]]:
        helpers: dict[str, dict[str, object]] = {}
        found: list[dict[str, object]] = []
        for name, text in container.variables.items():
            keys = (container.name, "variables", name)
            if not (name.isascii() and name.isprintable()):
                self._complain("error", keys, "Kubernetes takes names of ASCII alone", None)
            try:
                parts = references.split(substitute(text, self._context, deferred=True))
            except ScoreError as error:
                for problem in error.problems:
                    self._complain("error", keys, problem.message, problem.hint)
                continue
            self._used.update(part for part in parts if isinstance(part, Reference))
            if len(parts) == 1 and isinstance(parts[0], Reference):
                found.append({"name": name, "valueFrom": parts[0].source()})
                continue
            value = ""
            for part in parts:
                if isinstance(part, Reference):
                    helper = part.variable()
                    helpers[helper] = {"name": helper, "valueFrom": part.source()}
                    value += f"$({helper})"
                else:
                    value += literal(part, is_last=part is parts[-1])
            found.append({"name": name, "value": value})
        return [*(helpers[name] for name in sorted(helpers)), *found]

    def _resources(self, container: Container) -> dict[str, object]:
        found = {
            kind: amounts
            for kind in ("limits", "requests")
            if (amounts := self._amounts(container.name, kind, getattr(container, kind)))
        }
        for what, limit in found.get("limits", {}).items():
            request = found.get("requests", {}).get(what)
            if request and _number(request) > _number(limit):
                message = f"more than the limit, which is {limit}"
                self._complain("error", (container.name, "resources", "requests", what), message, None)
        return dict(found)

    def _amounts(self, name: str, kind: str, limits: Limits | None) -> dict[str, str]:
        found = {}
        for what in ("cpu", "memory") if limits is not None else ():
            text = getattr(limits, what)
            if text is None:
                continue
            if quantities.amount(text) is None:
                message = f"no quantity of Kubernetes: {text!r}"
                hint = "use k, M, G, T, P, E, or Ki, Mi, Gi, Ti, Pi, Ei behind a number"
                self._complain("error", (name, "resources", kind, what), message, hint)
            else:
                found[what] = quantities.canonical(text)
        return found

    def _probe(self, name: str, key: str, probe: Probe | None) -> dict[str, object]:
        if probe is None:
            return {}
        if probe.http_get is not None and probe.command is not None:
            message = "expected exec or httpGet, found both"
            self._complain("error", (name, key), message, "a probe does one of them")
        elif probe.http_get is not None:
            http = probe.http_get
            got: dict[str, object] = {"path": http.path, "port": http.port}
            got |= {"host": http.host} if http.host else {}
            got |= {"scheme": http.scheme} if http.scheme else {}
            for header, _ in http.headers:
                if not _HEADER.fullmatch(header):
                    message = f"no header can be called {header!r}: expected letters, digits and '-'"
                    self._complain("error", (name, key), message, "Kubernetes takes no others")
            if http.headers:
                got["httpHeaders"] = [{"name": header, "value": value} for header, value in http.headers]
            return {"httpGet": got}
        elif probe.command:
            return {"exec": {"command": [word.replace("$$", "$") for word in probe.command]}}
        else:
            found = "neither" if probe.command is None else "a command without words"
            self._complain("error", (name, key), f"expected exec or httpGet, found {found}", None)
        return {}


def literal(text: str, *, is_last: bool = True) -> str:
    """``text`` so that Kubernetes leaves every dollar in it; if it is not the last, ``$(NAME)`` follows."""
    read = _READ if is_last else _READ_BEFORE
    return read.sub(lambda found: found[0].replace("$", "$$"), text)


def _number(text: str) -> Fraction:
    found = quantities.amount(text)
    assert found is not None
    return found


def _order(containers: Mapping[str, Container]) -> list[str]:
    """The names of all containers, by name, but each after those that are before it."""
    found: list[str] = []
    left = sorted(containers)
    while left:
        # A Score file in which containers are before each other in a circle is none.
        name = next(
            one for one in left if not any(one in containers[other].before for other in left if other != one)
        )
        left.remove(name)
        found.append(name)
    return found
