"""What each file is that is to be checked: told by its name, or else by what is in it."""

from __future__ import annotations

import os
from collections.abc import Iterable

from doit_score.engine.inputs.discover import SUFFIX, canonical_path
from doit_score.store import files
from doit_score.text import yaml12
from doit_score.text.errors import ScoreError
from doit_score.text.light import dataclass, field

_SCORE = ("score.yaml", "score.yml")


@dataclass(slots=True)
class Kinds:
    """Files by what they are, each in the order in which they were named."""

    scores: list[str] = field(default_factory=list)
    provisioners: list[str] = field(default_factory=list)
    patches: list[str] = field(default_factory=list)


def told(paths: Iterable[str]) -> Kinds:
    """``paths`` by kind; each counts once.  Raises ScoreError for a file that cannot be read."""
    found = Kinds()
    for path in dict.fromkeys(map(canonical_path, paths)):
        name = os.path.basename(path)
        if name.endswith(SUFFIX):
            found.provisioners.append(path)
        elif name in _SCORE or name.endswith(tuple(f".{one}" for one in _SCORE)):
            found.scores.append(path)
        else:
            _of_content(files.read(path)[0], found).append(path)
    return found


def _of_content(text: bytes, found: Kinds) -> list[str]:
    """A mapping is a Score file, a list with a uri has provisioners; all else is a patch template."""
    try:
        document = yaml12.load(text)
    except ScoreError:
        return found.patches
    if isinstance(document, dict):
        return found.scores
    items = document if isinstance(document, list) else []
    has_uri = any(isinstance(item, dict) and "uri" in item for item in items)
    return found.provisioners if has_uri else found.patches
