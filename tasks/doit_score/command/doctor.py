"""The verb `doctor`: what is there of what the project takes, and what to do about the rest."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from functools import partial

from doit_score.command import flags
from doit_score.command.surroundings import FAULTY, MISSING, OK, Finding, Machine, extras
from doit_score.options import TARGETS
from doit_score.store import lock
from doit_score.store.meta import Meta
from doit_score.store.state import exists, open_state
from doit_score.text import tables, terminal
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING
from doit_score.text.secrets import Masking

if TYPE_CHECKING:
    from types import SimpleNamespace

_MOUNTS = "/proc/self/mountinfo"
# Where SQLite's locks and shared memory do not reach the other machines that have the file too.
_REMOTE = (
    "9p",
    "afs",
    "ceph",
    "cifs",
    "fuse.glusterfs",
    "fuse.s3fs",
    "fuse.sshfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
)
_COLOURS = {OK: terminal.GREEN, MISSING: terminal.YELLOW, FAULTY: terminal.RED}


def run(chosen: SimpleNamespace) -> int:
    """Prints what was found; returns the exit status: 1 if anything that is needed is not there."""
    settings = flags.settings(chosen)
    meta, state = _state(chosen.state_dir)
    machine = Machine(
        settings.target or meta.target or TARGETS[0],
        settings.context or meta.context or "",
        {**os.environ, **settings.environment},
    )
    found = [_masked(one) for one in [*_asked(machine), *extras(), *state, *_place(chosen.state_dir)]]
    missing = [one for one in found if one.needed and one.state != OK]
    sys.stdout.write(
        tables.answer(
            chosen.format,
            table=lambda: _table(found),
            records=lambda: [_record(one) for one in found],
            names=lambda: [one.name for one in missing],
        )
    )
    return 1 if missing else 0


def _asked(machine: Machine) -> list[Finding]:
    from concurrent.futures import ThreadPoolExecutor

    questions = machine.questions()
    with ThreadPoolExecutor(len(questions)) as pool:
        return list(pool.map(lambda ask: ask(), questions))


def _table(found: list[Finding]) -> str:
    rows = [(one.name, _state_of(one), one.found, one.advice) for one in found]
    paint = {"STATE": lambda text: terminal.painted(text, _COLOURS[text.split()[0]])}
    return tables.shown(("WHAT", "STATE", "FOUND", "WHAT TO DO"), rows, paint=paint)


def _state_of(one: Finding) -> str:
    return one.state if one.needed or one.state == OK else f"{one.state} (not needed)"


def _record(one: Finding) -> dict[str, object]:
    return {
        "Name": one.name,
        "State": one.state,
        "Needed": one.needed,
        "Found": one.found,
        "Advice": one.advice,
    }


def _masked(one: Finding) -> Finding:
    """What programs say may have a password in it: that of a proxy, or in an address."""
    mask = Masking({}).loose
    return one._replace(found=mask(one.found), advice=mask(one.advice))


def _state(state_dir: str) -> tuple[Meta, list[Finding]]:
    """What the state remembers, and whether it can be read."""
    name = "state"
    try:
        lock.check_ours(state_dir)
        if not exists(state_dir):
            advice = "`doit-score init` or the first `generate` makes it"
            return Meta({}), [
                Finding(name, MISSING, f"there is none in '{state_dir}' yet", advice, needed=False)
            ]
        with open_state(state_dir) as state:
            return state.meta(), [Finding(name, OK, f"in '{state_dir}'")]
    except ScoreError as error:
        problem = error.problems[0]
        return Meta({}), [Finding(name, FAULTY, f"'{state_dir}': {problem.message}", problem.hint or "")]


def _place(state_dir: str) -> Iterator[Finding]:
    """Whether the state directory can be written, where it is, and whether another run has it."""
    name, place = "state directory", os.path.abspath(state_dir)
    while not os.path.lexists(place):
        place = os.path.dirname(place)
    problem = partial(Finding, name, FAULTY)
    if not os.path.isdir(place) or not os.access(place, os.W_OK | os.X_OK):
        yield problem(
            f"'{place}' cannot be written", "give yourself the right, or name another: --state-dir DIR"
        )
    elif os.statvfs(place).f_bavail == 0:
        yield problem(f"there is no space left at '{place}'", "make some")
    elif kind := remote_kind(place):
        yield problem(
            f"'{place}' is on a file system of another machine ({kind})",
            "name one on a disk of this machine: --state-dir DIR",
        )
    else:
        yield Finding(name, OK, "can be written, and is on this machine")
    yield _lock(state_dir)


def remote_kind(place: str, mounts: str = _MOUNTS) -> str:
    """The kind of file system at ``place`` if it is one of another machine; empty if not, or if it cannot be
    told here."""
    found = "", ""
    try:
        with open(mounts, encoding="utf-8", errors="surrogateescape") as file:
            for line in file:
                before, _, after = line.partition(" - ")
                point = before.split()[4].encode("latin-1", "replace").decode("unicode_escape")
                # The last of those that are at the same place is the one that is seen.
                if (
                    len(point) >= len(found[0])
                    and os.path.commonpath([point, os.path.realpath(place)]) == point
                ):
                    found = point, after.split()[0]
    except (OSError, ValueError, IndexError):
        return ""
    return found[1] if found[1] in _REMOTE else ""


def _lock(state_dir: str) -> Finding:
    """The lock of the state; one that is held is no fault, but may be what somebody waits for."""
    try:
        descriptor = os.open(os.path.join(state_dir, lock.LOCK_NAME), os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return Finding("lock", OK, "free")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        advice = "wait for that process, or end it"
        return Finding("lock", FAULTY, f"held by {lock.holder(state_dir)}", advice, needed=False)
    finally:
        os.close(descriptor)
    return Finding("lock", OK, "free")
