"""The secrets of a project: what must not be in anything that is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from doit_score.store.rows import KeptRow, ResourceRow
from doit_score.store.state import State, exists, open_state
from doit_score.text import canonical
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import TYPE_CHECKING, replace
from doit_score.text.secrets import MASK, Masking, secrets_in, secrets_of

if TYPE_CHECKING:
    from doit_score.engine.stages.outcome import Made
    from doit_score.store.vault import Vault

Mask = Callable[[str], str]


def known(state: State) -> set[str]:
    """What is kept, handed on, or ever was in the shared state, under names of secrets."""
    values = [canonical.mapping(row.state) for row in state.rows(KeptRow)]
    meta = state.meta()
    marked: set[str] = set()
    for row in state.rows(ResourceRow):
        outputs = canonical.mapping(row.outputs)
        values.append(outputs)
        marked |= marked_in(outputs, canonical.texts(row.secret))
    apart = state.vault.sought.values() if state.vault is not None else ()
    return secrets_of(*values, meta.attic, meta.base) | marked | {*apart}


def marked_in(outputs: Mapping[str, object], marked: Iterable[str]) -> set[str]:
    """The outputs that are ``marked`` as secrets."""
    return {text for name in marked for _, text in secrets_in(outputs.get(name), secret=True)}


def learn(vault: Vault, made: Made) -> None:
    """Has ``vault`` know the secrets that a provisioner made, so that they are kept in it from here on."""
    from doit_score.store import apart

    uid, result = made.row.uid, made.result
    apart.learn(vault, uid, result.state)
    apart.learn(vault, uid, result.outputs, result.secret)
    apart.learn(vault, apart.SHARED, canonical.mapping(made.row.patch))
    vault.learn_disguised(uid, ((("logs",), text) for text in result.info_logs))
    files = ((("files", path), text) for path, text in result.files.items() if text is not None)
    vault.learn_disguised(uid, files)


def variables(state_dir: str) -> Mapping[str, str]:
    """The values of the variables that a project has in place of secrets; none where there is no state."""
    if not exists(state_dir):
        return {}
    with open_state(state_dir) as state:
        return state.vault.variables() if state.vault is not None else {}


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
