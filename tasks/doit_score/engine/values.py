"""What a generated project tells those who use it: the values that other tasks of a dodo.py are given."""

from __future__ import annotations

import os
from typing import TypedDict

from doit_score.engine.settings import Settings
from doit_score.store import files
from doit_score.store.rows import EntryRow
from doit_score.store.state import open_state
from doit_score.targets import find


class Values(TypedDict):
    """``output`` is the path that is written, ``project`` the name of the project.

    ``services`` are the names of what was made of each workload: services of Compose, or objects
    (``Deployment/front``).  ``ports`` are those of the host, by service and port of the container:
    ``{"front-web": {"80/tcp": "8080"}}``.
    """

    output: str
    project: str
    services: dict[str, list[str]]
    ports: dict[str, dict[str, str]]


def values(settings: Settings) -> Values:
    """The values of the project as it was generated last.  Raises ScoreError if there is no state."""
    with open_state(settings.state_dir) as state, state.snapshot():
        meta = state.meta()
        entries = state.rows(EntryRow, without=("text", "links"))
    target = find(meta.target)
    services: dict[str, list[str]] = {}
    for entry in entries:
        if entry.kind == "workload" and entry.section == target.sections[0].name:
            # Of an object its kind and name: what is before them is where it is.
            services.setdefault(entry.owner, []).append("/".join(entry.name.split("/")[-2:]))
    path = target.main_file(settings.output)
    written = files.read(path)[0] if settings.output != "-" and os.path.isfile(path) else b""
    return {
        "output": settings.output,
        "project": meta.project,
        "services": {name: sorted(services[name]) for name in sorted(services)},
        "ports": target.published(written),
    }
