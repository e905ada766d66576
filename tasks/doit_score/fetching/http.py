"""Files of web servers, through urllib.

Credentials may be in the address (``https://user:password@host``); they go to that server only, and
into no message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from urllib import request
from urllib.error import URLError
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from doit_score.fetching.source import SIZE_LIMIT, Source, failure, shown, too_large, within
from doit_score.text.light import NamedTuple

TIME_LIMIT = 30.0
"""Seconds until the whole answer must be there."""

REDIRECT_LIMIT = 5
"""Redirects that are followed, one after the other."""

_REDIRECTS = (301, 302, 303, 307, 308)
_LOOPBACK = re.compile(r"localhost|.*\.localhost|127(\.\d+){3}|::1")


class Answer(NamedTuple):
    """What a server said.  Names of ``headers`` are in lower case; ``status`` may be that of an error."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def fetch(uri: str) -> tuple[Source, ...]:
    """The file at the http:// or https:// URI ``uri``.

    Raises ScoreError: no connection, another status than 200, more redirects, bytes or seconds than
    allowed, an answer that is cut off, or a web page instead of a file.
    """
    address, credentials = _split(uri)
    headers = {} if credentials is None else {"Authorization": basic(*credentials)}
    answer = within(TIME_LIMIT, uri, lambda: get(address, uri, headers))
    if answer.status != 200:
        raise failure(uri, status(answer), _STATUS_HINTS.get(answer.status))
    if answer.headers.get("content-type", "").startswith("text/html") and answer.body.lstrip()[:1] == b"<":
        raise failure(
            uri, "it is a web page", "give the address of the file itself; GitHub has a button 'Raw' for it"
        )
    return (Source(address, shown(address), answer.body),)


_STATUS_HINTS = {
    401: "put a user and password into the address, as https://user:password@host/",
    403: "the server wants other credentials, or none will do",
    404: "check the address; some servers say so too if credentials are missing",
}


def status(answer: Answer) -> str:
    """What went wrong, for an answer other than 200."""
    from http.client import responses

    name = responses.get(answer.status, "")
    return f"the server answered with status {answer.status}{f' ({name})' if name else ''}"


def basic(user: str, password: str) -> str:
    """The value of the header Authorization for a user and password."""
    from base64 import b64encode

    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def loopback(address: str) -> bool:
    """Whether ``address`` is that of a server on this machine."""
    return _LOOPBACK.fullmatch(urlsplit(address).hostname or "") is not None


def get(address: str, uri: str, headers: Mapping[str, str], limit: int = SIZE_LIMIT) -> Answer:
    """The answer to a GET for ``address``, with at most ``limit`` bytes; ``uri`` is for messages.

    Redirects are followed with the same ``headers``, but Authorization only to the same server.
    Raises ScoreError if there is no complete answer.
    """
    for _ in range(REDIRECT_LIMIT + 1):
        try:
            with _open(address, headers) as found:
                target = found.headers.get("Location") if found.status in _REDIRECTS else None
                if target is None:
                    return _answer(found, uri, limit)
                following = urljoin(address, target)
                old, new = urlsplit(address), urlsplit(following)
        except (HTTPException, OSError, UnicodeError, ValueError) as error:
            raise failure(uri, *_reason(error)) from None
        if new.scheme not in ("http", "https") or (old.scheme, new.scheme) == ("https", "http"):
            raise failure(
                uri,
                f"it is redirected from {old.scheme} to {new.scheme}, which is not followed",
                "give the address that it is to come from",
            )
        if (old.scheme, old.netloc) != (new.scheme, new.netloc):
            headers = {name: value for name, value in headers.items() if name != "Authorization"}
        address = following
    raise failure(uri, f"it is redirected more than {REDIRECT_LIMIT} times")


def _open(address: str, headers: Mapping[str, str]) -> HTTPResponse:
    """The answer to one request, whatever its status."""
    opener = request.OpenerDirector()
    # As in Go's client, what is on this machine is not looked for through a proxy.
    for handler in (
        request.ProxyHandler({} if loopback(address) else None),
        request.HTTPHandler(),
        request.HTTPSHandler(),
    ):
        opener.add_handler(handler)
    asked = request.Request(address, headers={"User-Agent": "doit-score", **headers})
    found: HTTPResponse = opener.open(asked, timeout=TIME_LIMIT)
    return found


def _answer(found: HTTPResponse, uri: str, limit: int) -> Answer:
    headers = {name.lower(): value for name, value in found.headers.items()}
    if found.length is not None and found.length > limit:
        raise too_large(uri, limit)
    body = found.read(limit + 1)
    if len(body) > limit:
        raise too_large(uri, limit)
    if found.length:
        raise failure(uri, f"the answer ends {found.length} bytes too early", "try again")
    if headers.get("content-encoding", "identity") != "identity":
        raise failure(uri, f"the server compressed it with '{headers['content-encoding']}', unasked")
    return Answer(found.status, headers, body)


def _reason(error: Exception) -> tuple[str, str | None]:
    """What to say of an error of the libraries, and the hint; neither may quote the address."""
    from ssl import SSLCertVerificationError

    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, SSLCertVerificationError):
        return f"the server's certificate is not trusted: {cause.verify_message}", (
            "SSL_CERT_FILE names a file with other certificates to trust"
        )
    if isinstance(cause, TimeoutError):
        return f"the server said nothing for {TIME_LIMIT:g} s", "try again, or download it yourself"
    if isinstance(cause, OSError):
        return f"no connection: {cause.strerror or cause}", "check the name of the host"
    if isinstance(cause, HTTPException):
        return f"the server's answer is broken ({type(cause).__name__})", "try again"
    return "it is no proper address", "an address is https://host/path"


def _split(uri: str) -> tuple[str, tuple[str, str] | None]:
    """The address to ask for, and the user and password that were in ``uri``."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        raise failure(uri, *_reason(ValueError())) from None
    if not parts.hostname:
        raise failure(uri, *_reason(ValueError()))
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    path, query = (quote(part, safe="/%:=&?~+!$,;'@()*") for part in (parts.path, parts.query))
    address = urlunsplit((parts.scheme.lower(), host if port is None else f"{host}:{port}", path, query, ""))
    if parts.username is None:
        return address, None
    return address, (unquote(parts.username), unquote(parts.password or ""))
