"""The event stream of PyYAML's parser, and what its errors say in our terms."""

from __future__ import annotations

from collections.abc import Iterator

from doit_score.text.errors import ScoreError
from doit_score.text.light import Any, Final

# Values are walked by recursion in many places: the limit keeps all of them within Python's stack.
MAX_DEPTH: Final = 200
MAX_TEXT: Final = 16 << 20
"""How long a document may be that somebody wrote, or that a template printed."""
MAX_VALUES: Final = 1_000_000
"""How many values such a document may have, keys among them: each takes a hundred times its text."""
TOO_DEEP: Final = f"nested deeper than {MAX_DEPTH} levels"

# What the parser calls what it is in.
_OPEN = {
    "while parsing a block collection": "the list",
    "while parsing a block mapping": "the mapping",
    "while parsing a flow mapping": "the mapping in braces",
    "while parsing a flow sequence": "the list in brackets",
    "while scanning a quoted scalar": "the quoted text",
}
_ADVICE = {
    "did not find expected key": "let all keys of a mapping begin in one column",
    "did not find expected '-' indicator": "let all entries of a list begin in one column",
    "mapping values are not allowed in this context": "put text that has ': ' in it in quotes, and let all"
    " keys of a mapping begin in one column",
    "found character that cannot start any token": "put text that begins with @, ` or % in quotes",
}


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
        if problem == "exceeded maximum nesting depth":
            # Newer parsers look so far ahead that they find it before the reader does.
            return ScoreError(TOO_DEEP, path=path, line=mark.line + 1, column=mark.column + 1)
        tab = _is_tab(data, mark.line, mark.column)
        if tab:
            problem = "found a tab where spaces or text are expected"
        return ScoreError(
            f"not YAML: {problem}{_around(error) if path else ''}",
            path=path,
            line=mark.line + 1,
            column=mark.column + 1,
            hint="indent with spaces, not with tabs" if tab else _ADVICE.get(str(problem)),
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


def _around(error: Exception) -> str:
    """What is not complete where the parser gave up, and where that begins."""
    what = _OPEN.get(str(getattr(error, "context", None)))
    mark = getattr(error, "context_mark", None)
    if what is None or mark is None:
        return ""
    return f" in {what} that begins in line {mark.line + 1}, column {mark.column + 1}"


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
