"""The quick look: has anything changed since the last complete run, and if so, only Score files?

Reads no file and takes no lock.  One stat per file that went in or came out or has secrets, and a listing
of the directories in which a new Score file or provisioner file could appear.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from doit_score.engine.inputs import discover
from doit_score.engine.settings import Settings
from doit_score.options import OPTIONS
from doit_score.store.glance import Changed
from doit_score.store.meta import Meta
from doit_score.store.state import State
from doit_score.text.light import NamedTuple

ROLE_SCORE = "score"
ROLE_PROVISIONERS = "provisioners"


_FEW = 50
"""Beyond so many edited Score files looking at everything costs less than at each for itself."""


class Look(NamedTuple):
    """The outcome.  ``counts`` are the workloads and resources that are up to date, ``standing`` how many
    warnings are.

    ``edited`` are the Score files whose signature is another, if they are few and that is the only thing
    that is not as the run called ``run`` has left it.  If ``commands``, all is as that run has left it, but
    there are commands that are run each time.
    """

    holds: bool
    why: str = ""
    counts: tuple[int, int] = (0, 0)
    edited: tuple[str, ...] = ()
    run: str = ""
    commands: bool = False
    standing: int = 0


OTHER_OPTIONS = "the options, the tool or the state have changed"
COMMANDS = " commands"
"""Behind the name of a complete run that started commands of which nobody knows what they read."""


def told_standing(settings: Settings, count: int, *, more: bool = False) -> str:
    """One line for the warnings that stand, or that are ``more`` than was told."""
    each = "warning stands" if count == 1 else "warnings stand"
    why, them = settings.verb("why"), "it" if count == 1 else "them"
    return f"{count}{' more' if more else ''} {each}; {why} lists {them}"


def look(state: State, settings: Settings) -> Look:
    """Whether a run with ``settings`` would change nothing; if not, the first reason found."""
    meta = state.meta()
    commands = meta.complete == settings.digest() + COMMANDS
    if not commands and meta.complete != settings.digest():
        return Look(False, OTHER_OPTIONS)
    if settings.env_file is not None:
        return Look(False, "an environment file is asked for")
    if not _adds_nothing(state, settings, meta):
        return Look(False, "something new is said of the Score files or ports")
    glance = state.glance()
    if settings.workloads is not None:
        known = glance.inputs(ROLE_SCORE)
        if discover.score_files(settings.workloads, known) != known:
            return Look(False, "there are other Score files")
    shipped_for = settings.target or meta.target if meta.default_provisioners else None
    provisioners = discover.provisioner_files(settings.provisioner_globs, shipped_for=shipped_for)
    if set(provisioners) != glance.inputs(ROLE_PROVISIONERS):
        return Look(False, "there are other provisioner files")
    mounts = os.path.join(settings.state_dir, "mounts")
    changed = [*glance.changed(), *glance.changed_above(mounts)]
    others = [one.path for one in changed if not _is_edited_score_file(one)]
    if state.vault is not None and (lost := state.vault.missing(meta.has_variables)):
        others.append(lost)
    if others:
        return Look(False, f"'{others[0]}' has changed")
    if not _environment_holds(meta.environment, settings):
        return Look(False, "an environment variable has changed")
    if changed:
        edited = tuple(one.path for one in changed) if len(changed) <= _FEW else ()
        return Look(False, f"'{changed[0].path}' has changed", edited=edited, run=meta.run)
    why = "there are commands that do not name their inputs" if commands else ""
    return Look(not commands, why, meta.counts, run=meta.run, commands=commands, standing=meta.standing)


def _is_edited_score_file(one: Changed) -> bool:
    """Whether that is all that a file is, so that nothing else was made of it."""
    return one.kind == ROLE_SCORE and one.is_there


def _adds_nothing(state: State, settings: Settings, meta: Meta) -> bool:
    """Whether everything that is given is remembered already."""
    for option in OPTIONS:
        if option.memory and not option.in_digest:
            said = getattr(settings, option.field)
            if said is not None and said != getattr(meta, option.memory):
                return False
    remembered = state.given() if settings.given else {}
    return all(remembered.get(path) == options.text() for path, options in settings.given)


def _environment_holds(note: Mapping[str, str], settings: Settings) -> bool:
    if not note:
        return True
    from doit_score.engine.inputs.environment import Environment

    return Environment(settings.environment).holds(note)
