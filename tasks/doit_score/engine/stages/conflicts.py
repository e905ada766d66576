"""Of several owners that want something of one name or at one path, which one counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.shared.reads import keys_of, path_of
from doit_score.score.resources import Need
from doit_score.store import files
from doit_score.store.rows import REMOVALS, EntryRow, MountRow, ResourceRow, who
from doit_score.text import canonical
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import dataclass

Key = tuple[str, str]
"""Section and name of an entry."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who wrote something: for messages."""

    kind: str
    owner: str

    @classmethod
    def of(cls, row: EntryRow | MountRow) -> Party:
        return cls(row.kind, row.owner)

    def __str__(self) -> str:
        return who(self.kind, self.owner)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two owners that wrote different content under one name; the ``later`` one counts."""

    field: str
    name: str
    earlier: Party
    later: Party


def winners(
    entries: Iterable[EntryRow], resources: Mapping[str, ResourceRow]
) -> tuple[list[EntryRow], list[Conflict]]:
    """The entries that count: of the resources that write one name the last provisioned one.

    Entries of workloads all stay: two of one name are an error, which the target finds.
    """
    kept: list[EntryRow] = []
    by_name: dict[Key, EntryRow] = {}
    conflicts: list[Conflict] = []
    for entry in entries:
        if entry.kind == "workload":
            kept.append(entry)
            continue
        other = by_name.setdefault((entry.section, entry.name), entry)
        if other is entry:
            continue
        earlier, later = sorted((other, entry), key=lambda e: (resources[e.owner].level, e.owner))
        by_name[entry.section, entry.name] = later
        if earlier.text != later.text:
            conflicts.append(Conflict(entry.section, entry.name, Party.of(earlier), Party.of(later)))
    kept.extend(by_name.values())
    return kept, conflicts


def winning_mounts(
    mounts: Iterable[MountRow], resources: Mapping[str, ResourceRow]
) -> tuple[dict[str, MountRow], list[Conflict]]:
    """What is to be at each path below the mounts directory, in the order of provisioning.

    Raises ScoreError where one owner wants a file and another a directory.
    """
    ordered = sorted(
        mounts,
        key=lambda m: (
            (1, 0, m.owner, 1, m.path)
            if m.kind != "resource"
            else (0, resources[m.owner].level, m.owner, m.what.endswith("file"), m.path)
        ),
    )
    found: dict[str, MountRow] = {}
    conflicts: list[Conflict] = []
    removals = False
    for mount in ordered:
        if mount.what in REMOVALS:
            removals = True
        if mount.what == "no directory":
            inside = mount.path + "/"
            found = {path: m for path, m in found.items() if not path.startswith(inside)}
        elif mount.what != "no file" and removals:
            # What is wanted in a directory after that was deleted takes the deletion back.
            for above in files.above(mount.path):
                if above in found and found[above].what in REMOVALS:
                    del found[above]
        other = found.get(mount.path)
        if other and other.what == mount.what == "file" and other.digest != mount.digest:
            conflicts.append(Conflict("files", mount.path, Party.of(other), Party.of(mount)))
        if other and {other.what, mount.what} == {"file", "directory"}:
            raise _file_and_directory(*sorted((other, mount), key=lambda m: m.what, reverse=True))
        found[mount.path] = mount
    _refuse_files_above(found)
    return found, conflicts


def _refuse_files_above(found: Mapping[str, MountRow]) -> None:
    known: set[str] = set()
    for mount in found.values():
        if mount.what not in REMOVALS:
            for above in files.above(mount.path):
                if above in known:
                    break
                if above in found and found[above].what == "file":
                    raise _file_and_directory(found[above], mount)
                known.add(above)


def _file_and_directory(file: MountRow, other: MountRow) -> ScoreError:
    return ScoreError(
        f"below the mounts directory '{file.path}' is to be a file for {Party.of(file)}, "
        f"and a directory for {Party.of(other)}",
        hint="let one of them use another name",
    )


def of_shared(resources: Iterable[ResourceRow]) -> Iterator[Conflict]:
    """Resources that give one key of the shared state different values.

    Who looked at what is there before it replaced it meant to: a list that grows is no conflict.
    """
    given: dict[tuple[str, ...], tuple[object, str]] = {}
    values: dict[str, list[tuple[tuple[str, ...], object]]] = {}
    for row in sorted(resources, key=lambda row: (row.level, row.uid)):
        if row.patch == "{}":
            continue
        if row.patch not in values:
            values[row.patch] = list(_leaves(canonical.mapping(row.patch), ()))
        for keys, value in values[row.patch]:
            other = given.get(keys)
            given[keys] = value, row.uid
            if other is not None and other[0] != value and not _looked(row, keys):
                parties = Party("resource", other[1]), Party("resource", row.uid)
                yield Conflict("shared", path_of(keys), *parties)


def _leaves(patch: Mapping[str, object], keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    for key, value in patch.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*keys, key))
        elif value is not None:
            yield (*keys, key), value


def _looked(row: ResourceRow, keys: tuple[str, ...]) -> bool:
    note = canonical.mapping(row.reads).get("shared", {})
    for path in note if isinstance(note, dict) else ():
        looked = keys_of(path)
        if looked == list(keys[: len(looked)]):
            return True
    return False


def conflict_warnings(
    conflicts: Iterable[Conflict], needs: Mapping[str, Need], catalogue: Catalogue
) -> list[Problem]:
    """Each conflict as a warning that names the field of the provisioner and both parties."""
    warnings = []
    for conflict in conflicts:
        # Of two owners one is a resource at least, and all others come last.
        resource = conflict.later if conflict.later.kind == "resource" else conflict.earlier
        entry = catalogue.entry(needs[resource.owner])
        template = entry.fields.get(conflict.field) if entry else None
        line = template.line if template else entry.line if entry else None
        what = {"files": "file", "shared": "key"}.get(conflict.field, conflict.field.rstrip("s"))
        warnings.append(
            Problem(
                f"{what} '{conflict.name}' is written by {conflict.earlier} and, with other content, by "
                f"{conflict.later}, which replaces it",
                path=entry.path if entry else None,
                line=line,
                hint="put the id of the resource into the name, or make both print the same",
                context=f"in {conflict.field} of {entry.uri}" if entry else None,
            )
        )
    return warnings
