"""The JSON Schema of a provisioner file, made of the keys that each kind of entry has."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.command.reference import keys
from doit_score.provisioning.files import KEYS, TEMPLATE_FIELDS
from doit_score.provisioning.reference import Key
from doit_score.provisioning.shapes import KEYS as SHAPES
from doit_score.provisioning.shapes import TYPES
from doit_score.score.workload.schema import DRAFT, Schema

_SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}
"""What is read as text."""
_TEXTS: Schema = {"type": ["array", "null"], "items": _SCALAR}
_IMAGES: Schema = {"type": ["object", "null"], "additionalProperties": {"type": "string", "minLength": 1}}
_SAID: Schema = {"type": ["string", "number", "boolean"], "minLength": 1}
_LISTS = ("expected_outputs", "secret_outputs", "file_variables", "args", "env", "inputs")
_NAME: Schema = {"enum": [*TYPES]}
_VALUES: Schema = {"type": ["string", "number", "boolean"]}
_OF_A_SHAPE: Mapping[str, Schema] = {
    "type": {"anyOf": [_NAME, {"type": "array", "minItems": 1, "items": _NAME}, {"type": "null"}]},
    "minimum": {"type": ["number", "null"]},
    "maximum": {"type": ["number", "null"]},
    "enum": {"type": ["array", "null"], "minItems": 1, "items": _VALUES},
    "pattern": {"type": ["string", "null"]},
    "required": {"type": ["boolean", "null"]},
    "description": {"type": ["string", "null"]},
}
_SHAPES: Schema = {
    "type": "object",
    "additionalProperties": {
        "type": ["object", "null"],
        "properties": {name: {"description": SHAPES[name], **_OF_A_SHAPE[name]} for name in SHAPES},
        "additionalProperties": False,
    },
}
_DECLARED = ("supported_params", "supported_annotations")
_OF_A_PROGRAM = r"^cmd:(?!//[^/?#]*[@:])[^?#]*(?:#.*)?$"
"""Without a user, a port or a query."""


def schema() -> Schema:
    """The schema of a whole file, which may be empty."""
    entries: Schema = {"type": "array", "items": _entry()}
    empty = [{"type": "null"}, {"type": "object", "maxProperties": 0}]
    return {"$schema": DRAFT, "title": "Provisioner file of doit-score", "anyOf": [entries, *empty]}


def _entry() -> Schema:
    schemes = "|".join(KEYS)
    properties = {name: {"description": _said(key), **_shape(name)} for name, key in keys().items()}
    properties["uri"] = {**properties["uri"], "type": "string", "pattern": f"^(?:{schemes}):"}
    return {
        "type": "object",
        "properties": properties,
        "required": ["uri"],
        "allOf": [_of_kind(kind, names) for kind, names in KEYS.items()],
    }


def _of_kind(kind: str, names: tuple[str, ...]) -> Schema:
    then: Schema = {"propertyNames": {"enum": [*names]}}
    properties: Schema = {}
    if kind in ("template", "jinja", "cmd"):
        then["required"] = ["type"]
        properties["type"] = _SAID
    if kind == "jinja":
        properties["images"] = _TEXTS
    if kind == "images":
        properties["images"] = _IMAGES
    if kind == "cmd":
        properties["uri"] = {"pattern": _OF_A_PROGRAM}
    if properties:
        then["properties"] = properties
    of_kind = {"properties": {"uri": {"type": "string", "pattern": f"^{kind}:"}}, "required": ["uri"]}
    return {"if": of_kind, "then": then}


def _shape(name: str) -> Schema:
    if name in _LISTS:
        return _TEXTS
    if name in _DECLARED:
        return {"anyOf": [_TEXTS, _SHAPES]}
    return {} if name == "images" else _SCALAR


def _said(key: Key) -> str:
    template = f"A template that prints a {key.shape}. " if key.name in TEMPLATE_FIELDS else ""
    return template + key.says
