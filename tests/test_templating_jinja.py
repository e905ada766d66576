"""Jinja2 templates: the function library under its two forms, the sandbox, limits and places of errors."""

from __future__ import annotations

import re
from datetime import datetime, timezone

import pytest

from doit_score.templating import limits
from doit_score.templating.errors import TemplateError
from doit_score.templating.functions import names
from doit_score.templating.jinja.library import install
from doit_score.templating.jinja.run import render_jinja
from doit_score.templating.jinja.sandbox import Sandbox
from doit_score.templating.values import NamedString, Struct, TypedMap

DATA: dict[str, object] = {
    "s": "hello",
    "dotted": "a.b.c",
    "items": ["x", "y"],
    "n": 3,
    "zero": 0,
    "big": 2**80,
    "none": None,
    "d": {"a": 1, "items": 2, "deep": {"x": [1, 2]}},
    "users": [{"name": "bob"}, {"name": "al"}],
}


def render(source: str, **more: object) -> str:
    return render_jinja(source, {**DATA, **more})


def failure(source: str, **more: object) -> TemplateError:
    with pytest.raises(TemplateError) as error:
        render(source, **more)
    return error.value


# -- the library


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{{ missing | default("y") }}{{ missing | d("y") }}', "yy"),
        ('{{ zero | default(5) }}{{ zero | default(5, false) }}{{ none | default("y", false) }}', "50y"),
        ('{{ missing | default("y", boolean=false) }}{{ d.nope | default("z") }}', "yz"),
        ('{{ default("y", s) }}{{ default("y", "") }}', "helloy"),
        ('{{ dotted | replace(".", "-") }} {{ replace(".", "-", dotted) }}', "a-b-c a-b-c"),
        ('{{ dotted | replace(".", "-", 1) }}', "a-b.c"),
        ('{{ items | join(",") }} {{ join(",", items) }} {{ items | join }}', "x,y x,y xy"),
        ('{{ users | join("+", attribute="name") }}', "bob+al"),
        ('{{ users | map(attribute="name") | join("-") }}', "bob-al"),
        ('{{ users | map(attribute="name") | first }}{{ last(items) }}{{ items | last }}', "boby" + "y"),
        ("{{ s | first }}{{ s | last }}{{ s | reverse }}", "hoolleh"),
        ("{{ items | reverse }}", "['y', 'x']"),
        ('{{ "a b" | title }}{{ " a " | trim }}{{ "xax" | trim("x") }}{{ 5 | upper }}', "A Baa5"),
        ('{{ "A" | lower }}{{ upper("a") }}{{ "7" | int }}{{ "x" | int(3) }}{{ int("7") }}', "aA737"),
        ('{{ "a\nb" | indent(2) }}|{{ indent(2, "a\nb") }}', "a\n  b|  a\n  b"),
        ("{{ [3, 1] | max }}{{ 3 | max(5) }}{{ max(1, 9) }}{{ [3, 1] | min }}", "3591"),
        ("{{ 3.14159 | round(2) }} {{ round(3.14159, 2) }}", "3.14 3.14"),
        ("{{ range(3) | list }} {{ list(1, 2) }} {{ d | list }}", "[0, 1, 2] [1, 2] ['a', 'items', 'deep']"),
        ('{{ dict("a", 1) }} {{ dict(a=1) }}', "{'a': 1} {'a': 1}"),
        ("{{ add(1, 2) }} {{ 1 | add(2) }} {{ add(1, 2) + 1 }}", "3 3 4"),
        ("{{ trunc(2, s) }} {{ s | trunc(2) }} {{ s | trunc(2.0) }}", "he he he"),
        ('{{ "a" | b64enc | b64dec }} {{ s | quote }}', 'a "hello"'),
        ('{{ dig("a", 0, d) }} {{ d | dig("nope", "dflt") }}', "1 dflt"),
        ('{{ true | ternary("a", "b") }} {{ ternary("a", "b", false) }}', "a b"),
        ("{{ d | toJson }}", '{"a":1,"deep":{"x":[1,2]},"items":2}'),
        ('{{ d.keys() | sortAlpha | join(" ") }}', "a deep items"),
        ('{{ semver("1.2.3").Major }} {{ coalesce(missing, "", "c") }} {{ missing | empty }}', "1 c True"),
        ('{% set x = {} %}{% set _ = set(x, "k", 1) %}{{ x.k }}', "1"),
        ("{{ big + 1 }} {{ 2 ** 70 }} {{ 9007199254740993 }}", f"{2**80 + 1} {2**70} 9007199254740993"),
    ],
)
def test_functions_and_filters(source: str, expected: str) -> None:
    assert render(source) == expected


