"""``--overrides-file`` and ``--override-property``: changes to a Score document before it is validated.

Documents are plain YAML values.  Nothing given is changed: every function returns a new value, which
shares what did not change with the old one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import dataclass
from doit_score.text.yaml12 import load

_INDEX = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_DEEPEST = 100
_TOKEN = re.compile(r"\\[.\\]|.", re.DOTALL)
_FLAG = "--override-property"
_EXAMPLE = "containers.web.image=nginx:1"


@dataclass(frozen=True, slots=True)
class Property:
    r"""One ``--override-property PATH=VALUE``, or what another ``flag`` gives in the same way.

    ``path`` are the keys and list indices, with ``\.`` and ``\\`` resolved; ``value`` is what the
    YAML text VALUE says, None where ``delete`` is set; ``source`` is the whole text as it was given,
    from which :func:`parse_property` makes the same property again.
    """

    path: tuple[str, ...]
    value: object
    delete: bool
    source: str
    flag: str = _FLAG


def merge(document: object, overrides: Mapping[str, object]) -> object:
    """``document`` with the content of an overrides file.

    Mappings are merged, everything else replaces what was there; null deletes (RFC 7396; the
    reference stores a null, which is nothing that a Score file can use: overrides-04).  Keys are
    compared as text, so ``5`` finds ``"5"`` (overrides-35).
    """
    result = dict(document) if isinstance(document, Mapping) else {}
    for key, change in overrides.items():
        place = _key(result, key)
        if change is None:
            result.pop(place, None)
        elif isinstance(change, Mapping):
            result[place] = merge(result.get(place), change)
        else:
            result[place] = change
    return result


def _key(mapping: Mapping[object, object], key: object) -> object:
    """The key of ``mapping`` that reads like ``key``, or ``key`` itself."""
    if key in mapping:
        return key
    return next((known for known in mapping if _comparable(known) == _comparable(key)), key)


def _comparable(key: object) -> object:
    return str(key) if isinstance(key, int) and not isinstance(key, bool) else key


def parse_property(text: str, flag: str = _FLAG, example: str = _EXAMPLE) -> Property:
    """``PATH=VALUE`` taken apart at the first ``=``; ``flag`` and ``example`` are for messages.

    PATH are keys with dots between them; a dot or backslash within a key has a backslash before it
    (overrides-53, -55).  VALUE is YAML; nothing and null mean that the value is to be deleted.
    ScoreError if there is no ``=``, no path or one of more than 100 parts, or if VALUE is not YAML.
    """
    path, given, value = text.partition("=")
    expected = f"PATH=VALUE, such as {example} (an empty VALUE deletes)"
    if not given:
        raise ScoreError(f"{flag} {text!r}: expected {expected}, found no '='")
    if not path:
        raise ScoreError(f"{flag}: expected {expected}, found no path before the '='")
    try:
        parsed = load(value)
    except ScoreError as error:
        raise ScoreError(
            f"{flag} {path}: in the value: {error.problems[0].message}",
            hint="put text with special characters in quotes: PATH='\"text\"'",
        ) from None
    parts = _parts(path)
    if len(parts) > _DEEPEST:
        raise ScoreError(f"{flag}: a path has at most {_DEEPEST} parts, found {len(parts)}")
    return Property(parts, parsed, parsed is None, text, flag)


def _parts(path: str) -> tuple[str, ...]:
    parts = [""]
    for token in _TOKEN.findall(path):
        if token == ".":
            parts.append("")
        else:
            parts[-1] += token[-1]
    return tuple(parts)


def set_property(document: object, prop: Property) -> object:
    """``document`` with one property set or deleted.

    Missing mappings on the way are made, but not to delete something in them.  In a list a part of
    the path is an index from 0; ``-1`` appends (overrides-57 to -60).  Deleting a key that is not
    there changes nothing.  ScoreError, which says how far the path leads and what is there, where it
    goes through something that is neither a mapping nor a list, or to an entry that a list has not.
    """
    return _changed({} if document is None else document, prop, 0)


def _changed(node: object, prop: Property, depth: int) -> object:
    """``node``, which is at ``prop.path[:depth]``, with the property set or deleted below it."""
    if isinstance(node, Mapping):
        return _changed_mapping(node, prop, depth)
    if isinstance(node, list):
        return _changed_list(node, prop, depth)
    part = prop.path[depth]
    raise _lost(prop, depth, f"expected a mapping or a list with {part!r} in it, found {words.kind(node)}")


def _changed_mapping(node: Mapping[object, object], prop: Property, depth: int) -> object:
    key = _key(node, prop.path[depth])
    if prop.delete and key not in node:
        return node
    result = dict(node)
    if depth + 1 < len(prop.path):
        result[key] = _changed(node.get(key, {}), prop, depth + 1)
    elif prop.delete:
        del result[key]
    else:
        result[key] = prop.value
    return result


def _changed_list(node: list[object], prop: Property, depth: int) -> object:
    part = prop.path[depth]
    if not _INDEX.fullmatch(part):
        raise _lost(prop, depth, f"expected the index of an entry of this list, found {part!r}")
    index = int(part)
    last = depth + 1 == len(prop.path)
    if last and index == -1 and not prop.delete:
        return [*node, prop.value]
    if not 0 <= index < len(node):
        hint = "-1 appends an entry" if last and not prop.delete else None
        raise _lost(prop, depth, f"index {part} is out of range: the list has {_entries(len(node))}", hint)
    if not last:
        return [*node[:index], _changed(node[index], prop, depth + 1), *node[index + 1 :]]
    return [*node[:index], *([] if prop.delete else [prop.value]), *node[index + 1 :]]


def _entries(count: int) -> str:
    if count > 1:
        return f"{count} entries, 0 to {count - 1}"
    return "one entry, 0" if count else "no entries"


def _lost(prop: Property, depth: int, what: str, hint: str | None = None) -> ScoreError:
    """The error of a path that cannot be followed beyond ``depth``; VALUE, maybe a password, is not shown."""
    flag = f"{prop.flag} {prop.source.partition('=')[0]}"
    at = ".".join(map(_escaped, prop.path[:depth])) or "the top of the Score file"
    return ScoreError(f"{flag}: at {at}: {what}", hint=hint)


def _escaped(part: str) -> str:
    return part.replace("\\", "\\\\").replace(".", "\\.")


def apply(
    document: object, overrides: Mapping[str, object] | None = None, properties: Sequence[Property] = ()
) -> object:
    """``document`` with the overrides file and then the properties, in order.

    A document that is neither a mapping nor empty comes back as it is: that nothing can be changed
    in it is not the problem that its author has to hear about.  ScoreError with the problems of all
    properties.
    """
    if document is not None and not isinstance(document, Mapping):
        return document
    if overrides is not None:
        document = merge(document, overrides)
    problems: list[Problem] = []
    for prop in properties:
        try:
            document = set_property(document, prop)
        except ScoreError as error:
            problems += error.problems
    ScoreError.raise_for(problems)
    return document
