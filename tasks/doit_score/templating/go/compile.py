"""Statements as closures, and the template that is made of them.

A source is parsed and turned into closures once; :func:`compile_go` keeps the last ones by source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache

from .. import functions, limits
from ..errors import GoError, template_error
from ..functions import Function
from ..printing import to_text
from ..values import Func, Struct, sorted_keys, truth, type_name
from .builtins import BUILTINS
from .expressions import Expressions, Scope
from .nodes import Action, Choice, Invocation, Jump, Pipe, Range, Statement, Text
from .parser import parse
from .run import INVALID, ROOT, UNSET, Eval, Failure, Frame, Run, Step

NoValue = tuple[int, int, str]
"""Line, column and text of an expression that printed ``<no value>``."""


class GoTemplate:
    """A compiled template; it holds no state and may be rendered any number of times."""

    __slots__ = ("_bodies", "source")

    def __init__(self, source: str, bodies: dict[str, tuple[Step, int]]) -> None:
        self.source = source
        self._bodies = bodies

    def render(self, data: object, *, no_value: list[NoValue] | None = None, hermetic: bool = False) -> str:
        """The text that the template prints for ``data``.

        ``no_value`` collects the places that printed ``<no value>``; ``hermetic`` refuses functions
        that read the environment.  Bytes that are no UTF-8 come out as U+FFFD.
        Raises TemplateError where Go fails, and when a limit (``limits.py``) is reached.
        """
        budget = limits.Budget()
        run = Run(no_value, budget)
        body, size = self._bodies[""]
        root = INVALID if data is None else data
        token = functions.HERMETIC.set(hermetic)
        budget_token = limits.BUDGET.set(budget)
        try:
            body([run, root, *[UNSET] * (size - ROOT - 1)], root)
        except RecursionError:
            raise template_error(self.source, 0, "the template is nested too deeply") from None
        finally:
            limits.BUDGET.reset(budget_token)
            functions.HERMETIC.reset(token)
        return _clean("".join(run.out))


def compile_go(source: str) -> GoTemplate:
    """The compiled template of ``source``; TemplateError when it cannot be read."""
    return _compiled(source)


def compile_fresh(source: str) -> GoTemplate:
    """As :func:`compile_go`, without the cache."""
    try:
        tree = parse(source, lambda name: lookup(name) is not None)
        compiler = _Compiler(source)
        for name, body in tree.templates.items():
            compiler.template(name, body)
    except RecursionError:
        raise template_error(source, 0, "the template is nested too deeply") from None
    return GoTemplate(source, compiler.bodies)


_compiled = lru_cache(maxsize=1024)(compile_fresh)


def lookup(name: str) -> Function | None:
    """The function that a template means by ``name``: the library goes before the built-in ones."""
    return functions.lookup(name) or BUILTINS.get(name)


class _Break(Exception):
    """Leaves the innermost range."""


class _Continue(Exception):
    """Goes on with the next element of the innermost range."""


class _Compiler:
    """Turns the templates of one source into closures."""

    __slots__ = ("bodies", "expressions", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self.expressions = Expressions(source, lookup)
        self.bodies: dict[str, tuple[Step, int]] = {}

    def template(self, name: str, body: Sequence[Statement]) -> None:
        scope = self.expressions.scope = Scope()
        step = self.block(body)
        self.bodies[name] = step, scope.size

    def block(self, statements: Sequence[Statement]) -> Step:
        """Statements that follow each other; what they declare is gone after them."""
        names = self.expressions.scope.names
        mark = len(names)
        steps = tuple(self.statement(statement) for statement in statements)
        del names[mark:]
        if len(steps) == 1:
            return steps[0]

        def run(frame: Frame, dot: object) -> None:
            for step in steps:
                step(frame, dot)

        return run

    def statement(self, node: Statement) -> Step:
        if isinstance(node, Text):
            return _text(node.text, self.expressions.failure(node.at))
        if isinstance(node, Action):
            return self.action(node)
        if isinstance(node, Choice):
            return self.choice(node)
        if isinstance(node, Range):
            return self.range(node)
        if isinstance(node, Jump):
            return _break if node.leaves else _continue
        return self.invocation(node)

    def action(self, node: Action) -> Step:
        value, _ = self.expressions.pipe(node.pipe)
        if node.pipe.variables:

            def store(frame: Frame, dot: object) -> None:
                value(frame, dot)

            return store
        fail = self.expressions.failure(node.at)
        absent = self.absent(node.pipe)

        def show(frame: Frame, dot: object) -> None:
            result = value(frame, dot)
            run: Run = frame[0]
            try:
                if type(result) is str:
                    run.write(result)
                elif result is None or result is INVALID:
                    run.write("<no value>")
                    if run.no_value is not None:
                        run.no_value.append(absent())
                else:
                    run.write(_printed(result))
            except GoError as error:
                raise fail(str(error)) from None
            except RecursionError:
                raise fail("the value is nested too deeply to be printed") from None

        return show

    def absent(self, pipe: Pipe) -> Callable[[], NoValue]:
        """Where and what ``pipe`` is, worked out only when somebody asks."""
        source = self.source

        def describe() -> NoValue:
            place = template_error(source, pipe.at, "")
            return place.line, place.column, source[pipe.at : pipe.end]

        return describe

    def choice(self, node: Choice) -> Step:
        names = self.expressions.scope.names
        mark = len(names)
        branches: list[tuple[Eval, Step]] = []
        for pipe, body in node.branches:
            condition, _ = self.expressions.pipe(pipe)
            branches.append((condition, self.block(body)))
        otherwise = self.block(node.otherwise)
        del names[mark:]
        if node.sets_dot:
            return _with(tuple(branches), otherwise)
        if len(branches) == 1:
            ((condition, then),) = branches

            def either(frame: Frame, dot: object) -> None:
                if truth(condition(frame, dot)):
                    then(frame, dot)
                else:
                    otherwise(frame, dot)

            return either
        return _if(tuple(branches), otherwise)

    def range(self, node: Range) -> Step:
        names = self.expressions.scope.names
        mark = len(names)
        value, slots = self.expressions.pipe(node.pipe)
        body, otherwise = self.block(node.body), self.block(node.otherwise)
        del names[mark:]
        fail = self.expressions.failure(node.pipe.at)
        if _jumps(node.body):
            body = _with_jumps(body)
        value_slot = slots[-1] if slots else None
        key_slot = slots[0] if len(slots) > 1 else None

        def run(frame: Frame, dot: object) -> None:
            empty = True
            state: Run = frame[0]
            for key, item in _items(value(frame, dot), key_slot is not None, fail):
                empty = False
                try:
                    state.step()
                except GoError as error:
                    raise fail(str(error)) from None
                if key_slot is not None:
                    frame[key_slot] = key
                if value_slot is not None:
                    frame[value_slot] = item
                try:
                    body(frame, item)
                except _Break:
                    break
            if empty:
                otherwise(frame, dot)

        return run

    def invocation(self, node: Invocation) -> Step:
        value = self.expressions.pipe(node.pipe)[0] if node.pipe is not None else _absent
        bodies, name = self.bodies, node.name
        fail = self.expressions.failure(node.at)

        def run(frame: Frame, dot: object) -> None:
            found = bodies.get(name)
            if found is None:
                raise fail(f"the template {name!r} is not defined")
            result = value(frame, dot)
            if result is None:
                result = INVALID
            state: Run = frame[0]
            try:
                state.step()
            except GoError as error:
                raise fail(str(error)) from None
            state.depth -= 1
            if state.depth < 0:
                raise fail(f"templates call each other more than {limits.DEPTH} levels deep")
            body, size = found
            body([state, result, *[UNSET] * (size - ROOT - 1)], result)
            state.depth += 1

        return run


def _text(text: str, fail: Failure) -> Step:
    def run(frame: Frame, dot: object) -> None:
        try:
            frame[0].write(text)
        except GoError as error:
            raise fail(str(error)) from None

    return run


def _printed(value: object) -> str:
    if isinstance(value, Struct) and value.go_type.startswith("*") and value.string() is None:
        return to_text(Struct(value.go_type[1:], value.fields))
    if isinstance(value, Func):
        raise GoError("a function cannot be printed")
    return to_text(value)


def _absent(frame: Frame, dot: object) -> object:
    return INVALID


def _break(frame: Frame, dot: object) -> None:
    raise _Break


def _continue(frame: Frame, dot: object) -> None:
    raise _Continue


def _with_jumps(body: Step) -> Step:
    def run(frame: Frame, dot: object) -> None:
        with suppress(_Continue):
            body(frame, dot)

    return run


def _jumps(statements: Iterable[Statement]) -> bool:
    """Whether a ``continue`` may leave these statements."""
    for node in statements:
        if isinstance(node, Jump):
            return True
        if isinstance(node, Choice) and (
            any(_jumps(body) for _, body in node.branches) or _jumps(node.otherwise)
        ):
            return True
        if isinstance(node, Range) and _jumps(node.otherwise):
            return True
    return False


def _if(branches: Sequence[tuple[Eval, Step]], otherwise: Step) -> Step:
    def run(frame: Frame, dot: object) -> None:
        for condition, body in branches:
            if truth(condition(frame, dot)):
                body(frame, dot)
                return
        otherwise(frame, dot)

    return run


def _with(branches: Sequence[tuple[Eval, Step]], otherwise: Step) -> Step:
    def run(frame: Frame, dot: object) -> None:
        for condition, body in branches:
            value = condition(frame, dot)
            if truth(value):
                body(frame, value)
                return
        otherwise(frame, dot)

    return run


def _items(value: object, pairs: bool, fail: Failure) -> Iterable[tuple[object, object]]:
    """Keys and values of what ``range`` goes through."""
    if isinstance(value, list):
        return enumerate(value)
    if isinstance(value, dict):
        return [(key, value[key]) for key in sorted_keys(value)]
    if value is None or value is INVALID:
        return ()
    if isinstance(value, int) and not isinstance(value, bool):
        if pairs:
            raise fail("a range over a number has one variable")
        kind = type(value)
        return ((None, kind(number)) for number in range(value))
    raise fail(f"expected a list, map or int to range over, found {type_name(value)}")


def _clean(text: str) -> str:
    """Joins bytes that became valid UTF-8 side by side, and replaces what is still none."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        joined = text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
        return "".join(["\ufffd" if "\ud800" <= char <= "\udfff" else char for char in joined])
    return text
