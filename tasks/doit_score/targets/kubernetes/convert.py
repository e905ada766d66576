"""One workload and the outputs of its resources become objects of Kubernetes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from doit_score.score import references
from doit_score.score.references import Reference
from doit_score.score.workload import Workload
from doit_score.targets import ConversionInput, Fragments
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import dataclass, field

from . import names
from .brought import Brought
from .objects import Identity
from .pod import Pod, Template

_DOMAIN = "k8s.score.dev/"
KIND_ANNOTATION, SERVICE_ANNOTATION = f"{_DOMAIN}kind", f"{_DOMAIN}service-name"
WORKLOAD_ANNOTATION = f"{_DOMAIN}workload-name"
CONTENT_ANNOTATION = f"{_DOMAIN}content"
_KINDS = ("Deployment", "StatefulSet")
MANAGER = "doit-score"
PART_OF = "app.kubernetes.io/part-of"
# Of a StatefulSet the API makes a label of the name, 10 letters and a dash.
_LONGEST_SET = 52
_LONGEST_START = 52
_LARGEST_ANNOTATIONS, _LONGEST_PREFIX = 1 << 18, 253
_HEADLESS = "-headless-svc"
_LETTER = "s-"


def service_name(workload: Workload) -> str:
    """The name of the Service of a workload."""
    return workload.annotations.get(SERVICE_ANNOTATION) or workload.name


def instance_suffix(project: str, workload: str, instances: Mapping[str, object]) -> str:
    """What stands behind the name of a workload in its instance label: ``instances`` says so, or a digest."""
    return str(instances.get(workload) or f"-{names.digest(f'{project}/{workload}')}")


def convert(workload: Workload, inputs: ConversionInput, brought: Brought) -> Fragments:
    """The objects of ``workload``; ScoreError with all its problems."""
    run = _Run(workload, inputs, brought)
    objects = run.objects()
    ScoreError.raise_for(run.errors, f"failed to convert workload {workload.name!r} to Kubernetes:")
    return Fragments(
        {"manifests": {Identity.of(one).key(): one for one in objects}},
        (),
        service_name(workload) if workload.ports else "",
        tuple(run.warnings),
        tuple(run.notices),
    )


@dataclass(slots=True)
class _Run:
    """One conversion: what it was given, and what has come up so far."""

    workload: Workload
    inputs: ConversionInput
    brought: Brought
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)

    def note(
        self, problems: list[Problem], keys: tuple[str, ...], message: str, hint: str | None = None
    ) -> None:
        """Adds a problem at ``keys`` of the Score file."""
        path, line, column = self.inputs.locate(keys)
        said = ""
        for depth, key in enumerate(keys):
            free = depth and keys[depth - 1] in ("annotations", "files", "variables", "volumes")
            said += f"[{key}]" if free else f".{key}" if depth else key
        problems.append(Problem(f"{said}: {message}", path, line, column, hint))

    def objects(self) -> list[dict[str, object]]:
        """ConfigMaps, claims, Services, and the Deployment or StatefulSet."""
        kind = self._kind()
        instance = self._instance()
        of_all = {
            "app.kubernetes.io/managed-by": MANAGER,
            PART_OF: names.part_of(self.brought.project),
        }
        labels = {
            **of_all,
            "app.kubernetes.io/instance": instance,
            "app.kubernetes.io/name": self.workload.name,
        }
        selector = {"app.kubernetes.io/instance": instance}
        annotations = {WORKLOAD_ANNOTATION: self.workload.name}
        template = Pod(
            self.workload, self.inputs, self.brought, kind == "StatefulSet", self._complain
        ).template()
        self._refuse_references()
        notes = {**self._annotations(), **annotations}
        if template.content:
            notes[CONTENT_ANNOTATION] = template.content
        pod = {"metadata": {"annotations": notes, "labels": labels}, "spec": template.spec}

        def made(version: str, kind: str, name: str, **rest: object) -> dict[str, object]:
            metadata = {"name": name, "labels": labels, "annotations": annotations}
            return {"apiVersion": version, "kind": kind, "metadata": metadata, **rest}

        found = [made("v1", "ConfigMap", name, **data) for name, data in sorted(template.files.items())]
        # A claim is the resource's, and of two workloads that share it each gives the same.
        found += [
            {
                **made("v1", "PersistentVolumeClaim", name, spec=spec),
                "metadata": {"name": name, "labels": of_all},
            }
            for name, spec in sorted(template.claims.items())
        ]
        ports = self._ports()
        if ports:
            open_ = {"ports": ports, "selector": selector}
            found.append(made("v1", "Service", service_name(self.workload), spec=open_))
        spec: dict[str, object] = {"selector": {"matchLabels": selector}, "template": pod}
        name = self.workload.name
        if kind == "StatefulSet":
            name = names.shortened(name, _LONGEST_SET)
            spec["serviceName"] = headless = self._headless(name)
            port = {"name": "default", "port": 99, "targetPort": 99}
            apart = {"clusterIP": "None", "ports": [port], "selector": selector}
            found.append(made("v1", "Service", headless, spec=apart))
            if template.own_claims:
                spec["volumeClaimTemplates"] = [
                    {"metadata": {"name": claim}, "spec": wanted}
                    for claim, wanted in sorted(template.own_claims.items())
                ]
        elif _is_for_one(template):
            # A new pod would wait for a volume that the old one has.
            spec["strategy"] = {"type": "Recreate"}
        return [*found, made("apps/v1", kind, name, spec=spec)]

    def _headless(self, name: str) -> str:
        """The name of the Service that gives the pods of a StatefulSet their names.

        A workload's name can begin with a digit, that of a Service cannot.
        """
        start = "" if names.is_service(name[0]) else _LETTER
        found = start + names.shortened(name, names.LABEL - len(_HEADLESS) - len(start)) + _HEADLESS
        if self.workload.ports and found == service_name(self.workload):
            message = f"{found!r} is the name of the Service that each StatefulSet has for its pods"
            keys = ("metadata", "annotations", SERVICE_ANNOTATION)
            self.note(self.errors, keys, message, "give the Service another name")
        return found

    def _kind(self) -> str:
        kind = self.workload.annotations.get(KIND_ANNOTATION, _KINDS[0])
        if kind not in _KINDS:
            keys = ("metadata", "annotations", KIND_ANNOTATION)
            self.note(self.errors, keys, f"expected {' or '.join(_KINDS)}, found {kind!r}")
        return kind

    def _instance(self) -> str:
        """A label that no other workload of any project has, and that is always the same for this one.

        It is what a selector goes by, which cannot be changed in a cluster.
        """
        name = self.workload.name
        return names.shortened(name, _LONGEST_START) + instance_suffix(
            self.brought.project, name, self.brought.instances
        )

    def _annotations(self) -> dict[str, str]:
        """Those of the Score file that are for the pod."""
        found = {}
        size = 0
        for key, text in self.workload.annotations.items():
            keys = ("metadata", "annotations", key)
            if not key.startswith(_DOMAIN):
                found[key] = text
                size += len(key.encode()) + len(text.encode())
                if size > _LARGEST_ANNOTATIONS:
                    message = f"the annotations of a pod have at most {_LARGEST_ANNOTATIONS} bytes together"
                    self.note(self.errors, keys, message, "put what is long into a file")
                if len(key.rpartition("/")[0]) > _LONGEST_PREFIX:
                    message = f"what is before the '/' has at most {_LONGEST_PREFIX} letters"
                    self.note(self.errors, keys, message, "Kubernetes takes no longer one")
            elif key not in (KIND_ANNOTATION, SERVICE_ANNOTATION, WORKLOAD_ANNOTATION):
                message = "doit-score does not read it, and it is in no object"
                self.note(self.notices, keys, message)
        return found

    def _refuse_references(self) -> None:
        """Adds an error for each reference where there can be none."""
        for keys, text in _texts(self.workload):
            for one in references.split(text):
                if isinstance(one, Reference):
                    message = f"the {one.kind} '{one.name}' cannot be used here"
                    self.note(self.errors, keys, message, "give it in a variable")

    def _ports(self) -> list[dict[str, object]]:
        ports: list[dict[str, object]] = []
        taken: dict[tuple[int, str], str] = {}
        for name, port in sorted(self.workload.ports.items()):
            protocol = (port.protocol or "TCP").upper()
            ports.append(
                {
                    "name": name,
                    "port": port.port,
                    "protocol": protocol,
                    "targetPort": port.target_port or port.port,
                }
            )
            other = taken.setdefault((port.port, protocol), name)
            if other != name:
                message = f"the port {port.port} of {protocol} is that of '{other}' already"
                hint = "a Service has each of its ports once"
                self.note(self.errors, ("service", "ports", name, "port"), message, hint)
        if ports and not names.is_service(service_name(self.workload)):
            keys: tuple[str, ...] = ("metadata", "annotations", SERVICE_ANNOTATION)
            if SERVICE_ANNOTATION not in self.workload.annotations:
                keys = ("metadata", "name")
            message = f"no Service can be called {service_name(self.workload)!r}"
            hint = (
                "it has lower case letters, digits and '-', and begins with a letter; the annotation "
                f"{SERVICE_ANNOTATION} gives it another name"
            )
            self.note(self.errors, keys, message, hint)
        return ports

    def _complain(self, what: str, keys: tuple[str, ...], message: str, hint: str | None) -> None:
        problems = {"error": self.errors, "warning": self.warnings, "notice": self.notices}[what]
        self.note(problems, ("containers", *keys), message, hint)


def _texts(workload: Workload) -> Iterator[tuple[tuple[str, ...], str]]:
    """The texts of a Score file that are in a pod as they are, with their places."""
    for key, text in workload.annotations.items():
        yield ("metadata", "annotations", key), text
    for name, container in workload.containers.items():
        yield ("containers", name, "image"), container.image
        for key, words in (("command", container.command), ("args", container.args)):
            yield from ((("containers", name, key), word) for word in words)
        for key, probe in (("readinessProbe", container.readiness), ("livenessProbe", container.liveness)):
            http = probe.http_get if probe else None
            texts = (http.path, http.host or "", *(value for _, value in http.headers)) if http else ()
            words = probe.command or () if probe else ()
            yield from ((("containers", name, key), text) for text in (*texts, *words))


def _is_for_one(template: Template) -> bool:
    """Whether a claim can be mounted on one machine only."""
    modes = (spec.get("accessModes") for spec in template.claims.values() if isinstance(spec, Mapping))
    return any(isinstance(one, list) and "ReadWriteMany" not in one for one in modes)
