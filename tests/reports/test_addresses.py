"""Addresses and flags that are wrong: an error that says so, and no password in it."""

from __future__ import annotations

import pytest

from doit_score.command.arguments import parse
from doit_score.fetching import fetch
from doit_score.fetching.source import without_passwords
from doit_score.text.errors import ScoreError


@pytest.mark.parametrize(
    "password", ["S3cret", "S3cret/Pw", "S3cret#Pw", "S3cret?Pw", "S3cret Pw", "S3cret@Pw"]
)
@pytest.mark.parametrize("scheme", ["http", "https", "git-https"])
def test_a_password_is_not_told_whatever_letters_it_has(scheme: str, password: str) -> None:
    assert without_passwords(f"{scheme}://user:{password}@host/x") == f"{scheme}://host/x"


def test_a_port_and_a_digest_are_no_password() -> None:
    for address in ("http://host:80/a@b", "oci://host:5000/thing@sha256:abc"):
        assert without_passwords(address) == address


@pytest.mark.parametrize("uri", ["git-https://[::1/a.git/x", "file:///etc/x%00y"])
def test_what_is_no_address_is_told(uri: str) -> None:
    with pytest.raises(ScoreError, match=r"proper address|zero byte"):
        fetch(uri)


def test_nan_is_no_number_of_seconds() -> None:
    with pytest.raises(ScoreError, match="invalid float value: 'nan'"):
        parse(["generate", "--lock-timeout", "nan"])