def test_every_function_of_the_library_is_there() -> None:
    environment = Sandbox()
    install(environment)
    assert names() <= set(environment.globals)
    assert names() <= set(environment.filters)
    assert "lipsum" not in environment.globals


@pytest.mark.parametrize("form", ["randAlphaNum(20)", "20 | randAlphaNum", "uuidv4()"])
def test_impure_functions_are_never_folded(form: str) -> None:
    source = "{{ " + form + " }} {{ " + form + " }}"
    first, second = render(source).split()
    assert first != second
    assert render(source) != f"{first} {second}"


def test_hermetic_rendering_sees_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_VAR", "value")
    source = '{{ env("SOME_VAR") }}'
    assert render(source) == "value"
    with pytest.raises(TemplateError):
        render_jinja(source, {}, hermetic=True)
    assert render(source) == "value"


# -- the language


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a\n{% if n %}\n  b\n{% endif %}\nc\n", "a\n\n  b\n\nc\n"),
        ("{% for i in items %}{{ loop.index }}{{ i }}{{ loop.last }} {% endfor %}", "1xFalse 2yTrue "),
        ("{% for i in users | map(attribute='name') %}{{ i }}{{ loop.length }}{% endfor %}", "bob2al2"),
        (
            "{% for k, v in d.items() %}{{ k }}{% endfor %}{{ d.get('zz', 1) }}{{ d['items'] }}",
            "aitemsdeep12",
        ),
        ("{% for i in [] %}{% else %}none{% endfor %}", "none"),
        ("{% macro m(a) %}<{{ a }}>{% endmacro %}{{ m(1) }}", "<1>"),
        ("{% set v %}{{ s }}{% endset %}{{ v }}{% set w | upper %}{{ s }}{% endset %}{{ w }}", "helloHELLO"),
        (
            "{{ s ~ n ~ none }}{{ s.upper() }}{{ '%s-%s' | format(1, 2) }}{{ '%d' % n }}",
            "hello3NoneHELLO1-23",
        ),
        ("{{ '<a>' }}{{ '<a>' | e }}{{ missing is defined }}", "<a>&lt;a&gt;False"),
        ("{{ 'a' | attr('upper') is callable }}{{ 'x' * 3 }}{{ [1] + [2] }}", "Truexxx[1, 2]"),
        ("{% set ns = namespace(a=1) %}{% set ns.a = 2 %}{{ ns.a }}{{ cycler(1, 2).next() }}", "21"),
    ],
)
def test_jinja_itself(source: str, expected: str) -> None:
    assert render(source) == expected


def test_keys_go_before_attributes_of_our_classes() -> None:
    assert (
        render("{{ t.zero }}{{ t.nil }}{{ t.elem }}", t=TypedMap("any", {"zero": 1, "nil": 2, "elem": 3}))
        == "123"
    )
    assert failure("{{ t.zero }}", t=TypedMap("any")).message == (
        "there is no key 'zero' here; there are none"
    )


def test_go_structs_and_times_are_readable() -> None:
    port = Struct("main.P", {"Port": 80, "Protocol": NamedString("TCP", "main.Proto")})
    assert render("{{ p.Port }} {{ p.Protocol }} {{ p['Port'] }}", p=port) == "80 TCP 80"
    assert failure("{{ p.port }}", p=port).message == "there is no field 'port' here"
    moment = datetime(2024, 2, 29, tzinfo=timezone.utc)
    assert render("{{ m.year }} {{ date('2006-01-02', m) }}", m=moment) == "2024 2024-02-29"


