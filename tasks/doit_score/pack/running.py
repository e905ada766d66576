"""The tasks up, down, status and logs.

A bare `doit` runs every task unless the dodo.py sets `default_tasks`.  Nobody wants containers to be
started by that, nor to be removed right after, so these tasks run only if somebody asks for them: by
name, by `default_tasks`, or as a dependency of another task.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence

from doit.dependency import UptodateCalculator
from doit.exceptions import TaskFailed

from doit_score.engine.settings import Settings
from doit_score.pack.parameters import parameters
from doit_score.pack.uptodate import is_only_told
from doit_score.text import words
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING
from doit_score.text.messages import Say, text_of

if TYPE_CHECKING:
    from doit.task import Task

    from doit_score.running import Verbs as Running


class Verbs:
    """The verbs as doit's actions.  What does the work is imported when one runs."""

    def __init__(self, settings: Settings, say: Say, *, terminal: bool) -> None:
        self._settings = settings
        self._say = say
        self._terminal = terminal
        self._made: Running | None = None

    @property
    def _running(self) -> Running:
        from doit_score.running import verbs

        if self._made is None:
            self._made = verbs(self._settings, self._say, terminal=self._terminal)
        return self._made

    def is_current(self) -> bool:
        """Whether the engine runs the project; False as well if that cannot be told."""
        return self._running.is_current()

    def tell(self) -> None:
        """Says how to reach what the resources made."""
        from doit_score.running import reaching

        reaching.tell(self._settings.state_dir, self._say)

    def up(self, force: bool = False, asked: bool = True) -> TaskFailed | None:
        """Brings the engine to the project."""
        return done(lambda: self._running.up(force=force), self.tell) if asked else None

    def down(self, volumes: bool = False, force: bool = False, asked: bool = True) -> TaskFailed | None:
        """Removes the containers of the project; with ``volumes`` its data too.  Fits a `teardown`."""
        return done(lambda: self._running.down(volumes=volumes, force=force)) if asked else None

    def status(self, format: str = "table", asked: bool = True) -> TaskFailed | None:
        """Prints how each service of the project does."""
        return done(lambda: self._running.show_status(format), self.tell) if asked else None

    def logs(
        self, names: Sequence[str] | None = None, follow: bool = False, tail: str = "", asked: bool = True
    ) -> TaskFailed | None:
        """Prints what the containers have printed."""
        return done(lambda: self._running.logs(names or (), follow=follow, tail=tail)) if asked else None


def tasks(verbs: Verbs, prefix: str) -> Iterator[dict[str, object]]:
    """The tasks."""
    yield {
        "basename": f"{prefix}up",
        "doc": "start the project, and what changed of it, and wait until it is up",
        "actions": [verbs.up],
        "params": parameters("up", "force"),
        "task_dep": [f"{prefix}generate"],
        "uptodate": [_Asked(verbs.is_current, "the engine runs exactly this project", verbs.tell)],
        "title": _title,
        "verbosity": 2,
    }
    yield {
        "basename": f"{prefix}down",
        "doc": "remove the containers of the project; with --volumes its data too",
        "actions": [verbs.down],
        "params": parameters("down", "volumes", "force"),
        **_when_asked(),
    }
    yield {
        "basename": f"{prefix}status",
        "doc": "show how each workload and resource does",
        "actions": [verbs.status],
        "params": parameters("status", "format"),
        **_when_asked(),
    }
    yield {
        "basename": f"{prefix}logs",
        "doc": "show what containers print: `logs [--follow] [--tail N] [WORKLOAD...]`",
        "actions": [verbs.logs],
        "params": parameters("logs", "follow", "tail"),
        "pos_arg": "names",
        **_when_asked(),
    }


def _when_asked() -> dict[str, object]:
    return {"uptodate": [_Asked(None, "somebody asked for it")], "title": _title, "verbosity": 2}


class _Asked(UptodateCalculator):  # type: ignore[misc]  # doit has no types
    """Up to date if nobody asked for the task; else if ``holds`` says so, which None never does, and
    ``tell`` then tells what there is to tell of it."""

    def __init__(
        self, holds: Callable[[], bool] | None, text: str, tell: Callable[[], None] | None = None
    ) -> None:
        super().__init__()
        self._holds = holds
        self._text = text
        self._tell = tell

    def __call__(self, task: Task, values: dict[str, object]) -> bool:
        only_told = is_only_told()
        if not only_told and not self._is_asked_for(task):
            # `doit --always-execute` runs the action all the same.
            task.init_options()
            task.options["asked"] = False
            return True
        holds = self._holds is not None and self._holds()
        if holds and self._tell is not None and not only_told:
            self._tell()
        return holds

    def _is_asked_for(self, task: Task) -> bool:
        # doit parses the options of tasks that are named, on the command line or in default_tasks, before
        # any task runs.
        if task.options is not None:
            return bool(task.options.get("asked", True))
        return any(
            task.name in (*other.task_dep, *other.setup_tasks, *other.calc_dep)
            for other in self.tasks_dict.values()
        )

    def __repr__(self) -> str:
        return self._text


def _title(task: Task) -> str:
    asked = task.options is None or task.options.get("asked", True)
    return str(task.name) if asked else f"{task.name} (only runs if it is asked for: `doit {task.name}`)"


def done(*steps: Callable[[], None]) -> TaskFailed | None:
    """Does it: an error is doit's failure with our text, without a traceback."""
    try:
        for step in steps:
            step()
    except ScoreError as error:
        return TaskFailed(words.harmless(text_of(error)))
    except UnicodeEncodeError:
        if sys.getfilesystemencoding() != "ascii":
            raise
        return TaskFailed(
            "a Score file names a file in letters that this locale does not have: set PYTHONUTF8=1"
        )
    return None
