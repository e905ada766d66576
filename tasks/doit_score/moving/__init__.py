"""Moving over from score-compose and score-k8s, and back.

:func:`take_over` makes a state of ours of the directory of one, which it leaves as it is; :func:`hand_back`
writes one that it continues from.
"""

from __future__ import annotations

from collections.abc import Collection

from doit_score.moving.pending import pending
from doit_score.text.light import TYPE_CHECKING
from doit_score.text.messages import Say

if TYPE_CHECKING:
    from doit_score.engine.settings import Settings

__all__ = ["hand_back", "take_over"]


def take_over(settings: Settings, say: Say, named: Collection[str] = ()) -> None:
    """Takes over what score-compose or score-k8s left in this directory, if there is no state of ours yet.

    ``named`` are the Score files that this run was given.  See :func:`doit_score.moving.adopt.adopt`.
    """
    if pending(settings.state_dir, settings.target):
        from doit_score.moving.adopt import adopt

        adopt(settings, say, named)


def hand_back(settings: Settings, say: Say, *, force: bool = False) -> None:
    """Writes the directory of score-compose or score-k8s.  See :func:`doit_score.moving.export.export`."""
    from doit_score.moving.export import export

    export(settings, say, force=force)
