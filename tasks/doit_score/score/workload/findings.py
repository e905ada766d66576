"""What the checks of one Score file have found, with places in its text."""

from __future__ import annotations

from doit_score.text import words
from doit_score.text.errors import Problem
from doit_score.text.light import dataclass, field
from doit_score.text.yaml12 import locate

from .model import Elsewhere
from .rules import QUOTES, Keys


@dataclass(slots=True)
class Findings:
    """Collects errors and notices of one file.

    ``moved`` leads from the keys of entries that were upgraded to their keys in the text.
    """

    path: str
    text: str | bytes
    elsewhere: Elsewhere | None = None
    moved: dict[Keys, Keys] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)

    def error(self, keys: Keys, message: str, hint: str | None = None, *, at_key: bool = False) -> None:
        """Add something that is wrong; see :class:`.rules.Report`."""
        self.errors.append(self._problem(keys, message, hint, at_key))

    def notice(self, keys: Keys, message: str, hint: str | None = None, *, at_key: bool = False) -> None:
        """Add something that should be known but is not wrong."""
        self.notices.append(self._problem(keys, message, hint, at_key))

    def _problem(self, keys: Keys, message: str, hint: str | None, at_key: bool) -> Problem:
        prefix = f"{pointer(keys)}: " if keys else ""
        place = self.elsewhere(keys) if self.elsewhere else None
        if place is not None:
            if place[0].startswith("--") and hint == QUOTES:
                hint = f"{QUOTES}, and these in quotes for the shell: PATH='\"VALUE\"'"
            return Problem(prefix + message, *place, hint)
        line, column = locate(self.text, self._in_text(keys), key=at_key) or (None, None)
        return Problem(prefix + message, self.path, line, column, hint)

    def _in_text(self, keys: Keys) -> Keys:
        for length in range(len(keys), 0, -1):
            before = self.moved.get(keys[:length])
            if before is not None:
                return (*before, *keys[length:])
        return keys


def pointer(keys: Keys) -> str:
    """``keys`` as a JSON pointer (RFC 6901), characters that cannot be seen escaped."""
    return "".join("/" + _escaped(str(key)) for key in keys)


def _escaped(key: str) -> str:
    return words.printable(key.replace("~", "~0").replace("/", "~1"))
