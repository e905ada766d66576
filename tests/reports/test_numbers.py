"""Numbers of more digits than Python reads: text in YAML, as Go's yaml.v3 has it, and no traceback."""

from __future__ import annotations

import pytest

from doit_score.score.overrides import parse_property
from doit_score.templating.errors import TemplateError
from doit_score.templating.jinja.run import render_jinja
from doit_score.text import yaml12

MANY = "9" * 5000


@pytest.mark.parametrize("number", [MANY, f"-{MANY}", f"+{MANY}", f"0x{MANY}", f"0o{'7' * 5000}"])
def test_in_yaml_it_is_text(number: str) -> None:
    assert yaml12.load(f"a: {number}\n".encode(), "score.yaml") == {"a": number}


def test_as_an_override_it_is_no_fault() -> None:
    assert parse_property(f"containers.main.variables.A={MANY}").source.endswith(MANY)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (f"{{{{ {MANY} }}}}", "a number has more digits than can be read or written"),
        ("{{ 10 ** 4300 }}", "the number has more than 14000 bits"),
    ],
)
def test_in_jinja_it_is_an_error(source: str, message: str) -> None:
    with pytest.raises(TemplateError) as error:
        render_jinja(source, {})
    assert error.value.message == message
