"""The inputs of a run: which Score files there are, which of them changed, and what they declare."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from doit_score import targets
from doit_score.engine.inputs import discover
from doit_score.engine.inputs.current import ROLE_SCORE
from doit_score.engine.settings import FileOptions, Settings
from doit_score.options import said
from doit_score.score.resources import Declaration, declarations
from doit_score.score.workload import Workload, read
from doit_score.score.workload.sources import needed_sources
from doit_score.store import files
from doit_score.store.rows import ROLES, InputRow, WorkloadRow
from doit_score.store.state import State
from doit_score.targets import Place, Target
from doit_score.text import canonical, yaml12
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import dataclass, field, replace
from doit_score.version import __version__

ROLE_OVERRIDES = "overrides"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A Score file that was read in this run.  ``digest`` names its bytes and its options."""

    path: str
    text: bytes
    workload: Workload
    options: FileOptions
    notices: tuple[Problem, ...]
    digest: str

    def place(self, keys: Sequence[str | int], *, key: bool = False) -> Place:
        """Where the value at ``keys`` was written, or the key itself; asked for problems only."""
        from doit_score.engine.inputs import overriding

        line, column = yaml12.locate(self.text, keys, key=key) or (None, None)
        return overriding.place(self.options, yaml12.load(self.text), keys) or (self.path, line, column)


@dataclass(slots=True)
class Loaded:
    """The project's workloads as this run found them.

    ``workloads`` are the rows as they are to be stored; ``parsed`` holds those that had to be read;
    ``gone`` are those that only the state still has.  ``absent`` are Score files that were given once
    and are not there: their options are kept for their return.
    """

    given: dict[str, FileOptions]
    absent: dict[str, FileOptions] = field(default_factory=dict)
    workloads: dict[str, WorkloadRow] = field(default_factory=dict)
    parsed: dict[str, Parsed] = field(default_factory=dict)
    changed: dict[str, tuple[Declaration, ...]] = field(default_factory=dict)
    declared: list[Declaration] = field(default_factory=list)
    gone: tuple[WorkloadRow, ...] = ()

    def heirs(self) -> dict[str, str]:
        """The workloads that are now in the files of those that are gone, by file."""
        files_gone = {row.file for row in self.gone}
        return {row.file: name for name, row in self.workloads.items() if row.file in files_gone}


class Inputs:
    """Reads files once per process, and only those whose signature is not the recorded one.

    A file that is read for two things has both roles.  With ``keeps_roles`` it keeps those that are
    recorded: for who does not look at all that is read.
    """

    def __init__(self, recorded: Mapping[str, InputRow], *, keeps_roles: bool = False) -> None:
        self._recorded = recorded
        self._keeps_roles = keeps_roles
        self._recorded_since: dict[str, InputRow] = {}
        self._texts: dict[str, bytes] = {}
        self.rows: dict[str, InputRow] = {}

    def digest(self, path: str, role: str) -> str:
        """The digest of the content of ``path``; ScoreError if it cannot be read."""
        row = self.rows.get(path)
        if row is None:
            recorded = self._record_of(path)
            if self._keeps_roles and recorded is not None:
                role = recorded.role
            if recorded is None or recorded.is_absent or not recorded.matches(files.signature(path)):
                recorded = self._read(path, role)
            row = self.rows[path] = recorded if recorded.role == role else recorded._replace(role=role)
        elif not self._keeps_roles and role not in row.role.split(ROLES):
            roles = ROLES.join(sorted([*row.role.split(ROLES), role]))
            row = self.rows[path] = row._replace(role=roles)
        return row.digest

    def text(self, path: str, role: str) -> bytes:
        """The content of ``path``."""
        self.digest(path, role)
        if path not in self._texts:
            self.rows[path] = self._read(path, self.rows[path].role)
        return self._texts[path]

    def note_absent(self, path: str, role: str) -> None:
        """Notes that ``path`` was looked for and is not there."""
        self.rows[path] = InputRow.absent(path, role)

    def is_edited(self, path: str) -> bool:
        """Whether ``path`` has another content than is recorded, or nothing has looked at it."""
        recorded, row = self._record_of(path), self.rows.get(path)
        return recorded is None or row is None or recorded.digest != row.digest

    def changed(self) -> list[InputRow]:
        """The rows that are not recorded as they are."""
        return [row for path, row in self.rows.items() if self._record_of(path) != row]

    def recorded(self) -> None:
        """What :meth:`changed` named has been recorded."""
        self._recorded_since.update(self.rows)

    def unused(self) -> list[str]:
        """The files that are recorded and that nothing has looked at."""
        return [path for path in self._recorded if path not in self.rows]

    def _record_of(self, path: str) -> InputRow | None:
        return self._recorded_since.get(path) or self._recorded.get(path)

    def _read(self, path: str, role: str) -> InputRow:
        text, found = files.read(path)
        self._texts[path] = text
        return InputRow.of(path, role, files.content_digest(text), found)


