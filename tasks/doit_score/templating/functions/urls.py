"""URLs taken apart and put together, by the rules of Go's net/url."""

from __future__ import annotations

import re

from ..errors import GoError
from ..values import kind_of, text_of, utf8

Map = dict[str, object]

_ALPHANUMERIC = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
_SAFE_USER = frozenset(_ALPHANUMERIC + b"$&+,;=")
_SAFE_PATH = frozenset(_ALPHANUMERIC + b"$&+,/:;=@")
_SAFE_FRAGMENT = frozenset(_ALPHANUMERIC + b"$&+,/:;=?@!()*")
_SAFE_HOST = frozenset(_ALPHANUMERIC + b"!$&'()*+,;=:[]<>\"")
"""The bytes that each part of a URL may have unescaped."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_USER = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:%@-]*\Z")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})|%.{0,2}", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PORT = re.compile(r":[0-9]*\Z")
_FIELDS = ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo")


def _fail(problem: str) -> GoError:
    return GoError(f"cannot read the URL: {problem}")


def _unescaped(text: str) -> str:
    """``text`` with its ``%41`` read."""

    def byte(match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            raise _fail(f"the escape {match[0].decode('latin-1')!r} is not % and two hexadecimal digits")
        return bytes((int(match[1], 16),))

    return text_of(_ESCAPE.sub(byte, utf8(text))) if "%" in text else text


def _escaped(text: str, safe: frozenset[int]) -> str:
    data = utf8(text)
    return "".join([chr(byte) if byte in safe else f"%{byte:02X}" for byte in data])


def _unescaped_host(text: str, zone: bool = False) -> str:
    """A host with its escapes read; only bytes outside ASCII may be escaped, in a zone others, too."""
    for match in _ESCAPE.finditer(utf8(text)):
        if match[1] is not None and not zone and match[1][:1] in b"01234567" and match[0] != b"%25":
            raise _fail(f"the escape {match[0].decode()!r} is not allowed in a host")
    if not zone:
        for byte in utf8(text):
            if byte < 0x80 and byte not in _SAFE_HOST and byte != 0x25:
                raise _fail(f"the character {chr(byte)!r} is not allowed in a host")
    return _unescaped(text)


def _host(text: str) -> str:
    if text.startswith("["):
        return _bracketed_host(text)
    port = text.partition(":")[2]
    if not re.fullmatch("[0-9]*", port):
        raise _fail("the port after the host is no number")
    return _unescaped_host(text)


def _bracketed_host(text: str) -> str:
    end = text.rfind("]")
    if end < 0:
        raise _fail("']' is missing in the host")
    if text[end + 1 :] and not _PORT.match(text[end + 1 :]):
        raise _fail("the port after the host is no number")
    zone = text.find("%25", 0, end)
    address = text[1 : zone if zone >= 0 else end]
    _check_address(address)
    if zone < 0:
        return _unescaped_host(text)
    return text[:zone] + _unescaped_host(text[zone:end], zone=True) + _unescaped_host(text[end:])


def _check_address(address: str) -> None:
    from ipaddress import AddressValueError, IPv6Address

    try:
        IPv6Address(address)
    except AddressValueError:
        raise _fail("the host in brackets is no IPv6 address") from None


def _authority(text: str) -> tuple[str, str]:
    """User information, escaped as it is written again, and host."""
    user, at, host = text.rpartition("@")
    if not at:
        return "", _host(host)
    if not _USER.match(user):
        raise _fail("the user information has a character that must be escaped")
    found = _host(host)
    name, colon, password = user.partition(":")
    shown = _escaped(_unescaped(name), _SAFE_USER)
    if colon:
        shown += ":" + _escaped(_unescaped(password), _SAFE_USER)
    return shown, found


def _hostname(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return _PORT.sub("", host) if host.count(":") == 1 else host


def url_parse(text: str) -> Map:
    """The parts of a URL: scheme, host, hostname, path, query, opaque, fragment, userinfo.

    Raises:
        GoError: it is no URL.
    """
    text, _, fragment = text.partition("#")
    if _CONTROL.search(text):
        raise _fail("it has a control character")
    parts: Map = dict.fromkeys((*_FIELDS, "hostname"), "")
    _parse_rest(text, parts)
    parts["fragment"] = _unescaped(fragment)
    return parts


def _parse_rest(text: str, parts: Map) -> None:
    """Fill ``parts`` from a URL without fragment."""
    if text == "*":
        parts["path"] = "*"
        return
    if text.startswith(":"):
        raise _fail("the scheme before ':' is missing")
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else text
    parts["scheme"] = scheme[1].lower() if scheme else ""
    rest, _, query = rest.partition("?")
    parts["query"] = query
    if not rest.startswith("/"):
        if scheme:
            parts["opaque"] = rest
            return
        if ":" in rest.partition("/")[0]:
            raise _fail("the first part of the path has a colon")
    elif rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        rest = slash + path
        user, host = _authority(authority)
        parts.update(userinfo=user, host=host, hostname=_hostname(host))
    parts["path"] = _unescaped(rest)


def _text(parts: Map, key: str) -> str:
    value = parts.get(key, "")
    if not isinstance(value, str):
        raise GoError(f"expected a text as {key}, found {kind_of(value)}")
    return value


def _userinfo(text: str) -> str:
    """User information as it is written into a URL."""
    if not text:
        return ""
    parts = url_parse(f"proto://{text}@host")
    return str(parts["userinfo"])


def url_join(parts: Map | None) -> str:
    """The URL of the parts that :func:`url_parse` gives; absent ones are empty."""
    given = {key: _text(parts or {}, key) for key in _FIELDS}
    out = f"{given['scheme']}:" if given["scheme"] else ""
    if given["opaque"]:
        out += given["opaque"]
    else:
        out += _joined_path(given, out)
    if given["query"]:
        out += f"?{given['query']}"
    return f"{out}#{_escaped(given['fragment'], _SAFE_FRAGMENT)}" if given["fragment"] else out


def _joined_path(given: dict[str, str], scheme: str) -> str:
    user, host, path = _userinfo(given["userinfo"]), given["host"], given["path"]
    out = ""
    if host or user or (path and scheme):
        at = f"{user}@" if user else ""
        out = f"//{at}{_escaped(host, _SAFE_HOST)}"
    escaped = "*" if path == "*" else _escaped(path, _SAFE_PATH)
    if escaped and not escaped.startswith("/") and host:
        out += "/"
    if not scheme and not out and ":" in escaped.partition("/")[0]:
        out = "./"
    return out + escaped
