"""Slash-separated paths.  The ``os`` variants are the same: rendering gives the same on every system."""

from __future__ import annotations


def clean(path: str) -> str:
    """The shortest path that means the same, without looking at the file system."""
    rooted = path.startswith("/")
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if kept and kept[-1] != "..":
                kept.pop()
            elif not rooted:
                kept.append(part)
        elif part not in ("", "."):
            kept.append(part)
    return ("/" if rooted else "") + "/".join(kept) or "."


def base(path: str) -> str:
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def directory(path: str) -> str:
    head, slash, _ = path.rpartition("/")
    return clean(head + slash)


def ext(path: str) -> str:
    """The last part's text from its last dot on."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:] if dot >= 0 else ""


def is_abs(path: str) -> bool:
    return path.startswith("/")
