"""What a provisioner returned: checked section by section, with every problem in one error."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from posixpath import normpath

from doit_score import targets
from doit_score.provisioning.model import Entry, ProvisionInput, ProvisionResult
from doit_score.provisioning.shapes import Shape
from doit_score.score.references import unresolved
from doit_score.templating.errors import GoError
from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import TYPE_CHECKING, NamedTuple, dataclass

if TYPE_CHECKING:
    from doit_score.provisioning.observing import Observer


class Place(NamedTuple):
    """Where something was returned: line and column in the provisioner file, as far as they are known.

    ``note`` is added to a message; ``printed`` is the line of what the template printed, ``excerpt`` what is
    in the line of the file, ``path`` that file where it is a Score file.
    """

    line: int | None = None
    column: int | None = None
    note: str = ""
    printed: int | None = None
    excerpt: str | None = None
    path: str | None = None


NOWHERE = Place()
"""The place of what has none in the provisioner file: the entry."""
NOT_SHOWN = Place(excerpt="")
"""The same, where what a command said is shown in place of the line."""
Locate = Callable[[tuple[object, ...]], Place]
"""The place of what was returned at some keys."""

LONGEST_NAME = 255


class Report:
    """Collects the problems of one run; each names resource, provisioner and field."""

    def __init__(self, entry: Entry, uid: str, observer: Observer | None = None) -> None:
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.failed: set[str] = set()
        self.observer = observer
        self._entry = entry
        self._uid = uid

    def error(self, field: str, message: str, place: Place = NOWHERE, hint: str | None = None) -> None:
        self.failed.add(field)
        self.errors.append(self._problem(field, message, place, hint, is_error=True))

    def warn(self, field: str, message: str, place: Place = NOWHERE, hint: str | None = None) -> None:
        self.warnings.append(self._problem(field, message, place, hint, is_error=False))

    def _problem(
        self, field: str, message: str, place: Place, hint: str | None, *, is_error: bool
    ) -> Problem:
        problem = Problem(
            f"{message}{place.note}",
            place.path or self._entry.path,
            place.line or (None if place.path else self._entry.line),
            place.column if place.line else None,
            hint,
            self._entry.context(self._uid, field),
            place.excerpt,
        )
        if self.observer is not None:
            self.observer.problem(field, problem, printed=place.printed, is_error=is_error)
        return problem

    def failure(
        self, field: str, message: str, hint: str | None = None, place: Place = NOWHERE
    ) -> ScoreError:
        """An error to raise at once, together with what was found before."""
        self.error(field, message, place, hint)
        return ScoreError.of(self.errors)


def nowhere(keys: tuple[object, ...]) -> Place:
    """The place of what has none in the provisioner file: the entry."""
    return NOWHERE


_MOST_CLEAN = 64
_CLEAN: dict[tuple[object, str], dict[str, Mapping[str, object]]] = {}
"""What some texts came to in which there was nothing wrong, by check: made once, never changed."""


@dataclass(slots=True)
class Section:
    """One thing that a provisioner returned: the name of the field, its value, where parts of it are.

    In a ``strict`` section what the target would leave out is an error, as the reference has it for
    commands (provisioners-190-cmd-unknown-service-key), and not left out with a warning.  ``printed`` is
    the text that the value was read from, where there is one: the same text is checked once.
    """

    report: Report
    field: str
    value: object
    locate: Locate
    strict: bool = False
    printed: str | None = None

    def error(self, message: str, *keys: object, hint: str | None = None) -> None:
        self.report.error(self.field, message, self.locate(keys), hint)

    def warn(self, message: str, *keys: object, hint: str | None = None) -> None:
        self.report.warn(self.field, message, self.locate(keys), hint)

    def mapping(self) -> dict[str, object]:
        """A mapping with text keys (provisioners-63, 67, 68, 71); null is an empty one (60)."""
        if self.value is None:
            return {}
        if not isinstance(self.value, dict):
            self.error(f"expected a mapping, found {words.kind(self.value)}")
            return {}
        for key in self.value:
            if not isinstance(key, str):
                self.error(f"expected text as a key, found {words.kind(key)}", key, hint=f'quote it: "{key}"')
        return {key: value for key, value in self.value.items() if isinstance(key, str)}

    def directories(self) -> dict[str, bool]:
        """Contained relative paths to true (make) or false (delete); null counts as false (125 to 131)."""
        made: dict[str, bool] = {}
        for key, value in self.mapping().items():
            path = self._contained(key, made, "directory")
            if value is not None and not isinstance(value, bool):
                self.error(f"expected true or false for '{key}', found {words.kind(value)}", key)
            elif path == "." and not value:
                self.error(
                    f"'{key}' is the mounts directory itself, which cannot be deleted",
                    key,
                    hint="name the directory below it that is to be deleted",
                )
            elif path is not None:
                made[path] = bool(value)
        return made

    def files(self) -> dict[str, str | None]:
        """Contained relative paths to text, or null to delete (135 to 143)."""
        made: dict[str, str | None] = {}
        for key, value in self.mapping().items():
            path = self._contained(key, made, "file")
            if value is not None and not isinstance(value, str):
                self.error(
                    f"expected text or null for '{key}', found {words.kind(value)}",
                    key,
                    hint="quote it, or write it as a block with `|`",
                )
            elif path == ".":
                self.error(f"'{key}' is the mounts directory itself, not a file", key)
            elif path is not None:
                made[path] = value
        return made

    def _contained(self, key: str, known: Mapping[str, object], what: str) -> str | None:
        """``key`` in its shortest spelling; None, with a problem, if it leads out of the mounts directory."""
        path = normpath(key)
        if path.startswith("/") or path == ".." or path.startswith("../") or "\0" in path:
            self.error(
                f"the {what} '{key}' is not below the mounts directory",
                key,
                hint="give a relative path that stays below it",
            )
            return None
        if any(len(part.encode("utf-8", "surrogatepass")) > LONGEST_NAME for part in path.split("/")):
            self.error(f"a name in the {what} '{path[:40]}...' is longer than {LONGEST_NAME} bytes", key)
            return None
        if path in known:
            self.error(f"the {what} '{path}' is named twice", key)
            return None
        return path

    def entries(self, of: targets.Section) -> dict[str, Mapping[str, object]]:
        """The entries of a section of the target, each normalised."""
        if self.printed is not None:
            known = _CLEAN.get((of, self.printed))
            if known is not None:
                return known
        made: dict[str, Mapping[str, object]] = {}
        clean = True
        for key, value in enumerate(self.items()) if of.is_list else self.mapping().items():
            checked = of.check(str(key), value)
            clean = clean and not checked.errors and not checked.warnings
            for problem in checked.errors:
                self.error(problem.message, key, *checked.places.get(problem.message, ()), hint=problem.hint)
            for problem in checked.warnings:
                tell = self.error if self.strict else self.warn
                tell(problem.message, key, *checked.places.get(problem.message, ()), hint=problem.hint)
            made[checked.name or str(key)] = checked.value
        if self.printed is not None and clean and len(made) == len(self.value or ()):  # type: ignore[arg-type]  # a mapping or list
            while len(_CLEAN) >= _MOST_CLEAN:
                del _CLEAN[next(iter(_CLEAN))]
            _CLEAN[of, self.printed] = made
        return made

    def items(self) -> list[object]:
        """A list (provisioners-64, 65); null is an empty one."""
        if self.value is not None and not isinstance(self.value, list):
            self.error(f"expected a list, found {words.kind(self.value)}", hint="start each line with `- `")
        return self.value if isinstance(self.value, list) else []

    def texts(self) -> tuple[str, ...]:
        """A list of texts (provisioners-66)."""
        items = self.items()
        for index, item in enumerate(items):
            if not isinstance(item, str):
                message = f"expected text in item {index + 1}, found {words.kind(item)}"
                self.error(message, index, hint="quote it")
        return tuple(item for item in items if isinstance(item, str))


def result(
    entry: Entry, given: ProvisionInput, report: Report, sections: Mapping[str, Section]
) -> ProvisionResult:
    """Everything that was returned, keyed by fields of the result and of the target, as one checked value.

    Raises ScoreError with all problems.  What is merely suspicious is in ``warnings``.
    """

    def read(name: str, how: Callable[[Section], object]) -> object:
        if name not in sections:
            return None
        value = how(sections[name])
        if report.observer is not None and sections[name].field not in report.failed:
            report.observer.returned("shared" if name == "shared_patch" else name, value)
        return value

    made = {name: read(name, how) for name, how in _READERS.items()}
    entries = ((of.name, read(of.field, partial(_entries, of, given))) for of in given.target.sections)
    made["sections"] = {name: found for name, found in entries if found}
    made["info_logs"] = read("info_logs", Section.texts)
    _declared(entry, given, report, sections)
    _references(given, sections)
    _unread(entry, given, report)
    ScoreError.raise_for(report.errors)
    found = {name: value for name, value in made.items() if value is not None}
    found |= {"secret": entry.secret_outputs, "file_variables": entry.file_variables}
    return ProvisionResult(**found, warnings=tuple(report.warnings))  # type: ignore[arg-type]  # _READERS says which


def _entries(
    of: targets.Section, given: ProvisionInput, section: Section
) -> Mapping[str, Mapping[str, object]]:
    entries = section.entries(of)
    if of.relocated is None:
        return entries
    return {name: of.relocated(value, given.mounts_directory) for name, value in entries.items()}


_READERS: Mapping[str, Callable[[Section], object]] = {
    "state": Section.mapping,
    "shared_patch": Section.mapping,
    "outputs": Section.mapping,
    "directories": Section.directories,
    "files": Section.files,
}


def _declared(entry: Entry, given: ProvisionInput, report: Report, sections: Mapping[str, Section]) -> None:
    """Warns of params that the entry does not support, and of outputs that it promised and did not give."""
    _params(entry, given, report)
    section = sections.get("outputs")
    outputs = section.value if section is not None and isinstance(section.value, dict) else {}
    for what, promised in (("expected", entry.expected_outputs or ()), ("secret", entry.secret_outputs)):
        missing = [name for name in promised if name not in outputs]
        if missing:
            where = entry.fields.get("outputs")
            report.warn(
                "outputs",
                f"did not return the {what} outputs {_names(missing)}",
                Place(None if where is None else where.line),
                hint=f"return them, or take them out of {what}_outputs",
            )


def _references(given: ProvisionInput, sections: Mapping[str, Section]) -> None:
    """Refuses what refers to an object of a cluster where the target has none."""
    if given.target.has_references:
        return
    for name in ("outputs", *(of.field for of in given.target.sections)):
        if name in sections:
            for path, found in unresolved(sections[name].value):
                sections[name].error(
                    f"{path[1:]} refers to a {found.kind} of Kubernetes, and this project is for"
                    f" {given.target.name}",
                    *path.split(".")[1:2],
                    hint="print the value itself where there is no namespace",
                )


def unknown_params(entry: Entry, given: ProvisionInput) -> list[Problem]:
    """The warnings of params that the entry does not support, without a run of it."""
    report = Report(entry, given.uid)
    _params(entry, given, report)
    return report.warnings


def refuse(entry: Entry, given: ProvisionInput, observer: Observer | None = None) -> None:
    """Raises ScoreError with all params and annotations that are not what ``entry`` declares."""
    report = Report(entry, given.uid, observer)
    annotations = (given.metadata or {}).get("annotations")
    said = annotations if isinstance(annotations, Mapping) else {}
    _check("supported_params", "params.", entry.params, given.params or {}, report, given)
    _check("supported_annotations", "", entry.annotations or {}, said, report, given)
    ScoreError.raise_for(report.errors)


def _check(
    field: str,
    prefix: str,
    declared: Mapping[str, Shape],
    said: Mapping[str, object],
    report: Report,
    given: ProvisionInput,
) -> None:
    above = ("params",) if prefix else ("metadata", "annotations")
    for name, shape in declared.items():
        if name in said:
            try:
                fault = shape.fault(said[name])
            except GoError as error:
                report.error(field, f"{prefix}{name}: {error}")
                continue
            hint = "leave it out to have what is usual" if said[name] is None and not shape.required else None
        else:
            fault = f"expected {shape.expected()}, found nothing" if shape.required else None
            hint = None
        if fault is not None:
            report.error(field, f"{prefix}{name}: {fault}", _declared_at(given, *above, name), hint)


_BLAMING = re.compile(r"fail: (params\.[^:\s]+|[^:\s/]+/[^:\s]+): ")


def blamed(given: ProvisionInput, message: str, place: Place) -> tuple[str, Place]:
    """``message`` of a template that failed at ``place``, and whose place it is.

    One that says by its first word which param or annotation it complains of is told of the Score file.
    """
    found = _BLAMING.match(message)
    if found is None:
        return message, place
    name = found[1]
    keys = name.split(".") if name.startswith("params.") else ("metadata", "annotations", name)
    declared = _declared_at(given, *keys)
    return (message, place) if declared.path is None else (message.removeprefix("fail: "), declared)


def _params(entry: Entry, given: ProvisionInput, report: Report) -> None:
    if entry.supported_params is not None:
        for name in sorted(set(given.params or ()) - set(entry.supported_params)):
            hint = words.near(name, entry.supported_params)
            place = _declared_at(given, "params", name)
            report.warn("supported_params", f"unknown param '{name}'", place, hint)


def _unread(entry: Entry, given: ProvisionInput, report: Report) -> None:
    """Warns of annotations for us that the entry does not declare; of one that declares none, of those
    that no template can have read.  A command gets them all."""
    annotations = (given.metadata or {}).get("annotations")
    if not isinstance(annotations, Mapping) or (entry.kind == "cmd" and entry.annotations is None):
        return
    ours = given.target.domain
    texts = "\n".join(field.text for field in entry.fields.values())
    for key in sorted(map(str, annotations)):
        is_read = key.removeprefix(ours) in texts if entry.annotations is None else key in entry.annotations
        if key.startswith(ours) and not is_read:
            # What stands before a colon is written, not read.
            in_texts = set(re.findall(rf"{re.escape(ours)}[\w.-]+(?![\w.:-])", texts))
            known = in_texts if entry.annotations is None else entry.annotations
            place = _declared_at(given, "metadata", "annotations", key)
            hint = words.near(key, known, f"the provisioner reads: {', '.join(sorted(known)) or 'none'}")
            report.warn("", f"nobody reads the annotation '{key}'", place, hint)


def _declared_at(given: ProvisionInput, *keys: str) -> Place:
    """Where a Score file has the key at ``keys`` of the resource; nowhere if that is not known."""
    path, line, column = given.declared(keys)
    return Place(line, column, path=path)


def _names(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