# -- the sandbox


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ''['__class__'] }}",
        "{{ '' | attr('__class__') }}",
        "{{ ('' | attr('__class__')) | attr('__mro__') }}",
        "{{ [''] | selectattr('__class__') | list }}",
        "{{ [''] | sum(attribute='__class__') }}",
        "{{ lipsum.__globals__ }}",
        "{{ lipsum }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ joiner.__init__ }}",
        "{{ namespace.__init__ }}",
        "{{ self.__init__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ range.__self__ }}",
        "{{ default.__globals__ }}",
        "{{ default.__wrapped__ }}",
        "{{ now.__code__ }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{{ '{0.__class__}'.format_map({'0': 1}) }}",
        "{{ ('{0.__class__}' | attr('format'))(1) }}",
        "{% set f = '{0.__class__}'['format'] %}{{ f(1) }}",
        "{{ ''.format.__self__ }}",
        "{{ d.get.__self__ }}",
        "{{ d.update({'x': 1}) }}",
        "{{ d.pop('a') }}",
        "{{ items.append(1) }}",
        "{{ items.clear() }}",
        "{{ (1).__class__ }}",
        "{{ none.__class__ }}",
        "{{ missing.__class__ }}",
        "{{ [].__class__.__base__.__subclasses__() }}",
        "{{ caller.__globals__ }}",
        "{% macro m() %}{{ m.__init__ }}{% endmacro %}{{ m() }}",
        "{% for i in [1] %}{{ loop.__init__ }}{% endfor %}",
        "{{ (now() | attr('__class__')) }}",
        "{{ semver('1.2.3').__class__ }}",
        "{{ semver('1.2.3').fields }}",
        "{{ semver('1.2.3').method }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% from 'os' import path %}",
        "{% extends '/etc/passwd' %}",
        "{{ getHostByName('localhost') }}",
        "{{ ''.join.__func__ }}",
        "{{ 'a'.translate({97: 'x'}) }}",
    ],
)
def test_nothing_is_reached_from_the_sandbox(source: str) -> None:
    failure(source, d={"a": 1}, items=[1])


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("{{ [''] | map(attribute='__class__') | list }}", "__class__"),
        ("{{ [''] | map('attr', '__class__') | list }}", "__class__"),
        ("{{ ['{0.__class__}'] | map('attr', 'format') | list }}", "format"),
        ("{{ [''] | groupby('__class__') | length }}", "__class__"),
    ],
)
def test_filters_that_read_attributes_only_find_what_is_unsafe(source: str, name: str) -> None:
    assert failure(source).message == f"access to attribute {name!r} of 'str' object is unsafe"


def test_functions_are_not_printed() -> None:
    assert failure("{{ now }}").message == "a function cannot be printed: call it as now(...)"
    assert failure("{{ s.upper }}").message == "a function cannot be printed: call it as upper(...)"


# -- limits

