"""Which override brought a value of a Score file, so that its fault is told where it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from doit_score.engine.settings import FileOptions
from doit_score.score.overrides import parse_property
from doit_score.store import files
from doit_score.text import yaml12
from doit_score.text.errors import ScoreError

Place = tuple[str, int | None, int | None]


def place(options: FileOptions, document: object, keys: Sequence[str | int]) -> Place | None:
    """What gave what is at ``keys``: a flag, or overrides, with the place in their file if they are in one;
    None for the Score file itself.

    ``document`` is the Score file without them: what it has not, somebody made on the way to a value.
    Asked for problems only: it reads the overrides file.
    """
    is_made = not _has(document, keys)
    for source in reversed(options.properties):
        prop = parse_property(source)
        path = prop.path[:-1] if prop.delete else prop.path[: len(keys)] if is_made else prop.path
        at = keys if prop.delete else keys[: len(path)]
        if len(path) == len(at) and all(
            part == str(key) or (part == "-1" and isinstance(key, int))
            for part, key in zip(path, at, strict=True)
        ):
            return f"--override-property {source.partition('=')[0]}", None, None
    file = options.overrides_file
    if options.overrides is None or not _gives(options.overrides, keys, is_made):
        return None
    if file is None:  # a dodo.py has them, or they were taken over
        return "the overrides of its Score file", None, None
    try:
        found = yaml12.locate(files.read(file)[0], keys)
    except ScoreError:
        found = None
    return (file, *(found or (None, None)))


def _has(document: object, keys: Sequence[str | int]) -> bool:
    for key in keys:
        if isinstance(document, list):
            document = dict(enumerate(document))
        if not isinstance(document, Mapping) or key not in document:
            return False
        document = document[key]
    return True


def _gives(overrides: object, keys: Sequence[str | int], is_made: bool) -> bool:
    """Whether overrides say what is at ``keys``: mappings are merged, but for what they take away; all else
    replaces."""
    for key in keys:
        if not isinstance(overrides, Mapping):
            return True
        if key not in overrides:
            return False
        overrides = overrides[key]
    return is_made or not isinstance(overrides, Mapping) or None in overrides.values()
