"""The provisioners of a project: read when something needs one, matched once per kind of resource."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from doit_score.engine.inputs import discover
from doit_score.engine.inputs.current import ROLE_PROVISIONERS
from doit_score.engine.inputs.load import Inputs
from doit_score.engine.settings import Settings
from doit_score.options import TARGETS, said
from doit_score.store import files
from doit_score.targets import fields_of, find
from doit_score.text import canonical, words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import TYPE_CHECKING

if TYPE_CHECKING:
    from doit_score.provisioning.model import Entry
    from doit_score.score.resources import Need
    from doit_score.targets import Locate

ROLE_PROGRAM = "program"
_IMAGES = b"images://"
_BESIDE = ("cmd://./", "cmd://../")
_OWN_PROGRAMS = (*_BESIDE, "cmd://~/", "cmd:///")


class Catalogue:
    """All entries in their order of precedence: the project's files, the shipped ones, the built-in one.

    With ``faults`` what is wrong with files is added to them, and what cannot be used is left out; the
    catalogue ``is_partial`` then.
    """

    def __init__(
        self, settings: Settings, inputs: Inputs, *, defaults: bool, faults: list[Problem] | None = None
    ) -> None:
        self._inputs = inputs
        self._faults = faults
        self.is_partial = False
        self._patterns = settings.provisioner_globs
        self.has_defaults = defaults
        self._target = find(settings.target or TARGETS[0])
        self.paths = discover.provisioner_files(
            settings.provisioner_globs, shipped_for=self._target.name if defaults else None
        )
        self._written: list[Entry] | None = None
        self._entries: tuple[Entry, ...] | None = None
        self._others: tuple[Entry, ...] = ()
        self._matched: dict[tuple[str, str, str], Entry | None] = {}

    def fingerprint(self) -> str:
        """A name for everything that could decide which entry is taken."""
        parts = [part for path in self.paths for part in (path, self._inputs.digest(path, ROLE_PROVISIONERS))]
        return canonical.digest(*parts)

    def is_edited(self, path: str) -> bool:
        """Whether ``path`` has another content than the last run that provisioned read, or is no input."""
        return self._inputs.is_edited(path)

    def entries(self) -> tuple[Entry, ...]:
        """Every provisioner.  Raises one ScoreError with the problems of all files."""
        if self._entries is None:
            from doit_score.provisioning.environment import builtin_entry
            from doit_score.provisioning.images import resolve

            try:
                found = resolve(self._all())
            except ScoreError as error:
                found = resolve(self._left(error), left_out=True)
            every = (*found, builtin_entry())
            self._entries = tuple(entry for entry in every if entry.serves(self._target))
            self._others = tuple(entry for entry in every if not entry.serves(self._target))
        return self._entries

    def _left(self, error: ScoreError) -> list[Entry]:
        """The entries of the files that can be read.  Raises ``error`` where that is not enough."""
        if self._faults is None:
            raise error
        self.is_partial = True
        self._faults += error.problems
        return self._read(goes_on=True)

    def images(self) -> dict[str, str]:
        """What the names of images stand for.  Raises ScoreError as :meth:`entries` does."""
        from doit_score.provisioning.images import images

        return images(self._all())

    def image(self, name: str) -> str | None:
        """What the name of an image stands for; only files that may say so are read as YAML."""
        from doit_score.provisioning.images import images

        return images(self._read(of=_IMAGES)).get(name)

    def unused_images(self) -> Iterator[Problem]:
        """Warnings of images that files of the project name and nobody uses.

        Files are read as YAML only where such a file may be.  Raises ScoreError as :meth:`entries` does.
        """
        if self.is_partial:
            return  # what cannot be read may use any
        shipped = discover.default_directory()
        own = {
            path: self._inputs.text(path, ROLE_PROVISIONERS)
            for path in self.paths
            if not path.startswith(shipped)
        }
        if any(_IMAGES in text for text in own.values()):
            from doit_score.provisioning.images import unused

            yield from unused(self._all(), own, self._target.images)

    def _all(self) -> list[Entry]:
        if self._written is None:
            self._written = self._read()
        return self._written

    def _read(self, of: bytes = b"", *, goes_on: bool = False) -> list[Entry]:
        from doit_score.provisioning.files import parse
        from doit_score.provisioning.images import FAILED

        found: list[Entry] = []
        problems: list[Problem] = []
        for path in self.paths:
            try:
                text = self._inputs.text(path, ROLE_PROVISIONERS)
                found += parse(text, path) if of in text else ()
            except ScoreError as error:
                problems += error.problems
        if not goes_on:
            ScoreError.raise_for(problems, FAILED)
        return found

    def entry(self, need: Need) -> Entry | None:
        """The provisioner of a resource, None if there is none."""
        key = (need.type, need.class_, need.id)
        if key not in self._matched:
            from doit_score.provisioning.match import first_match

            self._matched[key] = first_match(self.entries(), *key)
        return self._matched[key]

    def digest(self, need: Need) -> str:
        """A name for the provisioner of a resource, and for the program that it runs; empty for none.

        A command that is looked up on PATH is taken for a part of the machine and not looked into.  The files
        that an entry says its command reads are a part of it; one may be missing.
        """
        entry = self.entry(need)
        if entry is None or entry.kind != "cmd":
            return "" if entry is None else entry.digest
        return " ".join([entry.digest, *map(self._content, self._read_by(entry, need))])

    def files_of(self, need: Need) -> list[str]:
        """The files of the provisioner of a resource, with those that its command is known to read."""
        entry = self.entry(need)
        if entry is None:
            return []
        named = self._all() if entry.uses_images else ()
        images = {one.path for one in named if one.kind == "images" and {*entry.uses_images} & {*one.images}}
        return [entry.path, *sorted(images), *(self._read_by(entry, need) if entry.kind == "cmd" else ())]

    def _read_by(self, entry: Entry, need: Need) -> list[str]:
        """The files that a command reads, as far as its entry says so, and its own if that is a path."""
        from doit_score.provisioning.command import program

        here = Path.cwd()
        path = str(program(entry, need.uid, here))
        if entry.uri.startswith(_BESIDE):
            path = os.path.relpath(path, here)
        own = [path] if entry.uri.startswith(_OWN_PROGRAMS) and os.path.isfile(path) else []
        return [*own, *(entry.inputs or ())]

    def _content(self, path: str) -> str:
        if os.path.exists(path):
            return self._inputs.digest(path, ROLE_PROGRAM)
        self._inputs.note_absent(path, ROLE_PROGRAM)
        return "-"

    def runs_always(self, need: Need) -> bool:
        """Whether the provisioner of a resource is run at each ``generate``."""
        entry = self.entry(need)
        return entry is not None and entry.runs_always

    def unsupported(self, need: Need, declared: Locate) -> Problem:
        """The problem of a resource that no entry takes, of which ``declared`` gives places."""
        message = f"resource '{need.uid}' is not supported by any provisioner"
        found = next((entry for entry in self._others if entry.type == need.type), None)
        if found is not None:
            return Problem(
                message,
                *declared(()),
                hint=f"the provisioner {found.uri} in '{found.path}' has nothing for {self._target.name}: "
                f"give it one of {', '.join(fields_of(self._target))}",
            )
        other = sorted(
            {entry.class_ or entry.id or "" for entry in self.entries() if entry.type == need.type} - {""}
        )
        if other:
            hint = (
                f"there are provisioners for type '{need.type}', but only for {', '.join(other)}; "
                f"class '{need.class_}' and id '{need.id}' are asked for"
            )
            return Problem(message, *declared(("class",)), hint)
        if not self.has_defaults and need.type in self._shipped_types():
            hint = (
                f"write one: a file '{self._place_of_own(need.type)}' with `type: {need.type}`; or let "
                f"the shipped ones count ({said('default_provisioners', 'True')})"
            )
            return Problem(message, *declared(("type",)), hint)
        types = sorted({entry.type for entry in self.entries()})
        hint = words.near(
            need.type,
            types,
            f"write one: a file '{self._place_of_own(need.type)}' with `type: {need.type}`; "
            f"known types: {', '.join(types)}",
        )
        return Problem(message, *declared(("type",)), hint)

    def _shipped_types(self) -> set[str]:
        from doit_score.provisioning.files import parse

        paths = discover.provisioner_files((), shipped_for=self._target.name)
        return {entry.type for path in paths for entry in parse(files.read(path)[0], path)}

    def _place_of_own(self, type_: str) -> str:
        """Where a provisioner of the project is looked for first."""
        folders = (os.path.dirname(pattern) for pattern in self._patterns)
        folder = next((folder for folder in folders if not discover.is_magic(folder)), "")
        return os.path.join(folder, f"{type_}{discover.SUFFIX}")
