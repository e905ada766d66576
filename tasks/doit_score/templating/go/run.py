"""What one rendering carries with it: the text so far and what it may still use up."""

from __future__ import annotations

from collections.abc import Callable

from doit_score.text.light import Any, Final

from .. import limits
from ..errors import GoError, TemplateError


class Invalid:
    """Go's zero ``reflect.Value``: what an absent key of a map gives, as opposed to a null in the data.

    It prints as ``<no value>``, has every field (again absent), and is nil as an argument.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "INVALID"


INVALID: Final = Invalid()


class Unset:
    """What the slot of a variable holds before its declaration has run."""

    __slots__ = ()


UNSET: Final = Unset()

# The Run, then ``$``, then one slot for each declared variable of a template: any values.
Frame = list[Any]
# Frame and dot to a value: None is nil, INVALID an absent value.
Eval = Callable[[Frame, object], object]
# The same with the value that comes through the pipe.
Staged = Callable[[Frame, object, object], object]
# Frame and dot; what it prints goes to the Run.
Step = Callable[[Frame, object], None]
# Message to error, for one place in the source.
Failure = Callable[[str], TemplateError]

ROOT = 1
"""The slot of ``$``."""


class Run:
    """The state of one rendering; every closure finds it at the start of its frame."""

    __slots__ = ("depth", "no_value", "out", "room", "step")

    def __init__(self, no_value: list[tuple[int, int, str]] | None, budget: limits.Budget) -> None:
        self.out: list[str] = []
        self.room = limits.TEXT
        self.step = budget.step
        self.depth = limits.DEPTH
        self.no_value = no_value

    def write(self, text: str) -> None:
        """Appends to the output; GoError when it becomes too large."""
        self.out.append(text)
        self.room -= len(text)
        if self.room < 0:
            raise GoError(f"the output is larger than {limits.TEXT} characters")
