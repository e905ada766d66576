"""Paths of the machine in entries of the project: where those of the reference's mounts directory are."""

from __future__ import annotations

import re
from collections.abc import Mapping

_OF_REFERENCE = re.compile(r"(?:\./+)*\.score-compose/+mounts(?=/|$)")
_WITH_PATHS = ("build", "develop", "driver_opts", "env_file", "extends", "file", "label_file", "volumes")
_PATHS = frozenset({"context", "device", "file", "path", "source", "watch"})
"""What has paths below the keys of :data:`_WITH_PATHS`."""


def is_of_reference(path: str) -> bool:
    """Whether ``path`` is the reference's mounts directory, or below it."""
    return _OF_REFERENCE.match(path) is not None


def relocated(entry: Mapping[str, object], directory: str) -> Mapping[str, object]:
    """An entry of a section whose paths below the reference's mounts directory lead below ours.

    A path below ``directory`` that Compose would take for the name of a volume, as it begins with no
    ``.``, is one too.  It is ``entry`` itself if there are none.
    """

    def moved(value: object) -> object:
        if isinstance(value, str):
            theirs = _OF_REFERENCE.match(value)
            return directory + value[theirs.end() :] if theirs else value
        if isinstance(value, (list, tuple)):
            return [moved(one) for one in value]
        if not isinstance(value, Mapping):
            return value
        found = {key: moved(one) if key in _PATHS else one for key, one in value.items()}
        contexts = found.get("additional_contexts")
        if isinstance(contexts, Mapping):
            found["additional_contexts"] = {name: moved(path) for name, path in contexts.items()}
        if found.get("type") == "volume" and f"{found.get('source')}/".startswith(f"{directory}/"):
            found.pop("volume", None)
            found |= {"type": "bind", "bind": {"create_host_path": True}}
        return found

    paths = {key: entry[key] for key in _WITH_PATHS if entry.get(key)}
    changed = {key: to for key, value in paths.items() if (to := moved(value)) != value}
    return {**entry, **changed} if changed else entry
