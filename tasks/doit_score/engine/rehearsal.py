"""All that is wrong with a project, found out in memory: nothing is written, and nobody waits.

It is the run itself, as in ``difference``, but where that would stop, it goes on with all else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from doit_score.engine import secrets
from doit_score.engine.difference import Told
from doit_score.engine.inputs.load import Parsed
from doit_score.engine.settings import Settings
from doit_score.engine.stages.assemble import assembled
from doit_score.engine.stages.project import choose
from doit_score.engine.stages.provision import provision
from doit_score.engine.stages.render import render
from doit_score.engine.stages.session import Session, begin
from doit_score.engine.why.standing import of_parts
from doit_score.provisioning.model import Entry
from doit_score.score.resources import merge
from doit_score.store.copies import open_copy, open_scratch
from doit_score.store.state import State, exists
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import dataclass, field


@dataclass(slots=True)
class Rehearsed:
    """What was found: ``errors`` would stop a run, ``warnings`` a strict one.

    ``held`` are the resources whose commands a run would start.  ``workloads`` are the Score files that could
    be read, and ``entries`` the provisioners of their resources, by workload and name of the resource.
    """

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    held: tuple[str, ...] = ()
    workloads: list[Parsed] = field(default_factory=list)
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)


def rehearse(settings: Settings, *, commands: bool) -> Rehearsed:
    """What is wrong with the project of ``settings``.  Without ``commands`` none is started.

    Raises ScoreError if the state is of no use.
    """
    found = Rehearsed()
    with _opened(settings) as state:
        session = begin(state, settings, _silent, sink=_Sink(found.errors), commands=commands)
        _do(provision, session, found)
        found.held = session.held
        _do(render, session, found)
        found.warnings += of_parts(state)
        _do(partial(_assemble, found), session, found)
        _do(partial(_note_workloads, found), session, found)
        mask = secrets.masking(state)
    found.errors[:] = [secrets.hidden(problem, mask) for problem in found.errors]
    found.warnings[:] = [secrets.hidden(problem, mask) for problem in found.warnings]
    return found


class _Sink(Told):
    def __init__(self, faults: list[Problem]) -> None:
        super().__init__()
        self.faults = faults


@contextmanager
def _opened(settings: Settings) -> Iterator[State]:
    """A copy of the state, or a new one where there is none."""
    opened = open_copy if exists(settings.state_dir) else open_scratch
    with opened(settings.state_dir) as state:
        with state.transaction():
            state.set_meta(*choose(settings, state.meta()))
        yield state


def _silent(level: str, text: str) -> None:
    """Says nothing: what a run says on its way is no finding."""


def _do(stage: Callable[[Session], None], session: Session, found: Rehearsed) -> None:
    """Does one stage; what stops it all the same is noted."""
    try:
        stage(session)
    except ScoreError as error:
        found.errors += error.problems


def _assemble(found: Rehearsed, session: Session) -> None:
    """Looks at the project as a whole, unless it lacks something: then all else would look wrong."""
    if not found.errors and all(one.uid in session.resources for one in session.loaded.declared):
        found.warnings += assembled(session).warnings


def _note_workloads(found: Rehearsed, session: Session) -> None:
    found.workloads += (session.workloads.parsed(name) for name in sorted(session.loaded.workloads))
    needs = merge(session.loaded.declared, faults=[])  # which provisioning has told
    for declaration in session.loaded.declared:
        entry = session.catalogue.entry(needs[declaration.uid])
        if entry is not None:
            found.entries[declaration.workload, declaration.name] = entry
