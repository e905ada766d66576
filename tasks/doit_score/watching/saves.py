"""What is saved in a project, as soon as it is saved."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress

from doit_score.engine.inputs.discover import is_shipped
from doit_score.store import files
from doit_score.store.rows import InputRow, OutputRow
from doit_score.store.state import exists, open_state
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from watchfiles import Change, DefaultFilter

# Milliseconds: how long nothing more may be saved before it counts as one save, and how often is looked for
# saves of files that are elsewhere.
_SETTLED = 50
_LONGEST = 1000
_ELSEWHERE = 1000
# What vim makes to see whether it can, emacs and LibreOffice to say who edits, others before they rename it.
_PASSING = re.compile(r"4913|\.?#.*#|\.goutputstream-\w+|\.~lock\..*#|.*\.tmp|.*\.swx?p?")


class Known(NamedTuple):
    """What is known of the files of a project, by absolute paths: of those that it was made of, and of those
    that it is written to."""

    inputs: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset()

    @classmethod
    def of_state(cls, state_dir: str) -> Known:
        """That which the state knows; nothing where there is none yet."""
        if exists(state_dir):
            with suppress(ScoreError), open_state(state_dir) as state:
                inputs = (row.path for row in state.rows(InputRow) if not is_shipped(row.path))
                outputs = (row.path for row in state.rows(OutputRow))
                return cls(frozenset(map(os.path.abspath, inputs)), frozenset(map(os.path.abspath, outputs)))
        return cls()

    def elsewhere(self, root: str) -> dict[str, files.Signature | None]:
        """The signatures of the inputs that are not below ``root``."""
        start = os.path.join(root, "")
        return {path: files.signature(path) for path in self.inputs if not path.startswith(start)}


def need() -> None:
    """Raises ScoreError if what notices saves is not installed."""
    from importlib.util import find_spec

    if find_spec("watchfiles") is None:
        raise ScoreError(
            "`watch` takes the package watchfiles, which is not installed",
            hint="install it: `pip install 'doit-score[watch]'`",
        )


def saves(state_dir: str, known: Callable[[], Known], aside: str = "") -> Iterator[frozenset[str]]:
    """The paths, from here, of what is saved together, whenever something is; but first of nothing, at once,
    and then of what was saved meanwhile, or of nothing.

    What is saved before the next is asked for is not lost.  Of files in the working directory and below
    those are left out that nobody edits: the state, what is written by us, what editors and git keep.
    So is what is ``aside``, or has a longer name that begins so.  ``known`` is asked after each.
    Raises KeyboardInterrupt, and ScoreError where the system gives up.
    """
    import watchfiles

    root = os.getcwd()
    aside = os.path.abspath(aside) if aside else ""
    interest = _Interest(os.path.abspath(state_dir), aside, watchfiles.DefaultFilter())
    yield frozenset()
    interest.known = known()
    before = interest.known.elsewhere(root)
    is_first = True
    try:
        for changes in watchfiles.watch(
            root,
            watch_filter=interest,
            debounce=_LONGEST,
            step=_SETTLED,
            rust_timeout=_ELSEWHERE,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            now = interest.known.elsewhere(root)
            saved = {path for _, path in changes}
            saved |= {path for path, signature in now.items() if before.get(path, signature) != signature}
            before = now
            if saved or is_first:
                is_first = False
                yield frozenset(map(os.path.relpath, saved))
                interest.known = known()
    except (OSError, RuntimeError) as error:
        raise ScoreError(
            f"the system does not tell what is saved here: {error}",
            hint="there may be more directories than it watches (`sysctl fs.inotify.max_user_watches`); "
            "with WATCHFILES_FORCE_POLLING=1 it need not",
        ) from None


class _Interest:
    """Whether a change is one that may matter."""

    def __init__(self, state_dir: str, aside: str, usual: DefaultFilter) -> None:
        self._ours = (os.path.join(state_dir, ""), *filter(None, [aside]))
        self._usual = usual
        self.known = Known()

    def __call__(self, change: Change, path: str) -> bool:
        if path in self.known.inputs:
            return True
        if path in self.known.outputs or f"{path}/".startswith(self._ours):
            return False
        return not _PASSING.fullmatch(os.path.basename(path)) and self._usual(change, path)
