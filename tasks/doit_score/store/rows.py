"""The rows of the state database as values."""

from __future__ import annotations

from doit_score.store.files import Signature
from doit_score.targets import Entry
from doit_score.text.light import Literal, NamedTuple

Kind = Literal["workload", "resource", "tool"]
What = Literal["file", "directory", "no file", "no directory"]
REMOVALS: tuple[What, ...] = ("no file", "no directory")
"""What is wanted where something is to be deleted."""


def who(kind: str, owner: str) -> str:
    """Who wants something, for messages."""
    return "doit-score" if kind == "tool" else f"{kind} '{owner}'"


ROLES = "+"
"""What is between the roles of a file that was read for several things, in their order."""


class InputRow(NamedTuple):
    """A file that was read.  ``role`` says for what: score, provisioners, source, patch, ...

    A file that was looked for and was not there has a row too, with the size -1.
    """

    path: str
    role: str
    digest: str
    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int

    @classmethod
    def of(cls, path: str, role: str, digest: str, found: Signature) -> InputRow:
        return cls(path, role, digest, *found)

    @classmethod
    def absent(cls, path: str, role: str) -> InputRow:
        return cls(path, role, "", 0, 0, -1, 0)

    @property
    def is_absent(self) -> bool:
        return self.size < 0

    def matches(self, found: Signature | None) -> bool:
        return self.size < 0 if found is None else self[3:] == found


class OutputRow(NamedTuple):
    """A file or directory that was written.  ``digest`` is of its content (empty: a directory).

    One that a run was only about to write has the mtime -1, which no file has.
    """

    path: str
    what: str
    mode: int
    digest: str
    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int

    @classmethod
    def of(cls, path: str, what: What, mode: int, digest: str, found: Signature) -> OutputRow:
        return cls(path, what, mode, digest, *found)

    @classmethod
    def intended(cls, path: str, what: What, mode: int, digest: str) -> OutputRow:
        return cls(path, what, mode, digest, -1, 0, 0, 0)

    @property
    def is_intended(self) -> bool:
        return self.mtime_ns < 0

    def matches(self, found: Signature | None) -> bool:
        """Whether it is still as it was written.  What is inside a directory is not ours."""
        if found is None or self.mtime_ns < 0:
            return False
        if self.what == "directory":
            return self.inode == found.inode
        return self[4:] == found


REVEALED = "revealed"
"""Is in the place of a digest where what was made has in it, in plain, what has become a secret since."""


class WorkloadRow(NamedTuple):
    """A workload.  ``digest`` is of its Score file and options; ``rendered`` of all that its
    fragments were made of, empty where they are not there yet.  ``facts`` is what the target wants to
    know of it later; ``variables`` are the environment variables that it leaves to the target or looked
    up.  ``containers``, ``sources`` and ``variables`` are canonical texts of lists of texts."""

    name: str
    file: str
    digest: str
    ports: str
    containers: str
    sources: str
    environment: str
    facts: str
    variables: str
    rendered: str


class ResourceRow(NamedTuple):
    """A provisioned resource.  ``kind`` is that of its provisioner, ``entry`` the digest of that, ``digest``
    of all that it was given, ``reads`` of what it looked at in shared state and in other workloads; ``logs``
    are the lines that tell how to reach what was made, and ``secret`` the outputs that its provisioner says
    are secrets: canonical texts."""

    uid: str
    level: int
    source_workload: str
    provisioner: str
    kind: str
    entry: str
    digest: str
    reads: str
    patch: str
    outputs: str
    logs: str
    secret: str = "[]"

    @property
    def runs_command(self) -> bool:
        """Whether it is provisioned by a command, which may do something else each time."""
        return self.kind == "cmd"


class KeptRow(NamedTuple):
    """What was generated for a resource."""

    uid: str
    guid: str
    provisioner: str
    state: str


EntryRow = Entry
"""One named entry of a section of the output."""


class MountRow(NamedTuple):
    """What an owner wants at a path below the mounts directory."""

    path: str
    kind: str
    owner: str
    what: str
    mode: int
    digest: str
    content: bytes


class WarningRow(NamedTuple):
    """The warnings of an owner, as text of a list of problems; its notices have a kind of their own."""

    kind: str
    owner: str
    problems: str


class OriginRow(NamedTuple):
    """What an owner was made of: ``parts`` by name, and for a workload the ``outline`` of its Score
    file; ``why`` it was made then, as in :class:`ReasonRow`.  Only to tell; see engine/why/origins.py."""

    kind: str
    owner: str
    parts: str
    outline: str
    why: str


class ReasonRow(NamedTuple):
    """What the last run that did something ``did`` to a workload, a resource or a file, and why, as
    canonical text of a list of (word, text)."""

    kind: str
    name: str
    did: str
    why: str
