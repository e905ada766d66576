"""Narrow runs: a few Score files were edited, and nothing but their own services can be other than it was.

Most edits are of this kind: another image, variable or file.  What provisioning can see of a workload
(what it declares, its ports) is then as before, so that no resource is looked at, and what is made
of other workloads is not read.  Such a run costs as much as the edited files do, in a project of any
size, but for the text of the Compose project, in which some lines are replaced.

Nothing here decides what a run leaves.  Where an edit turns out to be of another kind the ordinary
stages run, which find out for everything whether it is stale.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from doit_score.engine.inputs.current import Look
from doit_score.engine.inputs.load import Inputs, Loaded, Parsed, look_at
from doit_score.engine.settings import FileOptions, Settings
from doit_score.engine.why.standing import Standing, standing
from doit_score.score.resources import Declaration, declarations
from doit_score.store.rows import EntryRow, InputRow, MountRow, ResourceRow, WorkloadRow
from doit_score.store.state import State
from doit_score.targets import Target, find
from doit_score.text import canonical
from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple, dataclass


@dataclass(frozen=True, slots=True)
class Replaced:
    """The rows of some workloads before they are rendered again; without the contents of mount files."""

    workloads: tuple[WorkloadRow, ...]
    entries: tuple[EntryRow, ...]
    mounts: tuple[MountRow, ...]


class Edited(NamedTuple):
    """What a narrow run begins with: the workloads as they are now, and what is stored of them."""

    inputs: Inputs
    loaded: Loaded
    replaced: Replaced


def load_edited(state: State, settings: Settings, look: Look, known: dict[str, Parsed]) -> Edited | None:
    """The workloads of the Score files that ``look`` found edited, if a narrow run does for them.

    None if not: if somebody else has run since, or an edit can be seen by provisioning; and if a file is
    wrong, so that all that is wrong is told together.
    """
    meta = state.meta()
    is_of_now = (meta.run, meta.complete) == (look.run, settings.digest())
    if not look.edited or not is_of_now or settings.builds or settings.images:
        return None
    if meta.standing and any(_is_told_by_others(one, look.edited) for one in standing(state)):
        return None
    before = {row.file: row for row in state.select(WorkloadRow, "file", look.edited)}
    given = _options(state, settings, look.edited)
    if not len(before) == len(given) == len(look.edited):
        # One was gone and has come back, or its workload has moved to another file.
        return None
    read = {source for row in before.values() for source in canonical.texts(row.sources)}
    read.update(options.overrides_file for options in given.values() if options.overrides_file)
    recorded = state.select(InputRow, "path", {*read, *look.edited})
    inputs = Inputs({row.path: row for row in recorded}, keeps_roles=True)
    loaded, target = Loaded(given), find(settings.target or meta.target)
    try:
        for path in look.edited:
            if not _take(before[path], loaded, state, inputs, known, target):
                return None
    except ScoreError:
        return None
    return Edited(inputs, loaded, _stored(state, before.values()))


def _is_told_by_others(one: Standing, edited: Collection[str]) -> bool:
    """Whether a warning names a place in an edited file that a narrow run would not look at."""
    return one.kind != "workload" and one.problem.path in edited


def _options(state: State, settings: Settings, paths: Iterable[str]) -> dict[str, FileOptions]:
    if settings.workloads is not None:
        return {path: settings.overrides.get(path, FileOptions()) for path in paths}
    remembered = state.given()
    return {path: FileOptions.of_text(remembered[path]) for path in paths if path in remembered}


def _take(
    before: WorkloadRow,
    loaded: Loaded,
    state: State,
    inputs: Inputs,
    known: dict[str, Parsed],
    target: Target,
) -> bool:
    """Adds the workload of one Score file; whether that can do for it."""
    row, parsed = look_at(before.file, before, loaded.given, inputs, known, target)
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
        and _reads_same(parsed, declared, state, target)
    )


def metadata_digest(metadata: Mapping[str, object]) -> str:
    """A name for the metadata of a workload, as one that read it notes it."""
    return canonical.digest(canonical.encode(dict(metadata)))


def _reads_same(parsed: Parsed, declared: Iterable[Declaration], state: State, target: Target) -> bool:
    """Whether the provisioners that read the metadata of a workload would read the same now."""
    if not any(told.attribute == "workload_metadata" for told in target.told):
        return True
    noted = f'"{parsed.workload.name}":"{metadata_digest(parsed.workload.metadata)}"'
    rows = state.select(ResourceRow, "uid", sorted({one.uid for one in declared}))
    return all('"workload":' not in row.reads or noted in row.reads for row in rows)


def _stored(state: State, workloads: Iterable[WorkloadRow]) -> Replaced:
    names = sorted(row.name for row in workloads)
    return Replaced(
        tuple(workloads),
        tuple(row for name in names for row in state.rows(EntryRow, "workload", name)),
        tuple(row for name in names for row in state.rows(MountRow, "workload", name)),
    )