class Workloads:
    """The parsed Score files of one process: each is parsed at most once, when something needs it."""

    def __init__(self, loaded: Loaded, inputs: Inputs, known: dict[str, Parsed]) -> None:
        self._loaded = loaded
        self._inputs = inputs
        self._known = known

    def parsed(self, name: str) -> Parsed:
        """The workload ``name``, as the run found it.  Raises ScoreError if its file has changed since."""
        row = self._loaded.workloads[name]
        parsed = self._known.get(row.file)
        if parsed is None or parsed.digest != row.digest:
            options = _with_overrides(self._loaded.given[row.file], row.file, self._inputs)
            text = self._inputs.text(row.file, ROLE_SCORE)
            if _digest(self._inputs.digest(row.file, ROLE_SCORE), options) != row.digest:
                raise ScoreError("changed while it was read", path=row.file, hint="run the command again")
            parsed = self._known[row.file] = parse(row.file, text, options, row.digest)
        return parsed


def load(
    state: State,
    settings: Settings,
    inputs: Inputs,
    known: dict[str, Parsed],
    faults: list[Problem] | None = None,
) -> Loaded:
    """Finds and reads the Score files.  ``known`` keeps what was parsed between stages of one process.

    Raises one ScoreError with the problems of all files: unreadable, invalid, or two files of one
    workload name.  With ``faults`` they are added to that, and the files in question left out.
    """
    loaded = Loaded(*_score_files(state, settings))
    for path in loaded.absent:
        inputs.note_absent(path, ROLE_SCORE)
    rows = {row.file: row for row in state.rows(WorkloadRow)}
    target = targets.find(settings.target or state.meta().target)
    errors: list[ScoreError] = []
    found: list[tuple[WorkloadRow, Parsed | None]] = []
    for path in list(loaded.given):
        try:
            found.append(look_at(path, rows.get(path), loaded.given, inputs, known, target))
        except ScoreError as error:
            errors.append(error)
            if faults is not None:
                del loaded.given[path]
    if errors and faults is None:
        raise _joined(errors)
    problems = _name(loaded, found, {path for path, _ in settings.given})
    if faults is None:
        ScoreError.raise_for(problems)
    else:
        faults += (problem for error in errors for problem in error.problems)
        faults += problems
    for row, parsed in found:
        if parsed is not None and loaded.workloads[row.name] is row:
            loaded.parsed[row.name] = parsed
            loaded.changed[row.name] = declarations(parsed.workload)
    loaded.gone = tuple(row for row in rows.values() if row.name not in loaded.workloads)
    unchanged = loaded.workloads.keys() - loaded.changed.keys()
    loaded.declared = [d for d in state.needs() if d.workload in unchanged]
    for declared in loaded.changed.values():
        loaded.declared.extend(declared)
    return loaded


def look_at(
    path: str,
    row: WorkloadRow | None,
    given: dict[str, FileOptions],
    inputs: Inputs,
    known: dict[str, Parsed],
    target: Target,
) -> tuple[WorkloadRow, Parsed | None]:
    """The workload in the Score file ``path``; parsed unless ``row`` is of the same bytes and options.

    ``given`` has the options of the file, and gets what its overrides file says now.  Raises ScoreError
    for a file that cannot be read or is not valid.
    """
    options = given[path] = _with_overrides(given[path], path, inputs)
    digest = _digest(inputs.digest(path, ROLE_SCORE), options)
    if row is not None and row.digest == digest:
        return row, None
    parsed = known.get(path)
    if parsed is None or parsed.digest != digest:
        parsed = known[path] = parse(path, inputs.text(path, ROLE_SCORE), options, digest)
    return _row(parsed, target), parsed


def parse(path: str, text: bytes, options: FileOptions, digest: str) -> Parsed:
    """The workload in ``text``, with the overrides of ``options``."""
    document = yaml12.load(text, path, alone="write one workload in a file")
    elsewhere = None
    if options.overrides is not None or options.properties:
        from doit_score.engine.inputs import overriding
        from doit_score.score import overrides

        properties = [overrides.parse_property(source) for source in options.properties]
        elsewhere = partial(overriding.place, options, document)
        document = overrides.apply(document, options.overrides, properties)
    workload, notices = read(document, path=path, text=text, elsewhere=elsewhere)
    return Parsed(path, text, workload, options, notices, digest)


