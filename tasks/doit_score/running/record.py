"""What `up` remembers of a good run, because the engine cannot be asked for it.

It is kept in the state database (``Meta.running``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from doit_score.text.light import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from doit_score.running.containers import Container, Details
    from doit_score.running.model import Model


@dataclass(frozen=True, slots=True)
class Record:
    """``made_for`` holds, by container, what its service was known by in the project when it was up.

    Compose labels most containers with that.  Where a service uses the network of another, it labels them
    with a hash that has the id of that other container in it; and of configs and secrets it has the names.

    ``done`` holds, by container, when it ended: one that nobody awaits, and that had ended well by
    itself when the project was up.  One that is stopped later has another time.

    ``taken`` holds, by container, the other directory that it was made in: one that `up --force` has taken
    for ours.
    """

    made_for: Mapping[str, str] = field(default_factory=dict)
    done: Mapping[str, str] = field(default_factory=dict)
    taken: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, model: Model, containers: Iterable[Container], details: Mapping[str, Details]) -> Record:
        """What is to be remembered of a project that is up; ``details`` are by container."""
        made_for, done = {}, {}
        for container in containers:
            service = model.services.get(container.service)
            if service is None:
                continue
            if service.noted != container.hash:
                made_for[container.id] = service.noted
            # The list was made first: what has ended since is still running in it.
            found = details.get(container.id)
            if found is not None and found.state == "exited" and not service.runs_once:
                done[container.id] = found.finished
        return cls(made_for, done)

    def updated(self, now: Record, touched: Iterable[Container], there: Iterable[Container]) -> Record:
        """This, with what ``now`` says of those that were ``touched``; of what is not ``there`` nothing."""
        ids = {one.id for one in touched}
        others = {one.id for one in there} - ids

        def merged(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
            kept = {id_: value for id_, value in before.items() if id_ in others}
            return {**kept, **{id_: value for id_, value in now.items() if id_ in ids}}

        taken = {id_: directory for id_, directory in self.taken.items() if id_ in ids | others}
        return Record(merged(self.made_for, now.made_for), merged(self.done, now.done), taken)

    @classmethod
    def stored(cls, values: Mapping[str, object]) -> Record:
        """The record of which `asdict` made ``values``, or an empty one."""
        return cls(*(_texts(values.get(name)) for name in ("made_for", "done", "taken")))


def _texts(value: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, Mapping) else {}
