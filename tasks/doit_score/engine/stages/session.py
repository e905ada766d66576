"""What the stages of one run have in common."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.inputs.current import COMMANDS, Look
from doit_score.engine.inputs.load import Inputs, Loaded, Parsed, Workloads, load
from doit_score.engine.settings import Settings
from doit_score.engine.stages.disk import Disk
from doit_score.engine.stages.narrow import Replaced, load_edited
from doit_score.engine.why.reasons import Journal
from doit_score.options import APART
from doit_score.store.meta import Meta
from doit_score.store.rows import InputRow, ResourceRow
from doit_score.store.state import State
from doit_score.targets import Options, Target, find
from doit_score.text.errors import Problem
from doit_score.text.light import dataclass, field
from doit_score.text.messages import Say, text_of

FEW = 20
"""So many things are told one by one."""


@dataclass(slots=True)
class Session:
    """One run, with its inputs as the first stage found them.

    So a file that is edited between two stages counts for the next run, which sees that its signature
    is not the recorded one.  ``run`` is the name that the first stage gives the run, ``resources`` what
    it leaves by uid, ``known`` what was parsed in this process.  What it makes goes into the state and
    the ``sink``; without ``commands`` none is started, and ``held`` are the resources that are as before
    for that.  If ``only_commands``, nothing but what commands return can be other than the last run left it;
    if ``is_over``, they returned the same, and there is nothing to be done.

    A narrow run (narrow.py) has in ``loaded`` and ``resources`` only the workloads whose Score
    files were edited and what they use, and in ``replaced`` what they had been rendered to.

    Where the sink takes ``faults``, what stops a run is added to them, and the run goes on with all else.
    """

    state: State
    settings: Settings
    inputs: Inputs
    loaded: Loaded
    workloads: Workloads
    catalogue: Catalogue
    say: Say
    sink: Disk
    known: dict[str, Parsed]
    resources: Mapping[str, ResourceRow] = field(default_factory=dict)
    run: str = ""
    is_rendered: bool = False
    replaced: Replaced | None = None
    journal: Journal = field(default_factory=Journal)
    commands: bool = True
    held: tuple[str, ...] = ()
    only_commands: bool = False
    is_over: bool = False

    @property
    def faults(self) -> list[Problem] | None:
        """See :class:`Disk`."""
        return self.sink.faults

    @property
    def mounts(self) -> str:
        """The mounts directory, relative to the working directory."""
        return os.path.join(self.settings.state_dir, "mounts")

    @property
    def mounts_directory(self) -> str:
        """The mounts directory as the output is to name it: as seen from its directory."""
        return self._from_output(self.mounts)

    @property
    def secret_files(self) -> Mapping[str, str]:
        """The files of secrets by name, as the output is to name them."""
        if self.state.vault is None or self.options.secrets != "file":
            return {}
        from doit_score.store.keepers import DIRECTORY

        place = self._from_output(os.path.join(self.settings.state_dir, DIRECTORY))
        return {name: f"{place}/{name}" for name in self.state.vault.names}

    def _from_output(self, found: str) -> str:
        output = self.settings.output
        if output != "-" and not os.path.isabs(found):
            found = os.path.relpath(found, os.path.dirname(output) or ".")
        return self.target.literal(found)

    @property
    def target(self) -> Target:
        """What the Score files are turned into."""
        return find(self.settings.target or self.state.meta().target)

    @property
    def options(self) -> Options:
        """What counts of the target's options: what is said now, or else is remembered."""
        return self.settings.options(self.state.meta())

    def warn(self, problems: Iterable[Problem], *, notice: bool = False) -> None:
        """Tells the user warnings; a strict run tells all together, as its error, but those that are no
        more than a ``notice``."""
        for problem in problems if notice or not self.settings.strict else ():
            self.journal.warned += 1
            self.say("warn", text_of(problem))

    def widened(self) -> Session:
        """This run begun anew, as one that looks at everything."""
        return begin(
            self.state,
            self.settings,
            self.say,
            known=self.known,
            journal=self.journal,
            sink=self.sink,
            commands=self.commands,
        )


def begin(
    state: State,
    settings: Settings,
    say: Say,
    *,
    known: dict[str, Parsed] | None = None,
    look: Look | None = None,
    journal: Journal | None = None,
    sink: Disk | None = None,
    commands: bool = True,
) -> Session:
    """A run of ``settings``, with the inputs as they are now; a narrow one if what ``look`` found allows it.

    ``known`` holds what was parsed before in this process, ``journal`` what such a run has noted;
    without a ``sink`` what is made is written to the disk.
    Raises one ScoreError with the problems of all Score files, unless the sink takes faults, or for options
    that the target cannot have.
    """
    known = {} if known is None else known
    sink = sink or Disk(settings.state_dir)
    before = state.meta()
    options = settings.options(before)
    find(settings.target or before.target).check(options)
    _keep_apart(state, before, options.secrets)
    edited = load_edited(state, settings, look, known) if look else None
    if edited is None:
        inputs = Inputs({row.path: row for row in state.rows(InputRow)})
        loaded, replaced = load(state, settings, inputs, known, sink.faults), None
    else:
        inputs, loaded, replaced = edited
    meta = state.meta()
    was = meta.run, meta.complete
    is_as_left = look is not None and look.commands and was == (look.run, settings.digest() + COMMANDS)
    return Session(
        state=state,
        settings=settings,
        inputs=inputs,
        loaded=loaded,
        workloads=Workloads(loaded, inputs, known),
        catalogue=Catalogue(settings, inputs, defaults=meta.default_provisioners, faults=sink.faults),
        say=say,
        sink=sink,
        known=known,
        replaced=replaced,
        journal=journal or Journal(),
        commands=commands,
        only_commands=is_as_left and not (loaded.changed or loaded.gone),
    )


def _keep_apart(state: State, before: Meta, secrets: str) -> None:
    """Has secrets where the options say."""
    how = secrets if secrets in APART else ""
    if how or before.vault:
        from doit_score.store.apart import move

        move(state, how)
