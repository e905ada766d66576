"""One entry, run on one resource and then once more on its own result, with all that was to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from doit_score.engine.shared.contributions import Shared
from doit_score.provisioning import stability
from doit_score.provisioning.model import Entry, Field, ProvisionInput, ProvisionResult
from doit_score.provisioning.observing import Command
from doit_score.provisioning.run import provision
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, and in which line of what was printed; an error stops a run."""

    problem: Problem
    is_error: bool
    printed: int | None = None


@dataclass(frozen=True, slots=True)
class FieldRun:
    """What became of one field.

    ``source`` is the template, with its place, and ``data`` what it saw; of a command there is neither.
    ``printed`` is None where the template failed.  ``value`` is what was printed, checked and normalised;
    None where something in it is wrong.
    """

    name: str
    source: Field | None = None
    data: Mapping[str, object] | None = None
    printed: str | None = None
    value: object = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """A run of ``entry`` on ``given``, field by field in the order of evaluation.

    ``findings`` are those of no field.  ``result`` is None where the run failed, ``second`` the result of a
    run on that: None where that failed, for reasons that are in ``failed_again``, and where there was none.
    ``runs`` is the number of the run, where earlier ones had not settled.
    """

    entry: Entry
    given: ProvisionInput
    fields: tuple[FieldRun, ...] = ()
    command: Command | None = None
    findings: tuple[Finding, ...] = ()
    result: ProvisionResult | None = None
    second: ProvisionResult | None = None
    failed_again: tuple[Problem, ...] = ()
    runs: int = 1

    @property
    def differences(self) -> tuple[stability.Difference, ...]:
        """What the second run gave otherwise."""
        if self.result is None or self.second is None:
            return ()
        return stability.compared(self.given, self.result, self.second)

    @property
    def is_stable(self) -> bool | None:
        """Whether a second run gives the same; None if there was none."""
        return None if self.second is None and not self.failed_again else not self.unstable

    @property
    def unstable(self) -> tuple[Problem, ...]:
        """What is wrong with the second run."""
        found = stability.unstable(self.entry, self.given.uid, self.differences)
        return self.failed_again if found is None else (found,)

    @property
    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong, errors and warnings."""
        for findings in (*(one.findings for one in self.fields), self.findings):
            yield from (finding.problem for finding in findings)
        yield from self.unstable


MOST_RUNS = 8
"""So often an entry is run on its own result until that stays; a project gives up as early."""


def run(
    entry: Entry,
    given: ProvisionInput,
    *,
    hermetic: bool = False,
    again: bool = True,
    variables: Mapping[str, str] | None = None,
) -> Trial:
    """Runs ``entry``, and if it can be run ``again`` once more on its own result.

    One that has read in the shared state what it then changes there is run again at once, as in a project,
    until its result stays, which is then the one that counts.  What is wrong is in what is returned.
    Writes nothing, but for what a command does.
    """
    first = trial = _once(entry, given, 1, hermetic, again, variables)
    while trial.is_stable is False and trial.runs < MOST_RUNS and _reads_its_own(trial, hermetic):
        assert trial.result is not None
        given = stability.next_input(given, trial.result)
        trial = _once(entry, given, trial.runs + 1, hermetic, again, variables)
    return trial if trial.is_stable else first


def _once(
    entry: Entry,
    given: ProvisionInput,
    number: int,
    hermetic: bool,
    again: bool,
    variables: Mapping[str, str] | None,
) -> Trial:
    seen = _Seen(entry)
    result = second = None
    failed: tuple[Problem, ...] = ()
    try:
        result = provision(entry, given, hermetic=hermetic, variables=variables, observer=seen)
    except ScoreError as error:
        seen.add_unseen(error.problems)
    if result is not None and again:
        try:
            following = stability.next_input(given, result)
            second = provision(entry, following, hermetic=hermetic, variables=variables)
        except ScoreError as error:
            failed = error.problems
    return Trial(
        entry=entry,
        given=given,
        fields=tuple(seen.fields()),
        command=seen.command,
        findings=tuple(seen.findings.get("", ())),
        result=result,
        second=second,
        failed_again=failed,
        runs=number,
    )


def _reads_its_own(trial: Trial, hermetic: bool) -> bool:
    """Whether the run of ``trial`` has read in the shared state what it then changed there."""
    entry, given, result = trial.entry, trial.given, trial.result
    assert result is not None
    if entry.kind == "cmd":
        return bool(result.shared_patch)  # it is given all of it
    shared = Shared([given.uid], {}, {}, given.shared)
    view = shared.view()
    # Who looks on sees all there is, so this run has nobody.
    patch = provision(entry, replace(given, shared=view), hermetic=hermetic).shared_patch
    looks = view.note()
    shared.contribute(given.uid, patch)
    return not shared.agrees(looks)


@dataclass(slots=True)
class _Seen:
    """Takes down what it is told of a run."""

    entry: Entry
    data: dict[str, Mapping[str, object]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    command: Command | None = None

    def sees(self, field: str, data: Mapping[str, object]) -> None:
        self.data[field] = data

    def printed(self, field: str, text: str) -> None:
        self.texts[field] = text

    def ran(self, command: Command) -> None:
        self.command = command

    def returned(self, field: str, value: object) -> None:
        self.values[field] = value

    def problem(self, field: str, problem: Problem, *, printed: int | None, is_error: bool) -> None:
        # What is wrong with what a command returned has the name of a key of its output.
        where = field if field in self.data else ""
        self.findings.setdefault(where, []).append(Finding(problem, is_error, printed))

    def add_unseen(self, problems: tuple[Problem, ...]) -> None:
        """Adds what a run has failed of and has not told before."""
        known = {finding.problem for findings in self.findings.values() for finding in findings}
        more = [Finding(problem, is_error=True) for problem in problems if problem not in known]
        if more:
            self.findings.setdefault("", []).extend(more)

    def fields(self) -> Iterator[FieldRun]:
        # A command has no templates, and an entry without any says nothing but what it leaves out.
        for name in self.data or (self.values if self.entry.kind == "cmd" else ()):
            yield FieldRun(
                name,
                source=self.entry.fields.get(name),
                data=self.data.get(name),
                printed=self.texts.get(name),
                value=self.values.get(name),
                findings=tuple(self.findings.get(name, ())),
            )
