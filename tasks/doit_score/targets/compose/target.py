"""Docker Compose as a target.  What a run does not need of it is not imported for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from doit_score.score.placeholders import Deferred
from doit_score.score.resources import Need
from doit_score.score.workload import Workload
from doit_score.targets import Brought, ConversionInput, Entry, File, Fragments, Options, Target, Told, Whole
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import asdict

from .sections import SECTIONS, WAIT_SERVICE


class Compose:
    """See :class:`doit_score.targets.Target`."""

    name = "compose"
    output = "compose.yaml"
    takes_directory = False
    sections = SECTIONS
    told: tuple[Told, ...] = (
        Told("project", "ComposeProjectName", "compose_project_name", "compose_project_name"),
        Told("mounts_directory", "MountsDirectory", "mounts_directory", "mount_directory_path"),
    )
    domain = "compose.score.dev/"
    has_mounts = True
    has_references = False
    images: tuple[str, ...] = (WAIT_SERVICE,)

    def deferred(self, name: str, source: Mapping[str, object]) -> Deferred:
        return Deferred("${" + name + "}")

    def check_source(self, source: Mapping[str, object]) -> tuple[Problem, ...]:
        if not source:
            return ()
        names = ", ".join(f"'{name}'" for name in sorted(source))
        hint = "an environment resource reads variables by name; remove its params"
        if source.keys() <= {"configMap", "secret"}:
            hint = (
                "they are for the target kubernetes: where a Score file is for both, give them by overrides"
            )
        return (Problem(f"expected no params, found {names}", hint=hint),)

    def literal(self, text: str) -> str:
        return text.replace("$", "$$")

    def service_name(self, workload: Workload) -> str:
        return workload.name

    def check(self, options: Options) -> None:
        pass

    def stamp(self, options: Options) -> Mapping[str, str]:
        return {}

    def entry(
        self,
        section: str,
        name: str,
        kind: str,
        owner: str,
        value: Mapping[str, object],
        options: Options,
    ) -> Entry:
        from .project import entry

        return entry(section, name, kind, owner, value)

    def brought(self, entries: Iterable[Entry], needs: Mapping[str, Need], options: Options) -> Brought:
        from .brought import find

        return find(options.start_order, entries, needs)

    def brought_of(self, stored: Mapping[str, object]) -> Brought:
        from . import brought

        return brought.Brought(**stored)  # type: ignore[arg-type]  # stored() gave these fields

    def convert(self, workload: Workload, inputs: ConversionInput, brought: Brought) -> Fragments:
        from . import brought as compose
        from .convert import ServiceInput, convert

        assert isinstance(brought, compose.Brought)
        uids = sorted(inputs.resource_uids.values())
        given = asdict(inputs)
        if inputs.builds:
            from .build import rebase

            given["builds"] = {name: rebase(build, inputs.prefix) for name, build in inputs.builds.items()}
        given |= {"waits_for": brought.waits_for(uids), "models": brought.models_of(uids)}
        return convert(workload, ServiceInput(**given))

    def assemble(self, entries: Sequence[Entry], whole: Whole) -> tuple[str, tuple[Problem, ...]]:
        from . import project
        from .publish import publish

        every = list(entries)
        if whole.options.start_order == "wait":
            every += project.wait_entry(entries, whole.image)
        errors, warnings = project.check(map(project.Linked.of, every))
        ScoreError.raise_for(errors)
        if whole.options.publish:
            every = publish(every, whole)
            _, warnings = project.check(map(project.Linked.of, every))
        return project.assemble(whole.options.project, ((e.section, e.name, e.text) for e in every)), warnings

    def patched(
        self,
        text: str,
        entries: Iterable[Entry],
        templates: Sequence[tuple[str, str]],
        documents: Mapping[str, object],
        *,
        options: Options,
        mounts_directory: str,
        hermetic: bool,
    ) -> tuple[str, tuple[Problem, ...]]:
        from .patch import patched

        owners = {(entry.section, entry.name): entry.who for entry in entries}
        return patched(
            text, owners, templates, documents, mounts_directory=mounts_directory, hermetic=hermetic
        )

    def is_of(self, text: bytes, project: str) -> bool:
        from .convert import WORKLOAD_ANNOTATION

        before, name, rest = text.partition(f"name: {project}\n".encode())
        is_empty = rest == b"services: {}\n"
        return not before and bool(name) and (is_empty or WORKLOAD_ANNOTATION.encode() in rest)

    def main_file(self, output: str) -> str:
        return output

    def is_divided(self, output: str, options: Options) -> bool:
        return False

    def has_file(self, output: str, path: str) -> bool:
        return path == output

    def files(self, text: str, output: str, options: Options) -> Mapping[str, File]:
        return {output: File(text.encode())}

    def splice(self, text: bytes, before: Iterable[Entry], now: Iterable[Entry]) -> bytes | None:
        from .splice import splice

        return splice(text, before, now)


TARGET: Target = Compose()
