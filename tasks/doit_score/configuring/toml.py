"""A project that is said in a TOML file: ``doit-score.toml``, or ``[tool.doit-score]`` in ``pyproject.toml``.

Its keys are the arguments of ``Score(...)``.  What is at the top holds for all environments, what is in
``[env.NAME]`` for that one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence

from doit_score.configuring import arguments
from doit_score.configuring.apart import apart
from doit_score.configuring.arguments import Place, Wording
from doit_score.configuring.keys import Keys
from doit_score.engine.settings import Settings
from doit_score.options import ARGUMENTS, MAPPINGS
from doit_score.store import files
from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import Any, NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NAME = "doit-score.toml"
PYPROJECT = "pyproject.toml"
TABLE = ("tool", "doit-score")
"""The table of pyproject.toml."""

_ENVIRONMENTS, _DEFAULT = "env", "default_env"
_KNOWN = tuple(option for option in ARGUMENTS if not option.is_of_doit)
_MERGED = {option.name for option in ARGUMENTS if option.kind in MAPPINGS}
_KINDS = {dict: "a table", list: "a list", bool: "a boolean", str: "text"}


class Project(NamedTuple):
    """What a file says: the settings of each environment, by its name; of the only one by the empty name.

    ``default`` is the environment that counts where none is named.
    """

    path: str
    environments: Mapping[str, Settings]
    default: str | None


def read(path: str) -> Project:
    """The project of the file ``path``.

    Raises ScoreError with everything that is wrong in it, each with its line.
    """
    text = _decoded(path)
    document = _parsed(path, text)
    at = TABLE if path.endswith(PYPROJECT) else ()
    for name in at:
        document = document.get(name, {})
        if not isinstance(document, dict):
            raise ScoreError(f"'{'.'.join(TABLE)}': expected a table, found {_kind(document)}", path=path)
    return _Reader(path, Keys(text, at)).project(document)


def _decoded(path: str) -> str:
    try:
        return files.read(path)[0].decode("utf-8")
    except UnicodeDecodeError as error:
        raise ScoreError(f"is not UTF-8: {error.reason} at byte {error.start}", path=path) from None


def _parsed(path: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).rpartition(" (at ")
        line, column = _place(place, text)
        raise ScoreError(
            f"is no TOML: {message[:1].lower()}{message[1:]}", path=path, line=line, column=column
        ) from None


def _place(said: str, text: str) -> tuple[int, int]:
    """The place that the reader tells at the end of its message."""
    numbers = [int(word) for word in said.rstrip(")").replace(",", " ").split() if word.isdigit()]
    if len(numbers) == 2:
        return numbers[0], numbers[1]
    lines = text.split("\n")  # it says "end of document"
    return len(lines), len(lines[-1]) + 1


class _Reader:
    def __init__(self, path: str, keys: Keys) -> None:
        self._path = path
        self._keys = keys
        self._problems: list[Problem] = []

    def project(self, document: Mapping[str, Any]) -> Project:
        shared = {key: value for key, value in document.items() if key not in (_ENVIRONMENTS, _DEFAULT)}
        environments = self._environments(document.get(_ENVIRONMENTS, {}), shared)
        found = {name: self._settings(name, shared, own) for name, own in environments.items()}
        if not environments:
            found[""] = self._settings("", shared, {})
        default = self._default(document.get(_DEFAULT), environments)
        for problem in apart(found) if not self._problems else ():
            self._problems.append(Problem(problem, self._path))
        ScoreError.raise_for(self._problems)
        return Project(self._path, found, default if environments else "")

    def _environments(self, said: object, shared: dict[str, Any]) -> dict[str, Mapping[str, Any]]:
        """The sections of environments; what else is below ``env`` are variables, which are ``shared``."""
        if not isinstance(said, dict):
            self._problem(f"env: expected sections [env.NAME], found {_kind(said)}", (_ENVIRONMENTS,))
            return {}
        variables = {name: value for name, value in said.items() if not isinstance(value, dict)}
        options = {option.name for option in _KNOWN}
        for name in sorted(variables.keys() & options):
            self._problem(
                f"env: '{name}' is an option, and would be taken for an environment variable",
                (_ENVIRONMENTS, name),
                hint="options of one environment are in a section with its name, such as [env.dev]",
            )
            del variables[name]
        if variables:
            shared[_ENVIRONMENTS] = variables
        if isinstance(said.get(""), dict):
            self._problem("env: an environment has no name", (_ENVIRONMENTS, ""), hint="name it: [env.dev]")
        return {name: value for name, value in said.items() if name and isinstance(value, dict)}

    def _settings(self, name: str, shared: Mapping[str, Any], own: Mapping[str, Any]) -> Settings:
        said = {**shared, **own}
        for key in _MERGED & shared.keys() & own.keys():
            if isinstance(shared[key], dict) and isinstance(own[key], dict):
                said[key] = {**shared[key], **own[key]}
        section = (_ENVIRONMENTS, name)

        def place(option: str, key: object) -> Place:
            inner = () if key is None else (str(key),)
            if not option:
                return (self._path, *self._keys.place(section))
            wanted = [(*section, option, *inner), (option, *inner)]
            found = [one for one in wanted if self._keys.has(one)] or [
                one[: len(one) - len(inner)] for one in wanted if self._keys.has(one[: len(one) - len(inner)])
            ]
            return (self._path, *self._keys.place(found[0])) if found else (self._path, None, None)

        wording = Wording(
            what="option",
            yes_or_no="true or false",
            mapping="a table",
            known=_KNOWN,
            name="env",
            about_names="a section is such as [env.dev]",
            kind=_kind,
            place=place,
        )
        found, problems = arguments.read(self._path, name, said, wording)
        self._problems += problems
        return found

    def _default(self, said: object, environments: Iterable[str]) -> str | None:
        names = sorted(environments)
        if said is None:
            return names[0] if len(names) == 1 else None
        if isinstance(said, str) and said in names:
            return said
        hint = words.near(said, names) if isinstance(said, str) else words.listed(names)
        told = (
            f"there is no environment '{said}'"
            if isinstance(said, str)
            else f"expected one, found {_kind(said)}"
        )
        self._problem(f"{_DEFAULT}: {told}", (_DEFAULT,), hint=hint)
        return None

    def _problem(self, message: str, key: Sequence[str], hint: str | None = None) -> None:
        self._problems.append(Problem(message, self._path, *self._keys.place(key), hint))


def _kind(value: object) -> str:
    """What a value is, for messages: not what is in it, which may be a password."""
    return "an empty text" if value == "" else _KINDS.get(type(value)) or words.kind(value)
