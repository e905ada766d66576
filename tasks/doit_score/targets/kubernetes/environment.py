"""Where in a cluster the variables of an ``environment`` resource are: what its params say."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.score.references import Reference
from doit_score.text import words
from doit_score.text.errors import Problem

from . import names

_KINDS = {"configMap": "ConfigMap", "secret": "Secret"}
"""The kind of the object that each param names."""
_USUAL = Reference("ConfigMap", "environment", "")


def reference(key: str, source: Mapping[str, object]) -> Reference:
    """What stands for the variable ``key`` of a resource with the params ``source``."""
    for param, name in source.items():
        return Reference(_KINDS[param], str(name), key)
    return _USUAL._replace(key=key)


def check(source: Mapping[str, object]) -> tuple[Problem, ...]:
    """What is wrong with the params: they name one ConfigMap or one Secret."""
    found = []
    for param, name in sorted(source.items()):
        kind = _KINDS.get(param)
        if kind is None:
            hint = words.near(
                param, _KINDS, "configMap or secret names the object in which the variables are"
            )
            found.append(Problem(f"there is no param '{param}'", hint=hint))
        elif not isinstance(name, str):
            found.append(Problem(f"{param}: expected a text, found {words.described(name)}"))
        elif not names.is_object(name):
            hint = "use lower case letters, digits, '-' and '.'"
            found.append(Problem(f"{param}: no {kind} can be called '{name}'", hint=hint))
    if not found and len(source) > 1:
        hint = "two resources can have two sources"
        found.append(Problem("the params name a ConfigMap and a Secret, and one can count", hint=hint))
    return tuple(found)
