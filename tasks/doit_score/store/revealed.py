"""What has become a secret after it was stored: where it is in plain, and how it is taken out of there.

A value is a secret from when the first provisioner says so, and may have been in other things before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cache

from doit_score.store import apart
from doit_score.store.meta import Value
from doit_score.store.rows import EntryRow, KeptRow, MountRow, OriginRow, ResourceRow, WarningRow
from doit_score.store.state import WITH_SECRETS, State
from doit_score.store.vault import Index
from doit_score.text import canonical
from doit_score.text.secrets import spellings

_FEW = 50
"""So many texts are looked for one by one, which takes less time than to look at every letter."""


def holders(state: State, learned: Collection[str]) -> set[tuple[str, str]]:
    """Kind and owner of the entries and warnings in which one of these values is, in any spelling."""
    if not learned:
        return set()
    is_in = _finder(learned)
    found = {(row.kind, row.owner) for row in state.rows(EntryRow) if _is_in_yaml(row.text, is_in)}
    return found | {(row.kind, row.owner) for row in state.rows(WarningRow) if is_in(row.problems)}


def take_out(state: State, learned: Collection[str]) -> None:
    """Stores what has one of these values again, which the vault of ``state`` knows by now."""
    if not learned or state.vault is None:
        return
    is_in = _finder(learned)
    kept = [row for row in state.rows(KeptRow) if is_in(row.state)]
    rows = [row for row in state.rows(ResourceRow) if is_in(f"{row.patch}\n{row.outputs}\n{row.logs}")]
    # A text with one of them in another spelling is a secret itself.
    for one in kept:
        apart.learn(state.vault, one.uid, canonical.mapping(one.state))
    for row in rows:
        apart.learn(state.vault, row.uid, canonical.mapping(row.outputs), canonical.texts(row.secret))
        apart.learn(state.vault, apart.SHARED, canonical.mapping(row.patch))
        state.vault.learn_disguised(row.uid, ((("logs",), text) for text in canonical.texts(row.logs)))
    state.put([*kept, *rows])
    state.put(row for row in state.rows(OriginRow) if is_in(f"{row.parts}\n{row.outline}\n{row.why}"))
    for mount in state.rows(MountRow):
        content = state.content(mount.path, mount.kind, mount.owner)
        text = content.decode("utf-8", "replace")
        if is_in(text):
            state.vault.learn_disguised(mount.owner, [(("files", mount.path), text)])
            state.put([mount._replace(content=content)])
    texts = state.meta().texts
    state.set_meta(*(Value(name, texts[name]) for name in sorted(WITH_SECRETS & texts.keys())))


def _is_in_yaml(text: str, is_in: Callable[[str], bool]) -> bool:
    # Dollars are doubled for Compose, and then quotes for YAML.
    return is_in(text) or is_in(text.replace("''", "'").replace("$$", "$"))


def _finder(values: Iterable[str]) -> Callable[[str], bool]:
    @cache
    def spelled() -> tuple[set[str], Index]:
        # Not before there is a text to look at: the first run of a large project learns many, and has none.
        texts, index = {text for value in values for text in spellings(value)}, Index()
        for text in texts if len(texts) > _FEW else ():
            index.add(text, text)
        return texts, index

    def is_in(text: str) -> bool:
        texts, index = spelled()
        if len(texts) > _FEW:
            return next(index.found(text), None) is not None
        return any(one in text for one in texts)

    return is_in
