"""Patches of a document: the operations that patch templates print, applied one after the other.

A patch is ``{op: set|delete, path, value, description}``.  Paths are those of sjson: parts separated
by dots, ``\\`` before a dot or another special character, a number for the place in a list (``-1``
appends or removes the last), ``:5`` for a key that is a number, ``*`` and ``?`` for the first name
that matches.  Nothing that was passed in is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from doit_score import templating
from doit_score.templating.errors import TemplateError
from doit_score.templating.values import Struct
from doit_score.text import words, yaml12
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import NamedTuple, replace

KEYS = frozenset({"op", "path", "value", "description"})
_PLACE = re.compile(r"-1|[0-9]{1,18}", re.ASCII)
JINJA_SUFFIX = ".j2"
_SYNTAX = "a patch template whose name ends in .j2 is Jinja2, any other a Go template"
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


class Skipped(Exception):
    """The patch changes nothing; the text says why.  A warning."""


class Refused(Exception):
    """The patch cannot be applied; the text says why."""


def printed_by(name: str, source: str, root: Struct, names: Mapping[str, str], *, hermetic: bool) -> str:
    """What the template ``source`` prints.

    It is given the fields of ``root``; one whose name ends in ``.j2`` is Jinja2, and knows them by ``names``.
    """
    if name.endswith(JINJA_SUFFIX):
        from doit_score.templating.jinja.run import render_jinja

        return render_jinja(source, {ours: root.fields[go] for ours, go in names.items()}, hermetic=hermetic)
    from doit_score.templating.go.compile import compile_go

    return compile_go(source).render(root, hermetic=hermetic)


@contextmanager
def told_of(name: str) -> Iterator[None]:
    """Problems are those of the patch template in the file ``name``."""
    try:
        yield
    except ScoreError as error:
        hint = _SYNTAX if isinstance(error, TemplateError) and error.is_foreign else None
        raise ScoreError.of(
            replace(p, path=p.path or name, hint=hint or p.hint, context="in a patch template")
            for p in error.problems
        ) from None


def check_template(name: str, source: str) -> None:
    """Raises ScoreError if the template cannot be read."""
    with told_of(name):
        templating.check(source, is_jinja=name.endswith(JINJA_SUFFIX))


def ignored(name: str, printed: str) -> Iterator[Problem]:
    """A warning of what the template printed and nobody reads."""
    if yaml12.second(printed) is not None:
        yield Problem("it printed a second YAML document, which is ignored", name, hint="print one")


def apply(
    document: object, printed: object, where: str, *, strict: bool = False
) -> tuple[object, list[Problem], list[Problem]]:
    """``document`` after the patches that a template printed, what is wrong with them, and warnings.

    ``where`` is the file of the template.  ``strict`` refuses what would fill up a list, put something in
    the place of a text or a number, or set nothing; without it sjson's way of all that is followed.
    """
    patches = [] if printed is None else printed
    if not isinstance(patches, list):
        raise ScoreError(f"expected a list of patches, found {words.kind(patches)}", path=where)
    errors: list[Problem] = []
    warnings: list[Problem] = []
    for number, patch in enumerate(patches, 1):
        try:
            document, warning = _apply(document, patch, strict)
            if warning:
                raise Skipped(warning)
        except Refused as error:
            errors.append(Problem(f"{_title(number, patch)}: {error}", where))
        except Skipped as error:
            warnings.append(Problem(f"{_title(number, patch)}: {error}", where))
    return document, errors, warnings


def _title(number: int, patch: object) -> str:
    if not isinstance(patch, Mapping):
        return f"patch {number}"
    return f"patch {number} ({patch.get('op') or 'no op'} {str(patch.get('path', ''))!r})"


def _apply(document: object, patch: object, strict: bool) -> tuple[object, str]:
    """``document`` after ``patch``, and a warning or ""."""
    if not isinstance(patch, Mapping):
        raise Refused(f"expected a mapping with op, path and value, found {words.kind(patch)}")
    unknown = sorted(str(key) for key in patch if key not in KEYS)
    if unknown:
        raise Refused(f"unknown key {unknown[0]!r}: expected op, path, value or description")
    op, path = patch.get("op"), patch.get("path")
    if op not in ("set", "delete"):
        raise Refused(f"unknown operation: expected op set or delete, found {words.described(op)}")
    if isinstance(path, int) and not isinstance(path, bool):
        path = str(path)  # the place of an object
    if not isinstance(path, str) or not path:
        found = words.described(path) if path else "nothing"
        such = "0.spec.replicas" if isinstance(document, list) else "services.web.image"
        raise Refused(f"expected a path such as {such}, found {found}")
    parts = parse_path(path)
    if len(parts) > _DEEPEST:
        raise Refused(f"a path has at most {_DEEPEST} parts, this one has {len(parts)}")
    simple = all(part.pattern is None and not part.selects for part in parts)
    if op == "delete":
        if not simple:
            raise Refused(
                "cannot delete by a path with wildcards, # or @; put \\ before what is meant as text"
            )
        return _deleted(document, parts), ""
    if any(part.selects for part in parts):
        raise Skipped("#, @ and | select nothing here; put \\ before them if they are meant as text")
    if not simple:
        parts = _matched(document, parts)
    if strict:
        _refuse_what_fits_not(document, parts, patch)
    return _set(document, parts, _with_text_keys(patch.get("value")))


def _with_text_keys(value: object) -> object:
    """``value`` with keys that are text, as all keys of a Compose file are (``{80: x}``)."""
    if isinstance(value, Mapping):
        return {_key_text(key): _with_text_keys(item) for key, item in value.items()}
    return [_with_text_keys(item) for item in value] if isinstance(value, list) else value


def _key_text(key: object) -> str:
    text = words.scalar_text(key)
    return "null" if text is None else text


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


def _matched(document: object, parts: list[Part]) -> list[Part]:
    """``parts`` with each wildcard replaced by the first name that matches; only what is there is found."""
    found = []
    node = document
    for part in parts:
        if isinstance(node, Mapping):
            pattern = part.pattern or re.escape(part.text)
            name = next((key for key in sorted(node) if re.fullmatch(pattern, key, re.DOTALL)), None)
            if name is None:
                raise Skipped(f"nothing matches {part.text!r}, so nothing is set")
            found.append(Part(name, key=True))
            node = node[name]
        elif isinstance(node, list) and part.place is not None and part.place < len(node):
            found.append(part)
            node = node[part.place]
        else:
            raise Skipped(f"nothing matches {part.text!r}, so nothing is set")
    return found


def _set(node: object, parts: list[Part], value: object) -> tuple[object, str]:
    """``node`` with ``value`` at ``parts``, and a warning or "".  Missing mappings and lists are made."""
    if not parts:
        return value, ""
    part, rest = parts[0], parts[1:]
    if isinstance(node, list) or (not isinstance(node, Mapping) and part.place is not None):
        known = list(node) if isinstance(node, list) else []
        if part.place is None:
            raise Refused(f"expected a number for the place in a list, found {part.text!r}")
        place = len(known) if part.place == -1 else part.place
        if place > len(known) + _LARGEST_GAP:
            raise Refused(f"place {place} is too far past the end of a list of {len(known)}")
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


def _refuse_what_fits_not(document: object, parts: list[Part], patch: Mapping[str, object]) -> None:
    if "value" not in patch:
        raise Refused("there is no value to set; to remove what is there, say op: delete")
    node, so_far = document, ""
    for part in parts:
        if isinstance(node, list):
            place = part.place
            if place is not None and place > len(node):
                known = f"{so_far or 'the list'} has {words.count(len(node), 'item')}"
                raise Refused(f"{known}, so {place} is past the end")
            node = node[place] if place is not None and -1 < place < len(node) else None
        elif isinstance(node, Mapping):
            node = node.get(part.text)
        elif node is not None:
            raise Refused(f"{so_far} is {words.kind(node)}, which has nothing below it")
        so_far += f".{part.text}" if so_far else part.text


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
