"""What the read commands print: tables, JSON and YAML of the project as it was last made."""

from __future__ import annotations

from collections.abc import Iterable

from doit_score.text import canonical
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING, asdict
from doit_score.text.tables import records, table

if TYPE_CHECKING:
    from doit_score.engine.why.standing import Standing
    from doit_score.provisioning.model import Entry
    from doit_score.store.rows import ReasonRow, ResourceRow
    from doit_score.text.errors import Problem


def resources(rows: Iterable[ResourceRow], format_: str) -> str:
    """The resources in the order of provisioning, with the names of their outputs."""
    listed = [
        (row.uid, sorted(canonical.mapping(row.outputs)))
        for row in sorted(rows, key=lambda row: (row.level, row.uid))
    ]
    if format_ == "json":
        return records([{"UID": uid, "Outputs": outputs} for uid, outputs in listed])
    return table(("UID", "OUTPUTS"), [(uid, ", ".join(outputs)) for uid, outputs in listed])


def provisioners(entries: Iterable[Entry], format_: str) -> str:
    """The provisioners: as a table in their order of precedence (the first that fits a resource takes
    it), as JSON in the order of their types, as score-compose prints them."""
    listed = list(entries)
    if format_ == "json":
        listed.sort(key=lambda entry: (entry.type, entry.class_ or ""))
        return records(
            [
                {
                    "Type": entry.type,
                    "Class": entry.class_ or "(any)",
                    "Params": list(entry.supported_params or ()),
                    "Outputs": list(entry.expected_outputs or ()),
                    "Description": entry.description,
                }
                for entry in listed
            ]
        )
    return table(
        ("TYPE", "CLASS", "PARAMS", "OUTPUTS", "DESCRIPTION"),
        [
            (
                entry.type,
                entry.class_ or "(any)",
                ", ".join(entry.supported_params or ()),
                ", ".join(entry.expected_outputs or ()),
                " ".join(entry.description.split()),
            )
            for entry in listed
        ],
    )


def reasons(rows: Iterable[ReasonRow], warnings: Iterable[Standing], format_: str) -> str:
    """What was done to each thing, and why; as JSON with the warnings that stand, also of what was left."""
    from doit_score.engine.why.answer import NOT_DONE
    from doit_score.engine.why.reasons import reasons_of, text_of

    if format_ != "json":
        listed = [(row.kind, row.name, row.did, text_of(row)) for row in rows]
        return table(("KIND", "NAME", "DID", "WHY"), listed)
    told: dict[tuple[str, str], list[dict[str, object]]] = {}
    for one in warnings:
        told.setdefault((one.kind, one.name), []).append(problem(one.problem))
    found: list[dict[str, object]] = [
        {
            "Kind": row.kind,
            "Name": row.name,
            "Did": row.did,
            "Reasons": [{"Reason": reason.word, "Text": reason.text} for reason in reasons_of(row)],
            "Warnings": told.pop((row.kind, row.name), []),
        }
        for row in rows
    ]
    for (kind, name), these in told.items():
        found.append({"Kind": kind, "Name": name, "Did": NOT_DONE, "Reasons": [], "Warnings": these})
    return records(found)


def problem(found: Problem) -> dict[str, object]:
    """A problem as a record."""
    return {name.capitalize(): value for name, value in asdict(found).items()}


def outputs(row: ResourceRow, format_: str) -> str:
    """The outputs of a resource as JSON, as YAML, or through a Go template.

    Raises ScoreError if the template fails.
    """
    values = canonical.mapping(row.outputs)
    if format_ == "json":
        return json_text(values)
    if format_ == "yaml":
        from doit_score.text import yaml12

        return yaml12.dump(values, indent=4)
    from doit_score.templating.go.compile import compile_go

    try:
        return compile_go(format_).render(values) + "\n"
    except ScoreError as error:
        raise ScoreError(f"--format is not json, yaml or a template that works: {error}") from None


def json_text(value: object) -> str:
    """``value`` as JSON as score-compose prints it, with the keys of every mapping sorted."""
    from doit_score.templating.functions import lookup

    function = lookup("toPrettyJson")
    assert function is not None
    return f"{function.call(value)}\n"
