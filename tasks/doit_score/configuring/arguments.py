"""From what is said of a project to settings: every mistake is told at once, before anything runs.

It is said as the arguments of ``Score(...)``, or as the keys of a TOML file with the same names."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping

from doit_score import options
from doit_score.engine.inputs.discover import canonical_path
from doit_score.engine.inputs.patterns import matched
from doit_score.engine.settings import FileOptions, Settings
from doit_score.engine.stages.project import check_name, name_of_directory
from doit_score.options import ARGUMENTS, FLAG, MAPPINGS, SECONDS, TARGETS, Option
from doit_score.targets import find
from doit_score.text import canonical, words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import Any, NamedTuple

# A name begins the names of tasks: one with a dash would look like a flag, one with "_" is not listed.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# What the state directory of the pack without a name has itself: no other pack can have its own there.
_OWN_NAMES = ("lock", "mounts", "running")
_CONTAINER = re.compile(r"([^:]+:)?[^:]+")


Place = tuple[str | None, int | None, int | None]
"""The path, the line and the column of what was said, as far as it has them."""


class Wording(NamedTuple):
    """How a file or a call has what is said: ``what`` it calls an option, and how it has values.

    ``known`` are the options that it can say, ``name`` is what it calls the name of an environment, and
    ``about_names`` its hint on these; ``place`` tells where an option was said, or a key of it, and ``kind``
    what a value is: not what is in it, which may be a password.
    """

    what: str
    yes_or_no: str
    mapping: str
    known: tuple[Option, ...]
    name: str
    about_names: str
    kind: Callable[[object], str]
    place: Callable[[str, object], Place] = lambda option, key: (None, None, None)


def settings(prefix: object, arguments: Mapping[str, object]) -> Settings:
    """The settings for a pack.

    Raises ScoreError with every argument that is misspelt, of a wrong type, or contradicts another.
    """
    reader = _Reader(arguments, OF_CALL)
    found = reader.settings(prefix, task=f"{prefix}-generate" if prefix else "generate")
    called = f"Score({prefix!r}, ...)" if prefix else "Score(...)"
    ScoreError.raise_for(reader.problems, f"{called} has wrong arguments:")
    return found


def read(
    config: str, prefix: str, said: Mapping[str, object], wording: Wording
) -> tuple[Settings, list[Problem]]:
    """The settings for an environment of the file ``config``, and what is wrong with them."""
    reader = _Reader(said, wording)
    return reader.settings(prefix, config=config), reader.problems


class _Reader:
    def __init__(self, arguments: Mapping[str, object], wording: Wording) -> None:
        self._arguments = arguments
        self._wording = wording
        self.problems: list[Problem] = []
        self._usual: dict[str, object] = {}
        self._readers: dict[str, Callable[[Option, Any], object]] = {
            **dict.fromkeys((options.TEXT, options.PATH), self._text),
            **dict.fromkeys((options.TEXTS, options.PATHS, options.PORTS), self._texts),
            options.WORD: self._word,
            options.SECONDS: self._seconds,
            options.FLAG: self._flag,
            options.BUILDS: self._builds,
            options.IMAGES: self._images,
            options.OVERRIDES: self._overrides,
            options.VARIABLES: self._variables,
        }

    def settings(self, name: object, **owner: str) -> Settings:
        """What is said, for the ``owner``: the ``task`` or the ``config`` of Settings."""
        self._check_names()
        prefix = self._prefix(name)
        target = self._arguments.get("target") or TARGETS[0]
        output = find(str(target)).output if target in TARGETS else ""
        self._usual = {"output": output}
        if prefix:
            self._usual = {
                "output": output.replace(".", f".{prefix}.", 1),
                "state_dir": f"state/{prefix}",
                "project": f"{name_of_directory('.')}-{name_of_directory(prefix)}",
            }
        found = Settings(**{option.field: self._value(option) for option in ARGUMENTS}, **owner)  # type: ignore[arg-type]  # a test compares them
        self._check_paths(found)
        self._check_inputs(found)
        self._check_project(found.project)
        try:
            found.check_target()
            found = found.placed()
        except ScoreError as error:
            self._take("target", error)
        return found

    def _problem(self, option: str, message: str, hint: str | None = None, key: object = None) -> None:
        """Notes that something is wrong with what is said of ``option``, or of one ``key`` of it."""
        self.problems.append(Problem(message, *self._wording.place(option, key), hint))

    def _take(self, option: str, error: ScoreError) -> None:
        for problem in error.problems:
            self._problem(option, problem.message, problem.hint)

    def _wrong(self, name: str, expected: str, found: object) -> None:
        self._problem(name, f"{name}: expected {expected}, found {self._wording.kind(found)}")

    def _wrong_item(self, option: str, expected: str, key: object, found: object) -> None:
        message = f"{option}: expected {expected} for '{key}', found {self._wording.kind(found)}"
        self._problem(option, message, key=key)

    def _check_names(self) -> None:
        known = [option.name for option in self._wording.known]
        for name in sorted(self._arguments.keys() - {*known}):
            if any(option.name == name for option in ARGUMENTS):
                self._problem(name, f"{name} is for Score(...) in a dodo.py: it is about tasks of doit")
            else:
                near = words.near(name, known)
                self._problem(name, f"there is no {self._wording.what} '{name}'", near)

    def _prefix(self, name: object) -> str:
        if name == "":
            return ""
        wording = self._wording
        if not isinstance(name, str):
            self._problem("", f"{wording.name}: expected a text, found {_kind(name)}", wording.about_names)
        elif not _NAME.fullmatch(name):
            self._problem(
                "",
                f"{wording.name}: {name!r} must be letters, digits, '-' and '_', and begin with a letter or "
                "digit",
                wording.about_names,
            )
        elif name in _OWN_NAMES and self._arguments.get("state_dir") is None:
            self._problem(
                "",
                f"{wording.name}: the state of {name!r} would be in 'state/{name}', which a project without "
                "a name uses for something else",
                "choose another name, or give state_dir",
            )
        else:
            return name
        return ""

    def _check_paths(self, found: Settings) -> None:
        if found.output == "-":
            self._problem(
                "output", "output: expected a file to write, '-' is for the command line", "name a file"
            )
        state, output = os.path.abspath(found.state_dir), os.path.abspath(found.output)
        if _is_in(os.getcwd(), state):
            self._problem(
                "state_dir",
                f"state_dir: '{found.state_dir}' is the working directory or has it inside, and everything "
                "in it would be for its owner alone",
                "name a directory that has nothing else in it",
            )
        elif _is_in(output, state):
            self._problem(
                "output",
                f"output: '{found.output}' is in the state directory '{found.state_dir}'",
                "keep what you use and what this tool remembers apart",
            )

    def _check_inputs(self, found: Settings) -> None:
        """That what is written is not read, and that each override is for a Score file."""
        inputs = {
            "workloads": found.workloads or (),
            "provisioners": found.provisioner_globs,
            "patch_templates": found.patch_templates or (),
            "overrides": [o.overrides_file for o in found.overrides.values() if o.overrides_file],
        }
        for name, patterns in inputs.items():
            if matched(found.output, patterns):
                self._problem(
                    "output",
                    f"output: '{found.output}' would be an input of the next run: {name} has it",
                    "give the Compose file another name",
                )
        for path in found.overrides:
            if not matched(path, found.workloads or ()):
                self._problem(
                    "overrides",
                    f"overrides: '{path}' is not one of the Score files",
                    "workloads are: " + ", ".join(found.workloads or ()),
                    key=path,
                )

    def _check_project(self, project: str | None) -> None:
        if project is not None:
            try:
                check_name(project)
            except ScoreError as error:
                self._take("project", error)

    def _value(self, option: Option) -> object:
        """What is said of one option, or what is usual, also where it is wrong."""
        usual = self._usual.get(option.name, option.default)
        value = self._arguments.get(option.name)
        if value is None and (option.name not in self._arguments or option.kind not in (FLAG, SECONDS)):
            return {} if usual is None and option.kind in MAPPINGS else usual
        found = self._readers[option.kind](option, value)
        return usual if found is None else found

    def _text(self, option: Option, value: object) -> str | None:
        text = _text_of(value)
        if not text:
            self._wrong(option.name, "a text that is not empty", value)
            return None
        if option.kind != options.PATH or text == "-":
            return text
        is_directory = option.name == "output" and text.endswith("/")
        return f"{canonical_path(text)}/" if is_directory else canonical_path(text)

    def _texts(self, option: Option, value: object) -> tuple[str, ...]:
        several = value if isinstance(value, (list, tuple)) else [value]
        expected = "only texts in the list" if several is value else "a text or a list of texts"
        texts: list[str] = []
        for item in several:
            text = _text_of(item)
            if text:
                texts.append(canonical_path(text) if option.kind == options.PATHS else text)
            else:
                self._wrong(option.name, expected, item)
        if option.name == "workloads" and not several:
            self._problem("workloads", "workloads: the list is empty, so there would be nothing to do")
        if option.kind == options.PORTS and texts:
            from doit_score.targets.compose.publish import parse_all

            try:
                parse_all(texts, option.name)
            except ScoreError as error:
                self._take(option.name, error)
        return tuple(texts)

    def _flag(self, option: Option, value: object) -> bool | None:
        if isinstance(value, bool):
            return value
        self._wrong(option.name, self._wording.yes_or_no, value)
        return None

    def _word(self, option: Option, value: object) -> str | None:
        if isinstance(value, str) and value in option.words:
            return value
        expected = " or ".join(map(repr, option.words))
        self._problem(option.name, f"{option.name}: expected {expected}, found {value!r}")
        return None

    def _seconds(self, option: Option, value: object) -> float | None:
        # Only "not a number" differs from itself.
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value:
            return float(value)
        self._wrong(option.name, "seconds as a number", value)
        return None

    def _mapping(self, name: str, value: object) -> Mapping[object, object]:
        if isinstance(value, Mapping):
            return value
        self._wrong(name, self._wording.mapping, value)
        return {}

    def _variables(self, option: Option, said: object) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in self._mapping(option.name, said).items():
            if not isinstance(key, str) or not key or "=" in key:
                self._problem("env", f"env: {key!r} is not the name of an environment variable", key=key)
            elif not isinstance(value, str):
                self._wrong_item("env", "a text", key, value)
            else:
                found[key] = value
        return found

    def _of_containers(self, name: str, said: object) -> dict[str, object]:
        """A dict by container, without the keys that are none."""
        found: dict[str, object] = {}
        for key, value in self._mapping(name, said).items():
            if isinstance(key, str) and _CONTAINER.fullmatch(key):
                found[key] = value
            else:
                self._problem(
                    name,
                    f"{name}: {key!r} does not name a container",
                    "give 'workload:container', or 'container' for those of every workload",
                    key=key,
                )
        return found

    def _images(self, option: Option, said: object) -> dict[str, str]:
        found: dict[str, str] = {}
        builds = self._arguments.get("builds")
        for key, value in self._of_containers(option.name, said).items():
            if isinstance(builds, Mapping) and key in builds:
                self._problem("images", f"'{key}' is in builds and in images", "keep one of them", key=key)
            elif isinstance(value, str) and value:
                found[key] = value
            elif task_value(value) is None or self._wording is not OF_CALL:
                tasks = ", a task or (task, name of its value)" if self._wording is OF_CALL else ""
                self._wrong_item("images", f"an image{tasks}", key, value)
        return found

    def _builds(self, option: Option, said: object) -> dict[str, Mapping[str, object]]:
        found: dict[str, Mapping[str, object]] = {}
        for key, value in self._of_containers(option.name, said).items():
            section = _text_of(value) or value
            if isinstance(value, Mapping):
                section = self._document("builds", key, value)
            elif not isinstance(section, str) or not section:
                self._wrong_item("builds", "a directory or a Compose build section", key, value)
                continue
            from doit_score.targets.compose.service import check_build

            checked = check_build(section)
            for problem in (*checked.errors, *checked.warnings):
                self._problem("builds", f"builds: '{key}': {problem.message}", key=key)
            found[key] = checked.value
        return found

    def _overrides(self, option: Option, said: object) -> dict[str, FileOptions]:
        found: dict[str, FileOptions] = {}
        for key, value in self._mapping(option.name, said).items():
            text, source = _text_of(key), _text_of(value)
            path = canonical_path(text) if text else ""
            if not path:
                self._problem("overrides", f"overrides: {key!r} does not name a Score file", key=key)
            elif path in found:
                self._problem("overrides", f"overrides: '{path}' is there more than once", key=key)
            elif isinstance(value, Mapping):
                found[path] = FileOptions(overrides=self._document("overrides", path, value))
            elif source:
                found[path] = FileOptions(overrides_file=canonical_path(source))
            else:
                self._wrong_item("overrides", f"a file name or {self._wording.mapping}", path, value)
        return found

    def _document(self, option: str, key: object, value: Mapping[object, object]) -> dict[str, object]:
        """``value`` as it would have been read from a file."""
        try:
            return canonical.mapping(canonical.encode(dict(value)))
        except TypeError as error:
            message = f"{option}: '{key}': expected what a YAML file can hold ({error})"
            self._problem(option, message, key=key)
            return {}


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


OF_CALL = Wording(
    what="argument",
    yes_or_no="True or False",
    mapping="a dict",
    known=ARGUMENTS,
    name="name",
    about_names="the first argument is the name of the pack; Score files are given as workloads=...",
    kind=_kind,
)
"""The arguments of ``Score(...)``."""
