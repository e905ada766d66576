"""The second stage: the fragments of the workloads whose inputs changed, and of no others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

from doit_score.engine.inputs.environment import Environment, noted
from doit_score.engine.inputs.load import Inputs, Loaded, Parsed, Workloads
from doit_score.engine.settings import Settings
from doit_score.engine.stages.outputs import NOT_PROVISIONED, Unknown, is_environment, outputs_of
from doit_score.engine.why.origins import Reason, joined, of_parts, of_score_file, outline, parsed_parts, part
from doit_score.engine.why.reasons import FORCED, NEW, SECRET, UNKNOWN
from doit_score.score.placeholders import Outputs
from doit_score.score.resources import Declaration
from doit_score.score.workload import Workload
from doit_score.score.workload.sources import needed_sources
from doit_score.store import files
from doit_score.store.rows import REVEALED, OriginRow, ResourceRow, WorkloadRow
from doit_score.targets import Brought, ConversionInput, Fragments, Target
from doit_score.text import canonical, progress
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import dataclass, field, replace
from doit_score.version import __version__

ROLE_SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Project:
    """What a rendering needs to know of the project as a whole."""

    mounts_directory: str
    output_prefix: str
    """From the directory of the output back to the working directory; empty where they are one."""
    brought: Brought
    stamp: Mapping[str, str]
    """What of the target's options is in every entry."""


@dataclass(slots=True)
class Rendered:
    """The outcome of the stage: only what was rendered.

    ``origins`` are parts and outline of each workload, ``why`` the reasons for which it was rendered.
    """

    made: dict[str, tuple[WorkloadRow, Fragments]] = field(default_factory=dict)
    origins: dict[str, tuple[str, str]] = field(default_factory=dict)
    why: dict[str, list[Reason]] = field(default_factory=dict)


