"""What the stages of one run have in common."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.inputs.current import Look
from doit_score.engine.inputs.load import Inputs, Loaded, Parsed, Workloads, load
from doit_score.engine.settings import Settings
from doit_score.engine.stages.narrow import Replaced, load_edited
from doit_score.engine.why.reasons import Journal
from doit_score.store.rows import InputRow, ResourceRow
from doit_score.store.state import State

Say = Callable[[str, str], None]
"""Tells the user something: (level, text); level is one of debug, info, warn."""


FEW = 20
"""So many things are told one by one."""


@dataclass(slots=True)
class Session:
    """One run, with its inputs as the first stage found them.

    So a file that is edited between two stages counts for the next run, which sees that its signature
    is not the recorded one.  ``run`` is the name that the first stage gives the run, ``resources`` what
    it leaves by uid.  One that ``is_dry`` has a copy of the state and removes no file;
    without ``commands`` none is started, and ``held`` are the resources that are as before for that.

    A narrow run (engine/narrow.py) has in ``loaded`` and ``resources`` only the workloads whose Score
    files were edited and what they use, and in ``replaced`` what they had been rendered to.
    """

    state: State
    settings: Settings
    inputs: Inputs
    loaded: Loaded
    workloads: Workloads
    catalogue: Catalogue
    say: Say
    resources: Mapping[str, ResourceRow] = field(default_factory=dict)
    run: str = ""
    is_rendered: bool = False
    replaced: Replaced | None = None
    journal: Journal = field(default_factory=Journal)
    is_dry: bool = False
    commands: bool = True
    held: tuple[str, ...] = ()

    @property
    def mounts(self) -> str:
        """The mounts directory, relative to the working directory."""
        return os.path.join(self.settings.state_dir, "mounts")

    @property
    def mounts_directory(self) -> str:
        """The mounts directory as Compose is to see it: relative to the directory of the output."""
        output = self.settings.output
        if output == "-" or os.path.isabs(self.mounts):
            return self.mounts
        return os.path.relpath(self.mounts, os.path.dirname(output) or ".")


def begin(
    state: State,
    settings: Settings,
    say: Say,
    *,
    known: dict[str, Parsed] | None = None,
    look: Look | None = None,
    journal: Journal | None = None,
    is_dry: bool = False,
    commands: bool = True,
) -> Session:
    """A run of ``settings``, with the inputs as they are now; a narrow one if what ``look`` found allows it.

    ``known`` holds what was parsed before in this process, ``journal`` what such a run has noted.
    Raises one ScoreError with the problems of all Score files.
    """
    known = {} if known is None else known
    edited = load_edited(state, settings, look, known) if look else None
    if edited is None:
        inputs = Inputs({row.path: row for row in state.rows(InputRow)})
        loaded, replaced = load(state, settings, inputs, known), None
    else:
        inputs, loaded, replaced = edited
    return Session(
        state=state,
        settings=settings,
        inputs=inputs,
        loaded=loaded,
        workloads=Workloads(loaded, inputs, known),
        catalogue=Catalogue(settings, inputs, defaults=state.meta().default_provisioners),
        say=say,
        replaced=replaced,
        journal=journal or Journal(),
        is_dry=is_dry,
        commands=commands,
    )


def counted(things: Collection[object], what: str) -> str:
    """How many ``things`` there are, for people."""
    return f"{len(things)} {what}" if len(things) == 1 else f"{len(things)} {what}s"
