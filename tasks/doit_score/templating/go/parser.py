"""Tokens of a Go template as a syntax tree.

Decides what Go decides while it parses: the structure of actions, names of functions, variables that
are declared nowhere, ``break`` outside of ``range``, a template that is defined twice.
"""

from __future__ import annotations

from collections.abc import Callable

from doit_score.text.light import NoReturn, dataclass, field

from .. import foreign, limits
from ..errors import template_error
from . import nodes
from .lexer import Token, tokens
from .literals import LiteralError, number, unquote


@dataclass(slots=True)
class Tree:
    """What one source defines: its own body has the name ``""``."""

    source: str
    templates: dict[str, list[nodes.Statement]] = field(default_factory=dict)


def parse(source: str, defined: Callable[[str], bool]) -> Tree:
    """The tree of ``source``; ``defined`` says whether there is a function of a name.

    Raises TemplateError for the first mistake.
    """
    return _Parser(source, defined).parse()


_LITERALS = (nodes.Bool, nodes.String, nodes.Nil, nodes.Dot, nodes.Number)
_STARTS = frozenset(
    {"bool", "char", "dot", "field", "identifier", "number", "nil", "raw", "string", "variable", "open"}
)
_END, _ELSE, _EOF = "end", "else", "eof"


class _Parser:
    __slots__ = ("at", "defined", "depth", "loops", "names", "source", "tokens", "tree")

    def __init__(self, source: str, defined: Callable[[str], bool]) -> None:
        self.source = source
        self.defined = defined
        self.tokens = tokens(source)
        self.at = 0
        self.names = ["$"]  # the variables in scope, innermost last
        self.loops = 0
        self.depth = 0
        self.tree = Tree(source)

    # -- tokens

    def peek(self) -> Token:
        token = self.tokens[self.at]
        if token.kind == "error":
            self.fail(token, token.text)
        return token

    def peek_solid(self) -> Token:
        """The next token that is no space."""
        token = self.peek()
        while token.kind == "space":
            self.at += 1
            token = self.peek()
        return token

    def next_solid(self) -> Token:
        token = self.peek_solid()
        self.at += 1
        return token

    def fail(self, token: Token, message: str) -> NoReturn:
        if foreign.is_jinja(self.source, token.at):
            raise template_error(self.source, token.at, foreign.JINJA, is_foreign=True)
        raise template_error(self.source, token.at, message)

    def unexpected(self, token: Token, context: str) -> NoReturn:
        found = "the end of the template" if token.kind == "eof" else token.text.strip() or token.text
        self.fail(token, f"unexpected {found} in {context}")

    def expect(self, kind: str, context: str) -> Token:
        token = self.next_solid()
        if token.kind != kind:
            self.unexpected(token, context)
        return token

    def literal(self, token: Token) -> str:
        try:
            return unquote(token.text)
        except LiteralError as error:
            self.fail(token, str(error))

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > limits.DEPTH:
            self.fail(token, f"nested more than {limits.DEPTH} levels deep")

    # -- statements

    def parse(self) -> Tree:
        body: list[nodes.Statement] = []
        while self.peek().kind != "eof":
            token = self.tokens[self.at]
            mark = self.at
            if token.kind == "begin":
                self.at += 1
                if self.peek_solid().kind == "define":
                    self.definition(self.next_solid())
                    continue
                self.at = mark
            stop = self.statement(body)
            if stop is not None:
                self.fail(token, f"unexpected {{{{{stop}}}}}: no if, with, range or define is open")
        self.add("", body, self.tokens[self.at])
        return self.tree

    def add(self, name: str, body: list[nodes.Statement], token: Token) -> None:
        known = self.tree.templates.get(name)
        if known is None or _is_empty(known):
            self.tree.templates[name] = body
        elif not _is_empty(body):
            what = f"the template {name!r}" if name else "the main template"
            self.fail(token, f"{what} is defined twice")

    def definition(self, token: Token) -> None:
        context = "a define clause"
        name = self.next_solid()
        if name.kind not in ("string", "raw"):
            self.unexpected(name, context)
        self.expect("close", context)
        self.add(self.literal(name), self.separate_body(token, "define"), name)

    def separate_body(self, token: Token, what: str) -> list[nodes.Statement]:
        """The body of a template of its own: it sees no variable and no loop from outside."""
        names, loops, self.names, self.loops = self.names, self.loops, ["$"], 0
        body, stop = self.body(token, what)
        if stop != _END:
            self.fail(token, f"this {what} has an {{{{else}}}}: only if, with and range may have one")
        self.names, self.loops = names, loops
        return body

    def body(self, token: Token, what: str) -> tuple[list[nodes.Statement], str]:
        """Statements up to ``end`` or ``else``, and which it was."""
        self.deeper(token)
        statements: list[nodes.Statement] = []
        while self.peek().kind != "eof":
            stop = self.statement(statements)
            if stop is not None:
                self.depth -= 1
                return statements, stop
        self.fail(token, f"this {what} has no {{{{end}}}}")

    def statement(self, into: list[nodes.Statement]) -> str | None:
        """Reads text or an action; ``end`` or ``else`` when it is one of these."""
        token = self.peek()
        self.at += 1
        if token.kind == "text":
            into.append(nodes.Text(token.at, token.text))
            return None
        if token.kind != "begin":
            self.unexpected(token, "the input")
        word = self.peek_solid()
        if word.kind == "end":
            self.at += 1
            self.expect("close", "an end clause")
            return _END
        if word.kind == "else":
            self.at += 1
            if self.peek_solid().kind not in ("if", "with"):
                self.expect("close", "an else clause")
            return _ELSE
        if word.kind in ("if", "with"):
            self.at += 1
            into.append(self.choice(word))
        elif word.kind == "range":
            self.at += 1
            into.append(self.range(word))
        elif word.kind in ("break", "continue"):
            self.at += 1
            into.append(self.jump(word))
        elif word.kind in ("template", "block"):
            self.at += 1
            into.append(self.invocation(word))
        else:
            into.append(nodes.Action(word.at, self.pipe("an action", "close")))
        return None

    def choice(self, word: Token) -> nodes.Choice:
        mark = len(self.names)
        branches: list[tuple[nodes.Pipe, list[nodes.Statement]]] = []
        otherwise: list[nodes.Statement] = []
        while True:
            pipe = self.pipe(word.kind, "close")
            body, stop = self.body(word, word.kind)
            branches.append((pipe, body))
            if stop == _END:
                break
            if self.peek().kind == word.kind:
                self.at += 1
                continue
            otherwise = self.otherwise(word)
            break
        del self.names[mark:]
        return nodes.Choice(word.at, word.kind == "with", branches, otherwise)

    def otherwise(self, word: Token) -> list[nodes.Statement]:
        token = self.tokens[self.at]
        if token.kind in ("if", "with"):
            self.fail(token, f"{word.kind} has no {{{{else {token.kind}}}}}")
        body, stop = self.body(word, word.kind)
        if stop != _END:
            self.fail(word, f"this {word.kind} has a second {{{{else}}}}")
        return body

    def range(self, word: Token) -> nodes.Range:
        mark = len(self.names)
        pipe = self.pipe("range", "close")
        self.loops += 1
        body, stop = self.body(word, "range")
        self.loops -= 1
        otherwise = self.otherwise(word) if stop == _ELSE else []
        del self.names[mark:]
        return nodes.Range(word.at, pipe, body, otherwise)

    def jump(self, word: Token) -> nodes.Jump:
        self.expect("close", f"{{{{{word.text}}}}}")
        if not self.loops:
            self.fail(word, f"{{{{{word.text}}}}} outside of a range")
        return nodes.Jump(word.at, word.kind == "break")

    def invocation(self, word: Token) -> nodes.Invocation:
        context = f"a {word.kind} clause"
        token = self.next_solid()
        if token.kind not in ("string", "raw"):
            self.unexpected(token, context)
        name = self.literal(token)
        pipe: nodes.Pipe | None = None
        if word.kind == "block" or self.peek_solid().kind != "close":
            pipe = self.pipe(context, "close")
        else:
            self.at += 1
        if word.kind == "block":
            self.add(name, self.separate_body(word, "block"), token)
        return nodes.Invocation(word.at, name, pipe)

    # -- pipelines

    def pipe(self, context: str, closing: str) -> nodes.Pipe:
        """Commands up to ``closing``, which is consumed."""
        start = self.peek_solid()
        pipe = nodes.Pipe(start.at, start.at, [], False, [])
        self.variables(pipe, context)
        while True:
            token = self.peek_solid()
            if token.kind == closing:
                self.at += 1
                break
            if token.kind not in _STARTS:
                self.unexpected(token, context)
            pipe.commands.append(self.command())
        if not pipe.commands:
            self.fail(token, f"missing value for {context}")
        for position, command in enumerate(pipe.commands[1:], 2):
            if isinstance(command.operands[0], _LITERALS):
                at = Token("", "", command.at, command.end)
                self.fail(at, f"stage {position} of this pipeline is no function: nothing can be piped to it")
        pipe.end = pipe.commands[-1].end
        return pipe

    def variables(self, pipe: nodes.Pipe, context: str) -> None:
        """``$x :=``, ``$x =`` and, for range, ``$i, $x :=`` at the start of a pipeline."""
        while self.peek_solid().kind == "variable":
            mark = self.at
            variable = self.next_solid()
            following = self.peek_solid()
            if following.kind in ("assign", "declare"):
                self.at += 1
                pipe.assigns = following.kind == "assign"
                self.declare(pipe, variable)
                return
            if following.text != ",":
                self.at = mark
                return
            self.at += 1
            self.declare(pipe, variable)
            if context != "range" or len(pipe.variables) > 1:
                self.fail(variable, f"too many variables for {context}: one is allowed, two for range")
            if self.peek_solid().kind != "variable":
                self.fail(self.peek(), "expected a second variable for range after the comma")

    def declare(self, pipe: nodes.Pipe, variable: Token) -> None:
        pipe.variables.append(variable.text)
        self.names.append(variable.text)

    def command(self) -> nodes.Command:
        start = self.peek_solid()
        operands: list[nodes.Operand] = []
        while True:
            self.peek_solid()
            operand = self.operand()
            if operand is not None:
                operands.append(operand)
            token = self.peek()
            if token.kind == "space":
                self.at += 1
                continue
            if token.kind == "pipe":
                self.at += 1
            elif token.kind not in ("close", "shut"):
                self.unexpected(token, "an operand")
            return nodes.Command(start.at, operands[-1].end, operands)

    def operand(self) -> nodes.Operand | None:
        """A term and the fields behind it; None when no term starts here."""
        node = self.term()
        if node is None or self.peek().kind != "field":
            return node
        if isinstance(node, _LITERALS):
            self.fail(self.peek(), f"{self.source[node.at : node.end]} has no fields")
        names: list[str] = []
        end = node.end
        while self.peek().kind == "field":
            token = self.next_solid()
            names.append(token.text[1:])
            end = token.end
        if isinstance(node, (nodes.Field, nodes.Variable)):
            node.names += names
            node.end = end
            return node
        return nodes.Chain(node.at, end, node, names)

    def term(self) -> nodes.Operand | None:
        token = self.peek_solid()
        kind = token.kind
        if kind not in _STARTS:
            return None
        self.at += 1
        if kind == "field":
            return nodes.Field(token.at, token.end, [token.text[1:]])
        if kind == "identifier":
            if not self.defined(token.text):
                from .unknown import unknown_function  # templates seldom need it

                self.fail(token, unknown_function(token.text, self.source, token.at))
            return nodes.Identifier(token.at, token.end, token.text)
        if kind == "variable":
            if token.text not in self.names:
                self.fail(token, f"the variable {token.text} is not declared here")
            return nodes.Variable(token.at, token.end, token.text, [])
        if kind in ("string", "raw"):
            return nodes.String(token.at, token.end, self.literal(token))
        if kind == "open":
            self.deeper(token)
            pipe = self.pipe("parentheses", "shut")
            self.depth -= 1
            pipe.at, pipe.end = token.at, self.tokens[self.at - 1].end
            return pipe
        return self.constant(token)

    def constant(self, token: Token) -> nodes.Operand:
        if token.kind == "dot":
            return nodes.Dot(token.at, token.end)
        if token.kind == "bool":
            return nodes.Bool(token.at, token.end, token.text == "true")
        if token.kind == "nil":
            return nodes.Nil(token.at, token.end)
        try:
            return number(token.text, token.at)
        except LiteralError as error:
            self.fail(token, str(error))


def _is_empty(body: list[nodes.Statement]) -> bool:
    return all(isinstance(node, nodes.Text) and not node.text.strip() for node in body)
