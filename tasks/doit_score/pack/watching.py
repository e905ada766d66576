"""The task `watch`: a round of doit after each save.

A round is a doit of its own, with the task `generate`, or `up`: so the tasks that make images or Score files
have their turn, and an edited dodo.py counts.  The doit that was asked to watch is replaced by the process
that does: two cannot have doit's database open at once.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence

from doit.exceptions import TaskFailed

from doit_score.engine.settings import Settings
from doit_score.pack.parameters import parameters
from doit_score.pack.running import done, when_asked

_WITH_VALUE = ("--db-file", "--backend")
"""The options of doit that decide where its database is."""
_ROUNDS = "doit_score.pack.rounds"
"""What watches, as a process."""
_DESCRIPTORS = 1 << 16


class Watching:
    """The task's action."""

    def __init__(self, settings: Settings, dodo: Mapping[str, object], prefix: str) -> None:
        self._settings = settings
        self._dodo = dodo
        self._prefix = prefix

    def watch(self, up: bool = False, asked: bool = True) -> TaskFailed | None:
        """Does not return, unless it cannot begin."""
        if not asked:
            return None
        from doit_score.watching import saves

        failed = done(saves.need)
        if failed is not None:
            return failed
        if "MainProcess" not in _process_name():
            return TaskFailed("`watch` cannot be one of several tasks at once: run it without -n")
        up_task = f"{self._prefix}up" if up else ""
        of_doit = _options(sys.argv[1:])
        path = os.path.abspath(str(self._dodo.get("__file__", "dodo.py")))
        database = _database(of_doit, self._dodo.get("DOIT_CONFIG"))
        said = (path, self._settings.state_dir, f"{self._prefix}generate", up_task, database, of_doit)
        sys.stdout.flush()
        sys.stderr.flush()
        # With them goes doit's hold on its database.
        os.closerange(3, min(os.sysconf("SC_OPEN_MAX"), _DESCRIPTORS))
        os.execv(sys.executable, [sys.executable, "-m", _ROUNDS, json.dumps(said)])


def _database(options: Sequence[str], configured: object) -> str:
    """Where doit's own database is, to which it may add an ending."""
    given = [*options, ""]
    for at, word in enumerate(options):
        if word.startswith("--db-file"):
            return word.partition("=")[2] or given[at + 1]
    named = configured.get("dep_file") if isinstance(configured, Mapping) else None
    return str(named or ".doit.db")


def _process_name() -> str:
    multiprocessing = sys.modules.get("multiprocessing.process")
    return multiprocessing.current_process().name if multiprocessing else "MainProcess"


def _options(words: Sequence[str]) -> tuple[str, ...]:
    """What was said to doit that the rounds are to be told too: where its database is, and variables."""
    found: list[str] = []
    waiting = iter(words)
    for word in waiting:
        is_flag = word.startswith("-")
        if word in _WITH_VALUE:
            found += [word, next(waiting, "")]
        elif "=" in word and (word.partition("=")[0] in _WITH_VALUE or not is_flag):
            found.append(word)
    return tuple(found)


def tasks(watching: Watching, prefix: str) -> list[dict[str, object]]:
    """The task."""
    return [
        {
            "basename": f"{prefix}watch",
            "doc": "generate whenever something is saved; with --up bring it up too",
            "actions": [watching.watch],
            "params": parameters("watch", "up"),
            **when_asked(),
        }
    ]
