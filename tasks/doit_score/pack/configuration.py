"""From the arguments of ``Score(...)`` to settings: every mistake is told at once, before anything runs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

from doit_score import options
from doit_score.engine.inputs.discover import canonical_path
from doit_score.engine.inputs.patterns import matched
from doit_score.engine.settings import FileOptions, Settings
from doit_score.engine.stages.project import check_name, name_of_directory
from doit_score.options import ARGUMENTS, FLAG, MAPPINGS, SECONDS, TARGETS, Option
from doit_score.pack.images import task_value
from doit_score.targets import find
from doit_score.text import canonical, words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import Any, Literal, TypeAlias, replace

Image: TypeAlias = "str | tuple[str, str] | Callable[..., object]"
Path: TypeAlias = "str | os.PathLike[str]"
Texts: TypeAlias = "Path | Sequence[Path]"


class Arguments(TypedDict, total=False):
    """What a type checker knows of the arguments of ``Score(...)``; options.py tells what they mean."""

    workloads: Texts | None
    provisioners: Texts | None
    default_provisioners: bool
    target: Literal["compose", "kubernetes"] | None
    output: Path | None
    state_dir: Path | None
    project: str | None
    builds: Mapping[str, str | Mapping[str, object]] | None
    images: Mapping[str, Image] | None
    overrides: Mapping[str, Path | Mapping[str, object]] | None
    publish: Texts | None
    patch_templates: Texts | None
    env: Mapping[str, str] | None
    strict: bool
    hermetic: bool
    lock_timeout: float
    start_order: Literal["wait", "direct"] | None
    namespace: str | None
    generate_namespace: bool
    context: str | None
    format: Literal["yaml", "kyaml"] | None
    secrets: Literal["together", "separate"] | None
    subtasks: Texts | None
    task_dep: Texts | None


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


class _Reader:
    def __init__(self, arguments: Mapping[str, object]) -> None:
        self._arguments = arguments
        self._problems: list[Problem] = []
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

    def settings(self, name: object) -> Settings:
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
        found = Settings(**{option.field: self._value(option) for option in ARGUMENTS})  # type: ignore[arg-type]  # a test compares them
        found = replace(found, task=f"{prefix}-generate" if prefix else "generate")
        self._check_paths(found)
        self._check_inputs(found)
        self._check_project(found.project)
        try:
            found.check_target()
            found = found.placed()
        except ScoreError as error:
            self._problems += error.problems
        ScoreError.raise_for(self._problems, "Score(...) has wrong arguments:")
        return found

    def _problem(self, message: str, hint: str | None = None) -> None:
        self._problems.append(Problem(message, hint=hint))

    def _wrong(self, name: str, expected: str, found: object) -> None:
        self._problem(f"{name}: expected {expected}, found {_kind(found)}")

    def _check_names(self) -> None:
        known = [option.name for option in ARGUMENTS]
        for name in sorted(self._arguments.keys() - {*known}):
            self._problem(f"there is no argument '{name}'", words.near(name, known))

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
            "provisioners": found.provisioner_globs,
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
            self._problem("workloads: the list is empty, so there would be nothing to do")
        if option.kind == options.PORTS and texts:
            from doit_score.targets.compose.publish import parse_all

            try:
                parse_all(texts, option.name)
            except ScoreError as error:
                self._problems += error.problems
        return tuple(texts)

    def _flag(self, option: Option, value: object) -> bool | None:
        if isinstance(value, bool):
            return value
        self._wrong(option.name, "True or False", value)
        return None

    def _word(self, option: Option, value: object) -> str | None:
        if isinstance(value, str) and value in option.words:
            return value
        self._problem(f"{option.name}: expected {' or '.join(map(repr, option.words))}, found {value!r}")
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
        self._wrong(name, "a dict", value)
        return {}

    def _variables(self, option: Option, said: object) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in self._mapping(option.name, said).items():
            if not isinstance(key, str) or not key or "=" in key:
                self._problem(f"env: {key!r} is not the name of an environment variable")
            elif not isinstance(value, str):
                self._problem(f"env: expected a text for '{key}', found {_kind(value)}")
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
                    f"{name}: {key!r} does not name a container",
                    "give 'workload:container', or 'container' for those of every workload",
                )
        return found

    def _images(self, option: Option, said: object) -> dict[str, str]:
        found: dict[str, str] = {}
        builds = self._arguments.get("builds")
        for key, value in self._of_containers(option.name, said).items():
            if isinstance(builds, Mapping) and key in builds:
                self._problem(f"'{key}' is in builds and in images", "keep one of them")
            elif isinstance(value, str) and value:
                found[key] = value
            elif task_value(value) is None:
                self._problem(
                    f"images: expected an image, a task or (task, name of its value) for '{key}', "
                    f"found {_kind(value)}"
                )
        return found

    def _builds(self, option: Option, said: object) -> dict[str, Mapping[str, object]]:
        found: dict[str, Mapping[str, object]] = {}
        for key, value in self._of_containers(option.name, said).items():
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

    def _overrides(self, option: Option, said: object) -> dict[str, FileOptions]:
        found: dict[str, FileOptions] = {}
        for key, value in self._mapping(option.name, said).items():
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
