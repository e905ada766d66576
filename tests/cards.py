"""A target without services: a card for each workload, and notes that provisioners give as a list.

It proves what the engine knows of targets, and is the smallest one there can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from doit_score.score.placeholders import Context, Deferred, substitute
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


def _note(place: str, value: object) -> Checked:
    if not isinstance(value, dict) or "title" not in value:
        return Checked({}, (Problem(f"note {place} has no title"),))
    return Checked(value, name=str(value["title"]))


class Nothing:
    def parts(self, outputs: Mapping[str, str]) -> Iterable[tuple[str, str]]:
        return ()

    def stored(self) -> Mapping[str, object]:
        return {}


class Cards:
    name = "cards"
    title = "cards"
    output = "cards.txt"
    takes_directory = False
    told: tuple[Told, ...] = ()
    domain = "cards.score.dev/"
    has_mounts = False
    has_references = False
    images: tuple[str, ...] = ()
    # Of the fields that there are, since provisioner files are read before a test begins.
    sections: tuple[Section, ...] = (
        Section("cards", lambda name, value: Checked({})),
        Section("notes", _note, "volumes", "cards_notes", is_list=True),
    )

    def deferred(self, name: str, source: Mapping[str, object]) -> Deferred:
        return Deferred(f"<{name}>")

    def check_source(self, source: Mapping[str, object]) -> tuple[Problem, ...]:
        return ()

    def literal(self, text: str) -> str:
        return text

    def service_name(self, workload: Workload) -> str:
        return f"card-{workload.name}"

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
        said = " ".join(f"{key}={one}" for key, one in sorted(value.items()))
        return Entry(section, name, kind, owner, f"{section} {name}: {said}\n", "")

    def concealed(
        self, section: str, name: str, value: Mapping[str, object], apart: Apart
    ) -> Mapping[str, object]:
        return value

    def brought(self, entries: Iterable[Entry], needs: Mapping[str, Need], options: Options) -> Brought:
        return Nothing()

    def brought_of(self, stored: Mapping[str, object]) -> Brought:
        return Nothing()

    def convert(self, workload: Workload, inputs: ConversionInput, brought: Brought) -> Fragments:
        context = Context(workload.metadata, inputs.resources)
        said = {
            name: substitute(text, context, deferred=True)
            for container in workload.containers.values()
            for name, text in container.variables.items()
        }
        return Fragments({"cards": {workload.name: said}}, (), "")

    def mounts(self, whole: Whole) -> tuple[MountFile, ...]:
        return ()

    def assemble(self, entries: Sequence[Entry], whole: Whole) -> tuple[str, tuple[Problem, ...]]:
        if any(entry.name == "wrong" for entry in entries):
            raise ScoreError("a card is wrong")
        return "".join([f"{whole.options.project}\n", *sorted(entry.text for entry in entries)]), ()

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
        return text, ()

    def contexts(self, entries: Iterable[Entry], patched: str | None) -> Iterable[BuildContext]:
        return ()

    def is_of(self, text: bytes, project: str) -> bool:
        return text.startswith(f"{project}\n".encode())

    def main_file(self, output: str) -> str:
        return output

    def is_divided(self, output: str, options: Options) -> bool:
        return False

    def has_file(self, output: str, path: str) -> bool:
        return path == output

    def private(self, output: str, options: Options) -> str:
        return ""

    def files(self, text: str, output: str, options: Options) -> Mapping[str, File]:
        return {output: File(text.encode())}

    def published(self, text: bytes) -> dict[str, dict[str, str]]:
        return {}

    def parts(self, entries: Iterable[Entry], options: Options) -> Iterable[Part]:
        return [Part("object", one.name, one.name, "card", ((one.kind, one.owner),)) for one in entries]

    def splice(self, text: bytes, before: Iterable[Entry], now: Iterable[Entry]) -> bytes | None:
        for old, new in zip(before, now, strict=True):
            text = text.replace(old.text.encode(), new.text.encode())
        return text


TARGET: Target = Cards()
