"""What a function does, how it is written in either syntax, and what its example gives.

Nothing but ``provisioners explain`` and the page of functions needs this.
"""

from __future__ import annotations

from collections.abc import Iterator

from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple

from . import functions
from .functions import Function, reference
from .go import nodes
from .go.builtins import BUILTINS
from .go.compile import compile_go, lookup
from .go.parser import parse
from .jinja import reference as jinja_reference
from .jinja.library import FUNCTION_ONLY
from .jinja.run import render_jinja

GREETING = {"GREETING": "hello"}
"""The environment that the examples see."""

_MISTAKES = "where a mistake ends the template"
_SUBJECTS = {"arguments", "condition", "encrypted", "given", "items", "moment", "path", "source", "text"}
_SUBJECTS |= {"value", "values", "version"}
_GO_ALONE = "Go's own"
_JINJA_ALONE = "Jinja2's own"


class Explained(NamedTuple):
    """A function or filter.  ``go`` and ``jinja`` are its example, empty where it is not there.

    ``arguments`` is what it takes, in Go's order.
    """

    name: str
    title: str
    says: str
    go: str
    jinja: str
    arguments: str = ""
    varies: bool = False

    @property
    def result(self) -> str:
        """What the example gives, as JSON, or why it fails; empty where there is no example."""
        if not (self.go or self.jinja):
            return ""
        token = functions.ENVIRONMENT.set(GREETING)
        try:
            if self.go:
                return compile_go("{{ toRawJson (" + self.go + ") }}").render({})
            return render_jinja("{{ toRawJson(" + self.jinja + ") }}", {})
        except ScoreError as error:
            message = error.problems[0].message.partition("\n")[0]
            return f"an error: {message}"
        finally:
            functions.ENVIRONMENT.reset(token)


def every() -> Iterator[Explained]:
    """All of them in the order of the page."""
    for title in reference.TITLES.values():
        yield from (one for one in map(explained, sorted(functions.names())) if one and one.title == title)
    for name in [*reference.OWN, *jinja_reference.FUNCTIONS, *jinja_reference.FILTERS]:
        found = explained(name)
        assert found is not None
        yield found


def names() -> frozenset[str]:
    """Every name that :func:`explained` knows."""
    own = (reference.OWN, jinja_reference.FUNCTIONS, jinja_reference.FILTERS, jinja_reference.ALIASES)
    return functions.names().union(*own)


def explained(name: str) -> Explained | None:
    """What there is to say of the function or filter ``name``; None if there is none of that name."""
    function = functions.lookup(name)
    if function is not None:
        return _of_library(function)
    if name in reference.OWN:
        says, go, jinja = reference.OWN[name]
        return Explained(name, _GO_ALONE, says, go, jinja, _arguments(BUILTINS[name]))
    for title, table in (
        (f"{_JINJA_ALONE} functions", jinja_reference.FUNCTIONS),
        (f"{_JINJA_ALONE} filters", jinja_reference.FILTERS),
    ):
        meant = jinja_reference.ALIASES.get(name, name)
        if meant in table:
            says, jinja = table[meant]
            return Explained(name, title, says if meant == name else f"as `{meant}`: {says}", "", jinja)
    return None


def _of_library(function: Function) -> Explained:
    name = function.name
    title = reference.TITLES[functions.group(name)]
    if name in reference.ROWS:
        says, go = reference.ROWS[name]
        meant = name
    else:
        meant = _meant(function)
        says, go = reference.ROWS[meant]
        go = go.replace(meant, name, 1)
        says = f"as `{meant}`" + (f", {_MISTAKES}" if name.startswith("must") else f": {says}")
    varies = meant in reference.VARIES
    return Explained(name, title, says, go, jinja_of(go), _arguments(function), varies)


def _meant(function: Function) -> str:
    """The name that has a row, of a function that is another name of it, or its strict form."""
    strict = function.name.removeprefix("must").removeprefix("_")
    if strict != function.name:
        strict = strict[0].lower() + strict[1:]
        if strict in reference.ROWS:
            return strict
        function = functions.lookup(strict) or function
    same = (row for row in reference.ROWS if functions.group(row) == functions.group(function.name))
    return next(row for row in same if _is_same(functions.lookup(row), function))


def _is_same(one: Function | None, other: Function) -> bool:
    return one is not None and one.call is other.call


def _arguments(function: Function) -> str:
    named = [word for word in function.call.__annotations__ if word != "return"]
    if len(named) != len(function.params):
        return ""
    shown = [f"{word}: {kind}" for word, kind in zip(named, function.params, strict=True)]
    return ", ".join(shown) + (" ..." if function.variadic else "")


# -- from Go to Jinja2


def jinja_of(go: str) -> str:
    """A Go expression as Jinja2 has it: constants, calls and pipes."""
    tree = parse("{{" + go + "}}", lambda name: lookup(name) is not None)
    (action,) = tree.templates[""]
    assert isinstance(action, nodes.Action)
    return _pipe(action.pipe)


def _pipe(pipe: nodes.Pipe) -> str:
    first, *others = pipe.commands
    text = _command(first)
    for command in others:
        name, *arguments = command.operands
        assert isinstance(name, nodes.Identifier)
        text += f" | {name.name}{_listed(arguments)}"
    return text


def _command(command: nodes.Command) -> str:
    first, *arguments = command.operands
    if not isinstance(first, nodes.Identifier):
        return _operand(first)
    name = first.name
    if name == "list":
        return f"[{', '.join(map(_operand, arguments))}]"
    if name == "dict":
        keys, values = map(_operand, arguments[::2]), map(_operand, arguments[1::2])
        pairs = (f"{key}: {value}" for key, value in zip(keys, values, strict=True))
        return "{" + ", ".join(pairs) + "}"
    if arguments and _is_piped(name):
        return f"{_subject(arguments[-1])} | {name}{_listed(arguments[:-1])}"
    return f"{name}({', '.join(map(_operand, arguments))})"


def _listed(arguments: list[nodes.Operand]) -> str:
    return f"({', '.join(map(_operand, arguments))})" if arguments else ""


def _is_piped(name: str) -> bool:
    """Whether the last argument of a function is what it is about, so that one writes it as a filter."""
    function = functions.lookup(name)
    if function is None or name in FUNCTION_ONLY:
        return False
    named = [word for word in function.call.__annotations__ if word != "return"]
    is_said = bool(named) and named[-1] in _SUBJECTS and (named[0] != "items" or len(named) == 1)
    return is_said and (not function.variadic or name in ("default", "dig", "quote"))


def _subject(node: nodes.Operand) -> str:
    """``node`` with something behind it, which would go before a sign or to the last filter only."""
    text = _operand(node)
    return (
        f"({text})"
        if text.startswith("-") or (isinstance(node, nodes.Pipe) and _ends_filtered(node))
        else text
    )


def _ends_filtered(pipe: nodes.Pipe) -> bool:
    name, *arguments = pipe.commands[-1].operands
    if not isinstance(name, nodes.Identifier) or not arguments:
        return len(pipe.commands) > 1
    return len(pipe.commands) > 1 or _is_piped(name.name)


def _operand(node: nodes.Operand) -> str:
    if isinstance(node, nodes.String):
        escaped = node.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(node, nodes.Number):
        return node.text
    if isinstance(node, nodes.Bool):
        return "true" if node.value else "false"
    if isinstance(node, nodes.Nil):
        return "none"
    if isinstance(node, nodes.Pipe):
        return _pipe(node)
    assert isinstance(node, nodes.Chain), "what examples are made of"
    return ".".join([_subject(node.node), *node.names])
