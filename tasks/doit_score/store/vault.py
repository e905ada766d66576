"""Secrets kept apart: the state and what is generated have a name where the vault has the value.

A vault is a file of variables for Compose, a directory with a file for each secret, or the keyring of the
desktop.  A name stands for one value for ever, and a value that is known already keeps its name, so that what
is generated is the same each time.  All of it is memory, of which the backup of the state has the names only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from doit_score.store.keepers import Keeper
from doit_score.store.rows import KeptRow, MountRow, OriginRow, ResourceRow
from doit_score.text import canonical, words
from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple, TypeVar
from doit_score.text.secrets import spellings

HELD: Mapping[type[NamedTuple], tuple[str, ...]] = {
    KeptRow: ("state",),
    ResourceRow: ("patch", "outputs", "logs"),
}
"""The columns that are canonical texts of values with secrets in them."""

LISTED: Mapping[type[NamedTuple], tuple[str, ...]] = {OriginRow: ("parts", "outline", "why")}
"""Those that have such texts among others."""

_HEAD = 4
"""So many letters have to be alike before more of a text is looked at; secrets are no shorter."""

# Nobody's letters: they are for private use, and in no text that was read.
_BEGIN, _NUMBER, _END = "\U000f5ec0", "\U000f5ec2", "\U000f5ec1"
_MARKED = re.compile(f'"{_NUMBER}([A-Z0-9_]+){_END}"|{_BEGIN}([A-Z0-9_]+){_END}')
_MARKED_BYTES = re.compile(f"{_BEGIN}([A-Z0-9_]+){_END}".encode())
_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*')
"""The texts and numbers of a canonical text."""
_Row = TypeVar("_Row", bound=NamedTuple)


class Index:
    """Texts that are found within others, long ones first."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        # By their first letters: many keys begin alike, and few of these are of different lengths.
        self._lengths: dict[str, list[int]] = {}

    def add(self, text: str, name: str) -> None:
        self._names[text] = name
        lengths = self._lengths.setdefault(text[:_HEAD], [])
        if len(text) not in lengths:
            lengths.append(len(text))
            lengths.sort(reverse=True)

    def get(self, text: str) -> str | None:
        """The name of just this text."""
        return self._names.get(text)

    def found(self, text: str, shortest: int = 0) -> Iterator[tuple[int, int, str]]:
        """Where in ``text`` those of at least so many letters begin and end, and their names."""
        at, last = 0, len(text) - _HEAD
        while at <= last:
            for length in self._lengths.get(text[at : at + _HEAD], ()):
                name = self._names.get(text[at : at + length])
                if name is not None and length >= shortest and at + length <= len(text):
                    yield at, at + length, name
                    at += length
                    break
            else:
                at += 1

    def replaced(
        self, text: str, by: Callable[[str], str], rest: Callable[[str], str] = str, shortest: int = 0
    ) -> str:
        """See :class:`doit_score.targets.secrets.Secrets`."""
        parts: list[str] = []
        end = 0
        for start, after, name in self.found(text, shortest):
            parts += (rest(text[end:start]), by(name))
            end = after
        return "".join((*parts, rest(text[end:])))


