"""Kubernetes as a target.  What a run does not need of it is not imported for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from doit_score.options import APART, SECRETS, said
from doit_score.score.placeholders import Deferred
from doit_score.score.resources import Need
from doit_score.score.workload import Workload
from doit_score.targets import (
    Brought,
    BuildContext,
    Checked,
    ConversionInput,
    Entry,
    File,
    Fragments,
    MountFile,
    Options,
    Section,
    Target,
    Told,
    Whole,
)
from doit_score.targets.parts import Part
from doit_score.targets.secrets import Apart
from doit_score.text.errors import Problem, ScoreError


def _check(place: str, value: object) -> Checked:
    from .objects import check  # what the API knows is a lot

    return check(place, value)


def _part_of(project: object) -> str:
    from .names import part_of

    return part_of(str(project))


class Kubernetes:
    """See :class:`doit_score.targets.Target`."""

    name = "kubernetes"
    output = "manifests.yaml"
    takes_directory = True
    sections: tuple[Section, ...] = (Section("manifests", _check, "manifests", "manifests", is_list=True),)
    told: tuple[Told, ...] = (
        Told("guid", "Guid", "guid", "resource_guid"),
        Told("namespace", "Namespace", "namespace", "namespace"),
        Told("workload_metadata", "WorkloadMetadata", "workload_metadata", "workload_metadata"),
        # Those of score-k8s are not told it, which others that are written for it may not expect.
        Told("project", "", "part_of", "", _part_of),
    )
    domain = "k8s.score.dev/"
    has_mounts = False
    has_references = True
    images: tuple[str, ...] = ()

    def deferred(self, name: str, source: Mapping[str, object]) -> Deferred:
        from .environment import reference

        return Deferred(reference(name, source).text())

    def check_source(self, source: Mapping[str, object]) -> tuple[Problem, ...]:
        from .environment import check

        return check(source)

    def literal(self, text: str) -> str:
        return text

    def service_name(self, workload: Workload) -> str:
        from .convert import service_name

        return service_name(workload)

    def check(self, options: Options) -> None:
        from . import names

        if options.secrets in APART:
            what = said("secrets", f"'{options.secrets}'", flagged=options.secrets)
            hint = f"for {self.name} it is one of: {', '.join(SECRETS[:2])}"
            raise ScoreError(f"{what} is for the target compose", hint=hint)
        if options.namespace and not names.is_label(options.namespace):
            hint = "use lower case letters, digits and '-', at most 63 of them"
            raise ScoreError(f"no namespace can be called {options.namespace!r}", hint=hint)
        if options.generate_namespace and not options.namespace:
            raise ScoreError(
                f"{said('generate_namespace', 'True')}: there is no namespace that could be generated",
                hint=f"name it: {said('namespace')}",
            )

    def stamp(self, options: Options) -> Mapping[str, str]:
        return {"format": options.format, "namespace": options.namespace}

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

        return entry(name, kind, owner, value, options)

    def concealed(
        self, section: str, name: str, value: Mapping[str, object], apart: Apart
    ) -> Mapping[str, object]:
        return value  # they are in Secrets

    def brought(self, entries: Iterable[Entry], needs: Mapping[str, Need], options: Options) -> Brought:
        from .brought import find

        return find(entries, options)

    def brought_of(self, stored: Mapping[str, object]) -> Brought:
        from . import brought

        return brought.Brought(**stored)  # type: ignore[arg-type]  # stored() gave these fields

    def convert(self, workload: Workload, inputs: ConversionInput, brought: Brought) -> Fragments:
        from . import brought as kubernetes
        from .convert import convert

        assert isinstance(brought, kubernetes.Brought)
        return convert(workload, inputs, brought)

    def mounts(self, whole: Whole) -> tuple[MountFile, ...]:
        return ()

    def assemble(self, entries: Sequence[Entry], whole: Whole) -> tuple[str, tuple[Problem, ...]]:
        from .project import assemble

        return assemble(entries, whole)

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

        return patched(text, templates, documents, options, hermetic=hermetic)

    def contexts(self, entries: Iterable[Entry], patched: str | None) -> Iterable[BuildContext]:
        return ()

    def is_of(self, text: bytes, project: str) -> bool:
        from .convert import PART_OF
        from .files import header
        from .names import part_of

        label = rf"{re.escape(PART_OF)}: \"?{re.escape(part_of(project))}\"?,?\n"
        return text.startswith(header(project).encode()) or re.search(label.encode(), text) is not None

    def main_file(self, output: str) -> str:
        from .files import main

        return main(output)

    def is_divided(self, output: str, options: Options) -> bool:
        from .files import is_divided

        return is_divided(output, options)

    def has_file(self, output: str, path: str) -> bool:
        from .files import has_file

        return has_file(output, path)

    def private(self, output: str, options: Options) -> str:
        from .files import private

        return private(output, options)

    def files(self, text: str, output: str, options: Options) -> Mapping[str, File]:
        from .files import files

        return files(text, output, options)

    def published(self, text: bytes) -> dict[str, dict[str, str]]:
        return {}  # of the cluster's nodes, if at all

    def parts(self, entries: Iterable[Entry], options: Options) -> Iterable[Part]:
        from .parts import parts

        return parts(entries, options)

    def splice(self, text: bytes, before: Iterable[Entry], now: Iterable[Entry]) -> bytes | None:
        from .project import splice

        return splice(text, before, now)


TARGET: Target = Kubernetes()
