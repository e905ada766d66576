"""`resources show`: all that is known of one resource, of which nothing is stored for this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from doit_score.answers import listing
from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.why.reasons import reasons_of
from doit_score.engine.why.standing import standing
from doit_score.score.resources import Declaration, merge
from doit_score.store import files
from doit_score.store.rows import EntryRow, MountRow, ResourceRow, WorkloadRow
from doit_score.store.state import State
from doit_score.text import canonical, yaml12
from doit_score.text.errors import ScoreError
from doit_score.text.secrets import Masking
from doit_score.text.tables import shown as shown_table

_LOOKS = {"?": "whether it is there", "=": "the value", "~": "whether anything is in it", "*": "all of it"}
"""What a provisioner saw at a path, by the sign of the note (engine/shared/reads.py)."""


def record(state: State, row: ResourceRow, catalogue: Catalogue) -> dict[str, object]:
    """What the state has of the resource of ``row``, with secrets."""
    uid = row.uid
    needs = state.needs()
    need, kept, origin = merge(needs)[uid], state.kept(uid), state.origin("resource", uid)
    reads = canonical.mapping(row.reads)
    workloads = {one.name: one.file for one in state.rows(WorkloadRow)}
    entry = None
    with suppress(ScoreError):  # of a provisioner file that cannot be read now
        entry = catalogue.entry(need)
    is_same = entry is not None and entry.uri == row.provisioner
    return {
        "UID": uid,
        "Type": need.type,
        "Class": need.class_,
        "Id": need.id,
        "Provisioner": listing.place(entry) if entry and is_same else {"Uri": row.provisioner},
        "Params": canonical.mapping(need.params) if need.params else {},
        "Metadata": canonical.mapping(need.metadata) if need.metadata else {},
        "SourceWorkload": row.source_workload,
        "Declared": [_declared(one, workloads) for one in needs if one.uid == uid],
        "UsedBy": {
            "Workloads": sorted({one.workload for one in needs if one.uid == uid}),
            "Resources": sorted({one.uid for one in needs if uid in one.refers_to}),
        },
        "State": canonical.mapping(kept.state) if kept else {},
        "Read": {
            "Shared": _looks(reads.get("shared")),
            "Workloads": _looks(reads.get("services")),
            "Environment": sorted(_mapping(reads.get("environment"))),
        },
        "Wrote": canonical.mapping(row.patch),
        "Outputs": canonical.mapping(row.outputs),
        "Brought": _brought(state, uid),
        "Logs": list(canonical.items(row.logs)),
        "Why": [reason.text for reason in reasons_of(origin)] if origin else [],
        "Warnings": [listing.problem(one.problem) for one in standing(state) if one.name == uid],
    }


def _declared(one: Declaration, workloads: Mapping[str, str]) -> dict[str, object]:
    """Who declares a resource, under which name and where; without a line if the file was edited since."""
    path, line = workloads.get(one.workload), None
    with suppress(ScoreError):
        found = yaml12.locate(files.read(path)[0], ("resources", one.name), key=True) if path else None
        line = found[0] if found else None
    return {"Workload": one.workload, "Name": one.name, "Path": path, "Line": line}


def _looks(note: object) -> dict[str, str]:
    return {path or "(all)": _LOOKS[str(seen)[0]] for path, seen in sorted(_mapping(note).items())}


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _brought(state: State, uid: str) -> dict[str, list[str]]:
    """The names of what a resource brought, by section; what it wants to have removed is none of that."""
    found: dict[str, list[str]] = {}
    for entry in state.rows(EntryRow, "resource", uid, without=("text",)):
        found.setdefault(entry.section, []).append(entry.name)
    for mount in state.rows(MountRow, "resource", uid):
        if mount.what in ("file", "directory"):
            found.setdefault("files" if mount.what == "file" else "directories", []).append(mount.path)
    return {section: sorted(names) for section, names in sorted(found.items())}


def shown(found: Mapping[str, object], mask: Masking, format_: str) -> str:
    """``found`` without secrets, as a table of what there is, or as data."""
    # What was read is told by names: one of a secret is none.
    hidden = {key: value if key == "Read" else mask.value(value) for key, value in found.items()}
    if format_ == "json":
        return listing.json_text(hidden)
    if format_ == "yaml":
        return yaml12.dump(hidden, indent=4)
    told = {**hidden, "Provisioner": _entry(hidden), "Declared": list(map(_declaration, _items(hidden)))}
    rows = [(what, text) for key, value in told.items() for what, text in _leaves(key, value, key in _VALUES)]
    return shown_table(("WHAT", "VALUE"), rows)


def _entry(found: Mapping[str, object]) -> list[object]:
    entry = _mapping(found["Provisioner"])
    return [entry["Uri"], *([listing.at(entry)] if "From" in entry else [])]


def _items(found: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    declared = found["Declared"]
    assert isinstance(declared, list)
    yield from declared


def _declaration(one: Mapping[str, object]) -> str:
    line = f":{one['Line']}" if one["Line"] else ""
    return f"'{one['Name']}' of workload '{one['Workload']}' in {one['Path']}{line}"


_VALUES = ("Params", "Metadata", "State", "Wrote", "Outputs")
"""What is shown though it is empty, within these."""


def _leaves(name: str, value: object, empty: bool) -> Iterator[tuple[str, str]]:
    """The values of ``value`` one by one, each with the keys that lead to it."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _leaves(f"{name}.{key}", item, empty)
    elif isinstance(value, list) and value:
        is_plain = all(isinstance(item, str) for item in value)
        for index, item in enumerate(value):
            yield from _leaves(name if is_plain else f"{name}[{index}]", item, empty)
    elif isinstance(value, str):
        yield name, value.replace("\n", "\\n")
    elif (empty and "." in name) if isinstance(value, (Mapping, list)) or value is None else True:
        yield name, canonical.encode(value)
