"""Calls of functions and methods, and ``and`` and ``or``, as closures."""

from __future__ import annotations

from collections.abc import Sequence

from doit_score.text import words

from ..errors import GoError, TemplateError
from ..functions import Function
from ..limits import weigh
from ..values import truth
from .access import field
from .arguments import Check, check, go_type
from .run import INVALID, Eval, Failure, Frame, Staged


def count_problem(function: Function, given: int) -> str | None:
    """What is wrong with the number of arguments, or None."""
    fixed = len(function.params) - function.variadic
    if given < fixed or (given > fixed and not function.variadic):
        least = "at least " if function.variadic else ""
        return f"{function.name}: expected {least}{words.count(fixed, 'argument')}, found {given}"
    return None


def parameter(function: Function, position: int) -> str:
    """The Go type of the argument at ``position`` (from 0)."""
    params = function.params
    return go_type(params[position] if position < len(params) else params[-1])


def _failed(function: Function, error: Exception, fail: Failure) -> TemplateError:
    """The error of a call.  Go turns a panic of a function into an error of the template; so do we."""
    if isinstance(error, GoError):
        return fail(f"{function.name}: {error}")
    if isinstance(error, RecursionError):
        return fail(f"{function.name}: the value is nested too deeply")
    return fail(f"{function.name}: the call failed ({type(error).__name__})")


def direct(function: Function, arguments: Sequence[Eval], fail: Failure) -> Eval:
    """A call whose arguments are all written out."""
    call = function.call
    if len(arguments) == 1:
        (only,) = arguments

        def one(frame: Frame, dot: object) -> object:
            value = only(frame, dot)
            try:
                result = call(value)
                weigh(result, value)
                return result
            except Exception as error:
                raise _failed(function, error, fail) from error

        return one
    if len(arguments) == 2:
        first, second = arguments

        def two(frame: Frame, dot: object) -> object:
            value, other = first(frame, dot), second(frame, dot)
            try:
                result = call(value, other)
                weigh(result, value, other)
                return result
            except Exception as error:
                raise _failed(function, error, fail) from error

        return two

    def many(frame: Frame, dot: object) -> object:
        values = [argument(frame, dot) for argument in arguments]
        try:
            result = call(*values)
            weigh(result, *values)
            return result
        except Exception as error:
            raise _failed(function, error, fail) from error

    return many


def staged(function: Function, arguments: Sequence[Eval], last: Check, fail: Failure) -> Staged:
    """A call whose last argument comes through the pipe and has to pass ``last``."""
    call = function.call
    if not arguments:

        def alone(frame: Frame, dot: object, final: object) -> object:
            try:
                result = call(last(final))
                weigh(result, final)
                return result
            except Exception as error:
                raise _failed(function, error, fail) from error

        return alone

    def many(frame: Frame, dot: object, final: object) -> object:
        values = [argument(frame, dot) for argument in arguments]
        try:
            result = call(*values, last(final))
            weigh(result, *values, final)
            return result
        except Exception as error:
            raise _failed(function, error, fail) from error

    return many


def selecting(stop: bool, arguments: Sequence[Eval]) -> Eval:
    """``or`` (``stop`` True) or ``and``: the first argument that decides, else the last one."""
    before, last = arguments[:-1], arguments[-1]

    def run(frame: Frame, dot: object) -> object:
        for argument in before:
            value = argument(frame, dot)
            if truth(value) is stop:
                return value
        return last(frame, dot)

    return run


def selecting_last(stop: bool, arguments: Sequence[Eval]) -> Staged:
    """``or`` or ``and`` whose last argument comes through the pipe."""

    def run(frame: Frame, dot: object, final: object) -> object:
        for argument in arguments:
            value = argument(frame, dot)
            if truth(value) is stop:
                return value
        return final

    return run


def checked(value: Eval, wanted: str, name: str, fail: Failure, *, from_pipe: bool) -> Eval:
    """``value`` as an argument of Go type ``wanted`` for ``name``; a nil out of a pipe counts as absent."""
    test = check(wanted)
    if wanted == "interface {}":

        def unchecked(frame: Frame, dot: object) -> object:
            result = value(frame, dot)
            return None if result is INVALID else result

        return unchecked

    def run(frame: Frame, dot: object) -> object:
        result = value(frame, dot)
        if result is None and from_pipe:
            result = INVALID
        try:
            return test(result)
        except GoError as error:
            raise fail(f"{name}: {error}") from None

    return run


def apply(method: Function, values: Sequence[object], fail: Failure) -> object:
    """Calls a method that was only found now, so that its arguments are checked only now."""
    problem = count_problem(method, len(values))
    if problem is not None:
        raise fail(problem)
    try:
        return method.call(*[check(parameter(method, at))(value) for at, value in enumerate(values)])
    except Exception as error:
        raise _failed(method, error, fail) from error


def read(receiver: object, name: str, fail: Failure) -> object:
    """``receiver.name``, called when it is a method."""
    try:
        value = field(receiver, name)
    except GoError as error:
        raise fail(str(error)) from None
    return apply(value, (), fail) if type(value) is Function else value
