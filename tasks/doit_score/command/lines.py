"""Lines that are added to a file of the user's, in which all that is there stays."""

from __future__ import annotations

import os
from collections.abc import Sequence

from doit_score.store import files
from doit_score.store.outlets import Outlets


def text_of(path: str, state_dir: str) -> str:
    """What is in the file; empty where there is none.  Raises ScoreError where none may be written."""
    place = Outlets(state_dir).place(path)
    return files.read(place)[0].decode("utf-8", "replace") if os.path.exists(place) else ""


def add(path: str, lines: Sequence[str], state_dir: str, writer: files.Writer) -> None:
    """Adds ``lines`` at the end of the file, which is made if it is not there."""
    place = Outlets(state_dir).place(path)
    present = files.read(place)[0] if os.path.exists(place) else b""
    mode = files.file_mode(place)
    end = b"\n" if present and not present.endswith(b"\n") else b""
    text = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    writer.write([files.NewFile(place, present + end + text, files.usual_mode() if mode is None else mode)])
