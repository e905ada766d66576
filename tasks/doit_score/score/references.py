"""Texts that stand for a key of a Secret or a ConfigMap: a password goes by one from an output to where it
is used.

Such a text is the name of the object and the key, joined by ``_`` and between two marks: those of Secrets are
score-k8s's, so that its provisioner files and its state say the same here.  In a variable it becomes a
``valueFrom``, in a file a volume; what is left anywhere else would reach the cluster as it stands, and is an
error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from doit_score.text import nested
from doit_score.text.light import NamedTuple

_CLOSED = "\N{SPEECH BALLOON}"
_MARKS = {"Secret": "\N{CLOSED LOCK WITH KEY}", "ConfigMap": "\N{SCROLL}"}
_MARKED = re.compile(
    "|".join(f"{mark}{_CLOSED}(?P<{kind}>.*?){_CLOSED}{mark}" for kind, mark in _MARKS.items()), re.DOTALL
)
_KEY = re.compile(r"[-._a-zA-Z0-9]{1,253}")
_OBJECT = re.compile(r"[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?")
# FNV-1 with 128 bits.
_OFFSET, _PRIME = 0x6C62272E07BB014262B821756295C58D, 0x0000000001000000000000000000013B


class Reference(NamedTuple):
    """The key of a Secret or a ConfigMap, by the kind and name of that."""

    kind: str
    name: str
    key: str

    def text(self) -> str:
        """What stands for it.  Raises ValueError for what no object or key can be called."""
        if not _OBJECT.fullmatch(self.name):
            raise ValueError(f"no {self.kind} can be called {self.name!r}: use a-z, 0-9, '-' and '.'")
        if not _KEY.fullmatch(self.key):
            what = f"no key of a {self.kind} can be called"
            raise ValueError(f"{what} {self.key!r}: use letters, digits, '-', '_' and '.'")
        mark = _MARKS[self.kind]
        return f"{mark}{_CLOSED}{self.name}_{self.key}{_CLOSED}{mark}"

    def variable(self) -> str:
        """The name of the variable by which a longer text has it, which is the one of score-k8s."""
        from base64 import urlsafe_b64encode

        found = _OFFSET
        for byte in (self.name + self.key).encode():
            found = (found * _PRIME) % 2**128 ^ byte
        letters = urlsafe_b64encode(found.to_bytes(16, "big")).decode().rstrip("=")
        return "__ref_" + letters.replace("-", "0").replace("_", "0")

    def source(self) -> dict[str, object]:
        """The ``valueFrom`` of a variable."""
        field = "secretKeyRef" if self.kind == "Secret" else "configMapKeyRef"
        return {field: {"name": self.name, "key": self.key}}

    def volume(self, path: str, mode: int | None) -> dict[str, object]:
        """The volume that has it as the file ``path``."""
        item: dict[str, object] = {"key": self.key, "path": path}
        if mode is not None:
            item["mode"] = mode
        if self.kind == "Secret":
            return {"secret": {"secretName": self.name, "items": [item]}}
        return {"configMap": {"name": self.name, "items": [item]}}


def split(text: str) -> list[str | Reference]:
    """``text`` as what is text and what stands for something else, in order.  No text of it is empty.

    What has the marks and no name in it is text.
    """
    found: list[str | Reference] = []
    end = 0
    if _CLOSED in text:
        for match in _MARKED.finditer(text):
            kind = match.lastgroup or ""
            name, joined, key = match[kind].partition("_")
            if joined:
                found += (text[end : match.start()], Reference(kind, name, key))
                end = match.end()
    return [one for one in (*found, text[end:]) if one]


def unresolved(value: object) -> Iterator[tuple[str, Reference]]:
    """Every reference that is left in ``value``, with its path: ``.spec.containers.0.args.1``."""
    for path, text in nested.texts_in(value):
        yield from ((path, one) for one in split(text) if isinstance(one, Reference))
