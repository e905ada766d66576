"""The URIs that name provisioners: ``scheme://host/path``, checked as Go's ``url.Parse`` does."""

from __future__ import annotations

import re

from doit_score.text.light import dataclass

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BAD_IN_HOST = re.compile(r"[\x00-\x20\x7f\\^`{|}%]")
_PORT = re.compile(r":([^\]]*)$")


@dataclass(frozen=True, slots=True)
class Uri:
    """A URI taken apart.  ``path`` is unescaped; the other parts are as written, None where absent."""

    scheme: str
    user: str | None
    host: str
    port: str | None
    path: str
    query: str | None
    fragment: str | None


def split(text: str) -> Uri | None:
    """``text`` taken apart, or None if it is no URI (conformance provisioners-19).

    The scheme is in lower case, and empty where there is none (provisioners-17).
    """
    if any(char < " " or char == "\x7f" for char in text):
        return None
    rest, hash_, fragment = text.partition("#")
    rest, mark, query = rest.partition("?")
    scheme = _SCHEME.match(rest)
    if scheme is None:
        return None if rest.startswith(":") else Uri("", None, "", None, rest, None, None)
    rest = rest[scheme.end() :]
    authority = ""
    if rest.startswith("//"):
        authority, slash, rest = rest[2:].partition("/")
        rest = slash + rest
    user, at, host = authority.rpartition("@")
    port = _PORT.search(host)
    if port is not None:
        host = host[: port.start()]
    if _BAD_IN_HOST.search(host) or _BAD_ESCAPE.search(rest + user + fragment):
        return None
    if port is not None and not re.fullmatch(r"[0-9]*", port[1]):
        return None
    return Uri(
        scheme=scheme[1].lower(),
        user=user if at else None,
        host=host,
        port=port[1] if port else None,
        path=_unescaped(rest),
        query=query if mark else None,
        fragment=fragment if hash_ else None,
    )


def _unescaped(path: str) -> str:
    if "%" not in path:
        return path
    from urllib.parse import unquote

    return unquote(path)
