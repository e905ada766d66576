"""What the read commands print: tables, JSON and YAML of the project as it was last made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from posixpath import basename

from doit_score.text import canonical
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING, asdict
from doit_score.text.tables import answer, lines, shown

OWN, SHIPPED, BUILT_IN = "own", "shipped", "built in"

if TYPE_CHECKING:
    from doit_score.engine.why.standing import Standing
    from doit_score.provisioning.model import Entry
    from doit_score.store.rows import ReasonRow, ResourceRow
    from doit_score.text.errors import Problem


def resources(rows: Iterable[ResourceRow], users: Mapping[str, Sequence[str]], format_: str) -> str:
    """The resources in the order of provisioning, with provisioner, ``users`` and names of their outputs."""
    listed = [
        (row.uid, row.provisioner, users.get(row.uid, ()), sorted(canonical.mapping(row.outputs)))
        for row in sorted(rows, key=lambda row: (row.level, row.uid))
    ]
    return answer(
        format_,
        table=lambda: shown(
            ("UID", "PROVISIONER", "WORKLOADS", "OUTPUTS"),
            [(uid, uri, ", ".join(workloads), ", ".join(outputs)) for uid, uri, workloads, outputs in listed],
            drops=("OUTPUTS", "PROVISIONER", "WORKLOADS"),
        ),
        records=lambda: [
            {"UID": uid, "Outputs": outputs, "Provisioner": uri, "Workloads": list(workloads)}
            for uid, uri, workloads, outputs in listed
        ],
        names=lambda: [uid for uid, *_ in listed],
    )


def provisioners(entries: Iterable[tuple[Entry, Entry | None]], format_: str) -> str:
    """The provisioners, each with the one that shadows it: as a table in their order of precedence (the
    first that fits a resource takes it), else in the order of their types, as score-compose has them."""
    listed = list(entries)
    by_type = sorted(listed, key=lambda pair: (pair[0].type, pair[0].class_ or ""))
    return answer(
        format_,
        table=lambda: shown(_HEADS, map(_cells, listed), drops=("PARAMS", "OUTPUTS", "SHADOWED BY", "FROM")),
        records=lambda: [_provisioner(entry, other) for entry, other in by_type],
        names=lambda: [entry.type for entry, _ in by_type],
    )


_HEADS = ("TYPE", "CLASS", "PARAMS", "OUTPUTS", "DESCRIPTION", "FROM", "SHADOWED BY")


def _cells(listed: tuple[Entry, Entry | None]) -> Sequence[str]:
    entry, other = listed
    return (
        entry.type,
        entry.taken,
        ", ".join(entry.supported_params or ()),
        ", ".join(entry.expected_outputs or ()),
        " ".join(entry.description.split()),
        at(place(entry)),
        "" if other is None else at(place(other)),
    )


def _provisioner(entry: Entry, other: Entry | None) -> dict[str, object]:
    return {
        "Type": entry.type,
        "Class": entry.class_ or "(any)",
        "Params": list(entry.supported_params or ()),
        "Outputs": list(entry.expected_outputs or ()),
        "Description": entry.description,
        "Id": entry.id,
        **place(entry),
        "ShadowedBy": None if other is None else place(other),
    }


def place(entry: Entry) -> dict[str, object]:
    """Which entry it is, and where."""
    from doit_score.provisioning.model import BUILTIN_URI

    is_of_file = entry.uri != BUILTIN_URI
    return {
        "Uri": entry.uri,
        "From": origin(entry),
        "Path": entry.path if is_of_file else None,
        "Line": entry.line if is_of_file else None,
    }


def at(found: Mapping[str, object]) -> str:
    """The same in a few words; of what is shipped the name of the file does."""
    whose, path = str(found["From"]), str(found["Path"])
    if whose == BUILT_IN:
        return whose
    return f"{path if whose == OWN else f'{whose}: {basename(path)}'}:{found['Line']}"


def origin(entry: Entry) -> str:
    """Whether an entry is the project's own, shipped, or built in."""
    from doit_score.engine.inputs.discover import default_directory
    from doit_score.provisioning.model import BUILTIN_URI

    if entry.uri == BUILTIN_URI:
        return BUILT_IN
    return SHIPPED if entry.path.startswith(f"{default_directory()}/") else OWN


def reasons(rows: Sequence[ReasonRow], warnings: Iterable[Standing], format_: str) -> str:
    """What was done to each thing, and why; as JSON with the warnings that stand, also of what was left."""
    from doit_score.engine.why.reasons import text_of

    return answer(
        format_,
        table=lambda: shown(
            ("KIND", "NAME", "DID", "WHY"),
            [(row.kind, row.name, row.did, text_of(row)) for row in rows],
            drops=("KIND",),
        ),
        records=lambda: list(_reasons(rows, warnings)),
        names=lambda: [row.name for row in rows],
    )


def _reasons(rows: Iterable[ReasonRow], warnings: Iterable[Standing]) -> Iterator[dict[str, object]]:
    from doit_score.engine.why.answer import NOT_DONE
    from doit_score.engine.why.reasons import reasons_of

    told: dict[tuple[str, str], list[dict[str, object]]] = {}
    for one in warnings:
        told.setdefault((one.kind, one.name), []).append(problem(one.problem))
    for row in rows:
        yield {
            "Kind": row.kind,
            "Name": row.name,
            "Did": row.did,
            "Reasons": [{"Reason": reason.word, "Text": reason.text} for reason in reasons_of(row)],
            "Warnings": told.pop((row.kind, row.name), []),
        }
    for (kind, name), these in told.items():
        yield {"Kind": kind, "Name": name, "Did": NOT_DONE, "Reasons": [], "Warnings": these}


def problem(found: Problem) -> dict[str, object]:
    """A problem as a record."""
    return {name.capitalize(): value for name, value in asdict(found).items()}


def outputs(row: ResourceRow, format_: str) -> str:
    """The outputs of a resource as JSON, as YAML, by their names alone, or through a Go template.

    Raises ScoreError if the template fails.
    """
    values = canonical.mapping(row.outputs)
    if format_ == "json":
        return json_text(values)
    if format_ == "yaml":
        from doit_score.text import yaml12

        return yaml12.dump(values, indent=4)
    if format_ == "name":
        return lines(sorted(values))
    from doit_score.templating.go.compile import compile_go

    try:
        return compile_go(format_).render(values) + "\n"
    except ScoreError as error:
        raise ScoreError(f"--format is not json, yaml, name or a template that works: {error}") from None


def json_text(value: object) -> str:
    """``value`` as JSON as score-compose prints it, with the keys of every mapping sorted."""
    from doit_score.templating.functions import lookup

    function = lookup("toPrettyJson")
    assert function is not None
    return f"{function.call(value)}\n"
