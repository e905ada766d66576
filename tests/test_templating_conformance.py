"""Every template of the conformance data prints, to the byte, what Go's text/template and sprig print."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from templates import render_go

from doit_score.templating.errors import TemplateError

DATA = Path(__file__).parent / "conformance"
CASES = [json.loads(line) for line in (DATA / "gotemplate.jsonl").read_text("utf-8").splitlines()]
INPUTS = (DATA / "gotemplate.data.json").read_text("utf-8")


@pytest.fixture(autouse=True)
def oracle_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment that the reference ran in."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("ORACLE_VAR", "hello")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_all_cases_are_there() -> None:
    assert len(CASES) == 1511


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_agrees_with_go(case: dict[str, str]) -> None:
    data = json.loads(INPUTS)[case["data"]]
    if "output" in case:
        assert render_go(case["template"], data, root=case["root"]) == case["output"]
    else:
        with pytest.raises(TemplateError):
            render_go(case["template"], data, root=case["root"])
