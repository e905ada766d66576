"""Base 64, base 32 and checksums; positions in messages are those that Go reports."""

from __future__ import annotations

import pytest

from doit_score.templating.functions import encoding


def test_encoding() -> None:
    assert encoding.b64enc("hello") == "aGVsbG8="
    assert encoding.b64enc("héllo wörld ☃") == "aMOpbGxvIHfDtnJsZCDimIM="
    assert encoding.b64enc("") == encoding.b32enc("") == ""
    assert encoding.b32enc("hello") == "NBSWY3DP"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aGVsbG8=", "hello"),
        ("aGVs\nbG8=\r\n", "hello"),
        ("YQ=\n=\n", "a"),
        ("", ""),
        ("\n", ""),
        ("/w==", "\udcff"),
        ("YR==", "a"),
    ],
)
def test_b64dec(text: str, expected: str) -> None:
    assert encoding.b64dec(text) == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("!!", 0),
        ("aGVsbG8", 4),
        ("aGVsbG8-", 7),
        ("aGVs=bG8=", 4),
        ("a===", 1),
        ("YQ=", 3),
        ("YQ=x", 2),
        ("YQ==x", 4),
        ("aGVsbG8==", 8),
        ("YWI=\nx", 5),
        ("Y", 0),
        ("é", 0),
    ],
)
def test_b64dec_says_where_the_text_is_wrong(text: str, place: int) -> None:
    assert encoding.b64dec(text) == f"illegal base64 data at input byte {place}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("NBSWY3DP", "hello"), ("NBSWY3DP\nEB3W64TMMQ======", "hello world"), ("ME======", "a"), ("", "")],
)
def test_b32dec(text: str, expected: str) -> None:
    assert encoding.b32dec(text) == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("xx", 0),
        ("NB", 0),
        ("NBSWY3D1", 7),
        ("NBSWY3DPNB", 8),
        ("M=======", 1),
        ("MEA=====", 3),
        ("MEAAAA==", 6),
        ("ME==A===", 3),
        ("ME===", 5),
    ],
)
def test_b32dec_says_where_the_text_is_wrong(text: str, place: int) -> None:
    assert encoding.b32dec(text) == f"illegal base32 data at input byte {place}"


def test_checksums() -> None:
    assert encoding.sha1sum("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    assert encoding.sha256sum("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert encoding.sha512sum("x") == (
        "a4abd4448c49562d828115d13a1fccea927f52b4d5459297f8b43e42da89238b"
        "c13626e43dcb38ddb082488927ec904fb42057443983e88585179d50551afe62"
    )
    assert encoding.adler32sum("x") == "7929977"
    assert encoding.adler32sum("") == "1"
