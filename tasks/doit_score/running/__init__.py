"""Up, down, status and logs of a generated project.

For Docker Compose `docker compose` acts and the Docker SDK looks; for a cluster `kubectl` does
both (cluster/).  Nothing here is imported, nor is the SDK, before one of these verbs is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from doit_score.text.light import TYPE_CHECKING, Protocol
from doit_score.text.messages import Say

if TYPE_CHECKING:
    from doit_score.engine.settings import Settings


class Verbs(Protocol):
    """What can be done with a project that was generated."""

    def is_current(self) -> bool:
        """Whether what runs is exactly this project; False if that cannot be told.  Changes nothing."""

    def describe(self) -> None:
        """Says that nothing has to be done."""

    def up(self, *, force: bool = False) -> None:
        """Brings what runs to the project, changing only what differs, and waits until all is up."""

    def down(self, *, volumes: bool = False, force: bool = False) -> None:
        """Removes what runs; with ``volumes`` its data too."""

    def show_status(self, format_: str) -> None:
        """Prints how each part of the project does; ``format_`` is ``table`` or ``json``."""

    def logs(self, names: Sequence[str], *, follow: bool, tail: str) -> None:
        """Prints what containers have printed: of the workloads, resources or parts ``names``, or all."""


def verbs(settings: Settings, say: Say, *, terminal: bool) -> Verbs:
    """The verbs for a project whose target is known; ``terminal`` is whether stderr may be drawn on."""
    if settings.target == "kubernetes":
        from doit_score.running.cluster.project import ClusterProject

        return ClusterProject(settings, say)
    from doit_score.running.project import Running

    return Running(settings, say, terminal=terminal)
