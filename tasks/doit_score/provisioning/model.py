"""What a provisioner file declares, what a run of one entry is given, and what it returns.

Everything here is a frozen value; reading files, running templates and commands live in the
modules beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.provisioning.shapes import Shape
from doit_score.targets import Locate, Target, fields, fields_of, nowhere
from doit_score.text.errors import Problem
from doit_score.text.light import Literal, dataclass, field

ENVIRONMENT = "environment"
"""The resource type whose outputs are environment variables."""

BUILTIN_URI = "builtin://environment"
"""The name of the provisioner for :data:`ENVIRONMENT` that is always there."""

Kind = Literal["template", "jinja", "cmd", "local-env", "images"]
"""``images`` is no provisioner: it says what the names of images stand for (``provisioning/images.py``)."""


@dataclass(frozen=True, slots=True)
class Field:
    """The template of one field of an entry.

    ``line`` and ``column`` are the place in the file where the text starts (for a block scalar: its
    first line of text, after the indentation).  ``literal`` says that every line of the text is a
    line of the file, as in a ``|`` block, so that a line of the template is a line of the file too.
    """

    text: str
    line: int
    column: int = 1
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One provisioner of a provisioner file.

    ``class_`` and ``id`` are ``None`` where the entry matches any.  ``supported_params`` and
    ``expected_outputs`` are ``None`` where they were not declared, in which case nothing is checked;
    ``params`` says what those must be of which something is said.  ``annotations`` are those that it
    reads, None where that is not declared.  ``secret_outputs`` are the outputs that are secrets, besides
    those whose names say so; ``file_variables`` are variables of its services that their images also read
    from a file, by the same name with _FILE behind it.  ``fields`` holds the templates of ``template`` and
    ``jinja`` entries, ``args`` the arguments of ``cmd`` entries, ``inputs`` and ``env`` the files and
    environment variables that their commands read beside what they are given; both None where that is
    not said.  ``uses_images`` are the names of images that the templates use, ``images`` what they
    stand for, once that is known; in an ``images`` entry it is what it says itself, beside its
    ``registry``.  ``digest`` is a sha256 of all that decides which resources the entry takes and what
    it returns for them; moving the entry, or a new description, keeps it.
    """

    uri: str
    kind: Kind
    type: str
    path: str
    line: int
    class_: str | None = None
    id: str | None = None
    description: str = ""
    supported_params: tuple[str, ...] | None = None
    params: Mapping[str, Shape] = field(default_factory=dict)
    annotations: Mapping[str, Shape] | None = None
    expected_outputs: tuple[str, ...] | None = None
    secret_outputs: tuple[str, ...] = ()
    file_variables: tuple[str, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    args: tuple[str, ...] = ()
    digest: str = ""
    uses_images: tuple[str, ...] = ()
    images: Mapping[str, str] = field(default_factory=dict)
    registry: str | None = None
    inputs: tuple[str, ...] | None = None
    env: tuple[str, ...] | None = None

    def serves(self, target: Target) -> bool:
        """Whether it is for ``target``: it has a field of it, or none that is for some target only.

        A command prints what it likes.
        """
        own = set(self.fields) & set(fields())
        return not own or bool(own & set(fields_of(target)))

    @property
    def taken(self) -> str:
        """Which class, and which id if one is said, the entry takes."""
        return (self.class_ or "(any)") + ("" if self.id is None else f"#{self.id}")

    @property
    def runs_always(self) -> bool:
        """Whether nobody knows what a command reads, so that it is run at each ``generate``."""
        return self.kind == "cmd" and self.inputs is None and self.env is None

    def context(self, uid: str, field: str = "") -> str:
        """What was at work when this was run for the resource ``uid``: for problems."""
        return f"in {field + ' of ' if field else ''}{self.uri}, for resource '{uid}'"


@dataclass(frozen=True, slots=True)
class ProvisionInput:
    """What one run of an entry is given.

    ``shared`` and ``workload_services`` may be instances of ``dict`` subclasses that record the
    top-level keys that are read.  ``workload_services`` is
    ``{workload: {"ServiceName": str, "Ports": {name: {"Name", "Port", "TargetPort", "Protocol"}}}}``.
    ``mounts_directory`` is the directory as seen from the output, ``target`` what the run is for, which says
    what of ``project`` and the rest it is told.  ``guid`` is a random identifier of the resource that
    stays, ``namespace`` where the project is put.  Nothing in here is changed by a run, whatever a template
    does.  ``params`` and ``metadata`` are None where the
    Score file does not give them: a Go template then sees a nil map, a command null (provisioners-183).
    ``declared`` tells where a Score file has the key at some keys of the resource; it is called for problems
    only.
    """

    uid: str
    type: str
    class_: str
    id: str
    params: Mapping[str, object] | None
    metadata: Mapping[str, object] | None
    state: Mapping[str, object]
    shared: Mapping[str, object]
    source_workload: str
    workload_services: Mapping[str, Mapping[str, object]]
    project: str
    mounts_directory: str
    target: Target
    guid: str = ""
    namespace: str = ""
    workload_metadata: Mapping[str, object] = field(default_factory=dict)
    declared: Locate = nowhere


@dataclass(frozen=True, slots=True)
class ProvisionResult:
    """What one run of an entry returned, checked and normalised.

    ``shared_patch`` is laid over the shared state as :class:`~.scratch.Scratch` does.
    ``directories`` maps a contained relative path to "make" (true) or "delete" (false), ``files``
    to the text of the file, or ``None`` to delete it.  ``sections`` holds entries of the target by
    section and name.  ``secret`` are the outputs that the entry says are secrets, ``file_variables`` its.
    """

    state: Mapping[str, object] = field(default_factory=dict)
    shared_patch: Mapping[str, object] = field(default_factory=dict)
    outputs: Mapping[str, object] = field(default_factory=dict)
    directories: Mapping[str, bool] = field(default_factory=dict)
    files: Mapping[str, str | None] = field(default_factory=dict)
    sections: Mapping[str, Mapping[str, Mapping[str, object]]] = field(default_factory=dict)
    info_logs: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    file_variables: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
