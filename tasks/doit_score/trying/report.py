"""What was to be seen of a trial, as text for people and as JSON for programs.

What has the name of a secret, and what that is wherever else it stands, is shown as a mask.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping

from doit_score.provisioning.model import BUILTIN_URI
from doit_score.provisioning.observing import Command
from doit_score.text import messages, words, yaml12
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import dataclass, replace
from doit_score.text.secrets import Masking, Unmasked
from doit_score.trying.trial import FieldRun, Finding, Trial


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown: with ``data`` what templates saw, of one ``section`` only if it is named, or of what is
    wrong only."""

    data: bool = False
    section: str | None = None
    secrets: bool = False
    only_wrong: bool = False

    def fields(self, trial: Trial) -> list[FieldRun]:
        """Raises ScoreError for a section that the provisioner does not have."""
        names = {one.name for one in trial.fields} | trial.entry.fields.keys()
        if self.section is not None and self.section not in names:
            hint = words.near(self.section, names)
            raise ScoreError(f"{trial.entry.uri} gives nothing in '{self.section}'", hint=hint)
        all_of_it = self.section is None and not self.only_wrong
        return [one for one in trial.fields if all_of_it or one.name == self.section or one.findings]

    def masking(self, trial: Trial) -> Masking:
        """What keeps secrets out, unless they are to be shown."""
        return Unmasked() if self.secrets else Masking.of(*_told(trial))


def _told(trial: Trial) -> Iterator[Mapping[str, object]]:
    """Everything in which a secret may have a name."""
    given = trial.given
    yield from (given.state, given.shared, given.params or {}, given.metadata or {})
    for one in trial.fields:
        # Of what cannot be read there is the text alone, which may tell by itself what it is.
        yield {one.name: one.printed if one.value is None else one.value}
    if trial.command is not None:
        yield {"stdout": _decoded(trial.command.stdout)}


def _decoded(text: bytes) -> object:
    """What JSON there is in ``text``; None if there is none."""
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def text(trial: Trial, shown: Shown) -> str:
    """All of it as text.  Raises ScoreError as :meth:`Shown.fields` does."""
    return "\n".join(_Text(trial, shown).lines()) + "\n"


class _Text:
    def __init__(self, trial: Trial, shown: Shown) -> None:
        self._trial = trial
        self._shown = shown
        self._fields = shown.fields(trial)
        self._mask = shown.masking(trial)

    def lines(self) -> Iterator[str]:
        trial, entry = self._trial, self._trial.entry
        yield trial.given.uid
        yield f"by {entry.uri}" + ("" if entry.uri == BUILTIN_URI else f" ({entry.path}:{entry.line})")
        if trial.command is not None:
            yield from ("", *self._command(trial.command))
        for one in self._fields:
            yield from ("", *self._field(one))
        yield ""
        for finding in trial.findings:
            yield from self._finding(finding)
        yield from self._end()

    def _end(self) -> Iterator[str]:
        trial = self._trial
        how = "unstable: run again on its own result it fails: " if trial.failed_again else "unstable: "
        for problem in trial.unstable:
            yield from self._told(how, problem)
        if trial.is_stable and trial.runs > 1:
            yield f"stable from run {trial.runs} on, which is shown: it reads what it shares itself, so that"
            yield "a project runs it again at once"
        elif trial.is_stable:
            yield "stable: run again on its own result it gives the same"
        elif trial.result is None:
            yield "it failed"
        elif trial.is_stable is None:
            yield "it was not run again, since it is a command: --again does that"

    def _field(self, one: FieldRun) -> Iterator[str]:
        yield one.name
        if self._shown.data and one.data is not None:
            yield from self._block("data", self._yaml(one.data))
        if one.printed is not None:
            wrong = {finding.printed for finding in one.findings}
            rows = [self._loose(row) for row in one.printed.split("\n")]
            yield from self._block("printed", _numbered(rows, 1, wrong))
        elif one.source is not None:
            source = one.source
            wrong = {finding.problem.line for finding in one.findings} if source.literal else set()
            rows = [self._plain(row) for row in source.text.rstrip().split("\n")]
            yield from self._block("template", _numbered(rows, source.line if source.literal else 1, wrong))
        if one.value is not None:
            yield from self._block("value", self._yaml(one.value))
        for finding in one.findings:
            is_marked = finding.printed is not None or (one.printed is None and one.source is not None)
            yield from self._finding(_without_line(finding) if is_marked else finding, "  ")

    def _command(self, command: Command) -> Iterator[str]:
        yield "command"
        yield f"  runs: {self._loose(shlex.join(command.arguments))}"
        yield from self._block("stdin", self._yaml(_decoded(command.stdin), as_json=True))
        for name, printed in (("stdout", command.stdout), ("stderr", command.stderr)):
            rows = printed.decode("utf-8", "replace").rstrip("\n").split("\n")
            yield from self._block(name, _numbered([self._loose(row) for row in rows], 1, ()))
        if command.status is not None:
            yield f"  exit status: {command.status}"

    def _finding(self, finding: Finding, indent: str = "") -> Iterator[str]:
        return self._told("error: " if finding.is_error else "warning: ", finding.problem, indent)

    def _told(self, kind: str, problem: Problem, indent: str = "") -> Iterator[str]:
        # What was at work is said at the top.
        said = str(replace(problem, context=None))
        # Of a template it is the text that is shown, of a command what it has said.
        hidden = self._plain if self._trial.command is None else self._loose
        for line in f"{kind}{said}".split("\n"):
            yield from messages.fitted(f"{indent}{hidden(line)}").split("\n")

    def _block(self, name: str, rows: list[str]) -> Iterator[str]:
        if rows in ([], ["  {}"]):
            yield f"  {name}: {rows[0].strip() if rows else '(nothing)'}"
        else:
            yield from (f"  {name}:", *(f"  {row}".rstrip() for row in rows))

    def _yaml(self, value: object, *, as_json: bool = False) -> list[str]:
        shown = self._mask.value(list(value) if isinstance(value, tuple) else value)
        if as_json:
            import json

            said = json.dumps(shown, indent=2, ensure_ascii=False)
        else:
            said = yaml12.dump(shown)
        return [f"  {words.harmless(row)}" for row in said.rstrip("\n").split("\n")]

    def _plain(self, said: str) -> str:
        return words.harmless(self._mask(said))

    def _loose(self, said: str) -> str:
        return words.harmless(self._mask.loose(said))


