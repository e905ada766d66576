"""Running a generated project: up, down, status, logs, exec and restart.

For Docker Compose `docker compose` acts and the Docker SDK looks; for a cluster `kubectl` does
both (cluster/).  Nothing here is imported, nor is the SDK, before one of these verbs is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from doit_score.text.light import TYPE_CHECKING, NamedTuple, Protocol
from doit_score.text.messages import Say

if TYPE_CHECKING:
    from doit_score.engine.settings import Settings


class Wanted(NamedTuple):
    """What `up` is asked for.

    ``names`` are workloads, resources or parts, none for all of them; ``build`` is whether images are built,
    which is usual, ``pull`` when they are pulled (see options.py), ``timeout`` how many seconds a container
    has for ending by itself.  ``force`` takes what is not ours.
    """

    names: Sequence[str] = ()
    build: bool | None = None
    pull: str | None = None
    timeout: float | None = None
    force: bool = False


class Lines(NamedTuple):
    """Which lines of logs are asked for, and how: those of ``tail``, a number, and from ``since`` ``until``
    then, times as users write them (times.py); each is empty for all."""

    follow: bool = False
    tail: str = ""
    since: str = ""
    until: str = ""
    timestamps: bool = False


class Verbs(Protocol):
    """What can be done with a project that was generated.  Names are those of workloads, resources or parts;
    none are all of them.  Each verb raises ScoreError if it cannot be done."""

    def is_current(self, wanted: Wanted) -> bool:
        """Whether what runs is exactly as ``wanted``; False if that cannot be told.  Changes nothing."""

    def describe(self) -> None:
        """Says that nothing has to be done."""

    def up(self, wanted: Wanted) -> None:
        """Brings what runs to the project, changing only what differs, and waits until all is up."""

    def down(self, *, volumes: bool = False, force: bool = False, timeout: float | None = None) -> None:
        """Removes what runs; with ``volumes`` its data too."""

    def show_status(self, format_: str) -> None:
        """Prints how each part of the project does; ``format_`` is ``table`` or ``json``."""

    def ports(self) -> dict[str, dict[str, str]]:
        """The ports of the host, by service and port of the container, as :meth:`up` or :meth:`is_current`
        saw them last; those of a cluster's nodes are none."""
        ...

    def logs(self, names: Sequence[str], lines: Lines) -> None:
        """Prints what containers have printed."""

    def exec(self, name: str, words: Sequence[str], *, terminal: bool) -> int:
        """Runs a command in a container, with our own streams, and without ``terminal`` with no terminal.

        Returns its exit status.
        """

    def restart(self, names: Sequence[str], *, timeout: float | None = None) -> None:
        """Restarts what runs, and waits until it is well again."""


def verbs(settings: Settings, say: Say, *, terminal: bool) -> Verbs:
    """The verbs for a project whose target is known; ``terminal`` is whether stderr may be drawn on."""
    if settings.target == "kubernetes":
        from doit_score.running.cluster.project import ClusterProject

        return ClusterProject(settings, say)
    from doit_score.running.project import Running

    return Running(settings, say, terminal=terminal)
