"""Docker Compose as a target.  What a run does not need of it is not imported for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from doit_score.options import APART, SECRETS, said
from doit_score.score.placeholders import Deferred
from doit_score.score.resources import Need
from doit_score.score.workload import Workload
from doit_score.targets import (
    Brought,
    BuildContext,
    ConversionInput,
    Entry,
    File,
    Fragments,
    MountFile,
    Options,
    Target,
    Told,
    Whole,
)
from doit_score.targets.parts import Part
from doit_score.targets.secrets import Apart
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import asdict, replace

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
        if options.secrets == "separate":
            hint = f"for {self.name} it is one of: {SECRETS[0]}, {', '.join(APART)}"
            what = said("secrets", "'separate'", flagged="separate")
            raise ScoreError(f"{what} is for the target kubernetes", hint=hint)

    def stamp(self, options: Options) -> Mapping[str, str]:
        return {} if options.secrets == SECRETS[0] else {"secrets": options.secrets}

    def concealed(
        self, section: str, name: str, value: Mapping[str, object], apart: Apart
    ) -> Mapping[str, object]:
        from .concealing import concealed

        return concealed(section, name, value, apart)

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

        return replace(
            find(options.start_order, entries, needs), probes=options.probes, machine=options.machine
        )

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
        given["servers"] = {name: brought.servers.get(uid, {}) for name, uid in inputs.resource_uids.items()}
        given |= {"probes": brought.probes, "machine": brought.machine}
        return convert(workload, ServiceInput(**given))

    def mounts(self, whole: Whole) -> tuple[MountFile, ...]:
        from .publish import HELPER

        if not any(HELPER in facts.split(" ") for facts in whole.facts.values()):
            return ()
        from .probes import helper

        return (helper(whole.options.machine),)

    def assemble(self, entries: Sequence[Entry], whole: Whole) -> tuple[str, tuple[Problem, ...]]:
        from . import project
        from .publish import publish

        every = [*entries, *project.secret_entries(entries, whole.secret_files)]
        if whole.options.start_order == "wait":
            every += project.wait_entry(entries, whole.image)
        errors, warnings = project.check(map(project.Linked.of, every))
        ScoreError.raise_for(errors)
        if whole.options.publish:
            every, useless = publish(every, whole)
            _, warnings = project.check(map(project.Linked.of, every))
            warnings = (*useless, *warnings)
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

    def contexts(self, entries: Iterable[Entry], patched: str | None) -> Iterable[BuildContext]:
        from . import contexts

        return contexts.of_entries(entries) if patched is None else contexts.of_text(patched)

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

    def private(self, output: str, options: Options) -> str:
        return output if options.secrets == SECRETS[0] else ""

    def files(self, text: str, output: str, options: Options) -> Mapping[str, File]:
        return {output: File(text.encode())}

    def published(self, text: bytes) -> dict[str, dict[str, str]]:
        from .published import published

        return published(text)

    def parts(self, entries: Iterable[Entry], options: Options) -> Iterable[Part]:
        from .parts import parts

        return parts(entries, options)

    def splice(self, text: bytes, before: Iterable[Entry], now: Iterable[Entry]) -> bytes | None:
        from .splice import splice

        return splice(text, before, now)


TARGET: Target = Compose()
