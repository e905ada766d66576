"""The event stream of PyYAML's parser, and what its errors say in our terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from doit_score.errors import ScoreError


def events(data: str | bytes) -> Iterator[Any]:
    """The events of ``data``, one by one; a syntax error is raised when it is reached."""
    import yaml

    # Without libyaml there is no CSafeLoader; the loaders only serve as parsers here.
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return iter(loader(data).get_event, None)


def syntax_error(error: Exception, data: str | bytes, path: str | None) -> ScoreError:
    """What PyYAML or a codec complained of, with the place in the file."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        problem = getattr(error, "problem", None) or getattr(error, "context", None)
        return ScoreError(
            f"not YAML: {problem}",
            path=path,
            line=mark.line + 1,
            column=mark.column + 1,
            hint="indent with spaces, not with tabs" if _is_tab(data, mark.line, mark.column) else None,
        )
    if isinstance(error, UnicodeError):
        return ScoreError("not YAML: the text cannot be encoded as UTF-8", path=path)
    line, column = _line_and_column(data, getattr(error, "position", None))
    reason = getattr(error, "reason", None) or str(error)
    return ScoreError(
        f"not YAML: {reason}",
        path=path,
        line=line,
        column=column,
        hint="a YAML file is text in UTF-8 or UTF-16 without control characters",
    )


def _is_tab(data: str | bytes, line: int, column: int) -> bool:
    text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    lines = text.split("\n")
    return line < len(lines) and lines[line][column : column + 1] == "\t"


def _line_and_column(data: str | bytes, position: object) -> tuple[int | None, int | None]:
    if not isinstance(position, int) or position < 0:
        return None, None
    # The C reader counts bytes, also of text, which it reads as UTF-8.
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    before = raw[:position].split(b"\n")
    return len(before), len(before[-1].decode("utf-8", "replace")) + 1