def _score_files(state: State, settings: Settings) -> tuple[dict[str, FileOptions], dict[str, FileOptions]]:
    """Every Score file of the project with its options, sorted by path; and those that are not there."""
    remembered = {path: FileOptions.of_text(text) for path, text in state.given().items()}
    if settings.workloads is not None:
        paths = sorted(discover.score_files(settings.workloads))
        if not paths:
            raise ScoreError(
                "no Score files found: nothing matches " + ", ".join(map(repr, settings.workloads)),
                hint="write a Score file (`doit-score init` writes a sample), or name yours: "
                + said("workloads", '["path/to/score.yaml"]'),
            )
        return {path: settings.overrides.get(path, FileOptions()) for path in paths}, {}
    found = {path: options for path, options in remembered.items() if os.path.exists(path)}
    found.update(settings.given)
    if not found and not remembered:
        raise ScoreError(
            "no workloads found, and no Score file was given",
            hint="name one: `doit-score generate score.yaml`",
        )
    absent = {path: options for path, options in remembered.items() if path not in found}
    return dict(sorted(found.items())), absent


def _with_overrides(options: FileOptions, path: str, inputs: Inputs) -> FileOptions:
    """``options`` with the overrides file as it is now; as it was, if it is gone."""
    source = options.overrides_file
    if source is None:
        return options
    if options.overrides is not None and not os.path.exists(source):
        inputs.note_absent(source, ROLE_OVERRIDES)
        return options
    hint = "an overrides file is for one Score file"
    document = yaml12.load(inputs.text(source, ROLE_OVERRIDES), source, alone=hint)
    if document is None:
        document = {}  # an empty file says nothing; anything else that is empty is a mistake
    if not isinstance(document, dict):
        raise ScoreError(
            "an overrides file must be a mapping like a Score file", path=source, hint=f"see {path}"
        )
    return replace(options, overrides=document)


def _digest(content: str, options: FileOptions) -> str:
    return canonical.digest(__version__, content, options.text())


def _row(parsed: Parsed, target: Target) -> WorkloadRow:
    workload = parsed.workload
    folder = os.path.dirname(parsed.path)
    sources = [discover.canonical_path(os.path.join(folder, name)) for name in needed_sources(workload)]
    return WorkloadRow(
        name=workload.name,
        file=parsed.path,
        digest=parsed.digest,
        ports=canonical.encode(services(workload, target.service_name(workload))),
        containers=canonical.encode(sorted(workload.containers)),
        sources=canonical.encode(sources),
        environment="{}",
        facts="",
        variables="[]",
        rendered="",
    )


def services(workload: Workload, host: str) -> dict[str, object]:
    """What provisioners are told of the ports of a workload, which others reach as ``host``: by name, and
    by number.

    Of two ports of one number the first by name is the one that the number stands for.
    """
    ports: dict[str, object] = {}
    for name, port in sorted(workload.ports.items()):
        told = {
            "Name": name,
            "Port": port.port,
            "TargetPort": port.port if port.target_port is None else port.target_port,
            "Protocol": port.protocol or "TCP",
        }
        ports[name] = told
        ports.setdefault(str(port.port), told)
    return {"ServiceName": host, "Ports": ports}


def _name(loaded: Loaded, found: Iterable[tuple[WorkloadRow, object]], named: set[str]) -> list[Problem]:
    """Gives each workload name its file; a file that was just named replaces one remembered before.

    Returns the problems of those whose name another one has.
    """
    problems = []
    for row, _ in sorted(found, key=lambda pair: (pair[0].file not in named, pair[0].file)):
        other = loaded.workloads.get(row.name)
        if other is None:
            loaded.workloads[row.name] = row
        elif other.file in named and row.file not in named:
            del loaded.given[row.file]
        else:
            is_one = os.path.realpath(other.file) == os.path.realpath(row.file)
            problems.append(
                Problem(
                    f"workload name '{row.name}' is used more than once: in '{other.file}' and '{row.file}'",
                    path=row.file,
                    hint="a link makes them one file: name it by one of its paths"
                    if is_one
                    else "give each workload a metadata.name of its own",
                )
            )
    return problems


def _joined(errors: Sequence[ScoreError]) -> ScoreError:
    """All errors as one; a single one as it is."""
    if len(errors) == 1:
        return errors[0]
    return ScoreError.of(problem for error in errors for problem in error.problems)
