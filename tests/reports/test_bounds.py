"""Templates that want more than they may use up: each ends with a clear error, in little memory."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor

import pytest
from templates import render_go

from doit_score.templating.errors import TemplateError
from doit_score.templating.jinja.run import render_jinja
from doit_score.text.secrets import MASK, Masking

MEMORY = 1 << 30
"""Bytes of address space that a rendering may take; the interpreter itself has about a tenth."""

STEPS = "more than 1000000 turns of loops, calls and elements written or compared"
WORK = "all texts and lists together are larger than 134217728 characters"
SIZE = "the result is larger than 16777216 characters"

DOUBLED = "{{ $l := list 1 }}{{ range 60 }}{{ $l = list $l $l }}{{ end }}"
TEXT = '{{ $x := repeat 1000000 "ab" }}'
TWICE = "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}"
LETTERS = "{% set x = 'ab' * 1000000 %}"
LOOP = "{% for i in range(99999) %}{% set y = WHAT %}{% endfor %}"

GO = [
    (DOUBLED + "{{ $l }}", STEPS),
    (DOUBLED + "{{ print $l }}", f"print: {STEPS}"),
    (DOUBLED + '{{ printf "%v" $l }}', f"printf: {STEPS}"),
    (DOUBLED + "{{ toJson $l }}", f"toJson: {STEPS}"),
    (DOUBLED + "{{ deepCopy $l }}", f"deepCopy: {STEPS}"),
    (DOUBLED + "{{ deepEqual $l (deepCopy $l) }}", f"deepCopy: {STEPS}"),
    (DOUBLED + '{{ join "," $l }}', f"join: {STEPS}"),
    ("{{ $l := list }}{{ range 100000 }}{{ $l = append $l 1 }}{{ end }}", f"append: {WORK}"),
    ("{{ $l := list }}{{ range 100000 }}{{ $l = prepend $l 1 }}{{ end }}", f"prepend: {WORK}"),
    ("{{ uniq (until 100000) }}", f"uniq: {STEPS}"),
    ("{{ range 100000 }}{{ $x := until 100000 }}{{ end }}", f"until: {STEPS}"),
    (TEXT + '{{ range 1000 }}{{ $y := contains "zz" $x }}{{ end }}', f"contains: {WORK}"),
    (
        TEXT + "{{ join $x (until 1000) }}",
        "join: the result would have 2000002890 characters; at most 16777216 are allowed",
    ),
]
JINJA = [
    (TWICE + "{{ ns.l }}", STEPS),
    (TWICE + "{{ ns.l ~ '' }}", STEPS),
    (TWICE + "{{ ns.l == [1] }}", STEPS),
    (TWICE + "{{ '%s' % [ns.l] }}", STEPS),
    (TWICE + "{{ ns.l | tojson }}", STEPS),
    (TWICE + "{{ ns.l | toJson }}", f"toJson: {STEPS}"),
    (TWICE + "{{ ns.l | string }}", STEPS),
    (TWICE + "{{ [ns.l, ns.l] | sort }}", STEPS),
    (
        LETTERS + "{{ x.split('b') | join(x) }}",
        "join: the result would have 2000003000000 characters; at most 16777216 are allowed",
    ),
    (LETTERS + "{{ x.join(x.split('b')) }}", STEPS),
    (LETTERS + "{{ x | replace('a', x, 5000000) }}", SIZE),
    (LETTERS + "{{ x | wordwrap(1, wrapstring=x) }}", SIZE),
    (LETTERS + "{{ ('%(a)s' * 1000) % {'a': x} }}", SIZE),
    ("{{ ('\t' * 1000).expandtabs(tabsize=1000000) }}", SIZE),
    ("{{ [[1]] | sum(start=[]) }}", "sum adds numbers; concat makes one list of several"),
    ("{{ [1] | tojson(indent=1000000) }}", "expected at most 100 spaces of indentation"),
    ("{{ 'a'.encode() * 99999999 }}", "access to attribute 'encode' of 'str' object is unsafe"),
    ("{{ (5).to_bytes(999999999, 'big') }}", "access to attribute 'to_bytes' of 'int' object is unsafe"),
    ("{{ '%9999999999d'.encode() % 1 }}", "access to attribute 'encode' of 'str' object is unsafe"),
    (LETTERS + LOOP.replace("WHAT", "x | upper"), WORK),
    (LETTERS + LOOP.replace("WHAT", "x.count('b')"), WORK),
    (LETTERS + LOOP.replace("WHAT", "x[::-1]"), WORK),
    (LETTERS + LOOP.replace("WHAT", "'c' in x"), WORK),
    (LOOP.replace("WHAT", "range(99999) | sum"), STEPS),
    ("{{ 10 ** 4300 }}", "the number has more than 14000 bits"),
]


def failure(language: str, source: str) -> str:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        (render_go if language == "go" else render_jinja)(source, {})
    except TemplateError as error:
        return error.message
    return "it was rendered"


@pytest.fixture(scope="module")
def limited() -> Iterator[Executor]:
    """A process that may take no more than MEMORY."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize(("source", "message"), GO)
def test_a_go_template_ends_with_a_clear_error(
    source: str, message: str, limited: ProcessPoolExecutor
) -> None:
    assert limited.submit(failure, "go", source).result() == message


@pytest.mark.parametrize(("source", "message"), JINJA)
def test_a_jinja_template_ends_with_a_clear_error(
    source: str, message: str, limited: ProcessPoolExecutor
) -> None:
    assert limited.submit(failure, "jinja", source).result() == message


def test_what_a_large_project_does_is_within_the_limits() -> None:
    build = "{{ $d := dict }}{{ $l := list }}{{ range $i := until 10000 }}"
    build += '{{ $_ := set $d (print "key" $i) $i }}{{ $l = append $l (dict "a" $i) }}{{ end }}'
    assert render_go(build + "{{ len $d }} {{ len (toJson $l) }}", {}) == "10000 108891"
    routes = {f"host{number}": {"port": number} for number in range(10_000)}
    source = (
        "{% for host, route in routes.items() %}{{ host if host in routes }}{{ route.port }};{% endfor %}"
    )
    assert len(render_jinja(source, {"routes": routes})) == 127_780


@pytest.mark.parametrize("piece", ["y", "a:${", "a=", "- ", '"', "://a:", " ", "a ", "'a': {{", "A.b-"])
def test_a_line_of_a_megabyte_is_masked(piece: str) -> None:
    """One that cost the square of its length would take hours."""
    line = piece * (1_000_000 // len(piece))
    assert Masking({"hunter2-hunter2": MASK}).loose(f"{line} password: abc") in (
        f"{line} password: {MASK}",
        f"{line} password: abc",
    )


def test_variables_within_a_line_are_shown_and_passwords_are_not() -> None:
    shown = Masking({}).loose("environment: {A_TOKEN: ${TOKEN:-x}, B_TOKEN: b, URL: http://u:pw@host, c: d}")
    assert (
        shown == f"environment: {{A_TOKEN: ${{TOKEN:-x}}, B_TOKEN: {MASK}, URL: http://u:{MASK}@host, c: d}}"
    )
