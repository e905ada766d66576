"""Placeholders: what they look like, what they find, how it is written."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from doit_score.score.placeholders import (
    Context,
    Deferred,
    MapOutputs,
    check,
    references,
    render,
    substitute,
    substitute_value,
)
from doit_score.text.errors import Problem, ScoreError


class Environment:
    """Outputs that are only known when Compose runs."""

    def lookup(self, keys: tuple[str, ...], *, deferred: bool) -> object:
        if len(keys) != 1:
            raise LookupError("expected one name")
        return Deferred("${" + keys[0] + "}") if deferred else f"value of {keys[0]}"


OUTPUTS = {
    "text": "plain",
    "int": 42,
    "dollar": "a$b $$c ${resources.store.text} $${d}",
    "nested": {"deep": {"er": "bottom", "do.t": "dotted"}},
    "nothing": None,
    "key.with.dots": "dk",
    "lines": "one\ntwo\n",
    "nan": float("nan"),
}
CONTEXT = Context(
    metadata={"name": "lantern", "annotations": {"wax.example/kind": "bees"}, "colour": "amber"},
    resources={
        "store": MapOutputs(OUTPUTS),
        "env": Environment(),
        "bare": MapOutputs({}),
    },
)
KNOWN = "\n  hint: known are annotations, colour, name"
ROOT = "expected 'metadata' or 'resources'\n  hint: write"
MEANT = ROOT.replace("write", "did you mean ${metadata.name}? Write")
UNNAMED = "expected the name of an output after the name of the resource"
HINT = "known are dollar, int, key.with.dots, lines, nan, nested, nothing, text"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("no placeholder, $VAR, $, {a.b}", ()),
        ("${resources.store.text}", (("resources", "store", "text"),)),
        (
            "a ${metadata.name}${resources.s-1.a_b.C} b",
            (("metadata", "name"), ("resources", "s-1", "a_b", "C")),
        ),
        ("${metadata.annotations.a\\.b/c}", (("metadata", "annotations", "a.b/c"),)),
        ("$${resources.store.text}", ()),
        ("$$${resources.store}", (("resources", "store"),)),
        ("x${resources.store.text", ()),
        ("${", ()),
        ("$ {resources.store.text}", ()),
    ],
)
def test_references(text: str, found: tuple[tuple[str, ...], ...]) -> None:
    assert references(text) == found


FORM = "is malformed: expected two or more names of letters, digits, '_' and '-', joined by dots"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "resources",
        "metadata",
        ".",
        "resources.",
        ".a",
        "resources..text",
        " resources.store.text ",
        "resources.store.text:-x",
        "resources.${metadata.name",
        "metadata.é",
    ],
)
def test_a_malformed_placeholder_is_an_error(name: str) -> None:
    expected = f"the placeholder ${{{name}}} {FORM}\n  hint: write $${{{name}}} for the text itself"
    with pytest.raises(ScoreError) as error:
        references("x ${" + name + "} y")
    assert str(error.value) == expected


def test_a_line_break_in_a_placeholder_is_shown_on_one_line() -> None:
    assert check("${metadata.\nname}", None) == (
        Problem(
            f"the placeholder ${{metadata.\\nname}} {FORM}",
            hint="write $${metadata.\\nname} for the text itself",
        ),
    )


def test_who_means_an_environment_variable_is_told_how_to_get_it() -> None:
    assert check("${HOME}", None) == (
        Problem(
            f"the placeholder ${{HOME}} {FORM}",
            hint="write $${HOME} for the text itself; an environment variable is ${resources.env.HOME}, with "
            "a"
            " resource `env` of the type environment",
        ),
    )


def test_all_faults_of_a_text_are_reported_once() -> None:
    text = "${one} ${three.four} ${one} ${resources.shed.x} ${resources.store.x} ${metadata.gone}"
    with pytest.raises(ScoreError) as error:
        references(text)
    assert str(error.value) == (
        "2 problems:\n"
        f"  the placeholder ${{one}} {FORM}\n"
        "    hint: write $${one} for the text itself\n"
        "  the placeholder ${three.four} starts with 'three': expected 'metadata' or 'resources'\n"
        "    hint: write $${three.four} for the text itself"
    )
    assert check(text, {"store", "base"})[2:] == (
        Problem(
            "the placeholder ${resources.shed.x} names the resource 'shed', which is not declared",
            hint="known are base, store",
        ),
    )
    assert [problem.hint for problem in check("${resources.shed}", ())] == ["there are none"]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("", ""),
        ("plain", "plain"),
        ("pre-${resources.store.text}-post", "pre-plain-post"),
        ("${resources.store.text}${resources.store.int}", "plain42"),
        ("${metadata.name} ${metadata.annotations}", 'lantern {"wax.example/kind":"bees"}'),
        ("${metadata.annotations.wax\\.example/kind}", "bees"),
        ("${resources.store.key\\.with\\.dots}", "dk"),
        ("${resources.store.nested.deep.do\\.t}", "dotted"),
        ("${resources.store.nothing}", "null"),
        ("[${resources.store.lines}]", "[one\ntwo\n]"),
        ("${resources.env.A}", "value of A"),
        # case placeholders-08: what is put in is not read again
        ("${resources.store.dollar}", "a$b $$c ${resources.store.text} $${d}"),
        # escapes, cases placeholders-27 and -57
        ("x$$y$z", "x$y$z"),
        ("$${resources.disk}", "${resources.disk}"),
        ("$$${metadata.name}", "$lantern"),
        ("$$$${metadata.name}", "$${metadata.name}"),
        ("$${x", "${x"),
        ("${x", "${x"),
        ("$", "$"),
        ("$$$", "$$"),
        ("a$b $(c) $1", "a$b $(c) $1"),
        ("${${metadata.name}", None),
    ],
)
def test_substitution(text: str, result: str | None) -> None:
    if result is None:
        with pytest.raises(ScoreError):
            substitute(text, CONTEXT)
    else:
        assert substitute(text, CONTEXT) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain", "plain"),
        ("a$b", "a$$b"),
        ("a$$b", "a$$b"),
        ("$${VAR}", "$${VAR}"),
        ("$${a$b}", "$${a$$b}"),
        ("x${resources.store.dollar}", "xa$$b $$$$c $${resources.store.text} $$$${d}"),
        ("$1 ${resources.env.VAR}$2", "$$1 ${VAR}$$2"),
    ],
)
def test_dollars_for_compose_are_doubled_but_for_deferred_values(text: str, result: str) -> None:
    assert substitute(text, CONTEXT, deferred=True, escape_dollar=True) == result


def test_a_deferred_value_is_put_in_as_it_is() -> None:
    assert substitute("$1 ${resources.env.VAR}", CONTEXT, deferred=True) == "$1 ${VAR}"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("metadata", "finds nothing: expected a key of the metadata after 'metadata'"),
        ("metadata.", "finds nothing: there is no key of the metadata ''" + KNOWN),
        ("metadata.shade", "finds nothing: there is no key of the metadata 'shade'" + KNOWN),
        ("metadata.colour.more", "finds nothing: 'colour' is no mapping, it has no key 'more'"),
        ("resources", "finds nothing: expected the name of a resource after 'resources'"),
        ("resources.shed.x", "finds nothing: there is no resource 'shed'"),
        ("resources.store.absent", f"finds nothing: there is no output 'absent'\n  hint: {HINT}"),
        ("resources.store.nested.a", "finds nothing: 'nested' has no key 'a'\n  hint: known are deep"),
        (
            "resources.store.nested.deep.er.x",
            "finds nothing: 'nested.deep.er' is no mapping, it has no key 'x'",
        ),
        ("resources.store.nan", "finds nothing: the value is no finite number"),
        ("resources.store", f"finds nothing: {UNNAMED}\n  hint: {HINT}"),
        ("resources.bare", f"finds nothing: {UNNAMED}\n  hint: there are none"),
        (
            "metadata.annotations.wax.example/kind",
            "finds nothing: 'annotations' has no key 'wax'"
            "\n  hint: known are wax.example/kind; a dot in a name is written '\\.'",
        ),
        ("resources.bare.a", "finds nothing: there is no output 'a'\n  hint: there are none"),
        ("resources.env.A.B", "finds nothing: expected one name"),
        ("HOME", f"starts with 'HOME': {ROOT} $${{HOME}} for the text itself"),
        (" metadata.name ", f"starts with ' metadata': {MEANT} $${{ metadata.name }} for the text itself"),
        ("", f"starts with '': {ROOT} $${{}} for the text itself"),
    ],
)
def test_a_placeholder_that_finds_nothing_is_an_error(name: str, message: str) -> None:
    with pytest.raises(ScoreError) as error:
        substitute("x ${" + name + "}", CONTEXT)
    assert str(error.value) == f"the placeholder ${{{name}}} {message}"


def test_a_line_break_in_a_name_is_shown_on_one_line() -> None:
    with pytest.raises(ScoreError) as error:
        substitute("${metadata.\nname}", CONTEXT)
    assert str(error.value) == (
        "the placeholder ${metadata.\\nname} finds nothing: there is no key of the metadata '\\nname'\n"
        "  hint: did you mean 'name'?"
    )


def test_all_placeholders_that_find_nothing_are_reported() -> None:
    with pytest.raises(ScoreError) as error:
        substitute("${one.x} ${metadata.name} ${resources.shed.x}", CONTEXT)
    assert [problem.message for problem in error.value.problems] == [
        "the placeholder ${one.x} starts with 'one': expected 'metadata' or 'resources'",
        "the placeholder ${resources.shed.x} finds nothing: there is no resource 'shed'",
    ]


def test_values_are_substituted_below_lists_and_mappings() -> None:
    value = {"a": ["${metadata.name}", {"${metadata.name}": "$$"}, 5], "b": "${resources.store.int}", 1: None}
    assert substitute_value(value, CONTEXT) == {
        "a": ["lantern", {"${metadata.name}": "$"}, 5],
        "b": "42",
        1: None,
    }
    assert value["b"] == "${resources.store.int}"


def test_all_faults_of_a_value_are_reported_with_their_paths() -> None:
    value = {"a": [{"b": "${resources.shed.x}"}], "c": "${metadata.gone}", "d": "${metadata.name}"}
    with pytest.raises(ScoreError) as error:
        substitute_value(value, CONTEXT)
    assert str(error.value) == (
        "2 problems:\n"
        "  a[0].b: the placeholder ${resources.shed.x} finds nothing: there is no resource 'shed'\n"
        "  c: the placeholder ${metadata.gone} finds nothing: there is no key of the metadata 'gone'\n"
        "    hint: known are annotations, colour, name"
    )
    with pytest.raises(ScoreError, match=r"^the placeholder \$\{resources\.shed\.x\} finds nothing"):
        substitute_value("${resources.shed.x}", CONTEXT)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("<text>", "<text>"),
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (-7, "-7"),
        (12345678901234567890, "12345678901234567890"),
        (2.5, "2.5"),
        (3.0, "3"),
        (-0.0, "-0"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1.5e22, "1.5e+22"),
        (0.000001, "0.000001"),
        (1e-7, "1e-7"),
        (123456789.125, "123456789.125"),
        ([1, "two", [3, None]], '[1,"two",[3,null]]'),
        ([], "[]"),
        ({}, "{}"),
        ({"b": 1, "a": {"z": [], "y": 'q"uote'}}, '{"a":{"y":"q\\"uote","z":[]},"b":1}'),
        ({2: "x", True: "y"}, '{"2":"x","true":"y"}'),
        (["<b>&amp;</b>", "it's"], '["\\u003cb\\u003e\\u0026amp;\\u003c/b\\u003e","it\'s"]'),
        (["é\u2028\u2029\U0001f56f\x7f"], '["é\\u2028\\u2029\U0001f56f\x7f"]'),
        (["\t\n\r\x01\b\f\\"], '["\\t\\n\\r\\u0001\\b\\f\\\\"]'),
        (datetime(2020, 1, 1, tzinfo=timezone.utc), '"2020-01-01T00:00:00Z"'),
    ],
)
def test_values_are_written_as_go_writes_json(value: object, text: str) -> None:
    assert render(value) == text


def test_braces_that_are_never_closed_are_text() -> None:
    context = Context({"name": "web"}, {})
    text = "${metadata.name}$${a}$$ ${ $$ $${ $$$"
    assert substitute(text, context) == "web${a}$ ${ $ ${ $$"
    assert substitute(text, context, escape_dollar=True) == "web$${a}$$ $${ $$ $${ $$$$"
    assert references("${" * 3 + "metadata.name") == ()


def test_a_text_is_read_up_to_its_last_brace_and_no_further() -> None:
    """Each ``${`` would look for a brace up to the end: a million of them, for hours."""
    text = "${" * 1_000_000
    assert references(text) == ()
    assert check(text, ()) == ()
    assert substitute(text, Context({}, {})) == text