def _without_line(finding: Finding) -> Finding:
    """The same where the line that is wrong is shown already."""
    return replace(finding, problem=replace(finding.problem, excerpt=None))


def _numbered(rows: list[str], first: int, wrong: Iterable[int | None]) -> list[str]:
    """Lines with their numbers, those that are ``wrong`` marked; none of a text that is empty."""
    if rows == [""]:
        return []
    width, marked = len(str(first + len(rows) - 1)), set(wrong)
    return [
        f"{'>' if number in marked else ' '} {number:>{width}} | {row}"
        for number, row in enumerate(rows, first)
    ]


def record(trial: Trial, shown: Shown) -> dict[str, object]:
    """All of it as values that JSON can hold.  Raises ScoreError as :meth:`Shown.fields` does."""
    mask = shown.masking(trial)
    entry, command = trial.entry, trial.command
    found: dict[str, object] = {
        "UID": trial.given.uid,
        "Provisioner": entry.uri,
        "File": entry.path,
        "Line": entry.line,
        "Fields": [_field_record(one, mask, data=shown.data) for one in shown.fields(trial)],
        "Problems": [_finding_record(finding, mask) for finding in trial.findings],
        "Stable": trial.is_stable,
        "Differences": [str(difference) for difference in trial.differences],
        "Runs": trial.runs,
        "FailedAgain": [mask(str(problem)) for problem in trial.failed_again],
    }
    if command is not None:
        found["Command"] = {
            "Arguments": [mask.loose(argument) for argument in command.arguments],
            "Stdin": mask.value(_decoded(command.stdin)),
            "Stdout": _masked(command.stdout.decode("utf-8", "replace"), mask),
            "Stderr": _masked(command.stderr.decode("utf-8", "replace"), mask),
            "Status": command.status,
        }
    return found


def _field_record(one: FieldRun, mask: Masking, *, data: bool) -> dict[str, object]:
    return {
        "Field": one.name,
        **({"Data": _json(mask.value(one.data))} if data and one.data is not None else {}),
        "Printed": None if one.printed is None else _masked(one.printed, mask),
        "Value": _json(mask.value(one.value)),
        "Problems": [_finding_record(finding, mask) for finding in one.findings],
    }


def _finding_record(finding: Finding, mask: Masking) -> dict[str, object]:
    problem = finding.problem
    return {
        "Kind": "error" if finding.is_error else "warning",
        "Message": mask(problem.message),
        "File": problem.path,
        "Line": problem.line,
        "Column": problem.column,
        "Hint": None if problem.hint is None else mask(problem.hint),
        "Context": problem.context,
        "PrintedLine": finding.printed,
    }


def _masked(said: str, mask: Masking) -> str:
    return "\n".join(mask.loose(line) for line in said.split("\n"))


def _json(value: object) -> object:
    """``value`` as JSON can hold it."""
    if isinstance(value, Mapping):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(item) for item in value]
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
