"""Images that tasks of the dodo.py make.

A task tells the name of its image as a value that doit saves: by default the value ``image``, so a
Python action returns ``{"image": "shop/web:1f3a"}``, and a shell command prints it and has
``save_out="image"``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from doit_score.configuring.arguments import task_value
from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError

Values = Callable[[str], Mapping[str, object]]
"""Tells the values that doit has saved of a task."""


class TaskImages:
    """The images of containers, as far as tasks make them.

    ``texts`` are images by container as the dodo.py names them, of which each that is the name of a
    task stands for what that task makes; ``made`` holds (task, name of its value) by container.
    """

    def __init__(self, texts: Mapping[str, str], made: Mapping[str, tuple[str, str]]) -> None:
        self._texts = texts
        self._made = made

    def __bool__(self) -> bool:
        return bool(self._texts or self._made)

    def makers(self, tasks: Mapping[str, object]) -> set[str]:
        """The tasks that have to run before ours, of all ``tasks``."""
        return {name for _, name, _ in self._sources(tasks) if name in tasks}

    def resolve(self, tasks: Mapping[str, object], values: Values) -> dict[str, str]:
        """The image of every container that has one.  Raises ScoreError for all that cannot be told."""
        found = dict(self._texts)
        problems = []
        for container, name, value in self._sources(tasks):
            if name not in tasks:
                message = f"images: there is no task '{name}' that could make the image of '{container}'"
                problems.append(Problem(message, hint=words.near(name, tasks, "")))
                continue
            image = values(name).get(value)
            if isinstance(image, str) and image.strip():
                found[container] = image.strip()
                continue
            problems.append(
                Problem(
                    f"images: the task '{name}' does not tell which image it made for '{container}': "
                    f"it has no value '{value}'",
                    hint=f'let an action return {{"{value}": "NAME:TAG"}}, or print that with '
                    f'CmdAction(..., save_out="{value}")',
                )
            )
        ScoreError.raise_for(problems)
        return found

    def _sources(self, tasks: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
        for container, text in self._texts.items():
            if text in tasks:
                yield container, text, "image"
        for container, (name, value) in self._made.items():
            yield container, name, value


def images_of_tasks(images: object) -> dict[str, tuple[str, str]]:
    """Of the argument ``images``, which has been checked: (task, name of its value) by container.

    A text is not among them: it is the name of an image, unless there is a task of that name.
    """
    found = images.items() if isinstance(images, Mapping) else ()
    made = {key: task_value(value) for key, value in found}
    return {key: value for key, value in made.items() if value is not None}
