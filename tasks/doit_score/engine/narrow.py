"""Narrow runs: a few Score files were edited, and nothing but their own services can be other than it was.

Most edits are of this kind: another image, variable or file.  What provisioning can see of a workload
(what it declares, its ports) is then as before, so that no resource is looked at, and what is made
of other workloads is not read.  Such a run costs as much as the edited files do, in a project of any
size, but for the text of the Compose project, in which some lines are replaced.

Nothing here decides what a run leaves.  Where an edit turns out to be of another kind the ordinary
stages run, which find out for everything whether it is stale.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from doit_score.engine.current import COMPLETE, RUN, Look
from doit_score.engine.load import Inputs, Loaded, Parsed, look_at
from doit_score.engine.session import Replaced
from doit_score.engine.settings import FileOptions, Settings
from doit_score.errors import ScoreError
from doit_score.resources import declarations
from doit_score.store.rows import EntryRow, InputRow, MountRow, WorkloadRow
from doit_score.store.state import State


class RecordedInputs(Mapping[str, InputRow]):
    """The rows of files that were read, each looked up when it is asked for."""

    def __init__(self, state: State) -> None:
        self._state = state

    def __getitem__(self, path: str) -> InputRow:
        for row in self._state.select(InputRow, "path", [path]):
            return row
        raise KeyError(path)

    def __iter__(self) -> Iterator[str]:
        return (row.path for row in self._state.rows(InputRow))

    def __len__(self) -> int:
        return len(self._state.rows(InputRow))


def load_edited(
    state: State, settings: Settings, look: Look, inputs: Inputs, known: dict[str, Parsed]
) -> tuple[Loaded, Replaced] | None:
    """The workloads of the Score files that ``look`` found edited, if a narrow run does for them.

    With them comes what is stored of them.  None if not: if somebody else has run since, or an edit can be
    seen by provisioning; and if a file is wrong, so that all that is wrong is told together.
    """
    meta = state.meta()
    is_of_now = meta.get(RUN) == look.run and meta.get(COMPLETE) == settings.digest()
    if not look.edited or not is_of_now or settings.builds or settings.images:
        return None
    if settings.workloads is None:
        remembered = state.given()
        # A file whose workload another one has taken over is not of the project any more.
        given = {path: FileOptions.of_text(remembered[path]) for path in look.edited if path in remembered}
    else:
        given = {path: settings.overrides.get(path, FileOptions()) for path in look.edited}
    if len(given) < len(look.edited):
        return None
    loaded = Loaded(given)
    try:
        for path in look.edited:
            if not _take(path, loaded, state, inputs, known):
                return None
    except ScoreError:
        return None
    return loaded, _stored(state, loaded)


def _take(path: str, loaded: Loaded, state: State, inputs: Inputs, known: dict[str, Parsed]) -> bool:
    """Adds the workload of one Score file; whether that can do for it."""
    found = state.select(WorkloadRow, "file", [path])
    if not found:
        return False  # It was gone, and has come back.
    [before] = found
    row, parsed = look_at(path, before, loaded.given, inputs, known)
    declared = state.needs(before.name)
    loaded.workloads[row.name] = row
    loaded.declared += declared
    if parsed is None:
        return True
    loaded.parsed[row.name] = parsed
    loaded.changed[row.name] = declarations(parsed.workload)
    return (
        (row.name, row.ports, row.sources) == (before.name, before.ports, before.sources)
        and loaded.changed[row.name] == tuple(declared)
        # The params see the metadata of the workload, which nobody has compared.
        and not any("${metadata" in (one.params or "") for one in declared)
    )


def _stored(state: State, loaded: Loaded) -> Replaced:
    names = sorted(loaded.workloads)
    return Replaced(
        tuple(state.select(WorkloadRow, "name", names)),
        tuple(row for name in names for row in state.rows(EntryRow, "workload", name)),
        tuple(row for name in names for row in state.rows(MountRow, "workload", name)),
    )
