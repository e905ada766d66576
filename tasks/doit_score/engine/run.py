"""The stages of a run: each takes the lock, does what is stale, and commits it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from doit_score.engine.current import COMPLETE, Unchanged, look
from doit_score.engine.load import Inputs, Loaded, Parsed, Workloads, load
from doit_score.engine.settings import Settings
from doit_score.store import files
from doit_score.store.lock import locked
from doit_score.store.rows import InputRow, OutputRow
from doit_score.store.state import State, exists, open_state

Say = Callable[[str, str], None]
"""Tells the user something: (level, text); level is one of debug, info, warn."""


class Engine:
    """One project in one working directory.  Not for use by several threads at once."""

    def __init__(self, settings: Settings, say: Say) -> None:
        self._settings = settings
        self._say = say
        self._known: dict[str, Parsed] = {}
        self._unchanged: Unchanged | None = None

    @property
    def mounts(self) -> str:
        """The mounts directory, relative to the working directory."""
        return os.path.join(self._settings.state_dir, "mounts")

    def is_initialised(self) -> bool:
        """Whether there is a state, of a project as the settings name it."""
        from doit_score.engine import project

        if not exists(self._settings.state_dir):
            return False
        with open_state(self._settings.state_dir) as state:
            meta = state.meta()
        return project.choose(self._settings, meta).items() <= meta.items()

    def is_current(self) -> bool:
        """Whether a run would change nothing.  Takes no lock and changes nothing itself."""
        if self._unchanged is None:
            if self._settings.force or not exists(self._settings.state_dir):
                return False
            with open_state(self._settings.state_dir) as state, state.snapshot():
                self._unchanged = look(state, self._settings)
        return self._unchanged.holds

    def describe(self) -> None:
        """Says that nothing has to be done, and for how much that is so."""
        if self._unchanged is not None:
            workloads, resources = self._unchanged.counts
            self._say("info", f"nothing to do: {workloads} workload(s), {resources} resource(s) up to date")

    def written(self) -> list[str]:
        """The files that :meth:`clean` would remove."""
        if not exists(self._settings.state_dir):
            return []
        with open_state(self._settings.state_dir) as state:
            return sorted(row.path for row in state.rows(OutputRow) if row.what == "file")

    def init(self) -> None:
        """Makes the state directory, and gives the project its name."""
        from doit_score.engine import project

        with locked(self._settings.state_dir, self._settings.lock_timeout, self._wait):
            files.make_directory(self.mounts)
            with open_state(self._settings.state_dir, create=True) as state:
                meta = state.meta()
                chosen = project.choose(self._settings, meta)
                if not chosen.items() <= meta.items():
                    with state.transaction():
                        state.set_meta(**chosen, **{COMPLETE: ""})
        self._say("info", f"initialised '{self._settings.state_dir}' for project '{chosen['project']}'")

    def provision(self) -> None:
        """Runs the provisioners of stale resources; commits what they generated before anything refers to it."""
        from doit_score.engine import stages

        with self._opened() as (state, inputs, loaded):
            stages.provision(state, self._settings, inputs, loaded, self._workloads(loaded, inputs), self._say)

    def render(self) -> None:
        """Renders the fragments of stale workloads.

        Raises ScoreError if there is something to provision first.
        """
        from doit_score.engine import stages

        with self._opened() as (state, inputs, loaded):
            stages.render(state, self._settings, inputs, loaded, self._workloads(loaded, inputs), self._say)

    def generate(self) -> None:
        """Puts the Compose project together and writes it, and the files that it mounts."""
        from doit_score.engine import stages

        with self._opened() as (state, inputs, loaded):
            stages.generate(state, self._settings, inputs, loaded, self._workloads(loaded, inputs), self._say)

    def clean(self) -> list[str]:
        """Removes every file that was written for the user or to be mounted; keeps the state.

        Returns what was removed.
        """
        from doit_score.engine import stages

        if not exists(self._settings.state_dir):
            return []
        with (
            locked(self._settings.state_dir, self._settings.lock_timeout, self._wait),
            open_state(self._settings.state_dir) as state,
        ):
            self._unchanged = None
            return stages.clean(state, self._settings, self.mounts)

    @contextmanager
    def _opened(self) -> Iterator[tuple[State, Inputs, Loaded]]:
        """The locked state and the inputs as they are under the lock."""
        self._unchanged = None
        settings = self._settings
        with locked(settings.state_dir, settings.lock_timeout, self._wait), open_state(settings.state_dir) as state:
            inputs = Inputs({row.path: row for row in state.rows(InputRow)})
            yield state, inputs, load(state, settings, inputs, self._known)

    def _workloads(self, loaded: Loaded, inputs: Inputs) -> Workloads:
        return Workloads(loaded, inputs, self._known)

    def _wait(self, text: str) -> None:
        self._say("warn", text)
