"""What was fetched, and what every way to fetch keeps to."""

from __future__ import annotations

import re
from collections.abc import Callable

from doit_score.text.errors import ScoreError
from doit_score.text.light import TypeVar, dataclass

SIZE_LIMIT = 10 * 1024 * 1024
"""Bytes that one file may have, wherever it comes from."""

FILE_LIMIT = 100
"""Files that are taken from one directory or artifact elsewhere."""

# A password that nobody escaped may have any letter in it: then all up to the last @ goes.
_USER = re.compile(
    r"([A-Za-z][A-Za-z0-9+.-]*://)([^/?#\s]*)@|((?:git-)?(?:https?|ssh)://)([^/?#\s@:]*:(?![0-9]+(?:/|$))[^\n]*)@",
    re.IGNORECASE,
)
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Source:
    """One text that was fetched.

    ``uri`` is where from, without a password: two sources with one ``uri`` are the same.  ``name`` is
    what to call it in messages; a file that comes from a query has none of it in its name.
    """

    uri: str
    name: str
    content: bytes


def failure(uri: str, message: str, hint: str | None = None) -> ScoreError:
    """The error that says why there is nothing from ``uri``; what may be secret in it is left out."""
    return ScoreError(f"cannot fetch '{shown(uri)}': {message}", hint=hint)


def shown(uri: str) -> str:
    """``uri`` as it may be printed and kept: no password, no query (which may hold a token), one line.

    The query of a git-ssh:// or git-https:// URI says which ref is meant, and stays.
    """
    text = without_passwords(uri)
    if re.match(r"https?://", text, re.IGNORECASE):
        text = text.partition("?")[0].partition("#")[0]
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def without_passwords(text: str) -> str:
    """``text`` with neither user nor password in its addresses, save users of ssh: a user may be a token."""
    return _USER.sub(_without_password, text)


def _without_password(match: re.Match[str]) -> str:
    scheme = match[1] or match[3]
    user = (match[2] or match[4] or "").partition(":")[0]
    return f"{scheme}{user}@" if scheme.endswith("ssh://") else scheme


def limited(content: bytes, uri: str) -> bytes:
    """``content``, read to one byte more than the limit at most.  Raises ScoreError if it is longer."""
    if len(content) > SIZE_LIMIT:
        raise too_large(uri, SIZE_LIMIT)
    return content


def too_large(uri: str, limit: int) -> ScoreError:
    return failure(uri, f"it is larger than {limit // 1024} KiB", "is this the right file?")


def within(seconds: float, uri: str, work: Callable[[], _Result]) -> _Result:
    """What ``work`` returns, if it does so within ``seconds``; else ScoreError.

    A time limit of a socket is one for each single read, and looking up a name has none, so a slow
    server could hold us for hours.  The work is done in a thread that is left alone when it is late.
    """
    from threading import Thread

    results: list[_Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise failure(uri, f"it took longer than {seconds:g} s", "try again, or download it yourself")
    return results[0]
