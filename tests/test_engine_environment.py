from __future__ import annotations

import pytest
from templates import render_go

from doit_score.engine.inputs.environment import Environment, noted, visible
from doit_score.text import canonical


@pytest.fixture(autouse=True)
def _variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTER", "process")
    monkeypatch.setenv("BOTH", "process")
    monkeypatch.delenv("UNSET", raising=False)


def test_what_is_given_is_laid_over_the_process() -> None:
    environment = Environment({"BOTH": "given", "OWN": "given"})
    names = ("OUTER", "BOTH", "OWN", "UNSET")
    assert [environment.get(name) for name in names] == ["process", "given", "given", None]
    assert {"OUTER", "BOTH", "OWN"} <= set(environment)
    assert len(environment) == len(set(environment))


def test_what_is_looked_up_is_noted_by_digest_also_if_it_is_not_set() -> None:
    environment = Environment({"OWN": "secret"})
    assert ("OWN" in environment, environment.get("UNSET"), environment["OUTER"]) == (True, None, "process")
    assert environment.note() == {
        "OUTER": canonical.digest("process"),
        "OWN": canonical.digest("secret"),
        "UNSET": "",
    }


@pytest.mark.parametrize(
    ("name", "value", "holds"),
    [
        ("OUTER", "process", True),
        ("OUTER", "other", False),
        ("OUTER", None, False),
        ("UNSET", None, True),
        ("UNSET", "", False),
        ("ELSE", "other", True),
    ],
)
def test_a_note_holds_as_long_as_all_of_it_does(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None, holds: bool
) -> None:
    before = Environment({})
    before.get("OUTER")
    before.get("UNSET")
    note = noted(canonical.encode(before.note()))
    if value is None:
        monkeypatch.delenv(name, raising=False)
    else:
        monkeypatch.setenv(name, value)
    assert Environment({}).holds(note) is holds


def test_templates_see_what_is_given_and_are_noted() -> None:
    environment = Environment({"BOTH": "given"})
    with visible(environment):
        assert (
            render_go('{{ env "BOTH" }} {{ expandenv "$OUTER" }} {{ env "UNSET" }}', {}) == "given process "
        )
    assert sorted(environment.note()) == ["BOTH", "OUTER", "UNSET"]
    assert render_go('{{ env "BOTH" }}', {}) == "process"
