"""Paths on the command line are from where the user stands, which may be below the project."""

from __future__ import annotations

import os
from collections.abc import Callable

from doit_score.options import PATH, PATHS, Option, options_of
from doit_score.text.light import TYPE_CHECKING

if TYPE_CHECKING:
    from types import SimpleNamespace


def rebase(chosen: SimpleNamespace, root: str) -> None:
    """Has every path that was said from the working directory be one from ``root``."""

    def moved(path: str) -> str:
        if not path or path == "-" or os.path.isabs(path):
            return path
        return os.path.relpath(path, root) + ("/" if path.endswith("/") else "")

    for option in options_of(chosen.command):
        if option.chosen in chosen.said and (move := _move(option, moved)):
            value = getattr(chosen, option.chosen)
            found = list(map(move, value)) if option.is_repeatable else move(value)
            setattr(chosen, option.chosen, found)


def _move(option: Option, moved: Callable[[str], str]) -> Callable[[str], str] | None:
    """What makes of a value what it is from elsewhere; None if it names no file."""

    def if_there(value: str) -> str:
        return moved(value) if os.path.exists(value) else value

    def unless_elsewhere(value: str) -> str:
        return value if "://" in value else moved(value)

    def of_build(value: str) -> str:
        container, equals, context = value.partition("=")
        return f"{container}{equals}{_of_section(context, moved)}"

    return {
        "URI": unless_elsewhere,
        "FILE|TYPE": if_there,
        "NAME": if_there if chosen_of(option) in ("graph", "why") else None,
        "CONTAINER=DIR": of_build,
    }.get(option.metavar, moved if option.kind in (PATH, PATHS) else None)


def chosen_of(option: Option) -> str:
    """The only verb of an option, if it has just one."""
    return option.verbs[0] if len(option.verbs) == 1 else ""


def _of_section(context: str, moved: Callable[[str], str]) -> str:
    """The same of what --build takes: a directory, or a build section in JSON that names one."""
    if not context.startswith("{"):
        return context if "://" in context else moved(context)
    import json

    try:
        section = json.loads(context)
    except ValueError:
        return context  # which is told by who reads it
    named = section.get("context", ".")
    if isinstance(named, str) and "://" not in named:
        section["context"] = moved(named)
    return json.dumps(section)
