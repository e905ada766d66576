"""The quick look: has anything changed since the last complete run?

Reads no file and takes no lock.  One stat per file that went in or came out, and a listing of the
directories in which a new Score file or provisioner file could appear.
"""

from __future__ import annotations

from typing import NamedTuple

from doit_score import canonical
from doit_score.engine import discover
from doit_score.engine.settings import START_ORDERS, FileOptions, Settings, start_order
from doit_score.store import files
from doit_score.store.rows import InputRow, OutputRow
from doit_score.store.state import State

COMPLETE = "complete"
"""The meta value that names what the last complete run was asked to do; empty while one is under way."""


class Unchanged(NamedTuple):
    """The outcome.  ``counts`` are the workloads and resources that are up to date."""

    holds: bool
    why: str = ""
    counts: tuple[int, int] = (0, 0)


def look(state: State, settings: Settings) -> Unchanged:
    """Whether a run with ``settings`` would change nothing; if not, the first reason found."""
    meta = state.meta()
    if meta.get(COMPLETE) != settings.digest():
        return Unchanged(False, "the options, the tool or the state have changed")
    if settings.env_file is not None:
        return Unchanged(False, "an environment file is asked for")
    if not _adds_nothing(state, settings, meta):
        return Unchanged(False, "something new is said of the Score files or ports")
    inputs = state.rows(InputRow)
    by_role: dict[str, set[str]] = {}
    for row in inputs:
        by_role.setdefault(row.role, set()).add(row.path)
    if settings.workloads is not None and set(discover.score_files(settings.workloads)) != by_role.get(
        "score", set()
    ):
        return Unchanged(False, "there are other Score files")
    defaults = meta.get("default_provisioners") == "1"
    if set(discover.provisioner_files(settings.provisioners, defaults=defaults)) != by_role.get(
        "provisioners", set()
    ):
        return Unchanged(False, "there are other provisioner files")
    files_known: list[InputRow | OutputRow] = [*inputs, *state.rows(OutputRow)]
    for known in files_known:
        if not known.matches(files.signature(known.path)):
            return Unchanged(False, f"'{known.path}' has changed")
    if not _environment_holds(meta.get("environment", ""), settings):
        return Unchanged(False, "an environment variable has changed")
    workloads, _, resources = meta.get("counts", "0 0").partition(" ")
    return Unchanged(True, counts=(int(workloads), int(resources)))


def _adds_nothing(state: State, settings: Settings, meta: dict[str, str]) -> bool:
    """Whether everything that is given is remembered already."""
    if settings.publish is not None and canonical.encode(list(settings.publish)) != meta.get("publish"):
        return False
    if start_order(settings, meta) != (meta.get("start_order") or START_ORDERS[0]):
        return False
    remembered = state.given() if settings.given else {}
    return all(
        path in remembered and FileOptions.of_text(remembered[path]).then(options).text() == remembered[path]
        for path, options in settings.given
    )


def _environment_holds(note: str, settings: Settings) -> bool:
    if note in ("", "{}"):
        return True
    from doit_score.engine.environment import Environment, noted

    return Environment(settings.environment).holds(noted(note))
