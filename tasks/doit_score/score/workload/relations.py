"""Checks that need more than one place of a Score file, or more than its rules can say.

They take a document that may be wrong in other ways, so that everything is reported at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from doit_score.score.cycles import cycles
from doit_score.score.placeholders import check
from doit_score.text.light import Any

from .rules import Keys, Report


def check_placeholders(document: dict[str, Any], report: Report) -> None:
    """Report placeholders that are malformed or name a resource that is not declared.

    They are looked at in variables, contents of files without ``noExpand``, sources of volumes
    and params of resources (cases placeholders-36, -38, -41, -50).
    """
    declared = document.get("resources", {})
    resources: Collection[str] | None = None
    if isinstance(declared, dict):
        resources = {name for name in declared if isinstance(name, str)}
    for keys, text in _texts(document):
        for problem in check(text, resources):
            report(keys, problem.message, problem.hint)


def check_contents(document: dict[str, Any], report: Report) -> None:
    """Report ``binaryContent`` that is no base64 (case files-26)."""
    for name, container in _mappings(document.get("containers")):
        for target, file in _mappings(container.get("files")):
            encoded = file.get("binaryContent")
            if isinstance(encoded, str) and decoded(encoded) is None:
                keys = ("containers", name, "files", target, "binaryContent")
                report(keys, "expected base64 in the standard alphabet, with padding")


def check_order(document: dict[str, Any], report: Report) -> None:
    """Report ``before`` entries that name no other container, and cycles of them (cases spec-186 to -189)."""
    containers = dict(_mappings(document.get("containers")))
    followers: dict[str, list[str]] = {}
    for name, container in containers.items():
        before = container.get("before")
        followers[name] = []
        for other in before if isinstance(before, dict) else ():
            keys = ("containers", name, "before", other)
            if other == name:
                report(keys, f"the container '{name}' cannot be before itself", at_key=True)
            elif other in containers:
                followers[name].append(other)
            elif isinstance(other, str):
                hint = f"the containers are: {', '.join(sorted(containers))}"
                report(
                    keys,
                    f"the container '{name}' is before '{other}', which does not exist",
                    hint,
                    at_key=True,
                )
    for cycle in cycles(followers):
        chain = " before ".join((*cycle, cycle[0]))
        keys = ("containers", cycle[0], "before", cycle[1])
        report(keys, f"the containers wait for each other: {chain}", at_key=True)


def decoded(encoded: str) -> bytes | None:
    """The bytes that base64 text stands for, line breaks ignored; None if it is none (case files-23)."""
    from base64 import b64decode

    try:
        return b64decode(encoded.replace("\n", "").replace("\r", ""), validate=True)
    except ValueError:
        return None


def _mappings(value: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of ``value`` that are mappings, sorted; none if it is no mapping itself."""
    if isinstance(value, dict):
        for key in sorted(key for key in value if isinstance(key, str)):
            if isinstance(value[key], dict):
                yield key, value[key]


def _texts(document: dict[str, Any]) -> Iterator[tuple[Keys, str]]:
    """The texts in which placeholders are replaced, and where they stand."""
    for name, container in _mappings(document.get("containers")):
        keys = ("containers", name)
        yield from _strings(container.get("variables"), (*keys, "variables"), deep=False)
        for target, file in _mappings(container.get("files")):
            if file.get("noExpand") is not True:
                yield from _strings(file.get("content"), (*keys, "files", target, "content"))
        for target, volume in _mappings(container.get("volumes")):
            yield from _strings(volume.get("source"), (*keys, "volumes", target, "source"))
    for name, resource in _mappings(document.get("resources")):
        yield from _strings(resource.get("params"), ("resources", name, "params"))


def _strings(value: object, keys: Keys, *, deep: bool = True) -> Iterator[tuple[Keys, str]]:
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, dict):
        for key, item in value.items():
            if deep or isinstance(item, str):
                yield from _strings(item, (*keys, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*keys, index))