GROWING = "{{% set ns = namespace(x='xx') %}}{{% for i in range(60) %}}{{% set ns.x = {} %}}{{% endfor %}}"


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% for i in range(999999999) %}{% endfor %}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{{ 'x' * 10 ** 10 }}",
        "{{ 10 ** 8 * [1] }}",
        "{{ 10 ** 100000 }}",
        "{{ 9 ** (9 ** 9) }}",
        GROWING.format("ns.x ~ ns.x"),
        GROWING.format("ns.x + ns.x"),
        GROWING.format("ns.x.replace('x', ns.x)"),
        GROWING.format("[ns.x, ns.x] | join(ns.x)"),
        GROWING.format("ns.x * (ns.x | length)"),
        GROWING.format("[ns.x] * (ns.x | length) | join"),
        "{% set ns = namespace(x=9) %}{% for i in range(60) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
        "{% set ns = namespace(x='xx') %}{% for i in range(60) %}"
        "{% set v %}{{ ns.x }}{{ ns.x }}{% endset %}{% set ns.x = v %}{% endfor %}",
        "{{ 'x'.center(10 ** 10) }}",
        "{{ 'x'.ljust(10 ** 10) }}",
        "{{ '\\t'.expandtabs(10 ** 10) }}",
        "{{ 'x'.zfill(10 ** 10) }}",
        "{{ 'x' | center(10 ** 10) }}",
        "{{ 'x\\ny' | indent(10 ** 10) }}",
        "{{ [1] | batch(10 ** 10, 0) | list }}",
        "{{ [1] | slice(10 ** 10) | list }}",
        "{{ '%9999999999d' % 1 }}",
        "{{ '%*d' % (10 ** 10, 1) }}",
        "{{ '%9999999999d' | format(1) }}",
        "{{ d | tojson(indent=10 ** 10) }}",
        "{% set x = 'x' * 1000000 %}{% for i in range(99) %}{{ x }}{% endfor %}",
        "{{ repeat(10 ** 10, 'x') }}",
        "{{ until(10 ** 10) }}",
        "{{ 'x'.join(['y' * 1000000] * 100) }}",
    ],
)
def test_runaway_templates_end(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STEPS", 10_000)
    failure(source)


def test_deep_sources_are_refused() -> None:
    assert (
        failure("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}").message == "the template is nested too deeply"
    )


def test_the_message_of_a_limit() -> None:
    message = f"more than {limits.STEPS} turns of loops, calls and elements written or compared"
    assert (
        failure("\n\n{% for i in range(99999) %}{% for j in range(99) %}{% endfor %}{% endfor %}").message
        == message
    )
    assert failure("{{ 'x' * 10 ** 9 }}").message == f"the result is larger than {limits.TEXT} characters"


# -- errors


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ("a\n  {{ nope }}", (2, 6), "'nope' is undefined; did you mean 'none'?"),
        ("{{ d.nope }}", (1, 6), "there is no key 'nope' here; known are a, deep, items"),
        ("{{ d.nope.deeper }}", (1, 6), "there is no key 'nope' here; known are a, deep, items"),
        ("{{ missing ~ 1 }}", (1, 4), "'missing' is undefined; did you mean 'min'?"),
        ("{% for i in missing %}{% endfor %}", (1, 13), "'missing' is undefined; did you mean 'min'?"),
        ("{% if missing %}{% endif %}", (1, 7), "'missing' is undefined; did you mean 'min'?"),
        ("{{ missing | upper }}", (1, 4), "'missing' is undefined; did you mean 'min'?"),
        ("x\n{{ s }}\n\n {{ upper(1) }}", (4, 5), "upper: expected string, found int"),
        ("{{ upper() }}", (1, 4), "upper: expected 1 argument, found 0"),
        ("{{ upper(none) }}", (1, 4), "upper: expected string, found none"),
        ("{{ trunc(1.5, s) }}", (1, 4), "trunc: expected int, found float64"),
        ("{{ trunc(big, s) }}", (1, 4), "trunc: int cannot hold so large a number"),
        ("{{ hasKey(s, 'a') }}", (1, 4), "hasKey: expected map[string]interface {}, found string"),
        ("{{ upper(a=1) }}", (1, 4), "upper: there are no named arguments, found a"),
        ("{{ fail('no ' ~ s) }}", (1, 4), "fail: no hello"),
        ("{{ s | nosuch }}", (1, 8), "No filter named 'nosuch'; did you mean 'nospace'?"),
        ("a\n{% if %}", (2, 7), "Expected an expression, got '%}'"),
        ("{{ 1 / 0 }}", (1, 4), "division by zero"),
        ("{{ 1 + 'a' }}", (1, 4), "+ is not for a number and text"),
        ("{% for i in 5 %}{% endfor %}", (1, 4), "a number has no parts to go through"),
        ("{% include 'x' %}", (1, 4), "there are no other templates here: this must stand alone"),
        ("{{ 'a' + 1 }}", (1, 4), "+ is not for text and a number"),
        ("{{ 'a' * 'b' }}", (1, 4), "* is not for text and text or a list"),
        ("{{ -'a' }}", (1, 4), "- is not for text"),
        ("{{ 'a' < 1 }}", (1, 4), "< is not for text and a number"),
        ("{{ none < 1.5 }}", (1, 4), "< is not for null and a number"),
        ("{{ 1 in 'a' }}", (1, 4), "in is not for a number and text"),
        ("{{ 'a' in 1 }}", (1, 4), "a number has no parts"),
        ("{{ s() }}", (1, 4), "text is no function"),
        ("{{ 1 | length }}", (1, 4), "a number has no length"),
        ("{{ {[]: 1} }}", (1, 4), "a list can be no key"),
        ("{{ '%d' | format('x') }}", (1, 4), "expected a number, found text"),
        ("{{ '%s %s' | format('x') }}", (1, 4), "the format has more places than there are values"),
        ("{{ s | truncate(wide=1) }}", (1, 17), "truncate takes no 'wide'"),
        ("{{ s | center(1, 2, 3) }}", (1, 4), "center is given too many arguments"),
        ("{% macro m(a) %}{% endmacro %}{{ m(b=1) }}", (1, 34), "macro 'm' takes no keyword argument 'b'"),
        ("{{ upper(a=1, a=2) }}", (1, 1), "'a' is given twice"),
        ("{{ 9.0 ** 400 }}", (1, 1), "a number is too large"),
        ("{{ 1e309 }}", (1, 1), "a number is too large"),
        ("{{ [1].index(5) }}", (1, 1), "the values do not fit what is done with them here"),
        ("{{ 'x'.encode() }}", (1, 8), "access to attribute 'encode' of 'str' object is unsafe"),
    ],
)
def test_errors_say_where_and_what(source: str, place: tuple[int, int], message: str) -> None:
    error = failure(source)
    assert ((error.line, error.column), error.message) == (place, message)
    assert error.source_line == source.splitlines()[place[0] - 1]


def test_errors_inside_macros_name_the_line_in_the_macro() -> None:
    error = failure("{% macro m() %}\n{{ nope }}\n{% endmacro %}\n{{ m() }}")
    assert (error.line, error.source_line) == (2, "{{ nope }}")


def test_an_empty_template_prints_nothing() -> None:
    assert render("") == ""
    assert re.fullmatch("[0-9a-f-]{36}", render("{{ uuidv4() }}"))
