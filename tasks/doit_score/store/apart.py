"""Moves the secrets of a state: out of it, back into it, or from one place to another."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

from doit_score.store import keepers, schema
from doit_score.store.meta import Meta, Value
from doit_score.store.rows import EntryRow, KeptRow, MountRow, OriginRow, ResourceRow
from doit_score.store.state import WITH_SECRETS, State
from doit_score.store.vault import HELD, LISTED, Vault, names_in
from doit_score.text import canonical
from doit_score.text.secrets import secrets_in

_NAME = re.compile("SECRET_[A-Z0-9_]*")
_VARIABLE = re.compile(rf"\$\{{({_NAME.pattern})")
SHARED = "shared"
"""Whose secrets those are that provisioners made together."""


def move(state: State, how: str) -> None:
    """Has secrets kept ``how``, one of :data:`doit_score.options.APART`, or in the state if that is empty.

    Who reads the state sees the same before and after.  The lock must be held.  Raises ScoreError, with all
    as it was, if they cannot be kept so.

    A copy of a project comes to have a place of its own in the keyring, and leaves that of the other alone.
    """
    meta, old = state.meta(), state.vault
    noted = meta.vault
    is_copy = _is_copy(noted, state.place)
    shares = is_copy and noted["how"] == "keyring"
    if how == noted.get("how", "") and not shares:
        return
    kept, resources, origins = state.rows(KeptRow), state.rows(ResourceRow), state.rows(OriginRow)
    mounts = [row._replace(content=state.content(*row[:3])) for row in state.rows(MountRow)]
    values = [Value(name, meta.texts[name]) for name in sorted(WITH_SECRETS & meta.texts.keys())]
    # A run that is killed on the way has the next one remove what it left.
    with state.transaction():
        state.set_meta(Meta.complete.to(""))
    new, chosen = None, {}
    if how:
        identity = "" if is_copy else noted.get("id")
        chosen = {"how": how, "id": identity or os.urandom(8).hex(), "at": state.place, "names": []}
        new = state.vault_of(chosen)
        if old is not None:
            new.taken_over(old)
        else:
            # Not in what is derived: a run from scratch gives each the same name.
            for one in kept:
                learn(new, one.uid, canonical.mapping(one.state))
            for value in values:
                learn(new, SHARED, canonical.mapping(value.text))
        new.save()
        chosen |= new.noted
    state.overwrite()
    state.vault = new
    try:
        with state.transaction():
            state.set_meta(Meta.vault.to(chosen), *values)
            state.put([*kept, *resources, *origins, *mounts])
    except BaseException:
        state.vault = old
        raise
    if old is not None and not shares:
        old.remove(how)
    state.wipe()


def _is_copy(noted: Mapping[str, object], place: str) -> bool:
    """Whether what is noted of a vault is of another state directory than that at ``place``: one that was
    moved left none behind."""
    at = str(noted.get("at", place))
    return at != place and os.path.isdir(at)


def sweep(state: State, state_dir: str) -> None:
    """Removes what a run has left that was killed while it moved secrets."""
    keepers.sweep(state_dir, str(state.meta().vault.get("how", "")))
    if state.vault is not None:
        state.wipe()


def forget(state: State, vault: Vault) -> None:
    """Has ``vault`` keep those secrets alone that something in the state refers to."""
    columns = [(schema.NAMES[row], column) for row, names in {**HELD, **LISTED}.items() for column in names]
    columns += [("meta", "value"), (schema.NAMES[MountRow], "content")]
    used = {name for each in columns for text in state.stored(*each) for name in names_in(text)}
    for entry in state.rows(EntryRow):
        used.update(_NAME.findall(entry.text), _NAME.findall(entry.links))
    vault.keep_only(used)


def note_variables(state: State, output: str) -> None:
    """Has Compose given as variables just those secrets that ``output`` asks for, where not all are."""
    if state.vault is not None and state.meta().vault["how"] == "file":
        has_any = state.vault.as_variables_only(_VARIABLE.findall(output))
        state.set_meta(Meta.has_variables.to(has_any))


def learn(vault: Vault, owner: str, values: Mapping[str, object], marked: Iterable[str] = ()) -> None:
    """Has ``vault`` know the secrets in ``values``: those ``marked``, what has the name of one, and texts
    with one in another spelling, as in base64."""
    for name in marked:
        vault.learn(owner, secrets_in(values.get(name), (name,), secret=True))
    vault.learn(owner, secrets_in(values))
    every = secrets_in(values, secret=True)
    vault.learn(owner, ((path, text) for path, text in every if vault.is_disguised_in(text)))
