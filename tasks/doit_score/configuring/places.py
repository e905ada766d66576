"""Where the project is that somebody means who stands in one of its directories."""

from __future__ import annotations

import os
from collections.abc import Iterator

from doit_score.options import DIRECTORIES
from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple

TOML, PYPROJECT, DODO = "doit-score.toml", "pyproject.toml", "dodo.py"
_TABLE = (b"[tool.doit-score]", b"[tool.doit-score.")
_STATES = ("state/state.db", "state/backup.db", *(f"{name}/state.yaml" for name in DIRECTORIES.values()))
_WRITTEN_BY_ANYBODY = 0o002


class Found(NamedTuple):
    """The directory of a project.

    ``config`` is the TOML file in it that says what the project is; ``has_dodo`` is whether there is a
    dodo.py that uses this tool.
    """

    directory: str
    config: str = ""
    has_dodo: bool = False


def find(*, is_here: bool = False, by_state: bool = True) -> Found:
    """The project of the working directory: the first of it and those above that has a mark of one.

    Marks are what says what a project is, and its state (not that if ``by_state`` is false).  With
    ``is_here`` no other directory is looked at.  If none has any it is the working directory.
    Raises ScoreError if two files say what the project is.
    """
    here = os.getcwd()
    for directory in (here,) if is_here else _upwards(here):
        found = _marked(directory, "" if directory == here else directory)
        if found.config or found.has_dodo:
            return found
        if by_state and any(map(os.path.exists, (os.path.join(found.directory, one) for one in _STATES))):
            return found
    return Found(here)


def _upwards(directory: str) -> Iterator[str]:
    """It, and those above that may be of the same project: as git looks for its own, but no further than a
    repository of git, and not in a home directory or what others write to."""
    yield directory
    device, home, user = os.stat(directory).st_dev, os.path.expanduser("~"), os.geteuid()
    while not os.path.exists(os.path.join(directory, ".git")):
        above = os.path.dirname(directory)
        if above in (directory, home):
            return
        found = os.stat(above)
        if found.st_dev != device or found.st_uid not in (user, 0) or found.st_mode & _WRITTEN_BY_ANYBODY:
            return
        directory = above
        yield directory


def _marked(directory: str, place: str) -> Found:
    """What is said in ``directory``, which is at ``place``."""
    configs = [TOML] if os.path.exists(os.path.join(place, TOML)) else []
    configs += [PYPROJECT] if _has(os.path.join(place, PYPROJECT), *_TABLE) else []
    if len(configs) > 1:
        raise ScoreError(
            f"there is a [tool.doit-score] in '{os.path.join(place, PYPROJECT)}' too",
            path=os.path.join(place, TOML),
            hint="keep one of the two",
        )
    return Found(directory, "".join(configs), _has(os.path.join(place, DODO), b"doit_score"))


def _has(path: str, *texts: bytes) -> bool:
    """Whether one of ``texts`` is in a file; not in one that cannot be read."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return False
    return any(text in content for text in texts)
