"""One workload and the outputs of its resources become Compose services and mount files."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.options import PROBES, said
from doit_score.score.placeholders import Context, Deferred, Outputs, substitute
from doit_score.score.workload import Container, Workload
from doit_score.targets import ConversionInput, Fragments, MountFile
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import dataclass, field
from doit_score.text.words import near

from .dollars import has_variable, is_readable, literal
from .files import mount_file, reference_order
from .healthcheck import PROBES_ANNOTATION, Probes
from .mounts import volume_mount
from .order import Network, share_network
from .probes import mount
from .publish import facts_of

_CONDITIONS = {
    "started": "service_started",
    "healthy": "service_healthy",
    "complete": "service_completed_successfully",
}
WORKLOAD_ANNOTATION = "compose.score.dev/workload-name"
RESTART_ANNOTATION = "compose.score.dev/restart-with"
FILES_ANNOTATION = "compose.score.dev/file-variables"
_READ = (WORKLOAD_ANNOTATION, PROBES_ANNOTATION, RESTART_ANNOTATION, FILES_ANNOTATION)


def file_variables(annotations: Mapping[str, object]) -> list[str]:
    """The variables that a workload reads from files, by its annotations."""
    return str(annotations.get(FILES_ANNOTATION, "")).replace(",", " ").split()


def service_name(workload: str, container: str) -> str:
    """The name of the Compose service of a container."""
    return f"{workload}-{container}"


@dataclass(frozen=True, slots=True)
class ServiceInput(ConversionInput):
    """What the seam gives, and what the services of resources say.

    ``builds`` holds Compose ``build`` sections as seen from the output.  ``waits_for`` holds the services
    that every service of the workload waits for, with the condition of each, ``servers`` those that a
    resource, by its name in the workload, has running.  ``models`` are the names
    of the models that resources brought for this workload.  ``probes`` and ``machine`` are those of Options.
    """

    waits_for: Mapping[str, str] = field(default_factory=dict)
    servers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    models: tuple[str, ...] = ()
    probes: str = PROBES[0]
    machine: str = ""


def convert(workload: Workload, inputs: ServiceInput) -> Fragments:
    """The services of ``workload``; ScoreError with all problems of the workload.

    Dollars: whatever is in the Score file reaches the container, ``$$`` as one dollar, so each is
    doubled for Compose.  Images, which do not, are left to Compose's own interpolation.
    """
    uids = inputs.resource_uids
    resources = {name: _Resource(uids[name], one) for name, one in inputs.resources.items()}
    run = _Run(
        workload,
        inputs,
        Context(workload.metadata, inputs.resources),
        Context(workload.metadata, resources),
        {one.uid: one for one in resources.values()},
        workload.annotations.get(PROBES_ANNOTATION, inputs.probes),
    )
    if run.probes not in PROBES:
        message = f"expected {' or '.join(PROBES)}, found {run.probes!r}"
        run.note_annotation(run.errors, PROBES_ANNOTATION, message)
    for key in workload.annotations:
        if key.startswith("compose.score.dev/") and key not in _READ:
            run.note_annotation(run.notices, key, "doit-score does not read it; the services have it")
    run.restarts_with = run.servers_to_restart_with()
    run.check_file_variables()
    network = share_network(workload.containers)
    services = {
        service_name(workload.name, name): run.service(container, network)
        for name, container in workload.containers.items()
    }
    for name in sorted(set(inputs.builds) - set(workload.containers)):
        message = f"a build was given for container {name!r}, which workload {workload.name!r} does not have"
        run.warnings.append(Problem(message, hint=f"its containers are: {', '.join(workload.containers)}"))
    ScoreError.raise_for(run.errors)
    return Fragments(
        {"services": services},
        tuple(sorted(run.mounts, key=lambda mount: mount.path)),
        facts_of(workload, service_name(workload.name, network.owner), has_helper=run.has_helper),
        tuple(run.warnings),
        tuple(run.notices),
    )


@dataclass(frozen=True, slots=True)
class _Resource:
    """Outputs of a resource; for the source of a volume, without keys, its uid."""

    uid: str
    outputs: Outputs

    def lookup(self, keys: tuple[str, ...], *, deferred: bool) -> object:
        return self.outputs.lookup(keys, deferred=deferred) if keys else self.uid


@dataclass(frozen=True, slots=True)
class _Watched:
    """Outputs of a resource; ``variables`` collects those that have variables of Compose in their text."""

    name: str
    outputs: Outputs
    variables: list[str]

    def lookup(self, keys: tuple[str, ...], *, deferred: bool) -> object:
        value = self.outputs.lookup(keys, deferred=deferred)
        if isinstance(value, str) and not isinstance(value, Deferred) and has_variable(value):
            self.variables.append(".".join((self.name, *keys)))
        return value


@dataclass(slots=True)
class _Run:
    """One conversion: what it was given, and what has come up so far."""

    workload: Workload
    inputs: ServiceInput
    context: Context
    mountable: Context
    by_uid: Mapping[str, Outputs]
    probes: str
    mounts: list[MountFile] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    has_helper: bool = False
    restarts_with: Mapping[str, str] = field(default_factory=dict)

    def note_annotation(
        self, problems: list[Problem], key: str, message: str, hint: str | None = None
    ) -> None:
        """Add a problem of an annotation of the workload."""
        place = self.inputs.locate(("metadata", "annotations", key))
        problems.append(Problem(f"metadata.annotations[{key}]: {message}", *place, hint))

    def servers_to_restart_with(self) -> dict[str, str]:
        """The services, with the condition of each, with which the workload wants to be started again."""
        found: dict[str, str] = {}
        text = self.workload.annotations.get(RESTART_ANNOTATION, "")
        names = [name.strip() for name in text.split(",")]
        for name in names if RESTART_ANNOTATION in self.workload.annotations else ():
            servers = self.inputs.servers.get(name)
            if servers:
                found.update(servers)
                continue
            have = sorted(known for known, some in self.inputs.servers.items() if some)
            hint = f"these have: {', '.join(have)}" if have else "none of its resources has"
            message = f"expected names of resources that have a server here, found {name!r}"
            self.note_annotation(self.errors, RESTART_ANNOTATION, message, hint)
        return found

    def check_file_variables(self) -> None:
        """Notes names of variables to be read from files that no container has, or has that way already."""
        variables = {name for one in self.workload.containers.values() for name in one.variables}
        for name in file_variables(self.workload.annotations):
            if name not in variables:
                message = f"no container has a variable {name!r}"
                self.note_annotation(self.errors, FILES_ANNOTATION, message, near(name, variables))
            elif f"{name}_FILE" in variables:
                message = f"there is a variable {name}_FILE already, which {name!r} would become"
                self.note_annotation(self.errors, FILES_ANNOTATION, message, "take one of the two out")

    def note(
        self, problems: list[Problem], keys: tuple[str, ...], message: str, hint: str | None = None
    ) -> None:
        """Add a problem at ``keys`` below ``containers``, such as ``containers.web.files[/x].mode``."""
        path, line, column = self.inputs.locate(("containers", *keys))
        place = "containers"
        for depth, key in enumerate(keys):
            # The keys of files, volumes and variables are free text; the others are plain.
            free = depth == 2 and keys[1] in ("files", "volumes")
            place += f"[{key}]" if free else f".{key}"
        context = f"in {place} of workload '{self.workload.name}'"
        problems.append(Problem(message, path, line, column, hint, context))

    def _complain(self, level: str, keys: tuple[str, ...], message: str, hint: str | None) -> None:
        self.note(self.errors if level == "error" else self.notices, keys, message, hint)

    def service(self, container: Container, network: Network) -> dict[str, object]:
        """The Compose service of ``container``; keys without content are not there."""
        name = container.name
        result: dict[str, object] = {
            "annotations": {
                **{key: literal(text) for key, text in self.workload.annotations.items()},
                WORKLOAD_ANNOTATION: self.workload.name,
            },
            **self._image(container),
            **self._commands(container),
        }
        if name == network.owner:
            result["hostname"] = self.workload.name
        elif name in network.sharers:
            result["network_mode"] = f"service:{service_name(self.workload.name, network.owner)}"
        check = Probes(self.probes, self.inputs.machine, self._complain).healthcheck(container)
        volumes = self._volumes(container)
        if check.has_helper:
            self.has_helper = True
            volumes.append(mount(str(self.inputs.mounts_directory)))
        sections: dict[str, object] = {
            "environment": self._environment(container),
            "volumes": volumes,
            "depends_on": self._depends_on(container),
            "healthcheck": check.value,
            "models": {model: {} for model in sorted(self.inputs.models)},
        }
        result.update({key: value for key, value in sections.items() if value})
        for kind in ("limits", "requests"):
            if getattr(container, kind) is not None:
                self.note(self.notices, (name, "resources", kind), "not carried over to Compose; left out")
        return result

    def _image(self, container: Container) -> dict[str, object]:
        build = self.inputs.builds.get(container.name)
        if build is not None:
            return {"build": build}
        image = self.inputs.image if container.image == "." else container.image
        if image:
            if not is_readable(image):
                message = f"Compose refuses the image {image!r}: it reads what follows a '$' as a variable"
                hint = "an image can have ${NAME} of the environment, but no placeholders"
                self.note(self.warnings, (container.name, "image"), message, hint)
            return {"image": image}
        key = f"{self.workload.name}:{container.name}"
        self.note(
            self.errors,
            (container.name, "image"),
            f"container {container.name!r} of workload {self.workload.name!r} has no image ('.'),"
            " and nobody gave one, or a build",
            hint=f"give {said('builds', f'{{{key!r}: DIRECTORY}}', f'{container.name}=DIRECTORY')}, or "
            f"{said('images', f'{{{key!r}: IMAGE}}')}",
        )
        return {}

    def _commands(self, container: Container) -> dict[str, object]:
        """An empty list that the Score file gives is not nothing: it clears what the image says (spec-66)."""
        given = self.workload.document.get("containers")
        spec = given.get(container.name) if isinstance(given, Mapping) else None
        result: dict[str, object] = {}
        for key, target, words in (
            ("command", "entrypoint", container.command),
            ("args", "command", container.args),
        ):
            if words or (isinstance(spec, Mapping) and spec.get(key) is not None):
                result[target] = [literal(word) for word in words]
        return result

    def _environment(self, container: Container) -> dict[str, str]:
        result = {}
        seen: list[str] = []
        outputs = {name: _Watched(name, one, seen) for name, one in self.inputs.resources.items()}
        context = Context(self.workload.metadata, outputs)
        for name, text in container.variables.items():
            keys = (container.name, "variables", name)
            try:
                result[name] = substitute(text, context, deferred=True, escape_dollar=True)
            except ScoreError as error:
                self._relay(error, keys)
            for output in seen:
                message = f"${{resources.{output}}} has a variable like ${{NAME}} in it, which stays as it is"
                hint = "an output is text; what Compose is to fill in is an output of an environment resource"
                self.note(self.notices, keys, message, hint)
            seen.clear()
        return result

    def _relay(self, error: ScoreError, keys: tuple[str, ...]) -> None:
        for problem in error.problems:
            self.note(self.errors, keys, problem.message, problem.hint)

    def _volumes(self, container: Container) -> list[dict[str, object]]:
        """Files and volumes by source, then target."""
        name, directory = container.name, self.inputs.mounts_directory
        found: list[tuple[str, str, dict[str, object]]] = []
        if container.files and directory is None:
            self.note(self.errors, (name, "files"), "files are not supported without a mounts directory")
        for file in container.files if directory is not None else ():
            mounted = mount_file(
                self.workload.name,
                name,
                file,
                self.inputs,
                self.context,
                lambda target, key, problem: self.note(
                    self.errors, (name, "files", target, key), problem.message, problem.hint
                ),
            )
            self._check_target((name, "files", file.target))
            if mounted is not None:
                written, read_only = mounted
                self.mounts.append(written)
                mount: dict[str, object] = {"type": "bind", "source": f"{directory}/{written.path}"}
                mount |= {"target": literal(file.target)} if file.target else {}
                mount |= {"read_only": True} if read_only else {}
                order = reference_order(str(directory), self.workload.name, file.target)
                found.append((order, file.target, mount))
        for volume in container.volumes:
            keys = (name, "volumes", volume.target)
            self._check_target(keys)
            try:
                source = substitute(volume.source, self.mountable, deferred=True, escape_dollar=True)
            except ScoreError as error:
                self._relay(error, keys)
                continue
            mount, errors, warnings = volume_mount(volume, source, self.by_uid)
            for problems, new in ((self.errors, errors), (self.warnings, warnings)):
                for problem in new:
                    self.note(problems, keys, problem.message, problem.hint)
            found.append((str(mount.get("source", "")), volume.target, mount))
        for target in sorted(
            {file.target for file in container.files} & {one.target for one in container.volumes}
        ):
            self.note(self.warnings, (name, "volumes", target), "a file is mounted at the same target")
        return [mount for _, _, mount in sorted(found, key=lambda entry: entry[:2])]

    def _check_target(self, keys: tuple[str, ...]) -> None:
        if not keys[-1].startswith("/"):
            self.note(
                self.warnings, keys, "expected an absolute path as the target: Compose may refuse this one"
            )

    def _depends_on(self, container: Container) -> dict[str, object]:
        result: dict[str, object] = {}
        for other in self.workload.containers.values():
            ready = other.before.get(container.name)
            if ready is not None:
                result[service_name(self.workload.name, other.name)] = {
                    "condition": _CONDITIONS[ready],
                    "required": True,
                }
        for service, condition in sorted(self.inputs.waits_for.items()):
            result[service] = {"condition": condition, "required": True}
        # One that others wait for to complete is not what goes on running.
        if "complete" not in container.before.values():
            for service, condition in sorted(self.restarts_with.items()):
                result[service] = {"condition": condition, "restart": True, "required": True}
        return result
