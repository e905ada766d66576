"""The environment, and what is refused."""

from __future__ import annotations

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import HERMETIC, environment


def test_env_reads_a_variable_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORE_TEST", "hello")
    monkeypatch.delenv("SCORE_ABSENT", raising=False)
    assert environment.env("SCORE_TEST") == "hello"
    assert environment.env("SCORE_ABSENT") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x-$V-${V}-$NOPE-$", "x-hello-hello--$"),
        ("$$", ""),
        ("${}", ""),
        ("${V", "V"),
        ("$1abc", "abc"),
        ("${*}", ""),
        ("$V1 $V_", " "),
        ("$.$é", "$.$é"),
        ("", ""),
    ],
)
def test_expandenv(monkeypatch: pytest.MonkeyPatch, text: str, expected: str) -> None:
    monkeypatch.setenv("V", "hello")
    for name in ("NOPE", "V1", "V_"):
        monkeypatch.delenv(name, raising=False)
    assert environment.expandenv(text) == expected


def test_expandenv_looks_for_braces_up_to_the_last_one_only() -> None:
    assert environment.expandenv("${" * 1_000_000) == ""


def test_hermetic_mode_refuses_the_environment() -> None:
    token = HERMETIC.set(True)
    try:
        for call in (environment.env, environment.expandenv):
            with pytest.raises(GoError) as error:
                call("HOME")
            assert str(error.value) == (
                "the environment must not be read in hermetic mode; pass the value as a param"
            )
    finally:
        HERMETIC.reset(token)


def test_host_names_are_not_looked_up() -> None:
    with pytest.raises(GoError) as error:
        environment.get_host_by_name("localhost")
    assert str(error.value) == ("refused: templates must not use the network; pass the address as a param")
