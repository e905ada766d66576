"""The tasks up, down, status or ps, logs, exec and restart.

A bare `doit` runs every task unless the dodo.py sets `default_tasks`.  Nobody wants containers to be
started by that, nor to be removed right after, so these tasks run only if somebody asks for them: by
name, by `default_tasks`, or as a dependency of another task.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from doit.dependency import UptodateCalculator
from doit.exceptions import TaskFailed

from doit_score.engine.settings import Settings, check_said
from doit_score.options import ALIASES, TARGETS
from doit_score.pack.parameters import parameters
from doit_score.pack.uptodate import is_only_told
from doit_score.text import words
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING, Any
from doit_score.text.messages import Say, text_of

if TYPE_CHECKING:
    from doit.task import Task

    from doit_score.running import Verbs as Running
    from doit_score.running import Wanted


_ONLY = {
    "name": "names",
    "long": "only",
    "type": list,
    "default": [],
    "help": "bring up this workload, resource or service alone, and what it waits for; may be repeated",
}
"""Words after `up` are other tasks, as in `doit up test`."""


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

    def _check(self, verb: str, said: Mapping[str, object]) -> None:
        """Raises ScoreError for what is not for the target."""
        check_said(verb, said, self._settings.target or TARGETS[0])

    def is_current(self, said: Mapping[str, Any]) -> bool:
        """Whether the engine runs the project as the options of the task have it; False as well if that
        cannot be told."""
        try:
            self._check("up", said)
        except ScoreError:
            return False  # the task meets the same error, and can tell of it
        return self._running.is_current(_wanted(said))

    def tell(self) -> None:
        """Says how to reach what the resources made."""
        from doit_score.running import reaching

        reaching.tell(self._settings.state_dir, self._say)

    def values(self) -> Mapping[str, object]:
        """What other tasks are given: as of `generate`, but with the ports as they are now."""
        from doit_score.engine.values import values

        return {**values(self._settings), "ports": self._running.ports()}

    def up(
        self,
        force: bool = False,
        names: Sequence[str] = (),
        build: bool | None = None,
        pull: str | None = None,
        timeout: float | None = None,
        asked: bool = True,
    ) -> TaskFailed | Mapping[str, object] | None:
        """Brings the engine to the project."""
        if not asked:
            return None
        said = {"names": names, "build": build, "pull": pull, "timeout": timeout, "force": force}
        found: dict[str, object] = {}
        failed = done(
            lambda: self._check("up", said),
            lambda: self._running.up(_wanted(said)),
            self.tell,
            lambda: found.update(self.values()),
        )
        return failed or found

    def down(
        self, volumes: bool = False, force: bool = False, timeout: float | None = None, asked: bool = True
    ) -> TaskFailed | None:
        """Removes the containers of the project; with ``volumes`` its data too.  Fits a `teardown`."""

        def down() -> None:
            self._check("down", {"timeout": timeout})
            self._running.down(volumes=volumes, force=force, timeout=timeout)

        return done(down) if asked else None

    def status(self, format: str = "table", asked: bool = True) -> TaskFailed | None:
        """Prints how each service of the project does."""
        return done(lambda: self._running.show_status(format), self.tell) if asked else None

    def logs(
        self,
        names: Sequence[str] | None = None,
        follow: bool = False,
        tail: str = "",
        since: str = "",
        until: str = "",
        timestamps: bool = False,
        asked: bool = True,
    ) -> TaskFailed | None:
        """Prints what the containers have printed."""
        from doit_score.running import Lines

        def logs() -> None:
            self._check("logs", {"until": until})
            self._running.logs(names or (), Lines(follow, tail, since, until, timestamps))

        return done(logs) if asked else None

    def exec(
        self, words: Sequence[str] | None = None, no_tty: bool = False, asked: bool = True
    ) -> TaskFailed | None:
        """Runs a command in a container: its words after the name, which `--` may be before."""
        if not asked:
            return None
        name, *command = words or [""]
        command = command[1:] if command[:1] == ["--"] else command
        if not command:
            return TaskFailed("expected a name and a command: `doit exec NAME COMMAND...`")
        ended: list[int] = []
        failed = done(lambda: ended.append(self._running.exec(name, command, terminal=not no_tty)))
        if failed is None and any(ended):
            return TaskFailed(f"the command ended with status {ended[0]}")
        return failed

    def restart(
        self, names: Sequence[str] | None = None, timeout: float | None = None, asked: bool = True
    ) -> TaskFailed | None:
        """Restarts containers, and waits until they are well again."""

        def restart() -> None:
            self._check("restart", {"timeout": timeout})
            self._running.restart(names or (), timeout=timeout)

        return done(restart) if asked else None


def _wanted(said: Mapping[str, Any]) -> Wanted:
    from doit_score.running import Wanted

    return Wanted(**{name: said[name] for name in Wanted._fields if name in said})


def tasks(verbs: Verbs, prefix: str) -> Iterator[dict[str, object]]:
    """The tasks."""
    yield {
        "basename": f"{prefix}up",
        "doc": "start the project, and what changed of it, and wait until it is up",
        "actions": [verbs.up],
        "params": [_ONLY, *parameters("up", "force", "build", "pull", "timeout")],
        "task_dep": [f"{prefix}generate"],
        "uptodate": [
            _Asked(verbs.is_current, "the engine runs exactly this project", verbs.tell, verbs.values)
        ],
        "title": _title,
        "verbosity": 2,
    }
    yield {
        "basename": f"{prefix}down",
        "doc": "remove the containers of the project; with --volumes its data too",
        "actions": [verbs.down],
        "params": parameters("down", "volumes", "force", "timeout"),
        **when_asked(),
    }
    for name in ("status", *(alias for alias, verb in ALIASES.items() if verb == "status")):
        yield {
            "basename": f"{prefix}{name}",
            "doc": "show how each workload and resource does",
            "actions": [verbs.status],
            "params": parameters("status", "format"),
            **when_asked(),
        }
    yield {
        "basename": f"{prefix}logs",
        "doc": "show what containers print: `logs [--follow] [--tail N] [WORKLOAD...]`",
        "actions": [verbs.logs],
        "params": parameters("logs", "follow", "tail", "since", "until", "timestamps"),
        "pos_arg": "names",
        **when_asked(),
    }
    yield {
        "basename": f"{prefix}exec",
        "doc": "run a command in a container: `exec WORKLOAD[:CONTAINER] COMMAND...`",
        "actions": [verbs.exec],
        "params": parameters("exec", "no_tty"),
        "pos_arg": "words",
        **when_asked(),
    }
    yield {
        "basename": f"{prefix}restart",
        "doc": "restart containers, and wait until they are well again: `restart [WORKLOAD...]`",
        "actions": [verbs.restart],
        "params": parameters("restart", "timeout"),
        "pos_arg": "names",
        **when_asked(),
    }


def when_asked() -> dict[str, Any]:
    """What makes a task run only if somebody asks for it."""
    return {"uptodate": [_Asked(None, "somebody asked for it")], "title": _title, "verbosity": 2}


class _Asked(UptodateCalculator):  # type: ignore[misc]  # doit has no types
    """Up to date if nobody asked for the task; else if ``holds`` says so, which None never does, and
    the ``values`` are those that doit has saved; ``tell`` then tells what there is to tell of it."""

    def __init__(
        self,
        holds: Callable[[Mapping[str, Any]], bool] | None,
        text: str,
        tell: Callable[[], None] | None = None,
        values: Callable[[], Mapping[str, object]] | None = None,
    ) -> None:
        super().__init__()
        self._holds = holds
        self._text = text
        self._tell = tell
        self._values = values

    def __call__(self, task: Task, values: dict[str, object]) -> bool:
        only_told = is_only_told()
        if not only_told and not self._is_asked_for(task):
            # `doit --always-execute` runs the action all the same.
            task.init_options()
            task.options["asked"] = False
            return True
        holds = self._holds is not None and self._holds(task.options or {})
        if holds and not only_told:
            if self._values is not None and {**values, **self._values()} != values:
                return False
            if self._tell is not None:
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