class Rendering:
    """One run of the stage.  Reads the files that Score files name as sources, and nothing else."""

    def __init__(
        self,
        target: Target,
        settings: Settings,
        loaded: Loaded,
        workloads: Workloads,
        inputs: Inputs,
        resources: Mapping[str, ResourceRow],
        project: Project,
        origin: Callable[[str], OriginRow | None],
    ) -> None:
        self._target = target
        self._settings = settings
        self._loaded = loaded
        self._workloads = workloads
        self._inputs = inputs
        self._resources = resources
        self._project = project
        self._declared: dict[str, list[Declaration]] = {}
        for declaration in loaded.declared:
            self._declared.setdefault(declaration.workload, []).append(declaration)
        self._outputs: dict[str, Outputs] = {}
        self._origin = origin
        self._fixed = joined(
            (
                part("tool", __version__),
                part("mounts", project.mounts_directory),
                part("prefix", project.output_prefix),
                *(part(f"option {name}", value) for name, value in project.stamp.items()),
            )
        )

    def run(self, only: str | None = None, faults: list[Problem] | None = None) -> Rendered:
        """Renders what is stale, or ``only`` one workload if it is.

        Raises one ScoreError with the problems of all workloads, unless there are ``faults`` to add them to.
        """
        rendered, environment = Rendered(), Environment(self._settings.environment)
        problems: list[Problem] = []
        for number, (name, row) in enumerate(sorted(self._loaded.workloads.items())):
            progress.count("rendered workload", number, len(self._loaded.workloads))
            if only not in (None, name):
                continue
            parts = self._parts(row)
            digest = canonical.digest(parts)
            same = row.rendered == digest and environment.holds(noted(row.environment))
            if same and not self._settings.force:
                continue
            before = row
            try:
                row, conversion = self._render(row, digest)
            except ScoreError as error:
                own = (problem for problem in error.problems if not self._follows(name, problem))
                problems += (replace(problem, path=problem.path or row.file) for problem in own)
                continue
            rendered.made[name] = (row, conversion)
            rendered.origins[name] = (parts, self._outline(row))
            rendered.why[name] = list(self._why(before, *rendered.origins[name]))
        progress.clear()  # as after provision
        if self._settings.builds or self._settings.images:
            # Of a workload that could not be read it is not known what it is called.
            problems += self._misspelt(are_all=not faults)
        if faults is None:
            ScoreError.raise_for(problems)
        else:
            faults += problems
        return rendered

    def _follows(self, name: str, problem: Problem) -> bool:
        """Whether a workload has a problem only since a resource of it was not provisioned."""
        uids = (one.uid for one in self._declared.get(name, ()) if one.uid not in self._resources)
        told = problem.message
        return any(NOT_PROVISIONED in told or f"resource '{uid}'" in told for uid in uids)

    def _parts(self, row: WorkloadRow) -> str:
        """Everything that the fragments of a workload are made of, but for the environment."""
        declared = self._declared.get(row.name, ())
        found = [self._fixed, part("score", row.digest)]
        rows = {declaration.uid: self._resources.get(declaration.uid) for declaration in declared}
        outputs = {uid: resource.outputs if resource else "" for uid, resource in rows.items()}
        found += [part(name, text) for name, text in self._project.brought.parts(outputs)]
        for declaration in declared:
            found.append(part(f"outputs {declaration.name} {declaration.uid}", outputs[declaration.uid]))
        for source in canonical.texts(row.sources):
            found.append(part(f"file {source}", self._source_digest(source, os.path.dirname(row.file))))
        for key, value in self._options_for(row.name).items():
            found.append(
                part(f"{'images' if isinstance(value, str) else 'builds'} {key}", canonical.encode(value))
            )
        return joined(found)

    def _outline(self, row: WorkloadRow) -> str:
        parsed = self._workloads.parsed(row.name)
        return outline(row.file, files.content_digest(parsed.text), parsed.workload.document, parsed.options)

    def _why(self, row: WorkloadRow, parts: str, outline: str) -> Iterator[Reason]:
        """Why a workload was rendered, of which ``row`` tells how it was before."""
        if self._settings.force:
            yield FORCED
        origin = self._origin(row.name)
        if origin is None:
            yield NEW
            return
        told = list(of_score_file(origin.outline, outline))
        told += of_parts(parsed_parts(origin.parts), parsed_parts(parts), skip=("score",))
        for name, digest in noted(row.environment).items():
            if not Environment(self._settings.environment).holds({name: digest}):
                told.append(Reason("environment", f"environment variable '{name}' changed"))
        if row.rendered == REVEALED:
            told.append(SECRET)
        yield from told
        if not told and not self._settings.force:
            yield UNKNOWN

    def _render(self, row: WorkloadRow, digest: str) -> tuple[WorkloadRow, Fragments]:
        parsed = self._workloads.parsed(row.name)
        declared = self._declared.get(row.name, ())
        environment = Environment(self._settings.environment)
        referred: set[str] = set()
        resources: dict[str, Outputs] = {}
        for declaration in declared:
            resource = self._resources.get(declaration.uid)
            if resource is None:
                resources[declaration.name] = Unknown()
            elif is_environment(resource):
                resources[declaration.name] = outputs_of(resource, environment, self._target, referred)
            else:
                known = self._outputs.get(declaration.uid)
                if known is None:
                    known = self._outputs[declaration.uid] = outputs_of(resource, environment, self._target)
                resources[declaration.name] = known
        conversion = self._target.convert(
            self._with_images(parsed.workload),
            ConversionInput(
                resources=resources,
                resource_uids={declaration.name: declaration.uid for declaration in declared},
                builds=self._builds(parsed),
                image=parsed.options.image,
                sources=self._sources(row, parsed),
                mounts_directory=self._project.mounts_directory,
                prefix=self._project.output_prefix,
                locate=parsed.place,
            ),
            self._project.brought,
        )
        row = row._replace(
            rendered=digest,
            environment=canonical.encode(environment.note()),
            facts=conversion.facts,
            variables=canonical.encode(sorted(referred)),
        )
        return row, conversion

    def _builds(self, parsed: Parsed) -> dict[str, Mapping[str, object]]:
        """The builds of a workload by container."""
        builds = dict(parsed.options.builds)
        for key, value in self._options_for(parsed.workload.name).items():
            container = key.rpartition(":")[2]
            if isinstance(value, Mapping) and container in parsed.workload.containers:
                builds[container] = value
        return builds

    def _with_images(self, workload: Workload) -> Workload:
        """``workload`` with the images that a dodo.py names in place of its own."""
        containers = dict(workload.containers)
        for key, value in self._options_for(workload.name).items():
            container = key.rpartition(":")[2]
            if isinstance(value, str) and container in containers:
                containers[container] = replace(containers[container], image=value)
        return replace(workload, containers=containers)

    def _options_for(self, workload: str) -> dict[str, object]:
        """The builds and images of a dodo.py that are for this workload (or for every one)."""
        every: list[tuple[str, object]] = [
            *((key, dict(build)) for key, build in self._settings.builds.items()),
            *self._settings.images.items(),
        ]
        # What is said for one workload comes after what is said for every one.
        every.sort(key=lambda pair: (":" in pair[0], pair[0]))
        return {key: value for key, value in every if key.rpartition(":")[0] in ("", workload)}

    def _misspelt(self, *, are_all: bool) -> Iterator[Problem]:
        """Builds and images for workloads and containers that there are not; of those that are known, unless
        these ``are_all``."""
        containers = {
            name: set(canonical.texts(row.containers)) for name, row in self._loaded.workloads.items()
        }
        every = set().union(*containers.values())
        for key in sorted({*self._settings.builds, *self._settings.images}):
            workload, _, container = key.rpartition(":")
            found = f"'{key}' in builds or images names"
            if workload not in containers and not are_all:
                continue
            if workload and workload not in containers:
                message = f"workload '{workload}', which this project does not have"
                yield Problem(f"{found} {message}", hint="workloads are: " + ", ".join(sorted(containers)))
                continue
            known = containers[workload] if workload else every
            if container not in known:
                whose = f"workload '{workload}' does not" if workload else "no workload of this project has"
                message = f"container '{container}', which {whose}{' have' if workload else ''}"
                yield Problem(f"{found} {message}", hint="containers are: " + ", ".join(sorted(known)))

    def _source_digest(self, path: str, folder: str) -> str:
        if not os.path.isfile(path):
            return ""
        return self._inputs.digest(path, ROLE_SOURCE) + ("" if _link_out(path, folder) is None else " link")

    def _sources(self, row: WorkloadRow, parsed: Parsed) -> dict[str, bytes | str]:
        """The contents of the files that a Score file names; a text where one must not be read."""
        folder = os.path.dirname(row.file)
        contents: dict[str, bytes | str] = {}
        for name in needed_sources(parsed.workload):
            path = os.path.normpath(os.path.join(folder, name))
            link = _link_out(path, folder)
            if link is not None:
                contents[name] = f"'{link}' is a link that leads out of the directory of the Score file"
                continue
            try:
                contents[name] = self._inputs.text(path, ROLE_SOURCE)
            except ScoreError as error:
                contents[name] = error.problems[0].message.removeprefix("cannot be read: ")
        return contents


def _link_out(path: str, folder: str) -> str | None:
    """The link by which ``path`` leads out of ``folder``, None if it does not."""
    link = files.leads_out(folder or ".", path)
    if link is None:
        return None
    real, root = os.path.realpath(path), os.path.realpath(folder or ".")
    return None if real.startswith(root.rstrip(os.sep) + os.sep) else link
