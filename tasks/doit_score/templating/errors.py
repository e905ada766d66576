"""What a template engine raises."""

from __future__ import annotations

from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError

REQUIRED_GO = 'write `{{ if not .Params.size }}{{ fail "size is needed" }}{{ end }}`'
REQUIRED_JINJA = "write `{% if not params.size %}{{ fail('size is needed') }}{% endif %}`"
"""What does what ``required`` does elsewhere."""


class GoError(Exception):
    """Raised by a template function; the engine adds the place and the name of the function.

    The message says what was expected and what was found, without position.
    """


class TemplateError(ScoreError):
    """A template that cannot be read, or that fails while it runs.

    ``line`` and ``column`` count from 1 within the source of the template, ``source_line`` is the
    text of that line, ``message`` the failure without the place.  ``is_foreign`` says that the template
    is written in the other syntax (foreign.py).  The caller, who knows the file and the field that the
    template comes from, wraps it.
    """

    def __init__(
        self, message: str, *, line: int, column: int, source_line: str, is_foreign: bool = False
    ) -> None:
        super().__init__(message)
        self.is_foreign = is_foreign
        self.message = message
        self.line = line
        self.column = column
        self.source_line = source_line
        self.problems = (Problem(message, None, line, column, excerpt=words.clipped(source_line, column)),)

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.problems[0]}"


def template_error(source: str, offset: int, message: str, *, is_foreign: bool = False) -> TemplateError:
    """A :class:`TemplateError` at ``offset`` (characters from 0) of ``source``."""
    offset = min(offset, len(source))
    start = source.rfind("\n", 0, offset) + 1
    end = source.find("\n", offset)
    return TemplateError(
        message,
        line=source.count("\n", 0, offset) + 1,
        column=offset - start + 1,
        source_line=source[start : end if end >= 0 else len(source)].rstrip("\r"),
        is_foreign=is_foreign,
    )
