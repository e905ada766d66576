from __future__ import annotations

import pytest

from doit_score.text.secrets import masked


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "PASSWORD",
        "db_passwd",
        "pass",
        "secret_key",
        "token",
        "api_key",
        "accessKey",
        "credentials",
    ],
)
def test_what_a_name_says_is_secret_is_masked(name: str) -> None:
    assert masked("psql://user:s3cr3t@host", {name: "s3cr3t", "user": "user"}) == "psql://user:*****@host"


def test_what_is_below_such_a_name_is_masked_at_any_depth() -> None:
    values = {"passwords": {"admin": ["first-one", {"x": "second-one"}]}}
    assert masked("first-one second-one third", values) == "***** ***** third"


def test_a_secret_that_contains_another_is_masked_whole() -> None:
    assert masked("abcdef abcd", {"password": "abcd"}, {"token": "abcdef"}) == "***** *****"


def test_other_values_and_short_ones_stay() -> None:
    values = {"host": "kafka-abc", "password": "abc", "passes": 3, "keyboard": "qwerty"}
    assert masked("kafka-abc abc 3 qwerty", values) == "kafka-abc abc 3 qwerty"
