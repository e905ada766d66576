"""The seam: what a target is.

The engine knows workloads, resources, entries and files.  What an entry says, how entries refer to each
other and how they become one text is the target's.  Everything here takes and returns values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from doit_score.text.light import TYPE_CHECKING, NamedTuple, Protocol, dataclass, field

if TYPE_CHECKING:
    from doit_score.score.placeholders import Deferred, Outputs
    from doit_score.score.resources import Need
    from doit_score.score.workload import Workload
    from doit_score.targets.parts import Part
    from doit_score.targets.secrets import Apart
    from doit_score.text.errors import Problem

Place = tuple[str | None, int | None, int | None]
"""File, line and column of something in a Score file; None where not known."""

Locate = Callable[[Sequence[str]], Place]
"""Finds the place of the value at some keys, such as ``("containers", "web", "image")``."""


def nowhere(keys: Sequence[str]) -> Place:
    """The place of something whose text is not at hand."""
    return (None, None, None)


@dataclass(frozen=True, slots=True)
class Checked:
    """A normalised entry.  Problems carry a message only; with ``errors`` the value is not to be used.

    ``name`` is what it is called in the output, where it is not called by its key; ``places`` are the keys
    below the entry that lead to what a message is about, where it is not all of it.
    """

    value: Mapping[str, object]
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    name: str = ""
    places: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)


class Section(NamedTuple):
    """One section of an output, and how provisioners give entries of it.

    ``check`` takes the key and the value of an entry.  ``field`` is the template's name in provisioner files,
    ``json`` the key in what a command prints; both are empty where provisioners cannot give any.  What is
    given is a mapping, or else (``is_list``) a list, in which the key is the place.  ``relocated`` has paths
    of an entry, below what others have for one, lead below the mounts directory.
    """

    name: str
    check: Callable[[str, object], Checked]
    field: str = ""
    json: str = ""
    is_list: bool = False
    relocated: Callable[[Mapping[str, object], str], Mapping[str, object]] | None = None


class Entry(NamedTuple):
    """One named entry of a section of the output, as text for its place.

    ``kind`` is ``workload`` or ``resource``, and ``owner`` the name or uid of who wants it; ``tool`` is
    what the target adds itself.  ``links`` is what the target keeps beside the text: two entries with the
    same links can stand in for each other in a project that was checked.
    """

    section: str
    name: str
    kind: str
    owner: str
    text: str
    links: str

    @property
    def who(self) -> str:
        """Who wants it, for messages."""
        return "doit-score" if self.kind == "tool" else f"{self.kind} '{self.owner}'"


@dataclass(frozen=True, slots=True)
class MountFile:
    """A file to be written below the mounts directory.

    ``path`` is relative to the mounts directory, with ``/``; ``mode`` are the permission bits.
    """

    path: str
    content: bytes
    mode: int


class Brought(Protocol):
    """What the resources of a project bring that workloads are made of, beside their outputs."""

    def parts(self, outputs: Mapping[str, str]) -> Iterable[tuple[str, str]]:
        """What of it goes into a workload whose resources, by uid, have these outputs (as canonical texts,
        empty if not provisioned): names and texts to compare."""

    def stored(self) -> Mapping[str, object]:
        """All of it, for a run that looks at a few workloads only: see :meth:`Target.brought_of`."""


@dataclass(frozen=True, slots=True)
class ConversionInput:
    """Everything beside the workload that decides what becomes of it.

    ``resources`` and ``resource_uids`` are keyed by the name of the resource in the workload.
    ``builds`` is keyed by container, ``image`` replaces an image of ``.``.  ``sources`` holds what is in
    the files that the workload names, or, as text, why one cannot be read.  ``mounts_directory`` is the
    directory as seen from the output; None if there is none.  ``prefix`` leads from the directory of the
    output to the working directory; empty where they are one.  ``locate`` is called for problems only.
    """

    resources: Mapping[str, Outputs]
    resource_uids: Mapping[str, str]
    builds: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    image: str | None = None
    sources: Mapping[str, bytes | str] = field(default_factory=dict)
    mounts_directory: str | None = None
    prefix: str = ""
    locate: Locate = nowhere


@dataclass(frozen=True, slots=True)
class Fragments:
    """What becomes of one workload: entries by section and name, and the files that they mount.

    ``facts`` is what the target wants to know of the workload when it puts the project together.
    ``warnings`` are mistakes that do not stop us; ``notices`` say what a correct Score file asks for and
    the target cannot do, which is no mistake even in strict mode.
    """

    sections: Mapping[str, Mapping[str, Mapping[str, object]]]
    mounts: tuple[MountFile, ...]
    facts: str
    warnings: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """The name of a project, and what was said of it that its target reads, ``by_flags`` of the command or in
    a dodo.py.  ``machine`` is what the system calls that on which this runs, and so its containers."""

    project: str = ""
    publish: tuple[str, ...] = ()
    start_order: str = "wait"
    probes: str = "exec"
    machine: str = ""
    namespace: str = ""
    generate_namespace: bool = False
    format: str = "yaml"
    secrets: str = "together"
    by_flags: bool = True
    instances: Mapping[str, object] = field(default_factory=dict)


class File(NamedTuple):
    """A file that is written; ``mode`` is what it has at first, None for what is there or the umask gives."""

    content: bytes
    mode: int | None = None


class Told(NamedTuple):
    """Something that the provisioners of a target are told, beside what all are.

    ``attribute`` is that of what one is given (provisioning/model.py), ``read`` makes of it what is told;
    the others are its names for templates in Go and Jinja2 and for commands, empty where these are not told.
    """

    attribute: str
    go: str
    jinja: str
    json: str
    read: Callable[[object], object] = lambda value: value


class BuildContext(NamedTuple):
    """A directory that is sent to Docker, all but what is left out, when an image is built.

    ``who`` is built, for messages; ``directory`` is as seen from the output.  Of the files ``rules``, as
    seen from the directory, the first that there is says what is left out (targets/dockerignore.py).
    """

    who: str
    directory: str
    rules: tuple[str, ...]


def no_image(name: str) -> None:
    """Nobody says what the name of an image stands for."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What is known of a project as a whole when it is put together.

    ``facts`` are those of the workloads by name, ``outputs`` the canonical texts of what resources have
    as outputs by uid.  ``image`` gives what the name of an image stands for, where somebody says so.
    ``secret_files`` are the files of secrets by name, as seen from the output.
    """

    facts: Mapping[str, str]
    outputs: Mapping[str, str]
    options: Options
    image: Callable[[str], str | None] = no_image
    secret_files: Mapping[str, str] = field(default_factory=dict)


class Target(Protocol):
    """What Score files are turned into."""

    name: str
    output: str
    """The usual path of what is written."""
    takes_directory: bool
    """Whether an output can be a directory, which is written with a ``/`` at its end."""
    sections: tuple[Section, ...]
    """In the order of the output, which is that in which provisioners' templates are run."""
    told: tuple[Told, ...]
    domain: str
    """What the annotations begin with that are for it."""
    has_mounts: bool
    """Whether provisioners can have files and directories written that workloads then mount."""
    has_references: bool
    """Whether a text can refer to the key of an object in a cluster: see ``score.references``."""
    images: tuple[str, ...]
    """Names of images that it asks for by itself: see :class:`Whole`."""

    def deferred(self, name: str, source: Mapping[str, object]) -> Deferred:
        """What stands for a variable whose value is not wanted before the project runs: of an ``environment``
        resource with the params ``source``."""

    def check_source(self, source: Mapping[str, object]) -> tuple[Problem, ...]:
        """What is wrong with ``source`` as the params of an ``environment`` resource: messages and hints."""
        ...

    def literal(self, text: str) -> str:
        """``text`` so that nothing in it is taken for more than text when the project runs."""

    def service_name(self, workload: Workload) -> str:
        """By which name others reach the ports of a workload."""

    def check(self, options: Options) -> None:
        """Raises ScoreError for options that no project of this target can have."""

    def stamp(self, options: Options) -> Mapping[str, str]:
        """Those of ``options``, by name, that are in every entry: another value makes all stale."""

    def entry(
        self,
        section: str,
        name: str,
        kind: str,
        owner: str,
        value: Mapping[str, object],
        options: Options,
    ) -> Entry:
        """``value`` as an entry."""

    def concealed(
        self, section: str, name: str, value: Mapping[str, object], apart: Apart
    ) -> Mapping[str, object]:
        """The value of an entry with names in place of secrets that are kept ``apart``.

        Raises ScoreError for one that cannot be taken out of it.
        """
        ...

    def brought(self, entries: Iterable[Entry], needs: Mapping[str, Need], options: Options) -> Brought:
        """What resources bring; ``entries`` are all of theirs (without texts), ``needs`` in the order of
        provisioning."""

    def brought_of(self, stored: Mapping[str, object]) -> Brought:
        """That of which :meth:`Brought.stored` made ``stored``."""

    def convert(self, workload: Workload, inputs: ConversionInput, brought: Brought) -> Fragments:
        """What becomes of a workload.  ScoreError with all its problems."""

    def mounts(self, whole: Whole) -> tuple[MountFile, ...]:
        """The files of the target's own that what it made of the workloads mounts."""
        ...

    def assemble(self, entries: Sequence[Entry], whole: Whole) -> tuple[str, tuple[Problem, ...]]:
        """The text of the project, and what there is to warn of.

        ``entries`` are those that count.  Raises ScoreError for what is wrong with the project as a whole.
        """

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
        """``text`` after patch templates, given by name and source, and warnings.

        Those of :meth:`assemble` count no more: the project is looked at as it is then.  ``entries`` are
        what ``text`` was made of, ``documents`` are the Score files by workload; ``hermetic`` keeps the
        environment from templates.
        """

    def contexts(self, entries: Iterable[Entry], patched: str | None) -> Iterable[BuildContext]:
        """What images are built of: of ``entries``, or of the project that patch templates left."""
        ...

    def is_of(self, text: bytes, project: str) -> bool:
        """Whether ``text`` is what was once made of the project of this name."""
        ...

    def main_file(self, output: str) -> str:
        """The file of ``output`` that there is in any case."""

    def is_divided(self, output: str, options: Options) -> bool:
        """Whether ``output`` may be of several files."""
        ...

    def has_file(self, output: str, path: str) -> bool:
        """Whether ``path`` may be one of the files of ``output``, now or with other options."""
        ...

    def private(self, output: str, options: Options) -> str:
        """Which file of ``output``, or directory that ends in ``/``, has passwords in it; empty for none."""
        ...

    def files(self, text: str, output: str, options: Options) -> Mapping[str, File]:
        """The files of ``output`` in the order in which they are written, all together ``text``."""
        ...

    def published(self, text: bytes) -> dict[str, dict[str, str]]:
        """The ports of the host in what was written, by service and port of the container."""
        ...

    def parts(self, entries: Iterable[Entry], options: Options) -> Iterable[Part]:
        """What there is in an output of ``entries``, all those of a project, and how it hangs together.
        Nothing of it is a secret."""
        ...

    def splice(self, text: bytes, before: Iterable[Entry], now: Iterable[Entry]) -> bytes | None:
        """``text`` with entries in the place of those of the same names; None if one is not found in it."""


_PLACES = {
    "compose": "doit_score.targets.compose.target",
    "kubernetes": "doit_score.targets.kubernetes.target",
}
"""The modules that have a ``TARGET``, by its name: one is imported when it is asked for."""


def find(name: str) -> Target:
    """The target ``name``, which must be one of those there are."""
    from importlib import import_module

    target: Target = import_module(_PLACES[name]).TARGET
    return target


def names() -> tuple[str, ...]:
    """The targets that there are."""
    return tuple(_PLACES)


MOUNTED = ("directories", "files")
"""The fields of provisioner files that are for targets with mounts."""


def fields() -> tuple[str, ...]:
    """The fields of provisioner files that are for some target, in their order."""
    return tuple(dict.fromkeys([*MOUNTED, *(field for name in names() for field in fields_of(find(name)))]))


def fields_of(target: Target) -> tuple[str, ...]:
    """The fields of provisioner files that are for ``target``, and not for every one."""
    own = tuple(section.field for section in target.sections if section.field)
    return (*MOUNTED, *own) if target.has_mounts else own
