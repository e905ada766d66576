"""What a provisioner made of a resource in a test."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from doit_score.provisioning import stability
from doit_score.provisioning.model import ProvisionInput, ProvisionResult
from doit_score.provisioning.scratch import Scratch
from doit_score.testing.chance import Chance
from doit_score.testing.failed import Failed, fails
from doit_score.testing.snapshots import Snapshots, settled
from doit_score.text.light import Any, Protocol
from doit_score.trying.trial import Trial


class Run(Protocol):
    """Runs the entry of a test for what it is given.  Raises Failed if that fails."""

    def __call__(self, given: ProvisionInput) -> Trial: ...


class Made:
    """What a provisioner made of one resource, checked and normalised as in a project.

    As there, one that reads what it shares itself is run again at once, until what it makes stays.
    What a provisioner does not give is empty.
    """

    def __init__(self, run: Run, given: ProvisionInput, chance: Chance, snapshots: Snapshots) -> None:
        self._run = run
        self._asked = given
        self._chance = chance
        self._snapshots = snapshots
        self._position = chance.position
        with chance.drawing():
            self._trial = run(given)
        assert self._trial.result is not None
        self._given = self._trial.given
        self._result: ProvisionResult = self._trial.result

    def __repr__(self) -> str:
        return f"Made({self.uid!r})"

    @property
    def uid(self) -> str:
        """``type.class#id``."""
        return self._given.uid

    @property
    def outputs(self) -> Mapping[str, Any]:
        """What placeholders of Score files find."""
        return self._result.outputs

    @property
    def state(self) -> Mapping[str, Any]:
        """What is kept for the resource."""
        return self._result.state

    @property
    def shared(self) -> Mapping[str, Any]:
        """The shared state: what there was, with what the provisioner changed."""
        return _plain(Scratch(self._given.shared, self._result.shared_patch))

    @property
    def sections(self) -> Mapping[str, Mapping[str, Any]]:
        """Entries of the output by section and name, for any target: ``sections["services"]["web"]``."""
        return self._result.sections

    @property
    def services(self) -> Mapping[str, Any]:
        """Services of the Compose project by name."""
        return self.sections.get("services", {})

    @property
    def volumes(self) -> Mapping[str, Any]:
        """Volumes of the Compose project by name."""
        return self.sections.get("volumes", {})

    @property
    def networks(self) -> Mapping[str, Any]:
        """Networks of the Compose project by name."""
        return self.sections.get("networks", {})

    @property
    def secrets(self) -> Mapping[str, Any]:
        """Secrets of the Compose project by name."""
        return self.sections.get("secrets", {})

    @property
    def configs(self) -> Mapping[str, Any]:
        """Configs of the Compose project by name."""
        return self.sections.get("configs", {})

    @property
    def manifests(self) -> Mapping[str, Any]:
        """Objects for Kubernetes by namespace, API version, kind and name, as `/v1/Service/web`."""
        return self.sections.get("manifests", {})

    @property
    def files(self) -> Mapping[str, str | None]:
        """The text of files by their paths below the mounts directory; None for one that is to be deleted."""
        return self._result.files

    @property
    def directories(self) -> Mapping[str, bool]:
        """Directories by their paths below the mounts directory: whether they are made, or deleted."""
        return self._result.directories

    @property
    def info_logs(self) -> tuple[str, ...]:
        """What is told to the user."""
        return self._result.info_logs

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is suspicious: params that are not supported, outputs that were promised, `<no value>`."""
        return tuple(map(str, self._result.warnings))

    @fails
    def again(self) -> Made:
        """What the provisioner makes on its own result: state, and shared state, are those that it left.

        Raises Failed, which shows what differs, unless that is the same.  A command is run for it.
        """
        given = stability.next_input(self._given, self._result)
        made = Made(self._run, given, self._chance, self._snapshots)
        found = stability.compared(self._given, self._result, made._result)
        if found:
            raise Failed("\n".join(self._differing(made, found)))
        return made

    def _differing(self, made: Made, found: tuple[stability.Difference, ...]) -> Iterator[str]:
        problem = stability.unstable(self._trial.entry, self.uid, found)
        assert problem is not None
        yield problem.message
        for one in found:
            yield f"  {one}"
            for when, side in (("first", self), ("then", made)):
                yield f"    {when + ':':<6} {_shown(_value(side, one), one.line)}"
        yield f"hint: {problem.hint}"

    @fails
    def matches_snapshot(self) -> None:
        """Compares everything with a file beside the test, in the directory ``__snapshots__``.

        What is drawn at random has a name in it, such as `<random 1>`, and what differs though the same is
        drawn (the time, a salt) is `<varies>`; to find that the provisioner is run once more, a command too.
        With `pytest --snapshot-update` the file is written.  Raises Failed if there is none, or if it has
        something else.
        """
        with self._chance.once_more(self._position):
            other = self._run(self._asked)
        assert other.result is not None
        one = _told(self._given, self._result)
        found = settled(one, _told(other.given, other.result), self._chance.names())
        assert isinstance(found, dict)
        self._snapshots.check(found)


def _told(given: ProvisionInput, result: ProvisionResult) -> dict[str, object]:
    """All that there is of a result."""
    found: dict[str, object] = {
        "outputs": result.outputs,
        "state": result.state,
        "shared": _plain(Scratch(given.shared, result.shared_patch)),
        "directories": result.directories,
        "files": result.files,
        "info_logs": list(result.info_logs),
        **result.sections,
    }
    return {name: value for name, value in found.items() if value}


def _plain(value: Mapping[str, object]) -> dict[str, object]:
    return {key: _plain(item) if isinstance(item, Mapping) else item for key, item in value.items()}


_ABSENT = object()


def _value(made: Made, at: stability.Difference) -> object:
    of_target = {section.field: section.name for section in made._given.target.sections}
    name = of_target.get(at.field)
    value: Any = made.sections.get(name, {}) if name is not None else getattr(made, at.field)
    for key in at.keys:
        is_there = key in value if isinstance(value, Mapping) else True
        value = value[key] if is_there else _ABSENT
    return value


def _shown(value: object, line: int | None) -> str:
    if value is _ABSENT:
        return "(nothing)"
    if line is not None and isinstance(value, str):
        lines = value.split("\n")
        return lines[line - 1] if line <= len(lines) else "(nothing)"
    return json.dumps(value, ensure_ascii=False, default=str)
