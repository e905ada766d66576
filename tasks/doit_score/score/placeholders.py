r"""``${...}`` placeholders of Score files: what they look like, what they name, what replaces them.

``${metadata.a.b}`` is a value of the workload's metadata, ``${resources.name.a.b}`` an output of a
resource, ``${resources.name}``, in the source of a volume only, the resource itself.  ``$$`` is one
dollar and ``$${...}`` the text ``${...}``; a dollar that is followed by neither is itself (case
placeholders-27).  A dot in a name is written ``\.``; in the Score file itself names are made of
letters, digits, ``_``, ``-``, ``/`` and such dots only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import Protocol, TypeAlias, dataclass
from doit_score.text.yaml12 import dump

Reference = tuple[str, ...]
Keys: TypeAlias = "tuple[str | int, ...]"
Locate: TypeAlias = "Callable[[Keys], tuple[str | None, int | None, int | None]]"
"""Tells the file, line and column of what is at some keys, as far as they are known."""

_TOKEN = re.compile(r"\$(?:(\$?)\{([^}]*)\}|\$)")
_NAMES = re.compile(r"(?:[a-zA-Z0-9_/-]|\\\.)+(?:\.(?:[a-zA-Z0-9_/-]|\\\.)+)+")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
_ROOTS = ("metadata", "resources")
# What JSON leaves alone in text, but Go's encoder does not.
_GO_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def nowhere(keys: Keys) -> tuple[None, None, None]:
    """No place is known."""
    return None, None, None


class Deferred(str):
    """Text that Compose is to interpolate, like ``${VAR}``: its dollars are never escaped."""

    __slots__ = ()


class Outputs(Protocol):
    """The outputs of one resource."""

    def lookup(self, keys: tuple[str, ...], *, deferred: bool) -> object:
        """The value at ``keys``, which are at least one.

        With ``deferred`` the value may be a :class:`Deferred` that stands for what is only known
        when Compose runs.  Raises ``LookupError(message)`` or ``LookupError(message, hint)``.
        """
        ...


@dataclass(frozen=True, slots=True)
class MapOutputs:
    """Outputs that are plain data."""

    outputs: Mapping[str, object]

    def lookup(self, keys: tuple[str, ...], *, deferred: bool) -> object:
        """The value at ``keys`` of nested mappings; see :class:`Outputs`."""
        if keys:
            return _walk(self.outputs, keys, "output")
        known = words.listed(sorted(self.outputs))
        raise LookupError("expected the name of an output after the name of the resource", known)


@dataclass(frozen=True, slots=True)
class Context:
    """What the placeholders of one workload can name."""

    metadata: Mapping[str, object]
    resources: Mapping[str, Outputs]


def references(text: str) -> tuple[Reference, ...]:
    """The placeholders in ``text``, in order, each as its names.

    Raises ScoreError, without a place, for all that are malformed or start with a name other than
    ``metadata`` and ``resources``.
    """
    if "${" not in text:
        return ()
    problems = check(text, None)
    ScoreError.raise_for(problems)
    return tuple(map(_names, _placeholders(text)))


def check(text: str, resources: Collection[str] | None) -> tuple[Problem, ...]:
    """What is wrong with the placeholders of a text in a Score file, without a place.

    Besides their form this is whether they name one of ``resources``, unless that is None.
    """
    if "${" not in text:
        return ()
    found = (_fault(name, resources) for name in _placeholders(text))
    return tuple(dict.fromkeys(problem for problem in found if problem is not None))


def substitute(text: str, context: Context, *, deferred: bool = False, escape_dollar: bool = False) -> str:
    """``text`` with its placeholders replaced and its escapes resolved; what is put in is not read again.

    Values that are not text are written as compact JSON.  ``deferred`` is passed to the outputs.
    With ``escape_dollar`` the result is for Compose, which interpolates it: every dollar of the
    text and of the values is doubled, so that it is still there afterwards, except in
    :class:`Deferred` values.

    Raises ScoreError, without a place, for all placeholders that name nothing.
    """
    if "$" not in text:
        return text
    problems: list[Problem] = []
    dollar = "$$" if escape_dollar else "$"

    def replacement(token: re.Match[str]) -> str:
        escaped, name = token.groups()
        if name is None:
            return dollar
        if escaped:
            return dollar + "{" + _literal(name, dollar) + "}"
        names = _names(name)
        if names[0] not in _ROOTS:
            problems.append(_unknown_root(name))
            return ""
        try:
            value = _resolve(names, context, deferred)
            return str(value) if isinstance(value, Deferred) else _literal(render(value), dollar)
        except LookupError as error:
            problems.append(_unresolved(name, error))
            return ""

    parts: list[str] = []
    end = 0
    for token in _tokens(text):
        parts += (_literal(text[end : token.start()], dollar), replacement(token))
        end = token.end()
    # Behind the last brace there are only pairs of dollars.
    parts.append(_literal(text[end:].replace("$$", "$"), dollar))
    ScoreError.raise_for(problems)
    return "".join(parts)


def substitute_value(value: object, context: Context, locate: Locate = nowhere) -> object:
    """``value`` with the placeholders in all texts of its lists and mappings replaced.

    Keys are left alone (case placeholders-36).  A text stays text, whatever its placeholders
    name.  Raises ScoreError for all placeholders that name nothing, each behind its path in ``value``
    and at the place that ``locate`` tells.
    """
    problems: list[Problem] = []
    result = _substituted(value, context, (), locate, problems)
    ScoreError.raise_for(problems)
    return result


def render(value: object) -> str:
    """A value as it stands in text: text as it is, anything else as Go writes compact JSON.

    Raises LookupError for numbers that JSON does not have (cases placeholders-01 to -07).
    """
    return str(value) if isinstance(value, str) else _json(value).translate(_GO_ESCAPES)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """The placeholders and escapes up to the last brace: each ``${`` behind it would look for another."""
    return _TOKEN.finditer(text, 0, text.rfind("}") + 1)


def _placeholders(text: str) -> Iterator[str]:
    for token in _tokens(text):
        escaped, name = token.groups()
        if name is not None and not escaped:
            yield name


def _fault(name: str, resources: Collection[str] | None) -> Problem | None:
    written = _shown(name)
    if not _NAMES.fullmatch(name):
        hint = f"write ${written} for the text itself"
        if _VARIABLE.fullmatch(name):
            hint += f"; an environment variable is ${{resources.env.{name}}}, with a resource `env` of the"
            hint += " type environment"
        return Problem(
            f"the placeholder {written} is malformed: expected two or more names of letters, digits,"
            " '_' and '-', joined by dots",
            hint=hint,
        )
    root, first = _names(name)[:2]
    if root not in _ROOTS:
        return _unknown_root(name)
    if root == "resources" and resources is not None and first not in resources:
        hint = words.near(first, resources)
        return Problem(
            f"the placeholder {written} names the resource '{first}', which is not declared", hint=hint
        )
    return None


def _unknown_root(name: str) -> Problem:
    root, *rest = _names(name)
    hint = f"write ${_shown(name)} for the text itself"
    from difflib import get_close_matches

    near = get_close_matches(root.strip(), _ROOTS, 1) if rest else []
    if near:
        meant = f"{near[0]}.{name.partition('.')[2].rstrip()}"
        hint = f"did you mean {_shown(meant)}? {hint[0].upper()}{hint[1:]}"
    return Problem(
        f"the placeholder {_shown(name)} starts with '{root}': expected 'metadata' or 'resources'", hint=hint
    )


def _shown(name: str) -> str:
    return "${" + name.replace("\n", "\\n") + "}"


def _names(name: str) -> Reference:
    # NUL cannot be in a placeholder that a person wrote; a dot behind it is none between names.
    return tuple(part.replace("\0", ".") for part in name.replace("\\.", "\0").split("."))


def _literal(text: str, dollar: str) -> str:
    return text if dollar == "$" else text.replace("$", dollar)


def _resolve(names: Reference, context: Context, deferred: bool) -> object:
    root, *keys = names
    if not keys:
        what = "a key of the metadata" if root == "metadata" else "the name of a resource"
        raise LookupError(f"expected {what} after '{root}'")
    if root == "metadata":
        return _walk(context.metadata, tuple(keys), "key of the metadata")
    outputs = context.resources.get(keys[0])
    if outputs is None:
        raise LookupError(f"there is no resource '{keys[0]}'")
    return outputs.lookup(tuple(keys[1:]), deferred=deferred)


def _unresolved(name: str, error: LookupError) -> Problem:
    message, *hint = error.args
    reason = message.replace("\n", "\\n")
    return Problem(f"the placeholder {_shown(name)} finds nothing: {reason}", hint=hint[0] if hint else None)


def _walk(value: object, keys: tuple[str, ...], what: str) -> object:
    for index, key in enumerate(keys):
        if not isinstance(value, Mapping):
            raise LookupError(f"'{'.'.join(keys[:index])}' is no mapping, it has no key '{key}'")
        if key not in value:
            known = sorted(name for name in value if isinstance(name, str))
            hint = words.near(key, known)
            if any(name.startswith(f"{key}.") for name in known):
                hint += "; a dot in a name is written '\\.'"
            if index:
                raise LookupError(f"'{'.'.join(keys[:index])}' has no key '{key}'", hint)
            raise LookupError(f"there is no {what} '{key}'", hint)
        value = value[key]
    return value


def _substituted(
    value: object, context: Context, keys: Keys, locate: Locate, problems: list[Problem]
) -> object:
    if isinstance(value, str):
        try:
            return substitute(value, context)
        except ScoreError as error:
            title = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")
            problems += (
                Problem(f"{title}: {one.message}" if title else one.message, *locate(keys), one.hint)
                for one in error.problems
            )
            return value
    if isinstance(value, Mapping):
        return {
            key: _substituted(item, context, (*keys, str(key)), locate, problems)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_substituted(item, context, (*keys, i), locate, problems) for i, item in enumerate(value)]
    return value


def _json(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        if value - value != 0:
            raise LookupError("the value is no finite number")
        return words.json_number(value)
    if isinstance(value, Mapping):
        entries = sorted((str(render(key)), item) for key, item in value.items())
        return "{" + ",".join(f"{_quoted(key)}:{_json(item)}" for key, item in entries) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_json, value)) + "]"
    return _quoted(dump(value).strip())


def _quoted(text: str) -> str:
    from json.encoder import encode_basestring

    return encode_basestring(text)
