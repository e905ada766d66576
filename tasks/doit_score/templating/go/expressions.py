"""Pipelines, commands and operands as closures (see run.py for their types).

``Scope`` knows, while closures are built, which slot of the frame a variable's name stands for.  What
Go only notices while it runs (wrong number of arguments, a constant that does not fit) becomes a
closure that fails, since a branch that never runs may hold such mistakes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..errors import GoError, template_error
from ..functions import Function
from . import arguments as types
from . import nodes
from .access import field
from .calls import (
    apply,
    checked,
    count_problem,
    direct,
    parameter,
    read,
    selecting,
    selecting_last,
    staged,
)
from .run import INVALID, ROOT, UNSET, Eval, Failure, Frame, Staged

_ANY = "interface {}"


class Scope:
    """The variables of one template: which slot each name has at the place that is being compiled."""

    __slots__ = ("names", "size")

    def __init__(self) -> None:
        self.names: list[tuple[str, int]] = [("$", ROOT)]
        self.size = ROOT + 1

    def find(self, name: str) -> int | None:
        """The slot of the innermost variable called ``name``."""
        for known, slot in reversed(self.names):
            if known == name:
                return slot
        return None

    def declare(self, name: str) -> int:
        """A new slot for ``name``."""
        slot = self.size
        self.size += 1
        self.names.append((name, slot))
        return slot


class Expressions:
    """Builds the closures of one source; ``scope`` is set by the owner for each template in it."""

    __slots__ = ("lookup", "scope", "source")

    def __init__(self, source: str, lookup: Callable[[str], Function | None]) -> None:
        self.source = source
        self.lookup = lookup
        self.scope = Scope()

    def failure(self, at: int) -> Failure:
        """Makes errors of the place ``at``."""
        source = self.source
        return lambda message: template_error(source, at, message)

    def failing(self, at: int, message: str) -> Eval:
        """A closure that fails when it is reached."""
        fail = self.failure(at)

        def run(frame: Frame, dot: object) -> object:
            raise fail(message)

        return run

    # -- pipelines

    def pipe(self, pipe: nodes.Pipe) -> tuple[Eval, list[int]]:
        """The value of a pipeline (None for nil), and the slots that it is stored in."""
        value = self.commands(pipe.commands)
        if not pipe.variables:
            return value, []
        slots = []
        for name in pipe.variables:
            slot = self.scope.find(name) if pipe.assigns else self.scope.declare(name)
            if slot is None:
                missing = self.failing(pipe.at, f"the variable {name} is not declared here: expected :=")
                return _both(value, missing), []
            slots.append(slot)
        return _storing(value, slots), slots

    def commands(self, commands: Sequence[nodes.Command]) -> Eval:
        value = self.command(commands[0])
        if len(commands) == 1:
            return value
        return _stages(value, tuple(self.stage(command) for command in commands[1:]))

    def command(self, command: nodes.Command) -> Eval:
        """A command at the start of a pipeline."""
        first = command.operands[0]
        if isinstance(first, nodes.Identifier):
            return self.call(first, command.operands[1:])
        if len(command.operands) > 1:
            with_arguments = self.with_arguments(command)
            return lambda frame, dot: with_arguments(frame, dot, UNSET)
        if isinstance(first, nodes.Nil):
            return self.failing(first.at, "nil alone is no value to print or to pass on")
        return self.operand(first)

    def stage(self, command: nodes.Command) -> Staged:
        """A command that gets the value before it as its last argument."""
        first = command.operands[0]
        if not isinstance(first, nodes.Identifier):
            return self.with_arguments(command)
        function = self.function(first)
        operands = command.operands[1:]
        fail = self.failure(first.at)
        if function.name in ("and", "or"):
            return selecting_last(function.name == "or", self.arguments(function, operands))
        problem = count_problem(function, len(operands) + 1)
        if problem is not None:
            failing = self.failing(first.at, problem)
            return lambda frame, dot, final: failing(frame, dot)
        last = types.check(parameter(function, len(operands)))
        return staged(function, self.arguments(function, operands), last, fail)

    def with_arguments(self, command: nodes.Command) -> Staged:
        """Something that is no function, with arguments: only a method takes them."""
        first = command.operands[0]
        fail = self.failure(first.at)
        if not isinstance(first, (nodes.Field, nodes.Variable, nodes.Chain)) or not first.names:
            error = f"{self.source[first.at : first.end]} is no function, so it takes no arguments"

            def refuse(frame: Frame, dot: object, final: object) -> object:
                raise fail(error)

            return refuse
        owner, name = self.owner(first), first.names[-1]
        values = [self.operand(operand) for operand in command.operands[1:]]

        def run(frame: Frame, dot: object, final: object) -> object:
            receiver = owner(frame, dot)
            if receiver is INVALID:
                return INVALID
            try:
                method = field(receiver, name)
            except GoError as error:
                raise fail(str(error)) from None
            if not isinstance(method, Function):
                raise fail(f"{name} is no method, so it takes no arguments")
            given = [value(frame, dot) for value in values]
            return apply(method, given if final is UNSET else [*given, final], fail)

        return run

    def owner(self, node: nodes.Field | nodes.Variable | nodes.Chain) -> Eval:
        """All of a chain of fields but the last one."""
        return self.chain(self.start(node), node.names[:-1], node.at)

    # -- operands

    def operand(self, node: nodes.Operand) -> Eval:
        if isinstance(node, nodes.Field):
            return self.fields(node)
        if isinstance(node, (nodes.Variable, nodes.Chain)):
            return self.chain(self.start(node), node.names, node.at)
        if isinstance(node, nodes.Pipe):
            return self.pipe(node)[0]
        if isinstance(node, nodes.Dot):
            return _dot
        if isinstance(node, nodes.Identifier):
            return self.call(node, ())
        return self.constant(node, _ANY, "")

    def start(self, node: nodes.Field | nodes.Variable | nodes.Chain) -> Eval:
        """What a chain of fields starts from."""
        if isinstance(node, nodes.Field):
            return _dot
        if isinstance(node, nodes.Variable):
            return self.variable(node.name, node.at)
        if isinstance(node.node, nodes.Nil):
            return self.failing(node.at, "nil has no fields")
        value = self.operand(node.node)
        return _not_nil(value) if isinstance(node.node, nodes.Pipe) else value

    def constant(
        self, node: nodes.Bool | nodes.String | nodes.Number | nodes.Nil, wanted: str, prefix: str
    ) -> Eval:
        try:
            return _constant(types.constant(node, wanted))
        except GoError as error:
            return self.failing(node.at, f"{prefix}{error}")

    def variable(self, name: str, at: int) -> Eval:
        slot = self.scope.find(name)
        if slot is None:
            return self.failing(at, f"the variable {name} has no value yet")
        if slot == ROOT:
            return _root
        fail = self.failure(at)

        def run(frame: Frame, dot: object) -> object:
            value: object = frame[slot]
            if value is UNSET:
                raise fail(f"the variable {name} has no value yet")
            return value

        return run

    def fields(self, node: nodes.Field) -> Eval:
        if len(node.names) > 1:
            return self.chain(_dot, node.names, node.at)
        fail = self.failure(node.at)
        (name,) = node.names

        def one(frame: Frame, dot: object) -> object:
            return dot.get(name, INVALID) if type(dot) is dict else read(dot, name, fail)

        return one

    def chain(self, start: Eval, names: Sequence[str], at: int) -> Eval:
        """Fields of fields of any value."""
        if not names:
            return start
        fail = self.failure(at)
        path = tuple(names)

        def run(frame: Frame, dot: object) -> object:
            value = start(frame, dot)
            for name in path:
                value = value.get(name, INVALID) if type(value) is dict else read(value, name, fail)
            return value

        return run

    # -- calls

    def function(self, node: nodes.Identifier) -> Function:
        function = self.lookup(node.name)
        assert function is not None, "the parser has looked the name up"
        return function

    def call(self, node: nodes.Identifier, operands: Sequence[nodes.Operand]) -> Eval:
        """A function with all of its arguments written out."""
        function = self.function(node)
        problem = count_problem(function, len(operands))
        if problem is not None:
            return self.failing(node.at, problem)
        arguments = self.arguments(function, operands)
        if function.name in ("and", "or"):
            return selecting(function.name == "or", arguments)
        return direct(function, arguments, self.failure(node.at))

    def arguments(self, function: Function, operands: Sequence[nodes.Operand]) -> list[Eval]:
        return [
            self.argument(operand, parameter(function, position), function.name)
            for position, operand in enumerate(operands)
        ]

    def argument(self, node: nodes.Operand, wanted: str, name: str) -> Eval:
        """An operand as an argument of Go type ``wanted`` for the function ``name``."""
        if isinstance(node, (nodes.Bool, nodes.String, nodes.Number, nodes.Nil)):
            return self.constant(node, wanted, f"{name}: ")
        fail = self.failure(node.at)
        return checked(self.operand(node), wanted, name, fail, from_pipe=isinstance(node, nodes.Pipe))


def _dot(frame: Frame, dot: object) -> object:
    return dot


def _root(frame: Frame, dot: object) -> object:
    root: object = frame[ROOT]
    return root


def _constant(value: object) -> Eval:
    return lambda frame, dot: value


def _not_nil(value: Eval) -> Eval:
    """The value of a pipeline, where a nil becomes an absent value."""

    def run(frame: Frame, dot: object) -> object:
        result = value(frame, dot)
        return INVALID if result is None else result

    return run


def _both(value: Eval, after: Eval) -> Eval:
    def run(frame: Frame, dot: object) -> object:
        value(frame, dot)
        return after(frame, dot)

    return run


def _storing(value: Eval, slots: Sequence[int]) -> Eval:
    def run(frame: Frame, dot: object) -> object:
        result = value(frame, dot)
        if result is None:
            result = INVALID
        for slot in slots:
            frame[slot] = result
        return result

    return run


def _stages(value: Eval, stages: Sequence[Staged]) -> Eval:
    def run(frame: Frame, dot: object) -> object:
        result = value(frame, dot)
        for stage in stages:
            result = stage(frame, dot, INVALID if result is None else result)
        return result

    return run
