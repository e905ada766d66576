"""A check: the run as a rehearsal, and what no run looks at."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Mapping, Sequence

from doit_score.checking import entries, kinds, promises
from doit_score.engine.inputs import discover
from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.inputs.load import Inputs
from doit_score.engine.rehearsal import Rehearsed, rehearse
from doit_score.engine.settings import FileOptions, Settings
from doit_score.options import WORKLOADS
from doit_score.store import files
from doit_score.store.copies import open_copy
from doit_score.store.meta import Meta
from doit_score.store.state import exists
from doit_score.targets import patching
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import NamedTuple, dataclass, replace

_GIVEN_LATER = FileOptions(image="given-later")
"""Of a Score file of which nobody has told more: an image of `.` is given with flags, or in a dodo.py."""


class Finding(NamedTuple):
    """One thing that is wrong; an error would stop `generate`, a warning with `--strict` only."""

    problem: Problem
    is_error: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings by place, the resources whose commands were not run, how many files were looked at.

    ``task`` is that of the dodo.py that generates the project, if one does: a check does not know what its
    ``Score(...)`` says.
    """

    findings: tuple[Finding, ...]
    held: tuple[str, ...]
    files: int
    task: str = ""


def check(settings: Settings, paths: Sequence[str], *, commands: bool) -> Checked:
    """What is wrong with the files ``paths``, or with the project where none is named.

    Without ``commands`` none is started.  Raises ScoreError if there is nothing to look at, a named file
    cannot be read, or the state is of no use.
    """
    given = kinds.told(paths)
    meta, remembered = _remembered(settings.state_dir)
    patterns = tuple(map(glob.escape, given.scores)) if paths else _patterns(settings, remembered)
    scores = given.scores if paths else sorted(discover.score_files(patterns))
    options = _options(settings, {} if meta.task else remembered, scores)
    settings = replace(
        settings.recalled(meta),
        workloads=patterns,
        overrides=options,
        provisioners=(*map(glob.escape, given.provisioners), *settings.provisioners),
        patch_templates=tuple(given.patches) or settings.patch_templates,
        force=True,
    )
    errors: list[Problem] = []
    catalogue = Catalogue(settings, Inputs({}), defaults=meta.default_provisioners, faults=errors)
    own = frozenset(
        given.provisioners if paths else (path for path in catalogue.paths if not discover.is_shipped(path))
    )
    looked_at = len({*scores, *own, *given.patches})
    if not looked_at:
        raise ScoreError(
            "there is nothing to check: no Score file and no provisioner file of the project is here",
            hint="name the files: `doit-score check path/to/score.yaml`",
        )
    found = rehearse(settings, commands=commands) if scores else Rehearsed()
    errors += (*found.errors, *_of_templates(settings.patch_templates or (), meta))
    warnings = list(found.warnings)
    every = catalogue.entries()
    errors += entries.templates(every, own)
    warnings += entries.never_chosen(every, own)
    warnings += catalogue.unused_images()
    wrong = {(problem.path, problem.line, problem.column) for problem in errors}
    for parsed in found.workloads:
        unsure = promises.unpromised(parsed, found.entries)
        warnings += (one for one in unsure if (one.path, one.line, one.column) not in wrong)
    return Checked(tuple(_findings(errors, warnings)), found.held, looked_at, meta.task)


def _remembered(state_dir: str) -> tuple[Meta, dict[str, FileOptions]]:
    """What the state knows; a new one knows nothing."""
    if not exists(state_dir):
        return Meta({}), {}
    with open_copy(state_dir) as state:
        options = {path: FileOptions.of_text(text) for path, text in state.given().items()}
        return state.meta(), options


def _options(
    settings: Settings, remembered: Mapping[str, FileOptions], scores: Iterable[str]
) -> dict[str, FileOptions]:
    """What is said of each Score file; all of it, if a file says what the project is."""
    if settings.workloads is None:
        return {path: remembered.get(path, _GIVEN_LATER) for path in scores}
    image = None if settings.config else _GIVEN_LATER.image  # in a dodo.py a task may make it
    said = settings.overrides
    return {path: replace(said.get(path, FileOptions()), image=image) for path in scores}


def _patterns(settings: Settings, remembered: Iterable[str]) -> tuple[str, ...]:
    """What names the Score files of the project: those that it knows and that are there, or the usual."""
    if settings.workloads is not None:
        return settings.workloads
    known = (glob.escape(path) for path in sorted(remembered))
    return tuple(path for path in known if discover.score_files([path])) or WORKLOADS


def _of_templates(paths: Iterable[str], meta: Meta) -> Iterator[Problem]:
    """What cannot be read of patch templates: of files, or else of those that the state has."""
    for name, text in [(path, None) for path in paths] or meta.patch_templates:
        try:
            if text is None:
                text = files.read(name)[0].decode("utf-8", "replace")
            patching.check_template(name, text)
        except ScoreError as error:
            yield from error.problems


def _findings(errors: Iterable[Problem], warnings: Iterable[Problem]) -> Iterator[Finding]:
    """Each fault once, by place: what fails for many resources in one line of a provisioner is one fault."""
    found: dict[tuple[object, ...], Finding] = {}
    for problems, is_error in ((errors, True), (warnings, False)):
        for problem in problems:
            key = (problem.path or "", problem.line or 0, problem.column or 0, problem.message)
            found.setdefault(key, Finding(problem, is_error))
    yield from (found[key] for key in sorted(found))
