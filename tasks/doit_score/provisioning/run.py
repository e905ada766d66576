"""Runs one provisioner entry for one resource.

The fields of a ``template`` or ``jinja`` entry are run in a fixed order, and each sees what the ones
before it made: ``init`` and ``state`` see the old state, ``shared`` the new state, everything after
``shared`` the patched shared state (conformance provisioners-108, 119).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from doit_score import templating
from doit_score.provisioning import command, environment
from doit_score.provisioning.data import Missing, data_for
from doit_score.provisioning.model import Entry, Field, ProvisionInput, ProvisionResult
from doit_score.provisioning.returned import Place, Report, Section, blamed, nowhere, refuse, result
from doit_score.targets import fields_of
from doit_score.templating.errors import TemplateError, template_error
from doit_score.text import words, yaml12
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import TYPE_CHECKING

if TYPE_CHECKING:
    from doit_score.provisioning.observing import Observer


def provision(
    entry: Entry,
    given: ProvisionInput,
    *,
    hermetic: bool = False,
    variables: Mapping[str, str] | None = None,
    observer: Observer | None = None,
) -> ProvisionResult:
    """What ``entry`` makes of the resource in ``given``; nothing in ``given`` is changed.

    ``hermetic`` keeps templates from reading the environment.  The function is pure but for commands, whose
    environment ``variables`` is (by default that of the process).  ``observer`` is told what happens.

    Raises ScoreError with every problem that was found; each names resource, provisioner and field,
    the line and column of the file, and for a template the text of that line.  What params and annotations
    must be is looked at first.
    """
    refuse(entry, given, observer)
    if entry.kind == "cmd":
        return command.provision(entry, given, variables=variables, observer=observer)
    if entry.kind == "local-env":
        return environment.provision(entry, given, observer)
    return _Run(entry, given, hermetic, observer).result()


_SYNTAX = {
    "jinja": "the uri says jinja://: a provisioner with Go templates is template://",
    "template": "the uri says template://: a provisioner with Jinja2 templates is jinja://",
}


def unreadable(entry: Entry) -> tuple[Problem, ...]:
    """What keeps the templates of ``entry`` from being read, each with its place in the file."""
    problems: list[Problem] = []
    for name, field in entry.fields.items():
        source = field.text.strip()
        try:
            templating.check(source, is_jinja=entry.kind == "jinja")
        except ScoreError as error:
            where = _Origin(field, source)
            for problem in error.problems:
                place = where.template(problem.line, problem.column)
                hint = _advice(entry, error) or problem.hint
                problems.append(
                    Problem(
                        problem.message,
                        entry.path,
                        place.line,
                        place.column,
                        hint,
                        f"in {name} of {entry.uri}",
                        problem.excerpt,
                    )
                )
    return tuple(problems)


def _advice(entry: Entry, error: ScoreError) -> str | None:
    """What to do about a template in the syntax of the other kind."""
    return _SYNTAX[entry.kind] if isinstance(error, TemplateError) and error.is_foreign else None


class _Run:
    """The run of one entry with templates."""

    def __init__(
        self, entry: Entry, given: ProvisionInput, hermetic: bool, observer: Observer | None
    ) -> None:
        self._entry = entry
        self._given = given
        self._hermetic = hermetic
        self._report = Report(entry, given.uid, observer)
        self._data = data_for(entry, given)

    def result(self) -> ProvisionResult:
        """The checked result.  A failure in a field that later ones build on ends the run at once."""
        self._data.set("init", self._mapping("init"))
        state = self._mapping("state")
        self._data.set("state", state)
        patch = self._mapping("shared")
        self._data.patch_shared(patch)
        independent = ("outputs", *fields_of(self._given.target), "info_logs")
        sections = {name: self._section(name) for name in independent if name in self._entry.fields}
        sections["state"] = self._given_back("state", state)
        sections["shared_patch"] = self._given_back("shared", patch)
        return result(self._entry, self._given, self._report, sections)

    def _mapping(self, name: str) -> dict[str, object]:
        if name not in self._entry.fields:
            return {}
        mapping = self._section(name).mapping()
        ScoreError.raise_for(self._report.errors)
        if self._report.observer is not None:
            self._report.observer.returned(name, mapping)
        return mapping

    def _given_back(self, name: str, value: object) -> Section:
        return Section(self._report, name, value, nowhere)

    def _template_failed(self, name: str, error: ScoreError, where: _Origin) -> None:
        for problem in error.problems:
            place = where.template(problem.line, problem.column)._replace(excerpt=problem.excerpt)
            message, place = blamed(self._given, problem.message, place)
            self._report.error(name, message, place, _advice(self._entry, error) or problem.hint)

    def _section(self, name: str) -> Section:
        """Runs the template of one field and reads what it prints; problems go to the report."""
        field = self._entry.fields[name]
        source = field.text.strip()
        where = _Origin(field, source)
        missing: Missing = []
        value: object = None
        printed = ""
        observer = self._report.observer
        if observer is not None:
            observer.sees(name, self._data.seen())
        try:
            printed = self._data.render(source, missing, self._hermetic) if source else ""
        except ScoreError as error:
            self._template_failed(name, error, where)
        else:
            if observer is not None:
                observer.printed(name, printed)
        is_like_it = bool(missing) and printed.count("\n") == source.count("\n")
        for line, column, expression in missing:
            self._report.warn(
                name,
                f"printed '<no value>' for {expression}",
                where.template(line, column)._replace(printed=line if is_like_it else None),
                hint='give it a value, or a default such as `| default ""`',
            )
        try:
            value = _read(printed)
            more = yaml12.second(printed)
            if more is not None:
                place = where.printed(printed, more)
                self._report.warn(
                    name, "it printed a second YAML document, which is ignored", place, "print one"
                )
        except ScoreError as error:
            from doit_score.templating import foreign

            at = foreign.statement(source) if self._entry.kind == "template" else None
            if at is not None:
                failure = template_error(source, at, foreign.JINJA, is_foreign=True)
                self._template_failed(name, failure, where)
            for problem in error.problems if at is None else ():
                place = where.printed(printed, problem.line)
                message = f"what it printed is refused: {problem.message}"
                self._report.error(name, message, place, problem.hint)

        def locate(keys: tuple[object, ...]) -> Place:
            found = yaml12.locate(printed, keys, key=True)  # type: ignore[arg-type]  # keys that the YAML had
            return where.printed(printed, *(found or (None,)))

        return Section(self._report, name, value, locate, printed=printed)


@lru_cache(maxsize=64)
def _read(printed: str) -> object:
    """The value in what a template printed; not to be changed.

    A thousand databases of one server print its service a thousand times.
    """
    return yaml12.load(printed)


_KEY = re.compile(r"\s*(?:- +)?([\w.-]+:)(?:\s|$)")


class _Origin:
    """Turns places in a template, and in what it printed, into places in the provisioner file."""

    def __init__(self, field: Field, source: str) -> None:
        self._field = field
        self._source = source

    def template(self, line: int | None, column: int | None) -> Place:
        """The place of a line and column of the source, as exactly as the style of the YAML allows."""
        field = self._field
        if line is None or not (field.literal or "\n" not in field.text.rstrip()):
            return Place(field.line, field.column)
        lead = field.text[: len(field.text) - len(field.text.lstrip())]
        shift = len(lead) - (lead.rfind("\n") + 1) if line == 1 else 0
        text = words.clipped(self._source.split("\n")[line - 1], column or 1)
        return Place(
            field.line + lead.count("\n") + line - 1,
            field.column + shift + (column or 1) - 1,
            excerpt=text or None,
        )

    def printed(self, printed: str, line: int | None, column: int | None = None) -> Place:
        """The place of a line and column of what was printed, and a note if that is not known exactly.

        Where as many lines were printed as the template has, they are taken to correspond; else the only
        line of the template that is alike, or begins with the same key, is taken for it.  What was printed
        may hold passwords, so only the template's own text is ever shown.
        """
        rows = self._source.split("\n")
        # What lacks something at its end is told of the line behind it.
        line = None if line is None else min(line, printed.count("\n") + 1)
        found = line
        if line is None or line > len(rows) or printed.count("\n") + 1 != len(rows):
            found = None if line is None else _alike(printed.split("\n")[line - 1 : line], rows)
        if found is None:
            note = "" if line is None else f" (in line {line} of what it printed)"
            return self.template(1, 1)._replace(note=note, printed=line)
        text = rows[found - 1]
        shift = len(text) - len(text.lstrip())
        if column is not None and line is not None:
            row = printed.split("\n")[line - 1]
            # What is left and right of the column may be longer or shorter in the template.
            shift += column - 1 - (len(row) - len(row.lstrip())) if row.strip() == text.strip() else 0
        return self.template(found, shift + 1)._replace(printed=line)


def _alike(printed: Sequence[str], rows: Sequence[str]) -> int | None:
    """The only one of ``rows``, from 1, that is as the line that was printed, or has its key."""
    for line in printed:
        key = _KEY.match(line)
        for told in (line.strip(), key[1] if key else ""):
            found = [n for n, row in enumerate(rows, 1) if told and row.strip().startswith(told)]
            if len(found) == 1:
                return found[0]
    return None
