from __future__ import annotations

import pytest

from doit_score.text.secrets import Masking, Unmasked, spelled


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


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("password: x y", "password: *****"),
        ('{"user": "me", "password": "x y", "n": 1}', '{"user": "me", "password": *****, "n": 1}'),
        ("db: {api_key: ab, host: h}", "db: {api_key: *****, host: h}"),
        ("http://h/?token=ab&x=1", "http://h/?token=*****"),
        ("passwords: [", "passwords: ["),
        ("at known-one, token=${TOKEN}", "at *****, token=${TOKEN}"),
        ("host: h", "host: h"),
    ],
)
def test_in_a_line_of_any_text_what_is_named_so_is_masked(line: str, shown: str) -> None:
    assert Masking.of({"password": "known-one"}).loose(line) == shown


def test_in_a_value_what_has_such_a_name_is_masked_and_what_is_known_elsewhere() -> None:
    value = {
        "password": "ab",
        "n": {"token": 12, "private": True, "pass": ""},
        "list": ["x known-one", 3, None],
    }
    assert Masking.of({"password": "known-one"}).value(value) == {
        "password": "*****",
        "n": {"token": "*****", "private": True, "pass": ""},
        "list": ["x *****", 3, None],
    }


def test_everything_is_shown_where_that_is_wanted() -> None:
    value = {"password": "ab"}
    shown = Unmasked()
    assert (shown("a"), shown.line("token: ab"), shown.loose("token: ab")) == ("a", "token: ab", "token: ab")
    assert shown.value(value) == value


def test_how_what_was_drawn_is_found_again() -> None:
    assert spelled("aBc1") == {"aBc1", "abc1", "ABC1"}
    assert spelled("123456") == {"123456"}
    assert spelled("12345") == spelled("abc") == spelled("") == set()
