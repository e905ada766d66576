"""The files that make up a project for `docker compose`: what is generated, and what users lay over it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple

_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""What Compose looks for, in this order."""

_OVERRIDES = tuple(
    f"{name}.override.{end}" for name in ("compose", "docker-compose") for end in ("yml", "yaml")
)
_SET = (
    r"^[ \t]*(?:export[ \t]+)?{}[ \t]*[=:][ \t]*(?:'([^'\n]*)'|\"([^\"\n]*)\"|([^\n]*?))[ \t]*(?:[ \t]#.*)?$"
)


class _Said(NamedTuple):
    """A value and who said it: the environment, or a file of it."""

    value: str
    where: str


def project_files(output: str, environment: Mapping[str, str]) -> list[str]:
    """The files that `docker compose up` would take where ``output`` is, ``output`` among them.

    That is an override file beside it, or what COMPOSE_FILE names.  Raises ScoreError where COMPOSE_FILE
    names others only: that is another project.
    """
    own = os.path.dirname(output) or "."
    said: _Said | None = None
    for directory in dict.fromkeys((".", own)):
        said = _said("COMPOSE_FILE", directory, environment)
        if said is None:
            continue
        separator = _said("COMPOSE_PATH_SEPARATOR", directory, environment)
        names = [name for name in said.value.split(separator.value if separator else os.pathsep) if name]
        paths = [os.path.normpath(os.path.join(directory, name)) for name in names]
        if os.path.realpath(output) in map(os.path.realpath, paths):
            return paths
    if said is not None:
        raise ScoreError(
            f"COMPOSE_FILE names '{said.value}', and not '{output}', which is what is generated here",
            hint=f"name that too, as in COMPOSE_FILE={output}{os.pathsep}MORE.yaml, or take COMPOSE_FILE out "
            f"of {said.where}",
        )
    return [output, *_override(own, os.path.basename(output))]


def environment_files(output: str, environment: Mapping[str, str]) -> list[str]:
    """The files of which Compose takes variables; not all of them need be there."""
    own = os.path.dirname(output) or "."
    return [path for directory in dict.fromkeys((".", own)) for path in _read_by(directory, environment)]


def value_of(name: str, output: str, environment: Mapping[str, str]) -> str | None:
    """What a variable is for Compose, as it is written in a file; None for nothing, and for an empty text."""
    own = os.path.dirname(output) or "."
    found = (_said(name, directory, environment) for directory in (own, "."))
    return next((said.value for said in found if said is not None), None)


def _override(directory: str, name: str) -> Iterator[str]:
    """The override file that Compose lays over the file ``name``, if it would choose that."""
    if name == next((one for one in _NAMES if os.path.exists(os.path.join(directory, one))), None):
        paths = (os.path.normpath(os.path.join(directory, one)) for one in _OVERRIDES)
        yield from [path for path in paths if os.path.exists(path)][:1]


def _read_by(directory: str, environment: Mapping[str, str]) -> list[str]:
    if environment.get("COMPOSE_DISABLE_ENV_FILE", "").lower() in ("1", "true"):
        return []
    named = [name for name in environment.get("COMPOSE_ENV_FILES", "").split(",") if name]
    return [os.path.join(directory, name) for name in named or [".env"]]


def _said(name: str, directory: str, environment: Mapping[str, str]) -> _Said | None:
    """What is said of a variable; None for nothing, and for an empty text."""
    if environment.get(name):
        return _Said(environment[name], "the environment")
    found = None
    for path in _read_by(directory, environment):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
        except OSError:
            continue  # Compose complains by itself
        for match in map(re.compile(_SET.format(re.escape(name))).match, text.splitlines()):
            if match is None:
                continue
            value = match[1] or match[2] or match[3]
            found = _Said(value, f"'{os.path.normpath(path)}'") if value else None
    return found
