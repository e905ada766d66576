"""What the stages of one run have in common."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from doit_score.engine.why.reasons import Journal

if TYPE_CHECKING:
    from doit_score.engine.inputs.catalogue import Catalogue
    from doit_score.engine.inputs.load import Inputs, Loaded, Workloads
    from doit_score.engine.settings import Settings
    from doit_score.store.rows import EntryRow, MountRow, ResourceRow, WorkloadRow
    from doit_score.store.state import State

Say = Callable[[str, str], None]
"""Tells the user something: (level, text); level is one of debug, info, warn."""

UNFINISHED = "unfinished"
"""The meta value that names the directories, besides the mounts, in which a killed run can have left
temporary files; empty after a complete one."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The rows of some workloads before they are rendered again; without the contents of mount files."""

    workloads: tuple[WorkloadRow, ...]
    entries: tuple[EntryRow, ...]
    mounts: tuple[MountRow, ...]


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
