"""Numbers as users write them for the verbs: seconds for ending, lines of logs."""

from __future__ import annotations

from doit_score.text.errors import ScoreError

_LONGEST = 2**31 - 1


def seconds(timeout: float | None) -> list[str]:
    """Compose's flag for how many seconds containers have for ending.

    Raises ScoreError for what is no number of whole seconds.
    """
    if timeout is None:
        return []
    if not 0 <= timeout <= _LONGEST or timeout != int(timeout):
        raise ScoreError(f"--timeout: expected whole seconds, found {timeout:g}")
    return ["--timeout", str(int(timeout))]


def tail(text: str) -> str:
    """How many lines of each log are asked for; empty for all.  ScoreError for what is no number."""
    if text in ("", "all"):
        return ""
    if not (text.isascii() and text.isdigit()):
        raise ScoreError(f"--tail: expected a number of lines, or all, found {text!r}")
    return text
