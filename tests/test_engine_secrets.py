from __future__ import annotations

import pytest

from doit_score.text.secrets import Masking


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
    assert Masking.of({name: "s3cr3t", "user": "user"})("psql://user:s3cr3t@host") == "psql://user:*****@host"


def test_what_is_below_such_a_name_is_masked_at_any_depth() -> None:
    values = {"passwords": {"admin": ["first-one", {"x": "second-one"}]}}
    assert Masking.of(values)("first-one second-one third") == "***** ***** third"


def test_a_secret_that_contains_another_is_masked_whole() -> None:
    assert Masking.of({"password": "abcd"}, {"token": "abcdef"})("abcdef abcd") == "***** *****"


def test_other_values_and_short_ones_stay() -> None:
    values = {"host": "kafka-abc", "password": "abc", "passes": 3, "keyboard": "qwerty"}
    assert Masking.of(values)("kafka-abc abc 3 qwerty") == "kafka-abc abc 3 qwerty"
