"""The style and the script of a page, which are files of the package."""

from __future__ import annotations

from importlib.resources import files


def asset(name: str) -> str:
    """The text of a file in ``drawing/files``."""
    return (files("doit_score.drawing") / "files" / name).read_text(encoding="utf-8")
