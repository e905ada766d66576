"""What score-compose and score-k8s store of a workload, and what that says beyond the Score file.

They store the document of the Score file with all overrides and ``--image`` applied, without what is
empty, and score-compose with dollars doubled in commands.  So what is stored and the file as it is differ
by what was said by flags, and by what was edited since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from doit_score.moving.places import COMPOSE, Tool
from doit_score.score.workload.upgrade import upgrade
from doit_score.text.light import dataclass, field

Values = Mapping[str, object]

PLACEHOLDER_IMAGE = "."
"""The image of a container whose image is said by a flag."""

_COMMANDS = ("args", "command")
_CONTAINER = ("args", "before", "command", "files", "variables", "volumes")
_RESOURCE = ("metadata", "params")
# A dollar at the start, or after two characters of which the first is visible ASCII and the second
# no dollar, if a name or the like follows (cases containers-01 to containers-03).
_DOLLAR = re.compile(r"((?:\A|(?<=[!-~][^$])))\$(?=[A-Za-z0-9_+|{?])", re.DOTALL)
_DOUBLED = re.compile(r"((?:\A|(?<=[!-~][^$])))\$\$(?=[A-Za-z0-9_+|{?])", re.DOTALL)


def stored(document: Values, tool: Tool = COMPOSE) -> dict[str, object]:
    """``document``, an upgraded Score document, as ``tool`` stores it."""
    result = _without_empty(document, ("resources",))
    containers = result.get("containers")
    if isinstance(containers, Mapping):
        result["containers"] = {name: _container(container, tool) for name, container in containers.items()}
    service = result.get("service")
    if isinstance(service, Mapping):
        result["service"] = _without_empty(service, ("ports",))
    resources = result.get("resources")
    if isinstance(resources, Mapping):
        result["resources"] = {
            name: _without_empty(one, _RESOURCE) if isinstance(one, Mapping) else one
            for name, one in resources.items()
        }
    return result


def _without_empty(value: Values, names: Iterable[str]) -> dict[str, object]:
    """``value`` without null, and without those of ``names`` that are empty."""
    return {
        key: item
        for key, item in value.items()
        if item is not None and not (key in names and item in ({}, []))
    }


def _container(value: object, tool: Tool) -> object:
    if not isinstance(value, Mapping):
        return value
    result = _without_empty(value, _CONTAINER)
    for name in _COMMANDS:
        words = result.get(name)
        if isinstance(words, list) and tool.doubles:
            result[name] = [doubled(word) if isinstance(word, str) else word for word in words]
    return result


def doubled(word: str) -> str:
    """``word`` of a command as score-compose stores it."""
    return _DOLLAR.sub(r"\1$$", word)


def _undoubled(word: str) -> str:
    """A word that :func:`doubled` makes ``word`` of."""
    single = _DOUBLED.sub(r"\1$", word)
    return single if doubled(single) == word else word


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a Score file by flags: the image that stands for ``.``, and everything else as a
    document to be merged over the file's (null deletes)."""

    image: str | None = None
    overrides: Values = field(default_factory=dict)


def said(document: object, spec: Values, tool: Tool = COMPOSE) -> Said:
    """What leads from the ``document`` of a Score file, in any form, to the ``spec`` stored of it."""
    raw = document if isinstance(document, Mapping) else {}
    today, _ = upgrade(dict(raw), _ignore, _ignore)
    now = stored(today, tool)
    then = _with_commands(spec, today) if tool.doubles else spec
    image = _image(now, then)
    if image is not None:
        then = _with_placeholders(then, now)
    return Said(image, _patch(raw, _with_commands(now, today) if tool.doubles else now, then))


def _ignore(*_: object, **__: object) -> None:
    """What is wrong with a file is told when its workload is read."""


def leaves(overrides: Values, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The keys of everything that ``overrides`` change, in order."""
    for key, value in sorted(overrides.items(), key=lambda entry: str(entry[0])):
        if isinstance(value, Mapping) and value:
            yield from leaves(value, (*above, str(key)))
        else:
            yield (*above, str(key))


def placeholders(document: object) -> frozenset[str]:
    """The names of the containers whose image is ``.``."""
    return frozenset(name for name, one in _containers(document) if one.get("image") == PLACEHOLDER_IMAGE)


def _containers(document: object) -> Iterator[tuple[str, Values]]:
    containers = document.get("containers") if isinstance(document, Mapping) else None
    if isinstance(containers, Mapping):
        for name, container in containers.items():
            if isinstance(container, Mapping):
                yield str(name), container


def _image(now: Values, then: Values) -> str | None:
    """The image of ``--image``, which all containers got whose image is ``.`` in the file; so if one has
    that still, there was none."""
    waiting = placeholders(now)
    images = {one.get("image") for name, one in _containers(then) if name in waiting}
    image = images.pop() if len(images) == 1 and not placeholders(then) else None
    return image if isinstance(image, str) else None


def _with_placeholders(spec: Values, now: Values) -> Values:
    waiting = placeholders(now)
    containers = {
        name: {**one, "image": PLACEHOLDER_IMAGE} if name in waiting else one
        for name, one in _containers(spec)
    }
    return {**spec, "containers": containers}


def _with_commands(spec: Values, today: Values) -> Values:
    """``spec`` with single dollars in its commands: the words of the file wherever they made it."""
    original = dict(_containers(today))
    changed: dict[str, object] = {}
    for name, container in _containers(spec):
        words = {}
        for key in _COMMANDS:
            stored_words, own = container.get(key), original.get(name, {}).get(key)
            if isinstance(stored_words, list):
                known = own if isinstance(own, list) else []
                words[key] = [_word(word, known) for word in stored_words]
        changed[name] = {**container, **words}
    return {**spec, "containers": changed} if changed else spec


def _word(word: object, known: list[object]) -> object:
    if not isinstance(word, str):
        return word
    for own in known:
        if isinstance(own, str) and _same(doubled(own), word):
            return own
    return _undoubled(word)


def _patch(raw: Values, now: Values, then: Values) -> dict[str, object]:
    """What, merged over ``raw``, makes ``then`` of ``now``, which is ``raw`` in the form of ``then``."""
    changes: dict[str, object] = {}
    for key in {**now, **then}:
        if key not in then:
            changes[key] = None
            continue
        before, after = now.get(key), then[key]
        written = raw.get(key)
        if key in now and isinstance(before, Mapping) and isinstance(after, Mapping):
            # Where the file has a list that was upgraded there is nothing to merge with.
            if isinstance(written, Mapping):
                below = _patch(written, before, after)
                if below:
                    changes[key] = below
            elif not _same(before, after):
                changes[key] = after
        elif key not in now or not _same(before, after):
            changes[key] = after
    return changes


def _same(one: object, other: object) -> bool:
    """Whether two values are one to who wrote the state file, which loses leading line breaks of texts
    (case spec-279) and the point of whole numbers (case provisioners-87)."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, str) and isinstance(other, str):
        return one == other or one.lstrip("\n") == other.lstrip("\n")
    return isinstance(one, bool) == isinstance(other, bool) and one == other
