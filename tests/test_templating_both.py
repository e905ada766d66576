"""Every function of the library through both syntaxes: what Go prints, Jinja2 prints.

The expressions are those of the recorded cases that are one call (or pipe of calls) on literals and on
fields of the data, so that they can be written in Jinja2 as they stand.  Results are compared as JSON:
how a list or a boolean prints is the syntax's own business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from templates import render_go

from doit_score.templating.errors import TemplateError
from doit_score.templating.functions import names
from doit_score.templating.go import nodes
from doit_score.templating.go.parser import parse
from doit_score.templating.jinja.run import render_jinja

CORPUS = Path(__file__).parent / "conformance"

# What cannot be compared value by value: each call gives another value, or needs a list, dictionary or
# key that only a call of its own makes; their own tests look at the form of what they give.
APART = {
    **dict.fromkeys(
        [
            "ago",
            "bcrypt",
            "buildCustomCert",
            "decryptAES",
            "encryptAES",
            "genCA",
            "genCAWithKey",
            "genPrivateKey",
            "genSelfSignedCert",
            "genSelfSignedCertWithKey",
            "genSignedCert",
            "genSignedCertWithKey",
            "htpasswd",
            "now",
            "randAlpha",
            "randAlphaNum",
            "randAscii",
            "randBytes",
            "randInt",
            "randNumeric",
            "shuffle",
            "uuidv4",
        ],
        "gives another value at each call",
    ),
    "getHostByName": "is refused in both",
    "encodeSecretRef": "its text is told by test_functions_references.py",
    "substituteValue": "is for patch templates",
    "env": "reads the environment of the process",
    "expandenv": "reads the environment of the process",
    "fail": "gives no value",
}
# Go knows types that a Python value does not carry to Jinja2: int64 beside int, struct and map.
TYPES = frozenset({"kindIs", "kindOf", "typeIs", "typeIsLike", "typeOf", "printf", "print", "println", "cat"})


# Go goes on with an absent key, and takes nil for an empty map; Jinja2 is strict here.
LENIENT = re.compile(r"\.missing|(keys|merge) .*nil")

# Expressions for the functions that the recorded cases call in other ways only.
MORE = r"""
ceil 2.1
htmlDate (toDate "2006-01-02" "2024-02-29")
htmlDateInZone (toDate "2006-01-02" "2024-02-29") "UTC"
toDate "2006-01-02" "2024-02-29" | dateModify "-24h" | htmlDate
toDate "2006-01-02" "2024-02-29" | date_modify "24h" | htmlDate
toDate "2006-01-02" "2024-02-29" | mustDateModify "24h" | htmlDate
toDate "2006-01-02" "2024-02-29" | must_date_modify "24h" | htmlDate
mustToDate "2006-01-02" "2024-02-29" | unixEpoch
hasSuffix "lo" "hello"
hello
lower "ABC"
maxf 1.5 2.5
minf 1.5 2.5
mustAppend .l 4
mustChunk 2 .l
mustCompact .mix
mustFirst .l
mustFromJson "{\"a\":[1]}"
mustHas 2 .l
mustInitial .l
mustLast .l
mustMerge (dict "a" 1) (dict "b" 2)
prepend .l 0
mustPrepend .l 0
push .l 4
mustPush .l 4
mustRegexFind "l+" .s
mustRegexFindAll "l" .s -1
mustRegexMatch "^h" .s
mustRegexReplaceAll "l(o)" .s "${1}!"
mustRegexReplaceAllLiteral "l" .s "$1"
mustRegexSplit "l" .s -1
mustReverse .l
mustSlice .l 1 2
mustToPrettyJson .l
mustUniq (list 1 1 2)
mustWithout .l 2
osClean "/a/../b"
osDir "/a/b"
set (dict "a" 1) "b" 2
sha1sum .s
subf 5.5 1.25
swapcase "aBc"
toRawJson "<a>"
trimSuffix "lo" .s
tuple 1 "a"
values (dict "a" 1)
""".strip().splitlines()


class Expression(NamedTuple):
    """One expression in both syntaxes, the functions that it calls, and its data."""

    go: str
    jinja: str
    functions: frozenset[str]
    data: str


class Untranslatable(Exception):
    """The expression uses something that only Go has."""


def translated(node: object, called: set[str]) -> str:
    """``node`` as a Jinja2 expression; the names of functions in it are added to ``called``."""
    if isinstance(node, nodes.Pipe) and not node.variables:
        piped: str | None = None
        for command in node.commands:
            piped = call(command.operands, piped, called)
        assert piped is not None
        return piped
    if isinstance(node, nodes.String):
        return json.dumps(node.value)
    if isinstance(node, nodes.Bool):
        return "true" if node.value else "false"
    if isinstance(node, nodes.Nil):
        return "none"
    if isinstance(node, nodes.Number) and node.integer is not None and node.text.lstrip("-").isdigit():
        return str(node.integer) if node.integer >= 0 else f"({node.integer})"
    if isinstance(node, nodes.Number) and node.floating is not None and "." in node.text:
        return repr(node.floating)
    if isinstance(node, nodes.Field):
        return "data" + "".join(f"[{json.dumps(name)}]" for name in node.names)
    if isinstance(node, nodes.Identifier):
        return call([node], None, called)
    raise Untranslatable(type(node).__name__)


def call(operands: list[nodes.Operand], piped: str | None, called: set[str]) -> str:
    """A command: a call with the piped value as its last argument, or a lone operand."""
    first = operands[0]
    if not isinstance(first, nodes.Identifier):
        if len(operands) > 1 or piped is not None:
            raise Untranslatable("arguments of what is no function")
        return translated(first, called)
    if first.name not in names():
        raise Untranslatable(first.name)
    called.add(first.name)
    arguments = [translated(operand, called) for operand in operands[1:]]
    return f"{first.name}({', '.join([*arguments, *([] if piped is None else [piped])])})"


def in_both(template: str, data: str) -> Expression | None:
    """The one expression of ``template``; None where it cannot be compared."""
    try:
        statements = parse(template, lambda name: True).templates[""]
    except TemplateError:
        return None
    if len(statements) != 1 or not isinstance(statements[0], nodes.Action):
        return None
    pipe = statements[0].pipe
    called: set[str] = set()
    try:
        jinja = translated(pipe, called)
    except Untranslatable:
        return None
    if not called or called & APART.keys() or called & TYPES:
        return None
    return Expression(template[pipe.at : pipe.end], jinja, frozenset(called), data)


def expressions() -> Iterator[Expression]:
    """Those of the corpus that can be compared, and more."""
    for line in (CORPUS / "gotemplate.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if "output" in case and case["root"] == "map" and not LENIENT.search(case["template"]):
            found = in_both(case["template"], case["data"])
            if found is not None:
                yield found
    for text in MORE:
        found = in_both("{{ " + text + " }}", "d00")
        assert found is not None, text
        yield found


EXPRESSIONS = list(expressions())
DATA = json.loads((CORPUS / "gotemplate.data.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=[f"{e.go}-{e.data}" for e in EXPRESSIONS])
def test_both_syntaxes_give_the_same(expression: Expression) -> None:
    data = DATA[expression.data]
    go = render_go("{{ toJson (" + expression.go + ") }}", data)
    assert render_jinja("{{ toJson(" + expression.jinja + ") }}", {"data": data}) == go


def test_every_function_is_called_or_is_apart_for_a_reason() -> None:
    called = frozenset[str]().union(*(expression.functions for expression in EXPRESSIONS))
    assert sorted(names() - called - APART.keys() - TYPES) == []
