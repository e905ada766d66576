"""doit-score: Score files to a Docker Compose project, as incremental doit tasks.

A dodo.py needs one name::

    from doit_score import Score

    score = Score()

Everything is imported when it is first used, so that ``import doit_score`` costs next to nothing.
"""

from __future__ import annotations

from doit_score.version import __version__

TYPE_CHECKING = False  # as that of `typing`, which takes as long to import as Python to start

if TYPE_CHECKING:
    from doit_score.pack import Score
    from doit_score.pack.environments import environments

__all__ = ["Score", "__version__", "environments"]


def __getattr__(name: str) -> object:
    if name == "Score":
        from doit_score.pack import Score

        return Score
    if name == "environments":
        from doit_score.pack.environments import environments

        return environments
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
