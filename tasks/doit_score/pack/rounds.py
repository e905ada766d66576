"""The process that the task `watch` becomes: it has doit do a round after each save.

An edit of the dodo.py, or of doit, counts for the next round: each is a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from doit_score.pack.interrupted import SAID
from doit_score.text import messages
from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple
from doit_score.text.messages import Say
from doit_score.watching import rounds

_INFO, _DEBUG = "INFO: ", "DEBUG: "
_IS_UP = "' is up: "


class Watched(NamedTuple):
    """What there is to know of a pack to watch it.

    ``dodo`` is its dodo.py; ``generate`` and ``up`` are tasks, the latter empty where it is not wanted;
    ``database`` is doit's own, and ``options`` are what doit is told beside the task.
    """

    dodo: str
    state_dir: str
    generate: str
    up: str
    database: str
    options: tuple[str, ...]


class _Rounds:
    def __init__(self, watched: Watched, say: Say) -> None:
        self._watched = watched
        self._say = say

    def round(self, saved: frozenset[str]) -> None:
        """Has doit generate, and bring the project up if that was asked for."""
        told = self._doit(self._watched.generate)
        if rounds.are_steps(line.removeprefix(_DEBUG) for line in told if line.startswith(_DEBUG)):
            self._say("info", rounds.done(self._watched.state_dir))
        if self._watched.up:
            told = self._doit(self._watched.up)
            # What it tells where all is up already was told before.
            for line in told if any(_IS_UP in line for line in told) else ():
                if line.startswith(_INFO):
                    print(line, file=sys.stderr)

    def _doit(self, task: str) -> list[str]:
        """The lines that it prints.  Raises ScoreError with them if it fails."""
        ran = subprocess.run(
            [
                *(sys.executable, "-m", "doit", "-f", self._watched.dodo, "-d", os.getcwd()),
                *("--reporter", "error-only", *self._watched.options, task),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="surrogateescape",
            env={**os.environ, "DOIT_SCORE_VERBOSE": "1"},
        )
        lines = ran.stdout.splitlines()
        loud = [line for line in lines if not line.startswith((_INFO, _DEBUG))]
        if ran.returncode:
            raise ScoreError("\n".join(loud).strip() or f"`doit {task}` ended with status {ran.returncode}")
        for line in loud:
            print(line, file=sys.stderr)
        return lines


def main(text: str) -> int:
    """Watches; the exit status."""
    *names, options = json.loads(text)
    watched = Watched._make((*names, tuple(options)))
    say = messages.printer()
    try:
        rounds.watch(watched.state_dir, _Rounds(watched, say).round, say, aside=watched.database)
    except ScoreError as error:
        messages.print_error(error)
        return 1
    except KeyboardInterrupt:
        print(SAID, file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
