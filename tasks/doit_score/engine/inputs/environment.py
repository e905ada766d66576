"""Environment variables as an input: which ones were looked at, and what they were."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from doit_score.text import canonical


class Environment(Mapping[str, str]):
    """The process's environment with ``extra`` laid over it; notes what is looked up.

    Values are secrets often enough: only their digests are recorded.
    """

    def __init__(self, extra: Mapping[str, str]) -> None:
        self._extra = extra
        self._looked_up: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self._looked_up.add(name)
        return self._extra[name] if name in self._extra else os.environ[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole())

    def __len__(self) -> int:
        return len(self.whole())

    def whole(self) -> dict[str, str]:
        """All of it, for a program; nothing is noted."""
        return {**os.environ, **self._extra}

    def note(self) -> dict[str, str]:
        """What was looked up, with the digest of each value; an empty one for a variable that is not set."""
        return {name: self._digest(name) for name in sorted(self._looked_up)}

    def holds(self, note: Mapping[str, str]) -> bool:
        """Whether everything in ``note`` still has its value."""
        return all(self._digest(name) == digest for name, digest in note.items())

    def _digest(self, name: str) -> str:
        value = self._extra.get(name, os.environ.get(name))
        return "" if value is None else canonical.digest(value)


@contextmanager
def visible(environment: Environment) -> Iterator[None]:
    """Lets the functions of templates look at ``environment``, so that it is noted."""
    from doit_score.templating.functions import ENVIRONMENT

    token = ENVIRONMENT.set(environment)
    try:
        yield
    finally:
        ENVIRONMENT.reset(token)


def noted(text: str) -> dict[str, str]:
    """A note that was stored as canonical text."""
    return canonical.mapping(text)  # type: ignore[return-value]  # of note()
