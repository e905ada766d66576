"""What was made, as rows of the state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from doit_score.engine.stages.disk import OUTPUT_MODE
from doit_score.provisioning.model import ProvisionResult
from doit_score.store import files
from doit_score.store.meta import text_of_problems
from doit_score.store.rows import EntryRow, Kind, MountRow, WarningRow, What
from doit_score.targets import MountFile, Options, Target
from doit_score.targets.secrets import Apart
from doit_score.text.errors import Problem
from doit_score.text.light import TYPE_CHECKING

if TYPE_CHECKING:
    from doit_score.store.vault import Vault


class Fragments:
    """Makes entries; of a service that a thousand resources share, the text is made once."""

    def __init__(self, target: Target, options: Options, vault: Vault | None) -> None:
        self._target = target
        self._options = options
        self._vault = vault
        self._made: dict[tuple[str, str, int], tuple[EntryRow, object]] = {}

    def rows(
        self,
        kind: Kind,
        owner: str,
        sections: Mapping[str, Mapping[str, Mapping[str, object]]],
        file_variables: Sequence[str] = (),
    ) -> Iterator[EntryRow]:
        """The entries of one owner, with names in place of secrets that are kept apart."""
        for section, entries in sections.items():
            for name, value in entries.items():
                # What was printed alike is one value (provisioning/returned.py), which is kept, so that no
                # other one can get its identity.
                key = section, name, id(value)
                made = self._made.get(key)
                if made is None:
                    made = self._made[key] = (
                        self._row(section, name, kind, owner, value, file_variables),
                        value,
                    )
                yield made[0] if made[0].owner == owner else made[0]._replace(owner=owner)

    def _row(
        self,
        section: str,
        name: str,
        kind: Kind,
        owner: str,
        value: Mapping[str, object],
        file_variables: Sequence[str],
    ) -> EntryRow:
        if self._vault is not None:
            apart = Apart(self._vault, self._options.secrets, file_variables)
            value = self._target.concealed(section, name, value, apart)
        return self._target.entry(section, name, kind, owner, value, self._options)


def mount_rows(kind: Kind, owner: str, mounts: Iterable[MountFile]) -> Iterator[MountRow]:
    """The mount files of a workload."""
    for mount in mounts:
        yield _mount(mount.path, kind, owner, "file", mount.mode, mount.content)


def resource_mounts(owner: str, result: ProvisionResult) -> Iterator[MountRow]:
    """What a provisioner asked for below the mounts directory.

    Readable for all below the mounts directory, which only its owner can enter: the users in a
    container are others than the one who runs this.
    """
    for path, present in result.directories.items():
        if present:
            yield _mount(path, "resource", owner, "directory", files.TREE_MODE, b"")
        elif path not in result.files:
            yield _mount(path, "resource", owner, "no directory", 0, b"")
    for path, content in result.files.items():
        if content is None:
            yield _mount(path, "resource", owner, "no file", 0, b"")
        else:
            yield _mount(path, "resource", owner, "file", OUTPUT_MODE, content.encode())


def _mount(path: str, kind: Kind, owner: str, what: What, mode: int, content: bytes) -> MountRow:
    digest = files.content_digest(content) if what == "file" else ""
    return MountRow(path, kind, owner, what, mode, digest, content)


def warning_row(kind: str, owner: str, warnings: Iterable[Problem]) -> tuple[WarningRow, ...]:
    """The warnings of one owner, which stand until it is made again."""
    stored = tuple(warnings)
    return (WarningRow(kind, owner, text_of_problems(stored)),) if stored else ()
