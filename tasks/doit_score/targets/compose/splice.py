"""New entries in the text of a Compose project, in the place of those of before."""

from __future__ import annotations

from collections.abc import Iterable

from doit_score.targets import Entry


def splice(text: bytes, before: Iterable[Entry], now: Iterable[Entry]) -> bytes | None:
    """``text`` with the services of ``now`` in it; None if one of those of ``before`` is not found."""
    start = text.find(b"\nservices:\n")
    new = {entry.name: entry.text.encode() for entry in now}
    for entry in before:
        old = entry.text.encode()
        if new[entry.name] == old:
            continue
        at = text.find(b"\n" + old, start)
        if start < 0 or at < 0 or not _ends(text, at + 1 + len(old)):
            return None
        text = b"".join((text[: at + 1], new[entry.name], text[at + 1 + len(old) :]))
    return text


def _ends(text: bytes, end: int) -> bool:
    """Whether an entry of a section ends at ``end``: a port that was published may have made it longer."""
    rest = text[end : end + 3]
    return rest == b"" or rest[:1] not in b" \n" or (rest[:2] == b"  " and rest[2:] not in (b" ", b""))
