"""What is undefined in Jinja2 is an error wherever it counts, within a list or mapping too."""

from __future__ import annotations

import pytest

from doit_score.templating.errors import TemplateError
from doit_score.templating.jinja.run import render_jinja

DATA = {"params": {"host": "x", "list": ["a"]}, "rows": [{"a": 1}, {}]}

LISTS = (
    "[params.host, params.nope]",
    "[params.nope]",
    "{'a': params.nope}",
    "[[params.nope]]",
    "rows | map(attribute='a') | list",
)
USES = (
    "{{ VALUE }}",
    "{{ VALUE ~ '' }}",
    "{{ '%s' % [VALUE] }}",
    "{{ VALUE == [1, 2] }}",
    "{{ 'z' in VALUE }}",
    "{{ VALUE in [1] }}",
    "{{ (VALUE) | join(':') }}",
    "{{ (VALUE) | list | string }}",
    "{{ (VALUE) | length }}",
    "{{ (VALUE) | tojson }}",
    "{{ (VALUE) | toJson }}",
    "{{ (VALUE) | pprint }}",
    "{{ (VALUE) | quote }}",
    "{{ (VALUE) | sort }}",
    "{{ (VALUE) | unique | list }}",
    "{{ (VALUE) | urlencode }}",
    "{{ (VALUE) | toStrings }}",
    "{{ (VALUE) | uniq }}",
    "{{ (VALUE) | deepCopy }}",
    "{{ (VALUE) is sequence }}",
    "{{ (VALUE) is eq(1) }}",
    "{{ toJson(VALUE) }}",
    "{{ list(VALUE) }}",
    "{{ dict('a', VALUE) }}",
    "{{ dict(a=VALUE) }}",
    "{{ kindOf(VALUE) }}",
    "{{ 'x' | default(VALUE) ~ (VALUE) }}",
    "{{ params.gone | default(VALUE) }}",
    "{{ coalesce(params.gone, VALUE) }}",
    "{{ ternary(VALUE, 1, true) }}",
    "{{ '-'.join(VALUE) ~ (VALUE) }}",
)


@pytest.mark.parametrize("value", LISTS)
@pytest.mark.parametrize("use", USES)
def test_undefined_within_a_list_or_mapping_is_an_error(use: str, value: str) -> None:
    with pytest.raises(TemplateError) as error:
        render_jinja(use.replace("VALUE", value), DATA)
    name = "a" if value.startswith("rows") else "nope"
    known = "there are none" if name == "a" else "known are host, list"
    assert error.value.message == f"there is no key {name!r} here; {known}"


@pytest.mark.parametrize(
    "source",
    [
        "{{ params.gone | default(params.nope) }}",
        "{{ coalesce(params.gone, params.nope) }}",
        "{{ params.nope is string }}",
        "{{ params.nope | items | list }}",
        "{{ {'b': params.nope} | xmlattr }}",
        "{{ {'b': params.nope} | items | list }}",
        "{{ {params.nope: 1} }}",
        "{{ params[params.nope] }}",
        "{{ range(params.nope) }}",
        "{{ 'a'.replace('a', params.nope) }}",
        "{{ ','.join([params.nope]) }}",
        "{{ params.list.index(params.nope) }}",
        "{{ 'a' | replace('a', params.nope) }}",
        "{{ 'a' | center(params.nope) }}",
        "{{ [1] | sum(start=params.nope) }}",
        "{% for key, value in {'a': params.nope}.items() %}{{ value }}{% endfor %}",
        "{% set x = [params.nope] %}{% if x == [] %}{% endif %}",
    ],
)
def test_undefined_as_an_argument_or_part_is_an_error(source: str) -> None:
    with pytest.raises(TemplateError) as error:
        render_jinja(source, DATA)
    assert "there is no key" in error.value.message


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("{{ params.nope | default('y') }}", "y"),
        ("{{ params.nope | default(none) }}", "None"),
        ("{{ params.host | default(params.nope) }}", "x"),
        ("{{ params.nope is defined }} {{ params.nope is undefined }}", "False True"),
        ("{{ coalesce(params.nope, 'y') }} {{ empty(params.nope) }}", "y True"),
        ("{{ [params.host, params.nope] | select('defined') | join(',') }}", "x"),
        ("{{ rows | map(attribute='a') | map('default', 0) | join(',') }}", "1,0"),
        ("{{ rows | map(attribute='a', default=0) | join(',') }}", "1,0"),
        ("{{ rows | selectattr('a', 'defined') | list }}", "[{'a': 1}]"),
        ("{% macro m(a) %}{{ a | default('y') }}{% endmacro %}{{ m(params.nope) }}", "y"),
        ("{{ 'a' if params.host else params.nope }}", "a"),
    ],
)
def test_undefined_may_be_asked_for_and_replaced(source: str, printed: str) -> None:
    assert render_jinja(source, DATA) == printed
