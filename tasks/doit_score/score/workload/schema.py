"""The JSON Schema of a Score file, made of the rules by which one is read.

What takes more than one place to see is left to the reader: placeholders, the order of containers, base64.
"""

from __future__ import annotations

from .reference import SAYS
from .rules import Anything, Flag, OneOf, Record, Rule, Sequence, Table, Text, Whole
from .spec import SCORE_FILE

Schema = dict[str, object]

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that editors know best."""

_SCALARS: Schema = {"type": ["string", "number", "boolean", "null"]}


def schema() -> Schema:
    """The schema of a whole file."""
    return {"$schema": DRAFT, "title": "Score file (score.dev/v1b1)", **_of(SCORE_FILE, ())}


def exactly(pattern: str) -> str:
    """``pattern``, which is to match a text as a whole."""
    return f"^(?:{pattern})$"


def _of(rule: Rule, path: tuple[str, ...]) -> Schema:
    said = SAYS.get(".".join(path))
    made = _rule(rule, path)
    if path[-1:] in (("files",), ("volumes",)) and isinstance(rule, Table):
        made = {"oneOf": [made, _by_target(rule, path)]}
    return {"description": said, **made} if said else made


def _rule(rule: Rule, path: tuple[str, ...]) -> Schema:
    if isinstance(rule, Text):
        return _text(rule)
    if isinstance(rule, OneOf):
        return {"enum": [*rule.choices]}
    if isinstance(rule, Whole):
        return {"type": "integer", "minimum": rule.lowest, "maximum": rule.highest}
    if isinstance(rule, Flag):
        return {"type": "boolean"}
    if isinstance(rule, Sequence):
        return {"type": "array", "items": _of(rule.item, (*path, ""))}
    if isinstance(rule, Record):
        return _record(rule, path)
    if isinstance(rule, Table):
        made: Schema = {"type": "object", "propertyNames": _text(rule.name)}
        made["additionalProperties"] = _of(rule.each, (*path, "*"))
        return {**made, "minProperties": rule.fewest} if rule.fewest else made
    assert isinstance(rule, Anything)
    return {}


def _text(rule: Text) -> Schema:
    made: Schema = {"type": "string"}
    if rule.shortest:
        made["minLength"] = rule.shortest
    if rule.longest is not None:
        made["maxLength"] = rule.longest
    if rule.pattern is not None:
        made["pattern"] = exactly(rule.pattern.pattern)
        made["patternErrorMessage"] = f"expected {rule.says}"
    return made


def _record(rule: Record, path: tuple[str, ...]) -> Schema:
    properties = {key: _of(each, (*path, key)) for key, each in rule.known.items()}
    made: Schema = {"type": "object", "properties": properties}
    if rule.required:
        made["required"] = [*rule.required]
    made["additionalProperties"] = False if rule.extra is None else _of(rule.extra, (*path, "*"))
    if rule.exactly_one:
        made["oneOf"] = [{"required": [key]} for key in rule.exactly_one]
    return made


def _by_target(rule: Table, path: tuple[str, ...]) -> Schema:
    """The list that a table was once (``upgrade.py``): its items have the key ``target``, or are ignored."""
    item = _of(rule.each, (*path, "*"))
    properties: Schema = {**item["properties"], "target": {"type": "string"}}  # type: ignore[dict-item]  # of a record
    if path[-1] == "files":
        lines: Schema = {"type": "array", "items": _SCALARS}
        properties["content"] = {"anyOf": [properties["content"], lines]}
    else:
        properties["read_only"] = {"type": "boolean"}
    required = [*item.get("required", ()), "target"]  # type: ignore[misc]  # a list
    entry = {**item, "properties": properties, "required": required}
    return {
        "type": "array",
        "items": {"anyOf": [entry, {"not": {"type": "object"}}]},
        "deprecationMessage": f"write {path[-1]} as a mapping by target",
    }
