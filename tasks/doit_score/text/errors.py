"""What can go wrong, said in one way.

A :class:`Problem` is one fact about one place.  The pure core returns problems that do not stop it
(warnings) and raises :class:`ScoreError` with the ones that do.  Whether a warning stops a run is
decided by the engine (strict mode), never here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from doit_score.text.light import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where.

    ``message`` says what was expected and what was found; ``path`` is the file as the user named
    it; ``line`` and ``column`` count from 1; ``hint`` says what to do.  ``context`` says what was at
    work, for those who need more than the place.  ``excerpt`` is the line at the place, where it is at
    hand; else ``text/messages`` looks it up.  Passwords and other generated values must not be put into
    any of them.
    """

    message: str
    path: str | None = None
    line: int | None = None
    column: int | None = None
    hint: str | None = None
    context: str | None = None
    excerpt: str | None = None

    @property
    def place(self) -> str:
        """``file:line:column`` as far as it is known, or the empty string."""
        parts = [self.path, self.line, self.column]
        known = parts[: parts.index(None)] if None in parts else parts
        return ":".join(str(part) for part in known)

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        text += f"\n  | {self.excerpt}" if self.excerpt else ""
        text += f"\n  {self.context}" if self.context else ""
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class ScoreError(Exception):
    """A failure that the user can do something about; printed without a traceback, exit code 1.

    ``title`` introduces the problems; without one they are counted, and one alone is printed as it is.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.title: str | None = None
        self.problems: tuple[Problem, ...] = (Problem(message, path, line, column, hint),)

    @classmethod
    def of(cls, problems: Iterable[Problem], title: str | None = None) -> ScoreError:
        """One error for all ``problems`` (at least one), in the order of their places."""
        ordered = sorted(
            dict.fromkeys(problems),
            key=lambda p: (p.path or "", p.line or 0, p.column or 0, p.context or "", p.message),
        )
        error = cls("")
        error.title = title
        error.problems = tuple(ordered)
        return error

    @classmethod
    def raise_for(cls, problems: Collection[Problem], title: str | None = None) -> None:
        """Raises one error for all ``problems``, if there are any."""
        if problems:
            raise cls.of(problems, title)

    def __str__(self) -> str:
        return together(self.title, self.problems)


def together(title: str | None, problems: Collection[Problem]) -> str:
    """The text of an error: one problem alone as it is, several below a title or their number."""
    if title is None and len(problems) == 1:
        return "".join(map(str, problems))
    lines = [title or f"{len(problems)} problems:"]
    for problem in problems:
        lines += ["  " + line for line in str(problem).splitlines()]
    return "\n".join(lines)
