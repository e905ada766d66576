"""The files that a Score file names as sources of what it mounts."""

from __future__ import annotations

from posixpath import normpath

from doit_score.score.workload.model import Workload


def needed_sources(workload: Workload) -> tuple[str, ...]:
    """The files that ``files.*.source`` names, relative to the Score file, cleaned and sorted.

    Paths that leave the directory of the Score file are not in it; ``convert`` reports them.
    Whether a link leads out of the directory is for the caller to look at.
    """
    return tuple(
        sorted(
            {
                path
                for container in workload.containers.values()
                for file in container.files
                if file.source is not None and (path := contained(file.source)) is not None
            }
        )
    )


def contained(source: str) -> str | None:
    """``source`` cleaned (``./a//b`` is ``a/b``), or None if it is absolute or leaves its directory.

    Cases files-11 to files-14.
    """
    if source.startswith("/") or "\0" in source:
        return None
    path = normpath(source)
    return None if path == ".." or path.startswith("../") else path
