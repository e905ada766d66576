"""What a test fails with."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from doit_score.text.errors import ScoreError
from doit_score.text.light import Any, TypeVar, cast
from doit_score.text.messages import text_of

_Function = TypeVar("_Function", bound=Callable[..., Any])


class Failed(AssertionError):
    """A provisioner or project that fails, is not stable, or is not as its snapshot has it."""


def fails(function: _Function) -> _Function:
    """``function``, whose errors are failures of the test: pytest shows the line that called it, no more."""

    @wraps(function)
    def called(*arguments: Any, **more: Any) -> Any:
        __tracebackhide__ = True
        try:
            return function(*arguments, **more)
        except Failed as error:
            message = str(error)
        except ScoreError as error:
            message = text_of(error)
        raise Failed(message)

    return cast(_Function, called)
