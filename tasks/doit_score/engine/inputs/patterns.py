"""Which paths globs would find, also of files that are still to be made."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterable

from doit_score.engine.inputs.discover import canonical_path


def matched(path: str, patterns: Iterable[str]) -> str | None:
    """``path`` as the first of the globs and names that matches it finds it; None if none does.

    It need not exist yet.
    """
    for pattern in map(canonical_path, patterns):
        name = os.path.basename(pattern)
        # Most paths differ in the last part: no need to take them apart.
        if name != "**" and not fnmatch.fnmatchcase(os.path.basename(path), name):
            continue
        spelled = os.path.abspath(path) if os.path.isabs(pattern) else os.path.relpath(path)
        if _parts_match(spelled.split(os.sep), pattern.split(os.sep)):
            return spelled
    return None


def _parts_match(parts: list[str], patterns: list[str]) -> bool:
    """As ``glob`` matches: ``**`` is any number of directories, and no star stands for a leading dot."""
    if not patterns:
        return not parts
    first, *rest = patterns
    if first == "**":
        if _parts_match(parts, rest):
            return True
        return bool(parts) and not parts[0].startswith(".") and _parts_match(parts[1:], patterns)
    if not parts or (parts[0].startswith(".") and not first.startswith(".")):
        return False
    return fnmatch.fnmatchcase(parts[0], first) and _parts_match(parts[1:], rest)
