"""From the arguments of ``Score(...)`` to settings: every mistake is told at once, before anything runs."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from doit_score.engine.discover import canonical_path
from doit_score.engine.project import check_name, name_of_directory
from doit_score.engine.settings import PROVISIONERS, WORKLOADS, FileOptions, Settings
from doit_score.errors import Problem, ScoreError

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
)


def settings(prefix: str, arguments: Mapping[str, object]) -> Settings:
    """The settings for a pack.

    Raises ScoreError with every argument that is misspelt, of a wrong type, or contradicts another.
    """
    return _Reader(prefix, arguments).settings()


class _Reader:
    def __init__(self, prefix: str, arguments: Mapping[str, object]) -> None:
        self._prefix = prefix
        self._arguments = arguments
        self._problems: list[Problem] = []

    def settings(self) -> Settings:
        self._check_names()
        prefix = self._prefix
        output = self._text("output", f"compose.{prefix}.yaml" if prefix else "compose.yaml")
        state_dir = self._text("state_dir", f"state/{prefix}" if prefix else "state")
        project = self._text("project", "") or None
        if project is None and prefix:
            project = f"{name_of_directory('.')}-{name_of_directory(prefix)}"
        builds, images = self._builds(), self._map_of_texts("images")
        for key in sorted(builds.keys() & images.keys()):
            self._problem(f"'{key}' is in builds and in images", "keep one of them")
        found = Settings(
            state_dir=canonical_path(state_dir),
            output=canonical_path(output),
            project=project,
            workloads=self._texts("workloads", WORKLOADS),
            provisioners=self._texts("provisioners", PROVISIONERS),
            default_provisioners=self._flag("default_provisioners", True),
            builds=builds,
            images=images,
            overrides=self._overrides(),
            publish=self._published(),
            patch_templates=self._texts("patch_templates", ()),
            environment=self._map_of_texts("env"),
            strict=self._flag("strict", False),
            hermetic=self._flag("hermetic", False),
            lock_timeout=self._seconds("lock_timeout", 60.0),
        )
        self._check_paths(found)
        self._check_project(project)
        if self._problems:
            raise ScoreError.of(self._problems, "Score(...) has wrong arguments:")
        return found

    def _problem(self, message: str, hint: str | None = None) -> None:
        self._problems.append(Problem(message, hint=hint))

    def _wrong(self, name: str, expected: str, found: object) -> None:
        self._problem(f"{name}: expected {expected}, found {type(found).__name__}")

    def _check_names(self) -> None:
        for name in sorted(self._arguments.keys() - set(ARGUMENTS)):
            close = difflib.get_close_matches(name, ARGUMENTS, 1)
            known = f"did you mean '{close[0]}'?" if close else "known are " + ", ".join(ARGUMENTS)
            self._problem(f"there is no argument '{name}'", known)
        if self._prefix and not self._prefix.replace("-", "").replace("_", "").isalnum():
            self._problem(f"the name {self._prefix!r} must be letters, digits, '-' and '_'")
            self._prefix = ""

    def _check_paths(self, found: Settings) -> None:
        if found.output == "-":
            self._problem("output: a task needs a file to write, '-' is for the command", "name a file")
        inside = found.state_dir + "/"
        if found.output == found.state_dir or found.output.startswith(inside):
            self._problem(
                f"output: '{found.output}' is in the state directory '{found.state_dir}'",
                "keep what you use and what this tool remembers apart",
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
        if not isinstance(value, str) and hasattr(value, "__fspath__"):
            value = value.__fspath__()
        if not isinstance(value, str) or not value:
            self._wrong(name, "a text that is not empty", value)
            return default
        return value

    def _texts(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self._arguments.get(name)
        if value is None:
            return default
        several: Sequence[object] = [value] if isinstance(value, str) or hasattr(value, "__fspath__") else ()
        if isinstance(value, (list, tuple)):
            several = value
        texts = [str(item) for item in several if isinstance(item, str) or hasattr(item, "__fspath__")]
        if len(texts) != len(several) or not isinstance(value, (str, list, tuple)) and not texts:
            self._wrong(name, "a text or a list of texts", value)
            return default
        if name in ("workloads",) and not texts:
            self._problem(f"{name}: the list is empty, so there would be nothing to do")
        return tuple(texts)

    def _flag(self, name: str, default: bool) -> bool:
        value = self._arguments.get(name, default)
        if not isinstance(value, bool):
            self._wrong(name, "True or False", value)
            return default
        return value

    def _seconds(self, name: str, default: float) -> float:
        value = self._arguments.get(name, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
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

    def _map_of_texts(self, name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in self._mapping(name).items():
            if isinstance(key, str) and isinstance(value, str) and key:
                found[key] = value
            else:
                self._problem(f"{name}: expected a text for {key!r}, found {type(value).__name__}")
        return found

    def _builds(self) -> dict[str, Mapping[str, object]]:
        found: dict[str, Mapping[str, object]] = {}
        for key, value in self._mapping("builds").items():
            if isinstance(key, str) and key and isinstance(value, str) and value:
                found[key] = {"context": value}
            elif isinstance(key, str) and key and isinstance(value, Mapping):
                found[key] = {str(name): item for name, item in value.items()}
            else:
                self._problem(
                    f"builds: expected a directory or a Compose build section for {key!r}, "
                    f"found {type(value).__name__}"
                )
        return found

    def _overrides(self) -> dict[str, FileOptions]:
        found: dict[str, FileOptions] = {}
        for key, value in self._mapping("overrides").items():
            path = canonical_path(str(key))
            if isinstance(value, Mapping):
                found[path] = FileOptions(overrides={str(name): item for name, item in value.items()})
            elif isinstance(value, str) or hasattr(value, "__fspath__"):
                found[path] = FileOptions(overrides_file=canonical_path(str(value)))
            else:
                self._problem(
                    f"overrides: expected a file name or a dict for {key!r}, found {type(value).__name__}"
                )
        return found

    def _published(self) -> tuple[str, ...]:
        texts = self._texts("publish", ())
        if texts:
            from doit_score.compose.publish import parse_all

            try:
                parse_all(texts)
            except ScoreError as error:
                self._problems += error.problems
        return texts
