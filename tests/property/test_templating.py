"""Laws of the template engines that hold for any source."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from templates import render_go

from doit_score.templating import limits
from doit_score.templating.errors import GoError, TemplateError
from doit_score.templating.functions import names
from doit_score.templating.go.builtins import BUILTINS
from doit_score.templating.go.compile import compile_fresh, compile_go
from doit_score.templating.jinja.run import render_jinja
from doit_score.templating.printf import sprintf
from doit_score.templating.printing import to_text
from doit_score.templating.scalars import float_text, quote

DATA: dict[str, Any] = {
    "s": "hé\n",
    "i": 3,
    "f": 2.5,
    "t": True,
    "n": None,
    "l": [1, "a", None, [2.5]],
    "m": {"a": {"b": "c"}, "k": 1},
    "e": {},
}
_SLOW_STEMS = ("genCA", "genSelf", "genSigned", "genPrivate", "derivePassword", "bcrypt", "htpasswd")
FUNCTIONS = sorted(name for name in names() | set(BUILTINS) if not name.startswith(_SLOW_STEMS))


def words(text: str) -> st.SearchStrategy[str]:
    """One of the words of ``text``."""
    return st.sampled_from(text.split())


WORDS = words(
    r""". .. .s .i .f .n .l .m .m.a.b .e .x .x.y $ $x $y $x.k nil true 1 -2 3.5 1e3 0x1F 'a' 1i "a" "" `b`
    "%d" "\x80" "a,b" | ( ) := = , $x:= $i,$x:= if else end range with break continue define template block
    and or not eq index print printf len"""
)
SPACES = st.sampled_from(["", " ", " ", " ", "\n"])
ACTION = st.lists(st.tuples(WORDS | st.sampled_from(FUNCTIONS), SPACES), max_size=6).map(
    lambda parts: "{{ " + "".join(word + space for word, space in parts) + " }}"
)
ARGUMENTS = words(
    """"a" "a,b" "," 2 -1 1.5 .l .m .n .x .s nil true (list) "2006-01-02" "1.2.3" "([" (until) (dict) now
    (.m|keys)"""
)
CALL = st.builds(
    lambda name, arguments: f"{{{{ {' '.join([name, *arguments])} }}}}",
    st.sampled_from(FUNCTIONS),
    st.lists(ARGUMENTS, max_size=4),
)
PIECES = words(
    """{{range.l}} {{if.t}} {{with.m}} {{else}} {{end}} {{$x:=1}} {{define"a"}} {{template"a".}} {{-
    -}} {{/*c*/}} {{ }} {{break}} {{range(3)}} text"""
)
SOUP = st.lists(PIECES | SPACES | ACTION | CALL | st.text(max_size=4), max_size=12).map("".join)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(autouse=True, scope="module")
def small_limits() -> Any:
    """Runaway templates are to end soon."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "STEPS", 2_000)
        patch.setattr(limits, "TEXT", 200_000)
        patch.setattr(limits, "ITEMS", 20_000)
        yield


def outcome(source: str) -> tuple[str, object]:
    """What a fresh compilation makes of a source: text, or place and message of the error."""
    try:
        return "text", compile_fresh(source).render(json.loads(json.dumps(DATA)))
    except TemplateError as error:
        return "error", (error.line, error.column, error.message)


@given(st.text().filter(lambda text: "{{" not in text and text.isprintable()))
def test_text_without_actions_is_unchanged(text: str) -> None:
    assert render_go(text, DATA) == text


@given(SOUP)
@example('{{"\\xc3"}}{{"\\x28"}}')
@example("{{range 2000}}{{range 2000}}{{end}}{{end}}")
def test_any_source_renders_or_raises_template_error(source: str) -> None:
    kind, value = outcome(source)
    if kind == "error":
        assert isinstance(value, tuple)
        line, column, message = value
        lines = source.split("\n")
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1
        assert message
    else:
        assert isinstance(value, str)
        value.encode()


@given(CALL)
def test_any_call_gives_a_text_or_a_template_error(source: str) -> None:
    outcome(source)


@given(SOUP)
def test_cached_and_fresh_compilations_agree(source: str) -> None:
    if re.search("rand|gen|now|ago|[dD]ate|duration|bcrypt|htpasswd|encrypt|shuffle|uuid", source):
        return  # two calls differ
    try:
        cached: tuple[str, object] = ("text", compile_go(source).render(json.loads(json.dumps(DATA))))
    except TemplateError as error:
        cached = ("error", (error.line, error.column, error.message))
    assert cached == outcome(source)


FORMAT = st.lists(st.sampled_from([*"%-+# 0123456789.*[]dsqvxXtTbocUeEfgGpwz", "é"]), max_size=12)


@given(FORMAT, st.lists(PLAIN, max_size=3))
def test_any_format_gives_a_text(parts: list[str], arguments: list[object]) -> None:
    try:
        assert isinstance(sprintf("".join(parts), arguments), str)
    except GoError as error:
        assert str(error) == f"the text is larger than {limits.TEXT} characters"


@given(PLAIN)
def test_printing_is_the_same_by_every_way(value: object) -> None:
    text = to_text(value)
    assert sprintf("%v", [value]) == text
    assert render_go("{{print .v}}", {"v": value}) == text
    if value is not None:
        assert render_go("{{.v}}", {"v": value}) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_read_back(value: float) -> None:
    assert float(float_text(value)) == value
    assert float.fromhex(float_text(value, "x")) == value


@given(TEXT)
def test_a_quoted_text_is_a_literal_of_the_language(text: str) -> None:
    assert render_go("{{" + quote(text) + "}}", {}) == text
    assert render_go("{{" + quote(text, ascii_only=True) + "}}", {}) == text


JINJA_WORDS = words(
    """{{ }} {% %} {# #} if else endif for x in l endfor set y = ( ) s l m x . .a [0] ['b'] | ~ + * ** 'a' 1
    3.5 , [ ] {} is defined not none __class__ loop range(3) macro call"""
)
JINJA_PIECES = st.sampled_from(
    ["{% for x in l %}", "{% endfor %}", "{{ x }}", "{% if m %}", "{% endif %}", "\n", " "]
)
JINJA = st.lists(
    JINJA_WORDS | JINJA_PIECES | st.sampled_from(FUNCTIONS) | st.text(max_size=3), max_size=14
).map(" ".join)
JINJA_CALL = st.builds(
    lambda name, value, arguments: f"{{{{ {value} | {name}({', '.join(arguments)}) }}}}",
    st.sampled_from([name for name in FUNCTIONS if name not in BUILTINS]),
    st.sampled_from(["s", "l", "m", "none", "1", "2.5", "x", "range(3)", "true"]),
    st.lists(st.sampled_from(["'a'", "2", "-1", "1.5", "l", "m", "none", "x", "true", "','"]), max_size=3),
)


@given(JINJA | JINJA_CALL)
def test_any_jinja_source_renders_or_raises_template_error(source: str) -> None:
    try:
        assert isinstance(render_jinja(source, json.loads(json.dumps(DATA))), str)
    except TemplateError as error:
        lines = source.split("\n")
        assert 1 <= error.line <= len(lines)
        assert error.source_line == lines[error.line - 1].rstrip("\r")
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
