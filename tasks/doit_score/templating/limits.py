"""What a template may use up; a template that wants more fails with a clear error."""

from __future__ import annotations

from contextvars import ContextVar

from .errors import GoError

TEXT = 16 * 1024 * 1024
"""Characters that one rendering may print, and that one string made by a function may have."""

ITEMS = 1_000_000
"""Elements that one list made by a function may have (``until``, ``seq``, ``repeat`` ...)."""

STEPS = 1_000_000
"""Turns of loops, calls, and elements that are written or compared, of one rendering together."""

WORK = 128 * 1024 * 1024
"""Characters of all texts, and halves of elements of all lists, that one rendering makes or looks through."""

DEPTH = 100
"""How deep templates may call each other, and how deep constructs may be nested in a source."""


COSTLY = 20_000
"""Steps that a call counts for which takes about a tenth of a second, such as making a key."""

_SMALL = 512


class LimitError(GoError):
    """A template wants more than it may use up."""


class Budget:
    """What one rendering may still do."""

    __slots__ = ("steps", "undefined", "work")

    def __init__(self) -> None:
        self.steps = STEPS
        self.work = WORK
        self.undefined = False
        """Whether Jinja2 has come upon something undefined, so that a list may have it in it."""

    def step(self, count: int = 1) -> None:
        """Counts ``count`` steps; LimitError when there were too many."""
        self.steps -= count
        if self.steps < 0:
            raise LimitError(f"more than {STEPS} turns of loops, calls and elements written or compared")

    def use(self, size: int) -> None:
        """Counts characters; LimitError when there were too many."""
        self.work -= size
        if self.work < 0:
            raise LimitError(f"all texts and lists together are larger than {WORK} characters")


BUDGET: ContextVar[Budget | None] = ContextVar("budget", default=None)
"""The budget of the rendering under way; None where a function is called by itself."""


def step(count: int = 1) -> None:
    """Counts steps of the rendering under way."""
    if count and (budget := BUDGET.get()) is not None:
        budget.step(count)


def step_by_letter(size: int) -> None:
    """Counts what is done letter by letter, or element by element, where nothing else costs more."""
    step(size >> 4)


def weigh(result: object, *given: object) -> None:
    """Counts the texts that a call was given, and the text or list that it has made."""
    size = 0
    if isinstance(result, (str, list, tuple, dict)) and (length := _length(result)) > _SMALL:
        is_new = all(value is not result for value in given)
        size = length if isinstance(result, str) else 2 * length * is_new
    for value in given:
        if isinstance(value, str) and len(value) > _SMALL:
            size += 4 * len(value)  # many a function looks at each letter by itself
    if size and (budget := BUDGET.get()) is not None:
        budget.use(size)


def _length(value: str | list[object] | tuple[object, ...] | dict[object, object]) -> int:
    # To ask a mapping that is read as it is looked at would be to read it; dict sees what is there.
    return dict.__len__(value) if isinstance(value, dict) else len(value)
