"""URLs by the rules of Go's net/url."""

from __future__ import annotations

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions.urls import url_join, url_parse

NOTHING = dict.fromkeys(("scheme", "host", "hostname", "path", "query", "opaque", "fragment", "userinfo"), "")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", {}),
        ("x", {"path": "x"}),
        ("*", {"path": "*"}),
        ("HTTP://h", {"scheme": "http", "host": "h", "hostname": "h"}),
        (
            "https://u:p%40w@a.b:80/a%20b?q=1&r#f%20g",
            {
                "scheme": "https",
                "host": "a.b:80",
                "hostname": "a.b",
                "path": "/a b",
                "query": "q=1&r",
                "fragment": "f g",
                "userinfo": "u:p%40w",
            },
        ),
        ("mailto:a@b", {"scheme": "mailto", "opaque": "a@b"}),
        ("//h/p", {"host": "h", "hostname": "h", "path": "/p"}),
        ("///p", {"path": "///p"}),
        ("file:///p", {"scheme": "file", "path": "/p"}),
        ("http://[::1]:80/", {"scheme": "http", "host": "[::1]:80", "hostname": "::1", "path": "/"}),
        (
            "http://[fe80::1%25eth0]/",
            {"scheme": "http", "host": "[fe80::1%eth0]", "hostname": "fe80::1%eth0", "path": "/"},
        ),
        ("http://h?", {"scheme": "http", "host": "h", "hostname": "h"}),
        ("http://h?a?b", {"scheme": "http", "host": "h", "hostname": "h", "query": "a?b"}),
        ("http://u@h", {"scheme": "http", "host": "h", "hostname": "h", "userinfo": "u"}),
        ("http://h:/", {"scheme": "http", "host": "h:", "hostname": "h", "path": "/"}),
        ("http://%C3%A9/", {"scheme": "http", "host": "é", "hostname": "é", "path": "/"}),
        ("1a:b", None),
        ("a/b:c", {"path": "a/b:c"}),
    ],
)
def test_url_parse(text: str, parts: dict[str, str] | None) -> None:
    if parts is None:
        with pytest.raises(GoError) as error:
            url_parse(text)
        assert str(error.value) == "cannot read the URL: the first part of the path has a colon"
    else:
        assert url_parse(text) == NOTHING | parts


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (":bad", "the scheme before ':' is missing"),
        ("http://%zz", "the escape '%zz' is not % and two hexadecimal digits"),
        ("/a%2", "the escape '%2' is not % and two hexadecimal digits"),
        ("/a#%", "the escape '%' is not % and two hexadecimal digits"),
        ("http://a b/", "the character ' ' is not allowed in a host"),
        ("http://a%20b/", "the escape '%20' is not allowed in a host"),
        ("http://h:x/", "the port after the host is no number"),
        ("http://[::1]x/", "the port after the host is no number"),
        ("http://::1/", "the port after the host is no number"),
        ("http://[::1/", "']' is missing in the host"),
        ("http://[nope]/", "the host in brackets is no IPv6 address"),
        ("http://a b@h/", "the user information has a character that must be escaped"),
        ("http://h/\n", "it has a control character"),
    ],
)
def test_what_is_no_url_is_an_error(text: str, problem: str) -> None:
    with pytest.raises(GoError) as error:
        url_parse(text)
    assert str(error.value) == f"cannot read the URL: {problem}"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, ""),
        (
            {
                "scheme": "http",
                "host": "h:80",
                "path": "/p",
                "query": "q=1",
                "fragment": "f",
                "userinfo": "u:p",
            },
            "http://u:p@h:80/p?q=1#f",
        ),
        ({"scheme": "mailto", "opaque": "a@b"}, "mailto:a@b"),
        ({"scheme": "http", "host": "h", "path": "p"}, "http://h/p"),
        ({"scheme": "http"}, "http:"),
        ({"scheme": "file", "path": "/p"}, "file:///p"),
        ({"host": "h"}, "//h"),
        ({"path": "a:b/c"}, "./a:b/c"),
        ({"path": "/a b!?é;c"}, "/a%20b%21%3F%C3%A9;c"),
        ({"path": "*"}, "*"),
        ({"path": "p", "fragment": "a b!'"}, "p#a%20b!%27"),
        ({"host": "h", "userinfo": "u:p w"}, None),
        ({"host": "h", "userinfo": "a@b:c"}, "//a%40b:c@h"),
        ({"host": "h", "userinfo": "x/y"}, "//h"),
        ({"hostname": "ignored", "path": "/p"}, "/p"),
    ],
)
def test_url_join(parts: dict[str, object], expected: str | None) -> None:
    if expected is None:
        with pytest.raises(GoError) as error:
            url_join(parts)
        assert str(error.value) == (
            "cannot read the URL: the user information has a character that must be escaped"
        )
    else:
        assert url_join(parts) == expected


@pytest.mark.parametrize(("value", "found"), [(1, "int"), (None, "invalid"), ([], "slice")])
def test_url_join_needs_texts(value: object, found: str) -> None:
    with pytest.raises(GoError) as error:
        url_join({"host": value})
    assert str(error.value) == f"expected a text as host, found {found}"


def test_url_join_of_nothing_is_empty() -> None:
    assert url_join(None) == ""
