"""What doit asks of our tasks before it runs them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Sequence

from doit.dependency import UptodateCalculator

from doit_score.engine.inputs.patterns import matched
from doit_score.engine.run import Engine
from doit_score.pack.images import TaskImages
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from doit.task import Task


def is_only_told() -> bool:
    """Whether doit was asked to tell about tasks, and is to do nothing."""
    return sys.argv[1:2] in (["list"], ["info"])


class Check:
    """A question to the engine as doit asks it.  `doit info` prints it where the answer is no."""

    def __init__(self, holds: Callable[[], bool], text: str) -> None:
        self._holds = holds
        self._text = text

    def __call__(self) -> bool:
        try:
            return self._holds()
        except ScoreError:
            return False  # The task meets the same error, and can tell of it.

    def __repr__(self) -> str:
        return self._text


class HandedImages(UptodateCalculator):  # type: ignore[misc]  # doit has no types
    """Hands the images that the tasks of the dodo.py have made to the action, and decides nothing.

    They are an option, which reaches the action in a process of its own too; a text tells why there are none.
    """

    def __init__(self, images: TaskImages) -> None:
        super().__init__()
        self._images = images

    def setup(self, dep_manager: Any, tasks_dict: dict[str, Task]) -> None:
        super().setup(dep_manager, tasks_dict)
        self._values = dep_manager.get_values

    def __call__(self, task: Task, values: dict[str, object]) -> bool | None:
        if self._images:
            task.init_options()
            try:
                task.options["images"] = self._images.resolve(self.tasks_dict, self._values)
            except ScoreError as error:
                task.options["images"] = str(error)
        return None

    def __repr__(self) -> str:
        return "it is known which images tasks have made"


class Current(HandedImages):
    """Whether a run would change nothing, with the images that the tasks of the dodo.py have made."""

    def __init__(self, engine: Engine, images: TaskImages) -> None:
        super().__init__(images)
        self._engine = engine

    def setup(self, dep_manager: Any, tasks_dict: dict[str, Task]) -> None:
        super().setup(dep_manager, tasks_dict)
        self._engine.use_beside(os.path.relpath(dep_manager.name))

    def __call__(self, task: Task, values: dict[str, object]) -> bool:
        super().__call__(task, values)
        if self._images:
            images = task.options["images"]
            if isinstance(images, str):
                return False
            self._engine.use_images(images)
        try:
            return self._engine.is_current()
        except ScoreError:
            return False  # The task meets the same error, and can tell of it.

    def __repr__(self) -> str:
        return "the project is as the last complete run left it"


class HasValues(UptodateCalculator):  # type: ignore[misc]  # doit has no types
    """Whether doit knows the values that other tasks may ask for (`getargs`); a new database has none."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__()
        self._names = names

    def __call__(self, task: Task, values: dict[str, object]) -> bool:
        return {*self._names} <= values.keys()

    def __repr__(self) -> str:
        return "doit knows the values that other tasks may ask for"


class MakersOfInputs(UptodateCalculator):  # type: ignore[misc]  # doit has no types
    """Orders the tasks of a dodo.py that make an input before ours.

    doit knows such an order only for files that exist when the tasks are created, or that are named
    outright and spelled alike; a glob matches nothing that is still to be made.  So this looks at the
    targets of all tasks, and hands those that the globs match to our tasks as further dependencies
    (calc_dep), the files too: they are file_dep of the next run, which is not to take them for new.  That
    is left out beyond ``limit`` files.
    """

    def __init__(
        self, patterns: Sequence[str], found: Collection[str], images: TaskImages, limit: int
    ) -> None:
        super().__init__()
        self._patterns = patterns
        self._found = found
        self._limit = limit
        self._images = images

    def __call__(self, task: Task, values: dict[str, object]) -> bool:
        makers = self._images.makers(self.tasks_dict)
        made: set[str] = set()
        for name, other in self.tasks_dict.items():
            for target in other.targets:
                path = matched(target, self._patterns)
                if path is not None:
                    makers.add(name)
                    made.add(path)
        if len(made.union(self._found)) > self._limit:
            made.clear()
        task.actions[0].kwargs.update(makers=sorted(makers), made=sorted(made))
        return False

    def __repr__(self) -> str:
        return "it is known which tasks make Score files or provisioner files"
