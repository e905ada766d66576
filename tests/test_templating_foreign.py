"""Templates in the other syntax are told as that; what is merely wrong is told as what it is."""

from __future__ import annotations

import pytest
from templates import render_go

from doit_score.templating import foreign
from doit_score.templating.errors import TemplateError
from doit_score.templating.jinja.run import render_jinja

DATA = {"uid": "a.b#c", "state": {"service": "x"}, "params": {"a": 1}}


def of_jinja(source: str) -> TemplateError:
    with pytest.raises(TemplateError) as error:
        render_jinja(source, DATA)
    return error.value


def of_go(source: str) -> TemplateError:
    with pytest.raises(TemplateError) as error:
        render_go(source, {})
    return error.value


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("a: {{ .Uid }}", 7),
        ("a: {{ $x := 1 }}", 7),
        ("{{ if .Params }}x{{ end }}", 4),
        ("{{ range $k, $v := .Params }}", 10),
        ("x{{ end }}", 5),
        ("{{- else -}}", 5),
        ('a: {{ dig "x" 5 .State }}', 11),
        ('a: {{ default "x" 5 }}', 15),
        ("a: {{ uid | default .Id }}", 13),
        ("{{/* a comment */}}", 3),
    ],
)
def test_go_syntax_in_jinja(source: str, column: int) -> None:
    error = of_jinja(source)
    assert (error.message, error.column, error.is_foreign) == (foreign.GO, column, True)


@pytest.mark.parametrize(
    "source",
    [
        "{{ uidd }}",
        "{{ range(nope) }}",
        "{{ fail('see .Uid') }}",
        "{% if nope %}{% endif %}",
        "{{ 'a' 'b' c }}",
        "{{ a b }}",
    ],
)
def test_mistakes_in_jinja_that_are_none_of_go(source: str) -> None:
    error = of_jinja(source)
    assert (error.message == foreign.GO, error.is_foreign) == (False, False)


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("a: {{ uid }}", 7),
        ("a: {{ state.service }}", 7),
        ("a: {{ params.x | default('y') }}", 7),
        ("a: {{ randAlphaNum(5) }}", 19),
        ("{% if params %}{{ nope }}{% endif %}", 19),
        ("{{ workload_services[source_workload] }}", 4),
    ],
)
def test_jinja_syntax_in_go(source: str, column: int) -> None:
    error = of_go(source)
    assert (error.message, error.column, error.is_foreign) == (foreign.JINJA, column, True)


@pytest.mark.parametrize(
    "source",
    ["{{ nope }}", '{{ fail2 "no state given" }}', "{{ 'ab' }}", "{{ if .A }}", "{% x %}{{ .Uid | nope }}"],
)
def test_mistakes_in_go_that_are_none_of_jinja(source: str) -> None:
    error = of_go(source)
    assert (error.message == foreign.JINJA, error.is_foreign) == (False, False)


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ("{{ uid }} {{ state.servce }}", (1, 20), "there is no key 'servce' here; did you mean 'service'?"),
        ("a\n{{ uid }} {{ uid | nope }}", (2, 20), "No filter named 'nope'; did you mean 'nospace'?"),
        ("{{ uid }}{{ (uid ~ state['nope'])\n | upper }}", (1, 26),
         "there is no key 'nope' here; known are service"),
        ("{{ uid\n | upper\n | fail(1) }}", (3, 4), "fail: expected 1 argument, found 2"),
        ("{{ uid }", (1, 8), "expected '}}' or '%}', found a single '}'"),
        ("{{ uid }}\n{% if uid }", (2, 11), "expected '}}' or '%}', found a single '}'"),
        ("{% for x in [1] %}{% if x %}{{ x }}{% endif %}", (1, 4), "this for has no {% endfor %}"),
        ("{% set x %}a", (1, 4), "this set has no {% endset %}"),
        ("{%- raw %}{{ nope{% endraw %}{{ nope }}", (1, 33), "'nope' is undefined; did you mean 'nospace'?"),
        ("{# {{ nope }} #}{{ uid ? }}", (1, 24), "unexpected char '?' at 23"),
        ("{{ required('x', uid) }}", (1, 4), "'required' is undefined; write `{% if not params.size %}"
         "{{ fail('size is needed') }}{% endif %}`"),
    ],
)  # fmt: skip
def test_a_failure_of_jinja_has_the_place_of_what_fails(
    source: str, place: tuple[int, int], message: str
) -> None:
    error = of_jinja(source)
    assert ((error.line, error.column), error.message) == (place, message)


def test_a_template_that_fails_in_another_way_the_second_time_has_the_place_of_the_line() -> None:
    turns = iter([{"a": 1}, {}])

    class Once(dict[str, object]):
        def __getitem__(self, key: str) -> object:
            return next(turns)

    with pytest.raises(TemplateError) as error:
        render_jinja("x {{ (1, 2) | length }} {{ all.x.b + 1 }}", {"all": Once(x=1)})
    assert (error.value.line, error.value.column) == (1, 3)
