"""One entry, run on one resource and then once more on its own result, with all that was to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from doit_score.provisioning import stability
from doit_score.provisioning.model import Entry, Field, ProvisionInput, ProvisionResult
from doit_score.provisioning.observing import Command
from doit_score.provisioning.run import provision
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import dataclass, field


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
    """

    entry: Entry
    given: ProvisionInput
    fields: tuple[FieldRun, ...] = ()
    command: Command | None = None
    findings: tuple[Finding, ...] = ()
    result: ProvisionResult | None = None
    second: ProvisionResult | None = None
    failed_again: tuple[Problem, ...] = ()

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


def run(
    entry: Entry,
    given: ProvisionInput,
    *,
    hermetic: bool = False,
    again: bool = True,
    variables: Mapping[str, str] | None = None,
) -> Trial:
    """Runs ``entry``, and if it can be run ``again`` once more on its own result.

    What is wrong is in what is returned.  Writes nothing, but for what a command does.
    """
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
    )


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
