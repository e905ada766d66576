"""The stages of a run: each takes the lock, does what is stale, and commits it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress

from doit_score.engine.inputs.current import Look, look, told_standing
from doit_score.store import files
from doit_score.store.database import errors_told, state_path
from doit_score.store.lock import locked
from doit_score.store.meta import Meta
from doit_score.store.rows import InputRow, OutputRow
from doit_score.store.state import State, exists, open_state
from doit_score.text import words
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING, replace
from doit_score.text.messages import Say

# A run that finds nothing to do needs none of the rest.
if TYPE_CHECKING:
    from doit_score.engine.inputs.load import Parsed
    from doit_score.engine.settings import Settings
    from doit_score.engine.stages.session import Session
    from doit_score.engine.values import Values
    from doit_score.store.rows import ReasonRow


class Engine:
    """One project in one working directory.  Not for use by several threads at once."""

    def __init__(self, settings: Settings, say: Say) -> None:
        self._settings = settings
        self._say = say
        self._known: dict[str, Parsed] = {}
        self._look: Look | None = None
        self._session: Session | None = None
        self._told = 0
        self.did: Sequence[ReasonRow] = ()
        """What the last run of this has done."""

    @property
    def mounts(self) -> str:
        """The mounts directory, relative to the working directory."""
        return os.path.join(self._settings.state_dir, "mounts")

    def is_initialised(self) -> bool:
        """Whether there is a state, of a project as the settings name it.

        Raises ScoreError if it is damaged.
        """
        with self._opened() as state:
            return state is not None and self._is_of_project(state)

    @contextmanager
    def _opened(self) -> Iterator[State | None]:
        """The state; None where there is none, or one that cannot be opened: init can tell of that."""
        with ExitStack() as stack:
            state = None
            if exists(self._settings.state_dir):
                with suppress(ScoreError):
                    state = stack.enter_context(open_state(self._settings.state_dir))
            yield state

    def _is_of_project(self, state: State) -> bool:
        from doit_score.engine.stages import project

        meta = state.meta()
        return meta.has(project.choose(self._settings, meta))

    def is_current(self) -> bool:
        """Whether a run would change nothing.  Takes no lock and changes nothing itself."""
        if self._look is None:
            if self._settings.force or not exists(self._settings.state_dir):
                return False
            with open_state(self._settings.state_dir) as state, state.snapshot():
                self._look = look(state, self._settings)
        return self._look.holds

    def use_images(self, images: Mapping[str, str]) -> None:
        """From here on ``images`` count, in place of those of the settings."""
        if images != self._settings.images:
            self._settings = replace(self._settings, images=images)
            self._look = None

    def insist(self) -> None:
        """From here on everything is made again, and an output that is not ours is replaced."""
        self._settings = replace(self._settings, force=True)
        self._session = self._look = None

    def values(self) -> Values:
        """What the project, as it was generated last, tells those who use it."""
        from doit_score.engine.values import values

        return values(self._settings)

    def use_beside(self, path: str) -> None:
        """Whoever calls this has a file of its own, or several whose names begin so, which changes with each
        run."""
        self._settings = replace(self._settings, beside=(path,))

    def describe(self) -> None:
        """Says that nothing has to be done, and for how much that is so."""
        if self._look is not None:
            workloads, resources = self._look.counts
            done = f"{words.count(workloads, 'workload')}, {words.count(resources, 'resource')}"
            self._say("info", f"nothing to do: {done} up to date")
        self.tell_standing()

    def tell_standing(self) -> None:
        """Says how many warnings stand, if any do where nothing has to be done."""
        if self._look is not None and self._look.standing:
            self._told = self._look.standing
            self._say("warn", told_standing(self._settings, self._told))

    def written(self) -> list[str]:
        """The files that :meth:`clean` would remove."""
        if not exists(self._settings.state_dir):
            return []
        with open_state(self._settings.state_dir) as state:
            return sorted(row.path for row in state.rows(OutputRow) if row.what == "file")

    def init(self) -> None:
        """Makes the state directory, and gives the project its name."""
        from doit_score.engine.stages import project

        with locked(self._settings.state_dir, self._settings.lock_timeout, self._wait):
            files.make_directory(self.mounts)
            with open_state(self._settings.state_dir, create=True) as state:
                state.check()
                meta = state.meta()
                chosen = project.choose(self._settings, meta)
                if not meta.has(chosen):
                    with state.transaction():
                        state.set_meta(*chosen, Meta.complete.to(""), Meta.run.to(""))
                name = state.meta().project
        self._say("info", f"initialised '{self._settings.state_dir}' for project '{name}'")

    def provision(self) -> None:
        """Runs the provisioners of stale resources, and commits what they generated.

        This comes before any output can refer to it.
        """
        with self._locked() as state:
            self._begin(state)

    def render(self, only: str | None = None) -> None:
        """Renders the fragments of stale workloads; provisions first unless this engine has just done so.

        With ``only`` no other workload than that is rendered.  Raises ScoreError if there is none of that
        name.
        """
        from doit_score.engine.secrets import kept_out, masking
        from doit_score.engine.stages.render import render

        with self._locked() as state, kept_out(lambda: masking(state)):
            render(self._continued(state), only)

    def generate(self, *, forget: bool = False) -> None:
        """Puts the Compose project together and writes it, and the files that it mounts.

        Does first what the stages before have not done for it.  With ``forget`` it drops what is kept for
        the return of what is no longer in the project.
        """
        with self._locked() as state:
            self._generate(state, forget=forget)

    def update(self, *, forget: bool = False, is_all: bool = True) -> None:
        """All stages that have something to do, as one run; says so if none has, and this ``is_all``.

        Makes the state if it is missing.  Takes no lock to find that nothing is to be done, and opens the
        state once.
        """
        if not self._updated(forget, is_all):
            self.init()
            self.generate(forget=forget)

    def _updated(self, forget: bool, is_all: bool) -> bool:
        """Brings the project up to date; False if there is nothing to do that with before `init`."""
        path = state_path(self._settings.state_dir)
        before = files.signature(path)
        with self._opened() as state:
            if state is not None:
                self._settings = self._settings.owned(state.meta())
                self._leave_dodo(state)
            if state is None or not self._is_of_project(state):
                return False
            if not forget and self._settings.output != "-" and not self._settings.force:
                # What is damaged of what only the quick look reads is made again by the run.
                with suppress(ScoreError), errors_told(path), state.snapshot():
                    self._look = look(state, self._settings)
                if self._look is not None and self._look.holds:
                    if is_all:
                        self.describe()
                    else:
                        self.tell_standing()
                    return True
            with self._held():
                now = files.signature(path)
                if before is not None and now is not None and before.inode == now.inode:
                    state.look_at_notes()  # which another run may have changed
                    self._generate(state, forget=forget)
                    return True
        # While this run waited for the lock somebody put another state in the place of this one.
        self.generate(forget=forget)
        return True

    def _leave_dodo(self, state: State) -> None:
        """Says what a run of the command goes without that the Score(...) of a dodo.py has said."""
        task = state.meta().task
        if not task or self._settings.task:
            return
        from doit_score.engine.inputs.current import ROLE_PROVISIONERS
        from doit_score.engine.inputs.discover import is_shipped, provisioner_files
        from doit_score.engine.inputs.load import ROLE_OVERRIDES
        from doit_score.engine.stages.patches import ROLE as ROLE_PATCH

        found = {*provisioner_files(self._settings.provisioners, shipped_for=None)}
        left = [
            row.path
            for row in state.rows(InputRow)
            if row.role in (ROLE_PROVISIONERS, ROLE_PATCH, ROLE_OVERRIDES) and not row.is_absent
            if row.path not in found and not is_shipped(row.path)
        ]
        files_left = f"; these files of it are not read: {', '.join(sorted(left))}" if left else ""
        self._say(
            "warn",
            f"what the Score(...) of the dodo.py says does not count any more{files_left}"
            f"\n  hint: `doit {task}` makes the project that of the dodo.py again",
        )

    def _generate(self, state: State, *, forget: bool) -> None:
        from doit_score.engine.secrets import kept_out, masking
        from doit_score.engine.stages.generate import generate

        with kept_out(lambda: masking(state)):
            session = self._continued(state)
            generate(session, forget=forget)
        self.did = session.journal.noted
        self._session = None

    def clean(self) -> list[str]:
        """Removes every file that was written for the user or to be mounted; keeps the state.

        Returns what was removed.
        """
        from doit_score.engine.stages.generate import clean

        if not exists(self._settings.state_dir):
            return []
        with (
            locked(self._settings.state_dir, self._settings.lock_timeout, self._wait),
            open_state(self._settings.state_dir) as state,
        ):
            self._look = None
            return clean(state, self._settings, self.mounts)

    @contextmanager
    def _locked(self) -> Iterator[State]:
        with self._held(), open_state(self._settings.state_dir) as state:
            yield state

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Holds the lock.  What fails meanwhile ends the run under way."""
        try:
            with locked(self._settings.state_dir, self._settings.lock_timeout, self._wait):
                yield
        except BaseException:
            self._session = None
            raise
        finally:
            self._look = None

    def _begin(self, state: State) -> Session:
        """Provisions for the inputs as they are under the lock; the stages that follow go on with those."""
        from doit_score.engine.stages.provision import provision
        from doit_score.engine.stages.session import begin

        self._session = None
        state.check()
        look, self._look = self._look, None
        session = begin(state, self._settings, self._say, known=self._known, look=look)
        # doit may run a task though all is up to date, when it was told already that warnings stand.
        session.journal.warned = self._told
        provision(session)
        self._session = session
        return session

    def _continued(self, state: State) -> Session:
        """The run under way, if nobody has provisioned since; else a new one."""
        session = self._session
        if session is None or state.meta().run != session.run:
            return self._begin(state)
        session.state = state
        return session

    def _wait(self, text: str) -> None:
        self._say("warn", text)
