"""From the arguments of ``Score(...)`` to settings: every mistake is told at once, before anything runs."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable, Mapping

from doit_score.engine.inputs.discover import canonical_path
from doit_score.engine.settings import PROVISIONERS, START_ORDERS, WORKLOADS, FileOptions, Settings
from doit_score.engine.stages.project import check_name, name_of_directory
from doit_score.text import canonical
from doit_score.text.errors import Problem, ScoreError

ARGUMENTS = (
    "workloads",
    "provisioners",
    "default_provisioners",
    "output",
    "state_dir",
    "project",
    "builds",
    "images",
    "overrides",
    "publish",
    "patch_templates",
    "env",
    "strict",
    "hermetic",
    "lock_timeout",
    "start_order",
    "subtasks",
)

# A name begins the names of tasks: one with a dash would look like a flag, one with "_" is not listed.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# What the state directory of the pack without a name has itself: no other pack can have its own there.
_OWN_NAMES = ("lock", "mounts", "running")
_CONTAINER = re.compile(r"([^:]+:)?[^:]+")


def settings(prefix: object, arguments: Mapping[str, object]) -> Settings:
    """The settings for a pack.

    Raises ScoreError with every argument that is misspelt, of a wrong type, or contradicts another.
    """
    return _Reader(arguments).settings(prefix)


def images_of_tasks(images: object) -> dict[str, tuple[str, str]]:
    """Of the argument ``images``, which passed :func:`settings`: (task, name of its value) by container.

    A text is not among them: it is the name of an image, unless there is a task of that name.
    """
    found = images.items() if isinstance(images, Mapping) else ()
    made = {key: task_value(value) for key, value in found}
    return {key: value for key, value in made.items() if value is not None}


def task_value(value: object) -> tuple[str, str] | None:
    """The task that ``value`` stands for, and the name of the value that tells its image; None if none.

    It is the function that creates the task, or what doit's `getargs` takes.
    """
    if callable(value):
        name = getattr(value, "__name__", "")
        return (name.removeprefix("task_"), "image") if name.startswith("task_") else None
    if isinstance(value, (tuple, list)) and len(value) == 2 and all(isinstance(x, str) and x for x in value):
        return value[0], value[1]
    return None


def matched(path: str, patterns: Iterable[str]) -> str | None:
    """``path`` as the first of the globs and names that matches it finds it; None if none does.

    It need not exist yet.
    """
    for pattern in map(canonical_path, patterns):
        name = os.path.basename(pattern)
        # Most paths differ in the last part: no need to take them apart.
        if name != "**" and not fnmatch.fnmatchcase(os.path.basename(path), name):
            continue
        spelled = os.path.abspath(path) if os.path.isabs(pattern) else os.path.relpath(path)
        if _parts_match(spelled.split(os.sep), pattern.split(os.sep)):
            return spelled
    return None


def _parts_match(parts: list[str], patterns: list[str]) -> bool:
    """As ``glob`` matches: ``**`` is any number of directories, and no star stands for a leading dot."""
    if not patterns:
        return not parts
    first, *rest = patterns
    if first == "**":
        if _parts_match(parts, rest):
            return True
        return bool(parts) and not parts[0].startswith(".") and _parts_match(parts[1:], patterns)
    if not parts or (parts[0].startswith(".") and not first.startswith(".")):
        return False
    return fnmatch.fnmatchcase(parts[0], first) and _parts_match(parts[1:], rest)


class _Reader:
    def __init__(self, arguments: Mapping[str, object]) -> None:
        self._arguments = arguments
        self._problems: list[Problem] = []

    def settings(self, name: object) -> Settings:
        self._check_names()
        prefix = self._prefix(name)
        output = self._text("output", f"compose.{prefix}.yaml" if prefix else "compose.yaml")
        state_dir = self._text("state_dir", f"state/{prefix}" if prefix else "state")
        project = self._text("project", "") or None
        if project is None and prefix:
            project = f"{name_of_directory('.')}-{name_of_directory(prefix)}"
        found = Settings(
            state_dir=canonical_path(state_dir),
            output=output if output == "-" else canonical_path(output),
            project=project,
            workloads=self._texts("workloads", WORKLOADS),
            provisioners=self._texts("provisioners", PROVISIONERS),
            default_provisioners=self._flag("default_provisioners", True),
            builds=self._builds(),
            images=self._images(),
            overrides=self._overrides(),
            publish=self._published(),
            patch_templates=tuple(map(canonical_path, self._texts("patch_templates", ()))),
            environment=self._environment(),
            strict=self._flag("strict", False),
            hermetic=self._flag("hermetic", False),
            start_order=self._start_order(),
            lock_timeout=self._seconds("lock_timeout", 60.0),
            subtasks=self._texts("subtasks", ()),
        )
        self._check_paths(found)
        self._check_inputs(found)
        self._check_project(project)
        if self._problems:
            raise ScoreError.of(self._problems, "Score(...) has wrong arguments:")
        return found

    def _problem(self, message: str, hint: str | None = None) -> None:
        self._problems.append(Problem(message, hint=hint))

    def _wrong(self, name: str, expected: str, found: object) -> None:
        self._problem(f"{name}: expected {expected}, found {_kind(found)}")

    def _check_names(self) -> None:
        for name in sorted(self._arguments.keys() - set(ARGUMENTS)):
            import difflib

            close = difflib.get_close_matches(name, ARGUMENTS, 1)
            known = f"did you mean '{close[0]}'?" if close else "known are " + ", ".join(ARGUMENTS)
            self._problem(f"there is no argument '{name}'", known)

    def _prefix(self, name: object) -> str:
        if name == "":
            return ""
        if not isinstance(name, str):
            self._problem(
                f"name: expected a text, found {_kind(name)}",
                "the first argument is the name of the pack; Score files are given as workloads=...",
            )
        elif not _NAME.fullmatch(name):
            self._problem(
                f"name: {name!r} must be letters, digits, '-' and '_', and begin with a letter or digit",
                "the first argument is the name of the pack; Score files are given as workloads=...",
            )
        elif name in _OWN_NAMES and self._arguments.get("state_dir") is None:
            self._problem(
                f"name: the state of a pack {name!r} would be in 'state/{name}', which the pack without a "
                "name uses for something else",
                "choose another name, or give state_dir",
            )
        else:
            return name
        return ""

    def _check_paths(self, found: Settings) -> None:
        if found.output == "-":
            self._problem("output: a task needs a file to write, '-' is for the command", "name a file")
        state, output = os.path.abspath(found.state_dir), os.path.abspath(found.output)
        if _is_in(os.getcwd(), state):
            self._problem(
                f"state_dir: '{found.state_dir}' is the working directory or has it inside, and everything "
                "in it would be for its owner alone",
                "name a directory that has nothing else in it",
            )
        elif _is_in(output, state):
            self._problem(
                f"output: '{found.output}' is in the state directory '{found.state_dir}'",
                "keep what you use and what this tool remembers apart",
            )

    def _check_inputs(self, found: Settings) -> None:
        """That what is written is not read, and that each override is for a Score file."""
        inputs = {
            "workloads": found.workloads or (),
            "provisioners": found.provisioners,
            "patch_templates": found.patch_templates or (),
            "overrides": [o.overrides_file for o in found.overrides.values() if o.overrides_file],
        }
        for name, patterns in inputs.items():
            if matched(found.output, patterns):
                self._problem(
                    f"output: '{found.output}' would be an input of the next run: {name} has it",
                    "give the Compose file another name",
                )
        for path in found.overrides:
            if not matched(path, found.workloads or ()):
                self._problem(
                    f"overrides: '{path}' is not one of the Score files",
                    "workloads are: " + ", ".join(found.workloads or ()),
                )

    def _check_project(self, project: str | None) -> None:
        if project is not None:
            try:
                check_name(project)
            except ScoreError as error:
                self._problems += error.problems

    def _text(self, name: str, default: str) -> str:
        value = self._arguments.get(name)
        if value is None:
            return default
        text = _text_of(value)
        if not text:
            self._wrong(name, "a text that is not empty", value)
            return default
        return text

    def _texts(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self._arguments.get(name)
        if value is None:
            return default
        several = value if isinstance(value, (list, tuple)) else [value]
        expected = "only texts in the list" if several is value else "a text or a list of texts"
        texts: list[str] = []
        for item in several:
            text = _text_of(item)
            if text:
                texts.append(text)
            else:
                self._wrong(name, expected, item)
        if name == "workloads" and not several:
            self._problem(f"{name}: the list is empty, so there would be nothing to do")
        return tuple(texts)

    def _flag(self, name: str, default: bool) -> bool:
        value = self._arguments.get(name, default)
        if not isinstance(value, bool):
            self._wrong(name, "True or False", value)
            return default
        return value

    def _start_order(self) -> str:
        value = self._arguments.get("start_order")
        if value is None:
            return START_ORDERS[0]
        if value not in START_ORDERS:
            self._problem(f"start_order: expected 'wait' or 'direct', found {value!r}")
            return START_ORDERS[0]
        return str(value)

    def _seconds(self, name: str, default: float) -> float:
        value = self._arguments.get(name, default)
        # Only "not a number" differs from itself.
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
            self._wrong(name, "seconds as a number", value)
            return default
        return float(value)

    def _mapping(self, name: str) -> Mapping[object, object]:
        value = self._arguments.get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self._wrong(name, "a dict", value)
            return {}
        return value

    def _environment(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in self._mapping("env").items():
            if not isinstance(key, str) or not key or "=" in key:
                self._problem(f"env: {key!r} is not the name of an environment variable")
            elif not isinstance(value, str):
                self._problem(f"env: expected a text for '{key}', found {_kind(value)}")
            else:
                found[key] = value
        return found

    def _of_containers(self, name: str) -> dict[str, object]:
        """A dict by container, without the keys that are none."""
        found: dict[str, object] = {}
        for key, value in self._mapping(name).items():
            if isinstance(key, str) and _CONTAINER.fullmatch(key):
                found[key] = value
            else:
                self._problem(
                    f"{name}: {key!r} does not name a container",
                    "give 'workload:container', or 'container' for those of every workload",
                )
        return found

    def _images(self) -> dict[str, str]:
        found: dict[str, str] = {}
        builds = self._mapping("builds")
        for key, value in self._of_containers("images").items():
            if key in builds:
                self._problem(f"'{key}' is in builds and in images", "keep one of them")
            elif isinstance(value, str) and value:
                found[key] = value
            elif task_value(value) is None:
                self._problem(
                    f"images: expected an image, a task or (task, name of its value) for '{key}', "
                    f"found {_kind(value)}"
                )
        return found

    def _builds(self) -> dict[str, Mapping[str, object]]:
        found: dict[str, Mapping[str, object]] = {}
        for key, value in self._of_containers("builds").items():
            section = _text_of(value) or value
            if isinstance(value, Mapping):
                section = self._document(f"builds: '{key}'", value)
            elif not isinstance(section, str) or not section:
                self._problem(
                    f"builds: expected a directory or a Compose build section for '{key}', "
                    f"found {_kind(value)}"
                )
                continue
            from doit_score.targets.compose.service import check_build

            checked = check_build(section)
            for problem in (*checked.errors, *checked.warnings):
                self._problem(f"builds: '{key}': {problem.message}")
            found[key] = checked.value
        return found

    def _overrides(self) -> dict[str, FileOptions]:
        found: dict[str, FileOptions] = {}
        for key, value in self._mapping("overrides").items():
            text, source = _text_of(key), _text_of(value)
            path = canonical_path(text) if text else ""
            if not path:
                self._problem(f"overrides: {key!r} does not name a Score file")
            elif path in found:
                self._problem(f"overrides: '{path}' is there more than once")
            elif isinstance(value, Mapping):
                found[path] = FileOptions(overrides=self._document(f"overrides: '{path}'", value))
            elif source:
                found[path] = FileOptions(overrides_file=canonical_path(source))
            else:
                self._problem(f"overrides: expected a file name or a dict for '{path}', found {_kind(value)}")
        return found

    def _document(self, what: str, value: Mapping[object, object]) -> dict[str, object]:
        """``value`` as it would have been read from a file."""
        try:
            return canonical.mapping(canonical.encode(dict(value)))
        except TypeError as error:
            self._problem(f"{what}: expected what a YAML file can hold ({error})")
            return {}

    def _published(self) -> tuple[str, ...]:
        texts = self._texts("publish", ())
        if texts:
            from doit_score.targets.compose.publish import parse_all

            try:
                parse_all(texts)
            except ScoreError as error:
                self._problems += error.problems
        return texts


def _text_of(value: object) -> str | None:
    """A text, or the text of a path; None for anything else."""
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    return value if isinstance(value, str) else None


def _kind(value: object) -> str:
    """What a value is, for messages: not what is in it, which may be a password."""
    return "an empty text" if value == "" else type(value).__name__


def _is_in(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory.rstrip(os.sep) + os.sep)
