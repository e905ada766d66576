"""The quick look: has anything changed since the last complete run, and if so, only Score files?

Reads no file and takes no lock.  One stat per file that went in or came out, and a listing of the
directories in which a new Score file or provisioner file could appear.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from doit_score.engine.inputs import discover
from doit_score.engine.settings import START_ORDERS, FileOptions, Settings, start_order
from doit_score.store.glance import Changed
from doit_score.store.state import State
from doit_score.text import canonical

COMPLETE = "complete"
"""The meta value that names what the last complete run was asked to do; empty while one is under way."""

RUN = "run"
"""The meta value that names the last run that provisioned: its later stages go on with what it read."""

ROLE_SCORE = "score"
ROLE_PROVISIONERS = "provisioners"


_FEW = 50
"""Beyond so many edited Score files looking at everything costs less than at each for itself."""


class Look(NamedTuple):
    """The outcome.  ``counts`` are the workloads and resources that are up to date.

    ``edited`` are the Score files whose signature is another, if they are few and that is the only thing
    that is not as the run called ``run`` has left it.
    """

    holds: bool
    why: str = ""
    counts: tuple[int, int] = (0, 0)
    edited: tuple[str, ...] = ()
    run: str = ""


def look(state: State, settings: Settings) -> Look:
    """Whether a run with ``settings`` would change nothing; if not, the first reason found."""
    meta = state.meta()
    if meta.get(COMPLETE) != settings.digest():
        return Look(False, "the options, the tool or the state have changed")
    if settings.env_file is not None:
        return Look(False, "an environment file is asked for")
    if not _adds_nothing(state, settings, meta):
        return Look(False, "something new is said of the Score files or ports")
    glance = state.glance()
    if settings.workloads is not None:
        known = glance.inputs(ROLE_SCORE)
        if discover.score_files(settings.workloads, known) != known:
            return Look(False, "there are other Score files")
    defaults = meta.get("default_provisioners") == "1"
    provisioners = discover.provisioner_files(settings.provisioners, defaults=defaults)
    if set(provisioners) != glance.inputs(ROLE_PROVISIONERS):
        return Look(False, "there are other provisioner files")
    changed = list(glance.changed())
    others = [one for one in changed if not _is_edited_score_file(one)]
    if others:
        return Look(False, f"'{others[0].path}' has changed")
    if not _environment_holds(meta.get("environment", ""), settings):
        return Look(False, "an environment variable has changed")
    if changed:
        edited = tuple(one.path for one in changed) if len(changed) <= _FEW else ()
        return Look(False, f"'{changed[0].path}' has changed", edited=edited, run=meta[RUN])
    return Look(True, counts=counts(meta))


def counts(meta: Mapping[str, str]) -> tuple[int, int]:
    """How many workloads and resources the last complete run had."""
    workloads, _, resources = meta.get("counts", "0 0").partition(" ")
    return int(workloads), int(resources)


def _is_edited_score_file(one: Changed) -> bool:
    """Whether that is all that a file is, so that nothing else was made of it."""
    return one.kind == ROLE_SCORE and one.is_there


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
    from doit_score.engine.inputs.environment import Environment, noted

    return Environment(settings.environment).holds(noted(note))
