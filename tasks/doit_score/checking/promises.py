"""Outputs that Score files use and provisioners do not promise: they may be gone with the next version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from doit_score.engine.inputs.load import Parsed
from doit_score.provisioning.model import Entry
from doit_score.score.placeholders import references
from doit_score.text import words
from doit_score.text.errors import Problem


def unpromised(parsed: Parsed, entries: Mapping[tuple[str, str], Entry]) -> Iterator[Problem]:
    """Placeholders of a workload for outputs that the provisioner of their resource does not declare.

    ``entries`` are the provisioners by workload and name of the resource.  One that declares no outputs
    promises nothing, and keeps nobody from using them.
    """
    workload = parsed.workload
    for keys, text in _texts(workload.document, ()):
        for root, *names in references(text):
            entry = entries.get((workload.name, names[0])) if root == "resources" and names[1:] else None
            if entry is None or entry.expected_outputs is None or names[1] in entry.expected_outputs:
                continue
            path, line, column = parsed.place([str(key) for key in keys])
            yield Problem(
                f"output '{names[1]}' of resource '{names[0]}' is not promised by {entry.uri}",
                path,
                line,
                column,
                words.near(names[1], entry.expected_outputs),
                f"in expected_outputs of {entry.path}:{entry.line}",
            )


def _texts(value: object, keys: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text in ``value`` that has a placeholder, with the keys that lead to it."""
    if isinstance(value, str):
        if "${resources." in value:
            yield keys, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, (*keys, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*keys, index))
