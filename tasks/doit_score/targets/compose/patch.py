"""Patches of the Compose project, which is checked again when they are applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from doit_score.targets import patching
from doit_score.templating.roots import patch_root
from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import NamedTuple, replace
from doit_score.text.yaml12 import load

from .paths import relocated
from .profiles import not_waiting
from .project import Linked, check, dump_project, links
from .sections import NAMES
from .service import check_entry

_NAMES = {"compose": "Compose", "workloads": "Workloads", "mounts_directory": "MountsDirectory"}


def patched(
    text: str,
    owners: Mapping[tuple[str, str], str],
    templates: Sequence[tuple[str, str]],
    documents: Mapping[str, object],
    *,
    mounts_directory: str,
    hermetic: bool,
) -> tuple[str, tuple[Problem, ...]]:
    """The text of the project after patch templates, and warnings.

    A template gets the project as ``Compose``, the Score documents as ``Workloads`` and the mounts
    directory as ``MountsDirectory``, and prints a list of operations.  One whose name ends in ``.j2`` is
    Jinja2 (``compose``, ``workloads``, ``mounts_directory``).  ``owners`` says for messages who wanted an
    entry, by section and name.
    """
    data = {"Compose": {}, "Workloads": documents, "MountsDirectory": mounts_directory}
    compose = before = _mapping(load(text, bounded=False))
    warnings: list[Problem] = []
    for name, source in templates:
        with patching.told_of(name):
            root = patch_root({**data, "Compose": compose})
            printed = patching.printed_by(name, source, root, _NAMES, hermetic=hermetic)
            compose, noticed = apply_patches(compose, load(printed), name)
            compose = _relocated(compose, mounts_directory)
        warnings += (*noticed, *patching.ignored(name, printed))
    compose = not_waiting(compose, before, owners)
    _, found = _link_problems(compose, owners)
    return dump_project(compose), (*warnings, *found)


def _mapping(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value


def _relocated(compose: Mapping[str, object], directory: str) -> dict[str, object]:
    return {
        section: {
            name: relocated(entry, directory) if isinstance(entry, Mapping) else entry
            for name, entry in entries.items()
        }
        if section in NAMES and isinstance(entries, Mapping)
        else entries
        for section, entries in compose.items()
    }


def apply_patches(
    compose: Mapping[str, object], patches: object, where: str
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """``compose`` with ``patches`` and warnings; ``where`` is the file of the template.

    ``compose`` is a whole project.  ScoreError with all that is wrong: with the patches, or with
    what comes out (keys and types that Compose does not know).
    """
    document, errors, warnings = patching.apply(dict(compose), patches, where)
    project = _mapping(document)
    if not errors:
        result = _Result({"services": {}}, [], warnings)
        _check(result, project, compose, where)
        project, errors = result.project, result.errors
    ScoreError.raise_for(errors)
    return project, tuple(warnings)


class _Result(NamedTuple):
    """A project that grows, and what is wrong with it."""

    project: dict[str, object]
    errors: list[Problem]
    warnings: list[Problem]


def _check(result: _Result, project: dict[str, object], before: Mapping[str, object], where: str) -> None:
    """Puts ``project`` into ``result``, with what changed normalised and checked.

    Compose's keys and types hold as for provisioners.  A key that is dropped with a warning
    elsewhere is an error here, as it is for the reference (patches-41-unknown-compose-field): a patch
    that has no effect is not meant.  Extensions are kept (the reference refuses them: patches-43).
    """
    for key in sorted(project):
        value = project[key]
        if key.startswith("x-") or key == "include":
            result.project[key] = value
        elif key == "name":
            if not isinstance(value, str):
                result.errors.append(Problem(f"name: expected text, found {words.kind(value)}", where))
            result.project[key] = value
        elif key not in NAMES:
            result.errors.append(Problem(f"{key}: Compose knows no such key at the top level", where))
        elif isinstance(value, Mapping):
            section = _check_section(result, key, value, _entries(before, key), where)
            if section:
                result.project[key] = section
        elif value is not None:
            result.errors.append(Problem(f"{key}: expected a mapping, found {words.kind(value)}", where))
    if not result.errors:
        _check_links(result, before, where)


def _entries(project: Mapping[str, object], section: str) -> Mapping[str, object]:
    entries = project.get(section)
    return entries if isinstance(entries, Mapping) else {}


def _check_section(
    result: _Result, section: str, entries: Mapping[str, object], before: Mapping[str, object], where: str
) -> dict[str, object]:
    normalised: dict[str, object] = {}
    for name in sorted(entries):
        if name in before and entries[name] is before[name]:
            normalised[name] = entries[name]
            continue
        checked = check_entry(section, name, entries[name], strict=True)
        result.errors.extend(replace(problem, path=where) for problem in checked.errors)
        result.warnings.extend(replace(problem, path=where) for problem in checked.warnings)
        normalised[name] = checked.value
    return normalised


def _check_links(result: _Result, before: Mapping[str, object], where: str) -> None:
    """Notes what Compose refuses since the patches: services that wait for each other."""
    errors, _ = _link_problems(result.project)
    if errors:
        known, _ = _link_problems(before)
        result.errors.extend(replace(problem, path=where) for problem in errors if problem not in known)


def _link_problems(
    project: Mapping[str, object], owners: Mapping[tuple[str, str], str] = MappingProxyType({})
) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Errors and warnings of the whole project."""
    every = (
        Linked(section, name, owners.get((section, name), "the patched project"), links(section, value))
        for section in NAMES
        for name, value in _entries(project, section).items()
        if isinstance(value, Mapping)
    )
    return check(every, includes=bool(project.get("include")))
