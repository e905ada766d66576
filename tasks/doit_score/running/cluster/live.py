"""What `up` would change in a cluster, of what `kubectl diff` says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from doit_score.text.light import NamedTuple

from .kubectl import file_of, names

PROGRAM = {"KUBECTL_EXTERNAL_DIFF": "diff -u -N"}
"""So that what it says does not depend on what the user likes to look at."""
_SECTION = re.compile(r"^diff \S+ .*/(\S+)\n--- .*\n\+\+\+ .*\n", re.MULTILINE)
# What is not there is an empty file, or for a Secret, whose values kubectl does not show, `null`.
_NEW = re.compile(r"@@ -0,0 |@@ -1 \+.*\n-null\n")
_ALL_NEW = re.compile(r"^Only in \S+: (\S+)$", re.MULTILINE)


class Told(NamedTuple):
    """What would become of an object (make, change or remove), and the text that tells it."""

    object: str
    would: str
    text: str


def told(said: str, changed: Iterable[str], gone: Iterable[str]) -> list[Told]:
    """``said`` in our words: objects by their names, of those that are new or go nothing else.

    ``changed`` and ``gone`` are the keys of objects.
    """
    _, *found = _SECTION.split(said)
    bodies: Mapping[str, str] = dict(zip(found[::2], found[1::2], strict=True))
    new = {*_ALL_NEW.findall(said)} | {name for name, body in bodies.items() if _NEW.match(body)}
    told = []
    for one in changed:
        name = file_of(one)
        if name in new:
            told.append(Told(_object(one), "make", f"{names([one])} would be made\n"))
        elif name in bodies:
            head = f"--- {names([one])} in the cluster\n+++ {names([one])} after `up`\n"
            told.append(Told(_object(one), "change", head + bodies[name]))
    return [*told, *(Told(_object(one), "remove", f"{names([one])} would be removed\n") for one in gone)]


def _object(key: str) -> str:
    _, kind, _, name = key.split(" ")
    return f"{kind}/{name}"
