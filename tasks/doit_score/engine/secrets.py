"""The secrets of a project: what must not be in anything that is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from doit_score.store.rows import KeptRow, ResourceRow
from doit_score.store.state import State
from doit_score.text import canonical
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import replace
from doit_score.text.secrets import MASK, Masking, secrets_of

Mask = Callable[[str], str]


def known(state: State) -> set[str]:
    """What is kept, handed on, or ever was in the shared state, under names of secrets."""
    texts = [row.state for row in state.rows(KeptRow)]
    texts += [row.outputs for row in state.rows(ResourceRow)]
    meta = state.meta()
    return secrets_of(*map(canonical.mapping, texts), meta.attic, meta.base)


def masking(state: State, *more: Mapping[str, object]) -> Masking:
    """For all of them, and those of ``more``."""
    return Masking(dict.fromkeys(known(state) | secrets_of(*more), MASK))


def hidden(problem: Problem, mask: Mask) -> Problem:
    """``problem`` without secrets."""
    return replace(
        problem,
        message=mask(problem.message),
        hint=problem.hint and mask(problem.hint),
        context=problem.context and mask(problem.context),
        excerpt=problem.excerpt and mask(problem.excerpt),
    )


def without(problems: Iterable[Problem], of: Callable[[], Mask]) -> tuple[Problem, ...]:
    """``problems`` without what ``of`` gives a mask for, which is asked if there are any."""
    found = tuple(problems)
    mask = of() if found else str
    return tuple(hidden(problem, mask) for problem in found)


@contextmanager
def kept_out(of: Callable[[], Mask]) -> Iterator[None]:
    """Takes out of errors what ``of`` gives a mask for."""
    try:
        yield
    except ScoreError as error:
        with suppress(Exception):  # of a state that cannot be read there is nothing to tell
            mask = of()
            error.problems = tuple(hidden(problem, mask) for problem in error.problems)
        raise
