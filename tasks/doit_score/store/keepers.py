"""Where secrets can be kept: in a file of variables, in a file each, or in the keyring of the desktop."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from doit_score.options import APART
from doit_score.store import files
from doit_score.store.files import FILE_MODE, NewFile, Writer
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from types import ModuleType

DIRECTORY = "secrets"
"""Where in a state directory the files are, one for each secret."""

VARIABLES = "secrets.env"
"""The file in a state directory that Compose takes the values of variables from."""

_NAME = re.compile("[A-Z0-9_]+")
_LINE = re.compile(rf"({_NAME.pattern})=(?:'([^']*)'|\"((?:[^\"\\]|\\.)*)\")")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "$": "\\$"}
_ESCAPED = {escaped[1]: letter for letter, escaped in _ESCAPES.items()}
_HEADER = "# The secrets of a project, kept by doit-score: docker compose --env-file THIS_FILE ...\n"


class Keeper(Protocol):
    """A place for secrets; ``place`` is what it is called in messages."""

    place: str

    def load(self, names: Iterable[str]) -> tuple[dict[str, str], set[str]]:
        """The values that are there, of ``names`` if there is no list; and which of them are variables."""
        ...

    def save(self, values: Mapping[str, str], variables: set[str]) -> None:
        """Has just these values."""

    def remove(self, names: Iterable[str], now: str) -> None:
        """Has none any more; what they are in ``now``, one of APART or empty, stays."""

    def missing(self, names: Iterable[str], has_variables: bool) -> str:
        """A file of those that ``names`` and variables are in that is not there, or is empty; else nothing.
        Reads none."""
        ...


def keeper(how: str, state_dir: str, identity: str) -> Keeper:
    """The place that is meant by ``how``, one of :data:`doit_score.options.APART`."""
    assert how in APART
    if how == "keyring":
        return _Keyring(identity)
    return _Variables(state_dir) if how == "env" else _Files(state_dir)


class Nowhere:
    """The place of a vault whose secrets are not kept: that of a copy in memory."""

    def __init__(self, found: Keeper) -> None:
        self._found = found
        self.place = found.place

    def load(self, names: Iterable[str]) -> tuple[dict[str, str], set[str]]:
        return self._found.load(names)

    def save(self, values: Mapping[str, str], variables: set[str]) -> None:
        pass

    def remove(self, names: Iterable[str], now: str) -> None:
        pass

    def missing(self, names: Iterable[str], has_variables: bool) -> str:
        return self._found.missing(names, has_variables)


class _Variables:
    """One file that Compose reads."""

    def __init__(self, state_dir: str) -> None:
        self.place = os.path.join(state_dir, VARIABLES)
        self._writer = Writer(state_dir)

    def load(self, names: Iterable[str]) -> tuple[dict[str, str], set[str]]:
        found: dict[str, str] = {}
        if os.path.lexists(self.place):
            lines = _content(self.place).split("\n")
            for number, line in enumerate(lines, 1):
                match = _LINE.fullmatch(line)
                if match:
                    name, plain, escaped = match.groups()
                    found[name] = _unescaped(escaped or "") if plain is None else plain
                elif line and not line.startswith("#"):
                    # The line is not shown: there may be a secret in it.
                    raise ScoreError(
                        'expected NAME=\'value\', or NAME="value" with a backslash before each of \\ " and $',
                        path=self.place,
                        line=number,
                        hint="variables of yours belong into another file: this one is written anew",
                    )
        return found, {*found}

    def save(self, values: Mapping[str, str], variables: set[str]) -> None:
        lines = "".join(f"{name}={_quoted(text)}\n" for name, text in sorted(values.items()))
        content = (_HEADER + lines).encode("utf-8", "surrogateescape")
        self._writer.write([NewFile(self.place, content, FILE_MODE)])

    def remove(self, names: Iterable[str], now: str) -> None:
        # Where there is a file each now, this one is not yet made of them.
        files.remove(self.place)

    def missing(self, names: Iterable[str], has_variables: bool) -> str:
        return _first_missing([self.place] if any(names) else [])


class _Files:
    """A file for each secret, and one for Compose with those that are variables."""

    def __init__(self, state_dir: str) -> None:
        self.place = os.path.join(state_dir, DIRECTORY)
        self._variables = _Variables(state_dir)
        self._writer = Writer(state_dir)
        self._had_variables = False

    def load(self, names: Iterable[str]) -> tuple[dict[str, str], set[str]]:
        found = self._present()
        variables = self._variables.load(())[1] & found.keys()
        self._had_variables = bool(variables)
        return found, variables

    def _present(self) -> dict[str, str]:
        return {name: _content(os.path.join(self.place, name)) for name in self._names()}

    def _names(self) -> Iterator[str]:
        there = os.listdir(self.place) if os.path.isdir(self.place) else []
        return (name for name in there if _NAME.fullmatch(name))

    def save(self, values: Mapping[str, str], variables: set[str]) -> None:
        files.make_directory(self.place)
        self._writer.sweep([self.place])
        present = self._present()
        self._writer.write(
            NewFile(os.path.join(self.place, name), text.encode("utf-8", "surrogateescape"), FILE_MODE)
            for name, text in sorted(values.items())
            if present.get(name) != text
        )
        # A file that was there before may be all that there is of them until the move is committed.
        if variables or self._had_variables:
            self._variables.save({name: values[name] for name in variables}, variables)
            self._had_variables = bool(variables)
        for name in present.keys() - values.keys():
            files.remove(os.path.join(self.place, name))

    def remove(self, names: Iterable[str], now: str) -> None:
        if os.path.isdir(self.place):
            self._writer.sweep([self.place])
        for name in self._names():
            files.remove(os.path.join(self.place, name))
        with suppress(OSError):
            os.rmdir(self.place)
        if now != "env":
            self._variables.remove((), now)

    def missing(self, names: Iterable[str], has_variables: bool) -> str:
        paths = [os.path.join(self.place, name) for name in names]
        return _first_missing([*paths, *([self._variables.place] if has_variables else [])])


class _Keyring:
    """The keyring of the desktop, or what the package `keyring` is told to use."""

    def __init__(self, identity: str) -> None:
        self._service = f"doit-score {identity}"
        self.place = f"the keyring, under '{self._service}',"
        self._present: dict[str, str] = {}

    def load(self, names: Iterable[str]) -> tuple[dict[str, str], set[str]]:
        keyring = _keyring()
        with _told(keyring):
            found = {name: keyring.get_password(self._service, name) for name in sorted(names)}
        self._present = {name: text for name, text in found.items() if text is not None}
        return dict(self._present), {*self._present}

    def save(self, values: Mapping[str, str], variables: set[str]) -> None:
        keyring = _keyring()
        # One question for each secret of a large project takes long.
        new = {name: text for name, text in sorted(values.items()) if self._present.get(name) != text}
        with _told(keyring):
            for name, text in new.items():
                keyring.set_password(self._service, name, text)
            # There are some that take all and keep nothing.
            is_kept = all(keyring.get_password(self._service, name) == text for name, text in new.items())
        if not is_kept:
            self.remove(new.keys() - self._present.keys(), "")
            used = type(keyring.get_keyring())
            raise ScoreError(
                f"the keyring {used.__module__}.{used.__qualname__} does not keep what it is given",
                hint="have another one used (see `keyring --list-backends`), or keep secrets elsewhere: "
                "--secrets env or --secrets file",
            )
        self.remove(self._present.keys() - values.keys(), "keyring")
        self._present = dict(values)

    def remove(self, names: Iterable[str], now: str) -> None:
        keyring = _keyring()
        with _told(keyring):
            for name in sorted(names):
                with suppress(keyring.errors.PasswordDeleteError):
                    keyring.delete_password(self._service, name)

    def missing(self, names: Iterable[str], has_variables: bool) -> str:
        return ""  # To ask takes long, and may have somebody asked to unlock it.


def _keyring() -> ModuleType:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise ScoreError(
            "secrets are to be in a keyring, and the package keyring is not installed",
            hint="pip install 'doit-score[keyring]'",
        ) from None
    module: ModuleType = keyring
    return module


@contextmanager
def _told(keyring: ModuleType) -> Iterator[None]:
    """Has what a keyring complains of told as our error."""
    try:
        yield
    except keyring.errors.KeyringError as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise ScoreError(
            f"the keyring cannot be used: {said}",
            hint="unlock it, or keep secrets elsewhere: --secrets env or --secrets file",
        ) from None


def _quoted(text: str) -> str:
    """``text`` as the value of a line that Compose reads."""
    if not {*"'\\\n\r"} & {*text}:
        return f"'{text}'"
    return '"' + "".join(_ESCAPES.get(letter, letter) for letter in text) + '"'


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPED.get(found[1], found[1]), text)


def sweep(state_dir: str, how: str) -> None:
    """Removes the files of places that are not the one that counts."""
    if how != "file":
        _Files(state_dir).remove((), how)
    elif os.path.isdir(place := os.path.join(state_dir, DIRECTORY)):
        Writer(state_dir).sweep([place])
    if how not in ("env", "file"):
        _Variables(state_dir).remove((), how)


def _first_missing(paths: Iterable[str]) -> str:
    return next((path for path in paths if not _has_content(path)), "")


def _has_content(path: str) -> bool:
    try:
        return os.stat(path).st_size > 0
    except OSError:
        return False


def _content(path: str) -> str:
    return files.read(path)[0].decode("utf-8", "surrogateescape")
