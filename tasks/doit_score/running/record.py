"""What `up` remembers of a good run, because the engine cannot be asked for it.

It is kept in the state database (``Meta.running``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from doit_score.text.light import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from doit_score.running.compose import Model
    from doit_score.running.containers import Container, Details


@dataclass(frozen=True, slots=True)
class Record:
    """``made_for`` holds, by container, the hash that its service had in the project when it was up.

    Compose labels most containers with that hash.  Where a service uses the network of another, it
    labels them with a hash that has the id of that other container in it.

    ``done`` holds, by container, when it ended: one that nobody awaits, and that had ended well by
    itself when the project was up.  One that is stopped later has another time.
    """

    made_for: Mapping[str, str] = field(default_factory=dict)
    done: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, model: Model, containers: Iterable[Container], details: Mapping[str, Details]) -> Record:
        """What is to be remembered of a project that is up; ``details`` are by container."""
        made_for, done = {}, {}
        for container in containers:
            service = model.services.get(container.service)
            if service is None:
                continue
            if service.hash != container.hash:
                made_for[container.id] = service.hash
            # The list was made first: what has ended since is still running in it.
            found = details.get(container.id)
            if found is not None and found.state == "exited" and not service.runs_once:
                done[container.id] = found.finished
        return cls(made_for, done)

    @classmethod
    def stored(cls, values: Mapping[str, object]) -> Record:
        """The record of which `asdict` made ``values``, or an empty one."""
        return cls(_texts(values.get("made_for")), _texts(values.get("done")))


def _texts(value: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, Mapping) else {}
