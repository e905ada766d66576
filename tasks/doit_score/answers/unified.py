"""Changes of files as a unified diff, without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doit_score.engine.difference import Change, Difference
from doit_score.text.secrets import Masking
from doit_score.text.terminal import BOLD, CYAN, GREEN, RED, painted

_CONTEXT = 3
_HEAD = re.compile(r"@@ -(\d+)((?:,\d+)?) \+(\d+)((?:,\d+)?) @@")


def texts_of(found: Difference) -> list[str]:
    """The text of each change."""
    raw = [list(_of_change(change)) for change in found.changes]
    everything = "".join(line for lines in raw for line in lines)
    mask = Masking(dict(found.marks)).within(everything)
    return ["".join(map(mask.line, lines)) for lines in raw]


def in_colour(text: str) -> str:
    """A unified diff, painted: what goes, what comes, and where."""
    lines, found, left = text.splitlines(keepends=True), [], 0
    for line in lines:
        head = _HEAD.match(line)
        if head:
            left = sum(int(count[1:] or 1) if count else 1 for count in (head[2], head[4]))
            found.append(painted(line, CYAN))
        elif left > 0:
            left -= 2 if line.startswith(" ") else not line.startswith("\\")
            found.append(painted(line, {"-": RED, "+": GREEN}.get(line[:1], "")))
        else:
            found.append(painted(line, "" if line.startswith("\\") else BOLD))
    return "".join(found)


def _of_change(change: Change) -> Iterator[str]:
    path = change.path
    yield from _of_place(change)
    if change.what == "directory" or (change.old is None and change.new is None):
        return
    old, new = (_decoded(content) for content in (change.old, change.new))
    if old is None or new is None:
        yield f"the contents of '{path}' differ, and are no text\n"
        return
    if old == new and change.old is not None and change.new is not None:
        return
    yield f"--- {'/dev/null' if change.old is None else path}\n"
    yield f"+++ {'/dev/null' if change.new is None else path}\n"
    yield from _hunks(_lines(old), _lines(new))


def _of_place(change: Change) -> Iterator[str]:
    """What becomes of the path, beside its content."""
    path, what = change.path, change.what
    if change.link is not None:
        done = "removed" if change.new is None else "replaced"
        yield f"symbolic link '{path}' -> '{change.link}' would be {done}\n"
    if change.new_mode is None:
        if change.link is None:
            yield f"{what} '{path}' would be removed\n"
    elif change.old_mode is None:
        yield f"{what} '{path}' would be made, with mode {change.new_mode:04o}\n"
    elif change.old_mode != change.new_mode:
        yield f"mode of '{path}' would be {change.new_mode:04o}, is {change.old_mode:04o}\n"


def _decoded(content: bytes | None) -> str | None:
    """The text of a file, empty for one that is not there; None if it is no text."""
    if content is None:
        return ""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _lines(text: str) -> list[str]:
    found = [f"{line}\n" for line in text.split("\n")]
    last = found.pop()
    if last != "\n":
        found.append(f"{last}\\ No newline at end of file\n")
    return found


def _hunks(old: list[str], new: list[str]) -> Iterator[str]:
    """The hunks of a unified diff.  What is alike at both ends is left out first: there may be much of it."""
    import difflib

    shorter = min(len(old), len(new))
    start = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    end = next((i for i in range(shorter - start) if old[-1 - i] != new[-1 - i]), shorter - start)
    start, end = max(start - _CONTEXT, 0), max(end - _CONTEXT, 0)
    lines = difflib.unified_diff(
        old[start : len(old) - end], new[start : len(new) - end], n=_CONTEXT, lineterm="\n"
    )
    for number, line in enumerate(lines):
        if number < 2:
            continue  # the names, which are told already
        yield _moved(line, start) if line.startswith("@@") else line


def _moved(head: str, by: int) -> str:
    """The head of a hunk, with lines counted from the start of the file."""
    found = _HEAD.match(head)
    assert found is not None
    first, many, second, more = found.groups()
    return f"@@ -{int(first) + by}{many} +{int(second) + by}{more} @@\n"
