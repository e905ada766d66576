"""States in memory, for who wants to see what a run would do: what is written to them is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from doit_score.store import database, schema
from doit_score.store.database import errors_told, state_path
from doit_score.store.state import State, open_state


class _Copy(State):
    """A copy in memory: nobody else sees it, and there is no backup of it."""

    _is_kept = False

    def _begin(self) -> None:
        self._connection.execute("BEGIN")

    def _back_up(self) -> None:
        pass

    def wipe(self) -> None:
        pass


@contextmanager
def open_copy(state_dir: str) -> Iterator[State]:
    """The last commit of the state in ``state_dir``, copied into memory: what is written to it is lost.

    Takes no lock, waits for no run, and works where nothing may be written.

    Raises ScoreError as :func:`open_state` does.
    """
    path = state_path(state_dir)
    with open_state(state_dir) as state, closing(database.connect(":memory:", mode="mode=memory")) as copy:
        state.copy_to(copy)
        with errors_told(path, copy):
            found = _Copy(copy, state_dir)
            found.look_at_notes()
            yield found


@contextmanager
def open_scratch(state_dir: str) -> Iterator[State]:
    """A state in memory as a new one in ``state_dir``, which has none, would be: what is written to it is
    lost."""
    with closing(database.connect(":memory:", mode="mode=memory")) as connection:
        connection.executescript(schema.CREATE)
        yield _Copy(connection, state_dir)
