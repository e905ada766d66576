"""What a run would change on the disk, found out in memory: nothing is written, and nobody waits.

It is the run itself, on a copy of the state and with a sink that takes down the plan instead of doing it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import partial

from doit_score.engine import secrets
from doit_score.engine.inputs.current import look
from doit_score.engine.settings import Settings
from doit_score.engine.stages import disk
from doit_score.engine.stages.generate import generate
from doit_score.engine.stages.provision import provision
from doit_score.engine.stages.session import begin
from doit_score.store import files
from doit_score.store.copies import open_copy
from doit_score.store.state import State
from doit_score.text.errors import ScoreError
from doit_score.text.light import dataclass
from doit_score.text.messages import Say
from doit_score.text.secrets import MADE_UP, MASK, spelled


@dataclass(frozen=True, slots=True)
class Change:
    """What would become of one path.

    ``old`` and ``new`` are what is in the file and what would be, None where there is none;
    ``old_mode`` and ``new_mode`` are permission bits.  ``what`` is "file" or "directory"; ``link`` is
    where a symbolic link leads that is there instead.
    """

    path: str
    what: str
    old: bytes | None
    new: bytes | None
    old_mode: int | None
    new_mode: int | None
    link: str | None = None

    @property
    def would(self) -> str:
        """What would be done to it: make, change or remove."""
        if self.new_mode is None:
            return "remove"
        return "make" if self.old_mode is None and self.link is None else "change"


@dataclass(frozen=True, slots=True)
class Difference:
    """``held`` are the resources whose commands a run would start; ``marks`` are what must not be shown of
    the contents, with what is shown in its place."""

    changes: tuple[Change, ...] = ()
    held: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()


class Told(disk.Disk):
    """Takes down what a run would do, and does nothing."""

    def __init__(self) -> None:
        self.changes: list[Change] = []

    def sweep(self, directories: Iterable[str], mounts: str) -> None:
        pass

    def sweep_secrets(self, state: State) -> None:
        pass

    def write(self, made: disk.Plan, root: str) -> disk.Written:
        self.changes += _changes(made)
        return disk.Written(made.rows, [], [], [])

    def write_env_file(self, path: str, names: Iterable[str]) -> list[str]:
        return []

    def print(self, text: str) -> None:
        pass


def difference(settings: Settings, say: Say, *, commands: bool) -> Difference:
    """What ``generate`` with ``settings`` would change.  Without ``commands`` none is started.

    Raises ScoreError where ``generate`` would.
    """
    from doit_score.templating.functions import DRAWN

    with open_copy(settings.state_dir) as state, secrets.kept_out(partial(secrets.masking, state)):
        settings = settings.owned(state.meta())
        found = look(state, settings)
        if found.holds:
            return Difference()
        state.check()
        known = secrets.known(state)
        drawn: set[str] = set()
        token = DRAWN.set(drawn.add)
        try:
            told = Told()
            session = begin(state, settings, say, look=found, sink=told, commands=commands)
            provision(session)
            held = generate(session).held
        finally:
            DRAWN.reset(token)
        found_again = {text for one in drawn for text in spelled(one)}
        marks = dict.fromkeys(known | secrets.known(state), MASK) | dict.fromkeys(found_again, MADE_UP)
        return Difference(tuple(told.changes), held, tuple(marks.items()))


def _changes(plan: disk.Plan) -> Iterator[Change]:
    """What the plan does, by path; without what is not there anyway."""
    going = [row.path for row in (*plan.in_the_way, *plan.unwanted) if os.path.lexists(row.path)]
    for path, want in plan.to_write.items():
        if want.what == "no directory":
            going += _inside(path)
        elif want.what == "no file":
            going.append(path)
    found = {path: _removed(path) for path in going if path not in plan.directories}
    for path, want in plan.to_write.items():
        if want.what == "file":
            found[path] = _written(path, want)
        elif want.what == "directory":
            mode = files.file_mode(path) if os.path.isdir(path) else None
            found[path] = Change(path, "directory", None, None, mode, want.mode)
    for path in plan.closed:
        found[path] = Change(path, "directory", None, None, files.file_mode(path), files.TREE_MODE)
    for path in sorted(found):
        yield found[path]


def _inside(path: str) -> Iterator[str]:
    if os.path.islink(path) or not os.path.isdir(path):
        yield path
        return
    for folder, _, names in os.walk(path):
        yield folder
        yield from (os.path.join(folder, name) for name in names)


def _removed(path: str) -> Change:
    if os.path.isdir(path) and not os.path.islink(path):
        return Change(path, "directory", None, None, files.file_mode(path), None)
    old, mode, link = _present(path)
    return Change(path, "file", old, None, mode, None, link)


def _written(path: str, want: disk.Wanted) -> Change:
    old, mode, link = _present(want.place(path))
    return Change(path, "file", old, want.content(), mode, want.mode, link)


def _present(path: str) -> tuple[bytes | None, int | None, str | None]:
    """Content and mode of the file at ``path``, and where it leads if it is a link."""
    if os.path.islink(path):
        return None, None, os.readlink(path)
    if not os.path.isfile(path):
        return None, None, None
    try:
        return files.read(path)[0], files.file_mode(path), None
    except ScoreError:
        if not os.path.exists(path):
            return None, None, None  # somebody else was quicker
        raise
