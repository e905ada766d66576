"""The task pack: what a dodo.py author writes, and the doit tasks that come of it.

The only module that imports doit.  Task creators run for ``doit list`` and ``doit info`` too, so
nothing here touches the state before a task is asked whether it is up to date.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from doit.exceptions import InvalidCommand, InvalidDodoFile, TaskFailed

from doit_score import moving
from doit_score.configuring import arguments as configuring
from doit_score.configuring.named import check, named
from doit_score.engine.inputs import discover
from doit_score.engine.run import Engine
from doit_score.engine.settings import Settings
from doit_score.engine.values import Values
from doit_score.options import SCORE, TARGETS, speak_to
from doit_score.pack import drawing, found, owning, questions, running, watching
from doit_score.pack.images import TaskImages, images_of_tasks
from doit_score.pack.interrupted import end_calmly
from doit_score.pack.parameters import parameters
from doit_score.pack.uptodate import Check, Current, HandedImages, HasValues, MakersOfInputs, is_only_told
from doit_score.store.database import state_path
from doit_score.targets import find
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING
from doit_score.text.messages import Say, printer, seen, text_of
from doit_score.text.streams import make_steady

if TYPE_CHECKING:
    from doit.task import Task
    from typing_extensions import Unpack

    from doit_score.configuring.signature import Arguments

# doit checks every file_dep of every task by itself, which costs more than all of ours in a large
# project.  Beyond this many files the tasks name none; what is stale, and which tasks make inputs,
# is found without them (see pack/uptodate.py and engine/inputs/current.py).
FILE_DEP_LIMIT = 2_000


class _NotPrinted(ScoreError, InvalidCommand):  # type: ignore[misc]  # doit has no types
    """An error that doit tells without a traceback, wherever it comes from.

    `doit help TASK` would take InvalidDodoFile for a task that it does not know, and end well.
    """


class Score:
    """Score files to a Docker Compose project that runs, as tasks.

    They are init, provision, render and generate; to run what was generated up, down, status and logs; diff,
    why, graph to draw it, and watch.  All but the first four only run if they are asked for.

    ``name`` is the prefix of the tasks, ``stage`` makes ``stage-generate``.  A dodo.py with several packs
    needs one for all but one of them; output, state directory and project then get it too.  The other
    arguments are told of in docs/options.md; each has a default that suits a repository with Score files
    at its top or one level below.

    Raises doit's InvalidDodoFile with everything that is wrong with the arguments.
    """

    # A misspelt argument is seen by type checkers, and by `configuring.settings`.
    def __init__(self, name: str = "", **arguments: Unpack[Arguments]) -> None:
        make_steady(_NotPrinted)
        end_calmly()
        speak_to(SCORE)
        try:
            settings = configuring.settings(name, arguments)
        except ScoreError as error:
            raise InvalidDodoFile(text_of(error)) from None
        self.name = name
        self._images = TaskImages(settings.images, images_of_tasks(arguments.get("images")))
        self._verbs = running.Verbs(settings, printer(), terminal=seen())
        self.settings = settings
        #: The Compose file, spelled as the task `generate` spells its target.
        self.output = settings.output
        # doit collects an object that has create_doit_tasks.  On the class it would make doit call it
        # for the class too, which every dodo.py imports.
        self.create_doit_tasks = self._tasks
        self._dodo = found.note(self)

    @property
    def dep_file(self) -> str:
        """A place for doit's own database: ``DOIT_CONFIG = {"dep_file": score.dep_file, ...}``.

        It is in the state directory, which asking for this makes, as `init` would.  A damaged database
        is removed, with a notice: it saves doit some work, and nothing else depends on it.

        Raises doit's InvalidDodoFile if the directory cannot be made.
        """
        from doit_score.pack.dep_file import prepare

        try:
            return prepare(self.settings.state_dir, self.settings.lock_timeout)
        except ScoreError as error:
            raise InvalidDodoFile(text_of(error)) from None

    def _tasks(self) -> Iterator[dict[str, object]]:
        """Score files to a Docker Compose project."""
        least = "debug" if os.environ.get("DOIT_SCORE_VERBOSE") else "info"
        prefix = f"{self.name}-" if self.name else ""
        yield from tasks(self.settings, prefix, printer(least), self._images)
        yield from running.tasks(self._verbs, prefix)
        asked = questions.Questions(self.settings, printer(least))
        yield from questions.tasks(asked, prefix, HandedImages(self._images))
        yield from drawing.tasks(self.settings, printer(least), prefix)
        yield from watching.tasks(watching.Watching(self.settings, self._dodo, prefix), prefix)

    def down(self, volumes: bool = False) -> TaskFailed | None:
        """An action that does what the task `down` does, for the ``teardown`` of a task whose ``setup`` is
        `up`."""
        return self._verbs.down(volumes=volumes)


def tasks(settings: Settings, prefix: str, say: Say, images: TaskImages) -> Iterator[dict[str, object]]:
    """The tasks that generate; they name the files that exist as file_dep."""
    engine = Engine(settings, say)
    insisted = named(settings)
    # No more are looked for than it takes to know that there are too many.
    found = {*insisted, *islice(_found(settings), FILE_DEP_LIMIT + 1)}
    inputs = sorted(found) if len(found) <= FILE_DEP_LIMIT else []
    current = Current(engine, images)
    action = partial(_stage, engine, insisted)

    def stage(name: str, doc: str, action: object, after: str, **more: object) -> dict[str, object]:
        return {
            "basename": f"{prefix}{name}",
            "doc": doc,
            "actions": [action],
            "file_dep": inputs,
            "task_dep": [*settings.task_dep, f"{prefix}{after}"],
            "calc_dep": [f"_{prefix}inputs"],
            "uptodate": [current],
            "verbosity": 2,
            **more,
        }

    yield {
        "basename": f"_{prefix}inputs",
        "doc": "find the tasks that make Score files or provisioner files",
        "actions": [(_no_action,)],
        "uptodate": [MakersOfInputs((*_patterns(settings), *insisted), found, images, FILE_DEP_LIMIT)],
    }
    yield {
        "basename": f"{prefix}init",
        "doc": f"make the state directory {settings.state_dir}",
        "actions": [_action(_making(settings, say, engine.init, takes_over=not prefix))],
        "uptodate": [Check(engine.is_initialised, f"'{settings.state_dir}' is the state of this project")],
        "targets": [state_path(settings.state_dir)],
        "verbosity": 2,
    }
    yield stage("provision", "provision the resources whose inputs changed", action(engine.provision), "init")
    yield stage("render", "render the workloads whose inputs changed", action(engine.render), "provision")
    for name in _rendered_alone(settings, prefix):
        doc = f"render the workload {name}, if its inputs changed"
        yield stage(f"render:{name}", doc, action(_rendering(engine, name)), "provision")
    yield stage(
        "generate",
        f"write {settings.output}, provisioning and rendering what changed",
        _generating(engine, insisted),
        "render",
        params=parameters("generate", "force", "forget"),
        # What goes to stdout is asked for each time.
        targets=[find(settings.target or TARGETS[0]).main_file(settings.output)]
        if settings.output != "-"
        else [],
        uptodate=[
            current if settings.output != "-" else False,
            _asks_for_no_more,
            HasValues(Values.__annotations__),
            _telling(engine),
        ],
        clean=[_cleaner(engine)],
    )


def _rendered_alone(settings: Settings, prefix: str) -> Iterator[str]:
    """The workloads that have a task of their own: those that somebody has named.

    A task for each of ten thousand would cost doit more than all that is done.
    """
    start = f"{prefix}render:"
    asked = (argument.removeprefix(start) for argument in sys.argv[1:] if argument.startswith(start))
    yield from dict.fromkeys([*settings.subtasks, *asked])


def _patterns(settings: Settings) -> tuple[str, ...]:
    return (*(settings.workloads or ()), *settings.provisioner_globs)


def _found(settings: Settings) -> Iterator[str]:
    yield from discover.provisioner_files(settings.provisioner_globs, shipped_for=None)
    yield from discover.matches(settings.workloads or ())


def _asks_for_no_more(task: Task, values: dict[str, object]) -> bool:
    options = task.options or {}
    return not (options.get("forget") or options.get("force"))


def _telling(engine: Engine) -> Callable[[], None]:
    """Has those warnings told that stand where nothing has to be done, and decides nothing."""

    def tell() -> None:
        if not is_only_told():
            engine.tell_standing()

    return tell


def _no_action(makers: Sequence[str] = (), made: Sequence[str] = ()) -> dict[str, object]:
    return {"task_dep": list(makers), "file_dep": list(made)}


def _stage(
    engine: Engine, insisted: Sequence[str], stage: Callable[[], None]
) -> Callable[..., TaskFailed | None]:
    """``stage`` as an action that is given the images that were found, or why they were not.

    It begins only if there are all files that were named.
    """

    def whole() -> None:
        check(insisted)
        stage()

    def run(images: Mapping[str, str] | str | None = None) -> TaskFailed | None:
        if isinstance(images, str):
            return TaskFailed(images)
        if images is not None:
            engine.use_images(images)
        return running.done(whole)

    run.__qualname__ = run.__name__ = stage.__name__
    return run


def _rendering(engine: Engine, name: str) -> Callable[[], None]:
    def render() -> None:
        engine.render(name)

    return render


def _making(
    settings: Settings, say: Say, init: Callable[[], None], *, takes_over: bool
) -> Callable[[], None]:
    """``init``, unless the project is another's, after what score-compose left was taken over."""

    def run() -> None:
        owning.refuse(settings)
        if takes_over:
            moving.take_over(settings, say)
        init()

    run.__name__ = init.__name__
    return run


def _action(stage: Callable[[], None]) -> Callable[[], TaskFailed | None]:
    """``stage`` as an action: an error is doit's failure with our text, without a traceback."""

    def run() -> TaskFailed | None:
        return running.done(stage)

    run.__qualname__ = run.__name__ = stage.__name__
    return run


def _generating(engine: Engine, insisted: Sequence[str]) -> Callable[..., TaskFailed | None]:
    def generate(
        images: Mapping[str, str] | str | None = None, force: bool = False, forget: bool = False
    ) -> TaskFailed | Mapping[str, object] | None:
        found: dict[str, object] = {}

        def stage() -> None:
            if force:
                engine.insist()
            engine.generate(forget=forget)
            found.update(engine.values())

        return _stage(engine, insisted, stage)(images) or found

    return generate


def _cleaner(engine: Engine) -> Callable[[bool], TaskFailed | None]:
    def clean(dryrun: bool) -> TaskFailed | None:
        """Remove what was written; the state stays."""

        def remove() -> None:
            for path in engine.written() if dryrun else engine.clean():
                print(f"{'would remove' if dryrun else 'removed'} {path}")

        return running.done(remove)

    clean.__qualname__ = "clean"
    return clean