class Vault:
    """The secrets of one state; what it learns is kept when it is saved."""

    def __init__(self, keeper: Keeper, names: Iterable[str] = (), alone: Iterable[str] = ()) -> None:
        self._keeper = keeper
        self._recorded = frozenset(names)
        # Those that are looked for nowhere: each stands for all of a text, in the places that ask for it.
        self._alone = {*alone}
        self._sought = self._recorded - self._alone
        self._values: dict[str, str] | None = None
        self._variables: set[str] = set()
        self._gone: dict[str, str] = {}
        self._is_new = False
        self._clear()

    def _clear(self) -> None:
        self._names: dict[str, str] = {}
        self._texts, self._escaped = Index(), Index()
        self._disguised: Index | None = None

    @property
    def is_new(self) -> bool:
        """Whether it has what was not saved."""
        return self._is_new

    @property
    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self.values()))

    @property
    def noted(self) -> Mapping[str, list[str]]:
        """What the state has to know of it."""
        return {"names": [*self.names], "alone": sorted(self._alone & self.values().keys())}

    @property
    def sought(self) -> Mapping[str, str]:
        """The values that are secrets wherever they are, by name."""
        return {name: text for name, text in self.values().items() if name not in self._alone}

    @property
    def learned(self) -> frozenset[str]:
        """The values among them that were learned since it was saved."""
        if not self._is_new:
            return frozenset()
        return frozenset(text for name, text in self.sought.items() if name not in self._sought)

    def values(self) -> Mapping[str, str]:
        """The values by name.  Raises ScoreError if some are lost."""
        if self._values is None:
            found, variables = self._keeper.load(self._recorded)
            # None is empty: whoever emptied one has lost it.
            found = {name: text for name, text in found.items() if text}
            if lost := sorted(self._recorded - found.keys()):
                raise self._lost(lost)
            self._values, self._variables = {}, variables
            # What a run left that was killed before the state knew of it is one only if it is learned anew.
            self._alone |= found.keys() - self._recorded
            for name, text in found.items():
                self._add(name, text)
        return self._values

    def _lost(self, names: Sequence[str]) -> ScoreError:
        others = f" and {words.count(names[1:], 'other')}" if names[1:] else ""
        return ScoreError(
            f"the secret {names[0]}{others} {'are' if others else 'is'} not in {self._keeper.place} any more",
            hint="put it back from a copy: nothing is generated anew in its place",
        )

    def _value(self, name: str) -> str:
        values = self.values()
        if name not in values:
            raise self._lost([name])
        return values[name]

    def _add(self, name: str, text: str) -> None:
        assert self._values is not None
        self._values[name], self._names[text] = text, name
        if name in self._alone:
            return
        self._texts.add(text, name)
        self._escaped.add(_escaped(text), name)
        if self._disguised is not None:
            self._disguise(self._disguised, name, text)

    @staticmethod
    def _disguise(index: Index, name: str, text: str) -> None:
        for other in spellings(text) - {text}:
            index.add(other, name)

    def name(self, owner: str, path: Iterable[str], text: str) -> str:
        """See :class:`doit_score.targets.secrets.Secrets`."""
        values = self.values()
        known = self._names.get(text)
        if known is not None:
            return known
        wanted = re.sub(r"[^A-Z0-9]+", "_", " ".join((owner.replace(".default#", "#"), *path)).upper())
        base = name = f"SECRET_{wanted.strip('_')}"
        number = 1
        while name in values:
            number += 1
            name = f"{base}_{number}"
        self._alone.add(name)
        self._add(name, text)
        self._is_new = True
        return name

    def learn(self, owner: str, found: Iterable[tuple[tuple[str, ...], str]]) -> None:
        """Takes in secrets, each with where it was found."""
        for path, text in found:
            # What no variable can hold, or would be found in too much, stays where it is.
            if len(text) >= _HEAD and "\0" not in text:
                name = self.name(owner, path, text)
                if name in self._alone:
                    self._alone.remove(name)
                    self._add(name, text)
                    self._is_new = True

    def replaced(
        self, text: str, by: Callable[[str], str], rest: Callable[[str], str] = str, shortest: int = 0
    ) -> str:
        """See :class:`doit_score.targets.secrets.Secrets`."""
        self.values()
        return self._texts.replaced(text, by, rest, shortest)

    def learn_disguised(self, owner: str, found: Iterable[tuple[tuple[str, ...], str]]) -> None:
        """Takes in what secrets are spelled like within long texts, each with where it was found."""
        for path, text in found:
            # Not within what is found as it is: each line of a key is another spelling of that.
            rest = self.replaced(text, lambda _: "\0")
            pieces = [rest[start:end] for start, end, _ in self._in_disguise().found(rest)]
            self.learn(owner, ((path, piece) for piece in pieces))

    def is_disguised_in(self, text: str) -> bool:
        """See :class:`doit_score.targets.secrets.Secrets`."""
        return next(self._in_disguise().found(text), None) is not None

    def _in_disguise(self) -> Index:
        self.values()
        if self._disguised is None:
            self._disguised = Index()
            for name, value in self.sought.items():
                self._disguise(self._disguised, name, value)
        return self._disguised

    def as_variable(self, name: str) -> None:
        """See :class:`doit_score.targets.secrets.Secrets`."""
        self.values()
        if name not in self._variables:
            self._variables.add(name)
            self._is_new = True

    def as_variables_only(self, names: Iterable[str]) -> bool:
        """Has just those of ``names`` that are secrets among the variables that Compose is given; whether
        there are any."""
        wanted = {*names} & self.values().keys()
        if wanted != self._variables:
            self._variables = wanted
            self._is_new = True
        return bool(wanted)

    def variables(self) -> Mapping[str, str]:
        """The values of the variables that Compose is given, by name."""
        values = self.values()
        return {name: values[name] for name in sorted(self._variables & values.keys())}

    def hidden(self, row: _Row) -> _Row:
        """``row`` as it is stored."""
        return _other(row, self.hidden_text, self._hidden_among, self._hidden_bytes)

    def shown(self, row: _Row) -> _Row:
        """The row of which :meth:`hidden` made ``row``."""
        return _other(row, self.shown_text, self.shown_text, self.shown_bytes)

    def hidden_text(self, text: str) -> str:
        """The canonical text of a value as it is stored: it is one still, with keys in the same order."""
        self.values()

        def hidden(found: re.Match[str]) -> str:
            if not found[0].startswith('"'):
                name = self._texts.get(found[0])
                return found[0] if name is None else f'"{_NUMBER}{name}{_END}"'
            inside = str(canonical.decode(found[0]))
            other = self._texts.replaced(inside, _mark)
            return found[0] if other == inside else canonical.encode(other)

        return _JSON.sub(hidden, text)

    def _hidden_among(self, text: str) -> str:
        self.values()
        return self._escaped.replaced(text, _mark)

    def shown_text(self, text: str) -> str:
        """The text of which :meth:`hidden_text` made ``text``."""
        if _BEGIN not in text and _NUMBER not in text:
            return text

        def shown(mark: re.Match[str]) -> str:
            if mark[2]:
                return _escaped(self._value(mark[2]))
            number = self._value(mark[1])
            # Somebody may have put a text there.
            return number if _JSON.fullmatch(number) else canonical.encode(number)

        return _MARKED.sub(shown, text)

    def _hidden_bytes(self, content: bytes) -> bytes:
        self.values()
        text = content.decode("utf-8", "surrogateescape")
        return self._texts.replaced(text, _mark).encode("utf-8", "surrogateescape")

    def shown_bytes(self, content: bytes) -> bytes:
        """The content of a mount file as it is written."""
        return _MARKED_BYTES.sub(
            lambda mark: self._value(mark[1].decode()).encode("utf-8", "surrogateescape"), content
        )

    def keep_only(self, names: Iterable[str]) -> None:
        """Forgets all others; they are removed by :meth:`prune`."""
        wanted = {*names}
        values = self.values()
        if gone := {name: text for name, text in values.items() if name not in wanted}:
            self._gone |= gone
            self._values = {}
            self._clear()
            for name in values.keys() & wanted:
                self._add(name, values[name])
            self._is_new = True

    def taken_over(self, other: Vault) -> None:
        """Has all that is in ``other``, by the same names."""
        self._values, self._alone = {}, {*other._alone}
        for name, text in other.values().items():
            self._add(name, text)
        self._is_new = True

    def save(self) -> None:
        """Keeps what it has.  To be done before anything refers to it; the lock must be held."""
        if self._is_new:
            self._keeper.save({**self._gone, **self.values()}, self._variables)
            self._sought = frozenset(self.sought)
            self._is_new = False

    def prune(self) -> None:
        """Removes what was forgotten.  To be done when nothing refers to it any more."""
        if self._gone:
            self._variables -= self._gone.keys()
            self._gone.clear()
            self._keeper.save(self.values(), self._variables)

    def missing(self, has_variables: bool) -> str:
        """A file with secrets that is not there, or is empty, if there is one.  Reads none; in files of their
        own, Compose is given another if it ``has_variables``."""
        return self._keeper.missing(self._recorded, has_variables)

    def remove(self, now: str) -> None:
        """Removes all of it, once nothing refers to it; they are kept ``now`` as that says."""
        self._keeper.remove({*self._recorded, *(self._values or ())}, now)


def _mark(name: str) -> str:
    return f"{_BEGIN}{name}{_END}"


def names_in(text: str | bytes) -> Iterator[str]:
    """The names of secrets that stand in what is stored."""
    if isinstance(text, str):
        return (mark[1] or mark[2] for mark in _MARKED.finditer(text))
    return (mark[1].decode() for mark in _MARKED_BYTES.finditer(text))


def _other(
    row: _Row,
    held: Callable[[str], str],
    listed: Callable[[str], str],
    content: Callable[[bytes], bytes],
) -> _Row:
    columns: dict[str, object] = {column: held(getattr(row, column)) for column in HELD.get(type(row), ())}
    columns |= {column: listed(getattr(row, column)) for column in LISTED.get(type(row), ())}
    if isinstance(row, MountRow) and row.content:
        columns["content"] = content(row.content)
    return row._replace(**columns) if columns else row


def _escaped(text: str) -> str:
    """``text`` as it is within a canonical text."""
    return canonical.encode(text)[1:-1]
