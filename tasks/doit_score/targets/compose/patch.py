"""Patches of the Compose project: what patch templates print, applied and checked again.

A patch is ``{op: set|delete, path, value, description}``.  Paths are those of sjson: parts separated
by dots, ``\\`` before a dot or another special character, a number for the place in a list (``-1``
appends or removes the last), ``:5`` for a key that is a number, ``*`` and ``?`` for the first name
that matches.  Nothing that was passed in is changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from doit_score import templating
from doit_score.templating.errors import TemplateError
from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import NamedTuple, replace
from doit_score.text.yaml12 import load, second

from .paths import relocated
from .project import Linked, check, dump_project, links
from .sections import NAMES
from .service import check_entry
from .units import scalar_text

KEYS = frozenset({"op", "path", "value", "description"})
_PLACE = re.compile(r"-1|[0-9]{1,18}", re.ASCII)
JINJA_SUFFIX = ".j2"
_LARGEST_GAP = 1000
_DEEPEST = 100


class Part(NamedTuple):
    """One part of a path.

    ``pattern`` is a regular expression where the part has wildcards; ``selects`` that it has one of
    ``| # @``, which select in sjson; ``key`` that it is a name even where it is a number.
    """

    text: str
    pattern: str | None = None
    selects: bool = False
    key: bool = False

    @property
    def place(self) -> int | None:
        """The place in a list, -1 for its end, or None."""
        if self.key or self.pattern is not None or not _PLACE.fullmatch(self.text):
            return None
        return int(self.text)


class _Skipped(Exception):
    """The patch changes nothing; the text says why.  A warning."""


class _Refused(Exception):
    """The patch cannot be applied; the text says why."""


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
    compose = _mapping(load(text))
    warnings: list[Problem] = []
    for name, source in templates:
        try:
            printed = _printed(name, source, {**data, "Compose": compose}, hermetic=hermetic)
            compose, noticed = apply_patches(compose, load(printed), name)
            compose = _relocated(compose, mounts_directory)
        except ScoreError as error:
            raise _of_template(name, error) from None
        warnings += noticed
        if second(printed) is not None:
            message = "it printed a second YAML document, which is ignored"
            warnings.append(Problem(message, name, hint="print one"))
    _, found = _link_problems(compose, owners)
    return dump_project(compose), (*warnings, *found)


def check_template(name: str, source: str) -> None:
    """Raises ScoreError if the template cannot be read."""
    try:
        templating.check(source, is_jinja=name.endswith(JINJA_SUFFIX))
    except ScoreError as error:
        raise _of_template(name, error) from None


def _of_template(name: str, error: ScoreError) -> ScoreError:
    hint = _SYNTAX if isinstance(error, TemplateError) and error.is_foreign else None
    return ScoreError.of(
        replace(problem, path=problem.path or name, hint=hint or problem.hint, context="in a patch template")
        for problem in error.problems
    )


_SYNTAX = "a patch template whose name ends in .j2 is Jinja2, any other a Go template"


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


def _printed(name: str, source: str, data: Mapping[str, object], *, hermetic: bool) -> str:
    if name.endswith(JINJA_SUFFIX):
        from doit_score.templating.jinja.run import render_jinja

        names = {"compose": "Compose", "workloads": "Workloads", "mounts_directory": "MountsDirectory"}
        return render_jinja(source, {name: data[key] for name, key in names.items()}, hermetic=hermetic)
    from doit_score.templating.go.compile import compile_go
    from doit_score.templating.roots import patch_root

    return compile_go(source).render(patch_root(data))


def apply_patches(
    compose: Mapping[str, object], patches: object, where: str
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """``compose`` with ``patches`` and warnings; ``where`` is the file of the template.

    ``compose`` is a whole project.  ScoreError with all that is wrong: with the patches, or with
    what comes out (keys and types that Compose does not know).
    """
    if patches is None:
        patches = []
    if not isinstance(patches, list):
        raise ScoreError(f"expected a list of patches, found {words.kind(patches)}", path=where)
    project: dict[str, object] = dict(compose)
    errors: list[Problem] = []
    warnings: list[Problem] = []
    for number, patch in enumerate(patches, 1):
        try:
            project, warning = _apply(project, patch)
            if warning:
                raise _Skipped(warning)
        except _Refused as error:
            errors.append(Problem(f"{_title(number, patch)}: {error}", where))
        except _Skipped as error:
            warnings.append(Problem(f"{_title(number, patch)}: {error}", where))
    if not errors:
        result = _Result({"services": {}}, [], warnings)
        _check(result, project, compose, where)
        project, errors = result.project, result.errors
    ScoreError.raise_for(errors)
    return project, tuple(warnings)


def _title(number: int, patch: object) -> str:
    if not isinstance(patch, Mapping):
        return f"patch {number}"
    return f"patch {number} ({patch.get('op') or 'no op'} {str(patch.get('path', ''))!r})"


def _apply(project: dict[str, object], patch: object) -> tuple[dict[str, object], str]:
    """``project`` after ``patch``, and a warning or ""."""
    if not isinstance(patch, Mapping):
        raise _Refused(f"expected a mapping with op, path and value, found {words.kind(patch)}")
    unknown = sorted(str(key) for key in patch if key not in KEYS)
    if unknown:
        raise _Refused(f"unknown key {unknown[0]!r}: expected op, path, value or description")
    op, path = patch.get("op"), patch.get("path")
    if op not in ("set", "delete"):
        raise _Refused(f"unknown operation: expected op set or delete, found {words.described(op)}")
    if not isinstance(path, str) or not path:
        found = words.described(path) if path else "nothing"
        raise _Refused(f"expected a path such as services.web.image, found {found}")
    parts = parse_path(path)
    if len(parts) > _DEEPEST:
        raise _Refused(f"a path has at most {_DEEPEST} parts, this one has {len(parts)}")
    simple = all(part.pattern is None and not part.selects for part in parts)
    if op == "delete":
        if not simple:
            raise _Refused(
                "cannot delete by a path with wildcards, # or @; put \\ before what is meant as text"
            )
        return _mapping(_deleted(project, parts)), ""
    if any(part.selects for part in parts):
        raise _Skipped("#, @ and | select nothing here; put \\ before them if they are meant as text")
    if not simple:
        parts = _matched(project, parts)
    result, warning = _set(project, parts, _with_text_keys(patch.get("value")))
    return _mapping(result), warning


def _with_text_keys(value: object) -> object:
    """``value`` with keys that are text, as all keys of a Compose file are (``{80: x}``)."""
    if isinstance(value, Mapping):
        return {_key_text(key): _with_text_keys(item) for key, item in value.items()}
    return [_with_text_keys(item) for item in value] if isinstance(value, list) else value


def _key_text(key: object) -> str:
    text = scalar_text(key)
    return "null" if text is None else text


def _mapping(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value


def parse_path(path: str) -> list[Part]:
    """The parts of ``path``."""
    parts: list[list[tuple[str, bool]]] = [[]]
    characters = iter(path)
    for character in characters:
        if character == "\\":
            parts[-1].append((next(characters, ""), True))
        elif character == ".":
            parts.append([])
        else:
            parts[-1].append((character, False))
    return [_part(part) for part in parts]


def _part(characters: list[tuple[str, bool]]) -> Part:
    """A part from its characters, each with whether it was escaped."""
    key = characters[:1] == [(":", False)]
    characters = characters[1:] if key else characters
    special = {character for character, escaped in characters if not escaped}
    pattern = None
    if special & set("*?"):
        wild = {"*": ".*", "?": "."}
        pattern = "".join(
            re.escape(character) if escaped else wild.get(character, re.escape(character))
            for character, escaped in characters
        )
    return Part("".join(character for character, _ in characters), pattern, bool(special & set("|#@")), key)


def _matched(project: Mapping[str, object], parts: list[Part]) -> list[Part]:
    """``parts`` with each wildcard replaced by the first name that matches; only what is there is found."""
    found = []
    node: object = project
    for part in parts:
        if isinstance(node, Mapping):
            pattern = part.pattern or re.escape(part.text)
            name = next((key for key in sorted(node) if re.fullmatch(pattern, key, re.DOTALL)), None)
            if name is None:
                raise _Skipped(f"nothing matches {part.text!r}, so nothing is set")
            found.append(Part(name, key=True))
            node = node[name]
        elif isinstance(node, list) and part.place is not None and part.place < len(node):
            found.append(part)
            node = node[part.place]
        else:
            raise _Skipped(f"nothing matches {part.text!r}, so nothing is set")
    return found


def _set(node: object, parts: list[Part], value: object) -> tuple[object, str]:
    """``node`` with ``value`` at ``parts``, and a warning or "".  Missing mappings and lists are made."""
    if not parts:
        return value, ""
    part, rest = parts[0], parts[1:]
    if isinstance(node, list) or (not isinstance(node, Mapping) and part.place is not None):
        known = list(node) if isinstance(node, list) else []
        if part.place is None:
            raise _Refused(f"expected a number for the place in a list, found {part.text!r}")
        place = len(known) if part.place == -1 else part.place
        if place > len(known) + _LARGEST_GAP:
            raise _Refused(f"place {place} is too far past the end of a list of {len(known)}")
        warning = ""
        if place > len(known):
            warning = f"place {place} is past the end of a list of {len(known)}: it is filled up"
            filler = "" if known and all(isinstance(one, str) for one in known) else None
            known += [filler] * (place - len(known))
        item, inner = _set(known[place] if place < len(known) else None, rest, value)
        known[place:] = [item, *known[place + 1 :]]
        return known, warning or inner
    mapping = dict(node) if isinstance(node, Mapping) else {}
    mapping[part.text], warning = _set(mapping.get(part.text), rest, value)
    return mapping, warning


def _deleted(node: object, parts: list[Part]) -> object:
    """``node`` without what is at ``parts``; what is not there needs no deleting."""
    part, rest = parts[0], parts[1:]
    if isinstance(node, list):
        place = len(node) - 1 if part.place == -1 else part.place
        if place is None or not 0 <= place < len(node):
            return node
        return [*node[:place], *([_deleted(node[place], rest)] if rest else []), *node[place + 1 :]]
    if not isinstance(node, Mapping) or part.text not in node:
        return node
    if rest:
        return {**node, part.text: _deleted(node[part.text], rest)}
    return {key: value for key, value in node.items() if key != part.text}


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
