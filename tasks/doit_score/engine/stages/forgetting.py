"""Dropping what is kept for the return of what is no longer in the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from doit_score.engine.shared.contributions import Shared
from doit_score.engine.stages.session import Session
from doit_score.engine.why.origins import some
from doit_score.store.meta import Meta
from doit_score.store.rows import KeptRow
from doit_score.text import words
from doit_score.text.light import NamedTuple


class Forgotten(NamedTuple):
    """What was dropped: the uids of resources, paths in the shared state, and Score files."""

    resources: tuple[str, ...]
    shared: tuple[str, ...]
    files: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """What was dropped, for people."""
        if self.resources:
            what = words.count(self.resources, "removed resource")
            yield f"forgot the values of {what}: {', '.join(self.resources)}"
        if self.shared:
            yield f"forgot {words.count(self.shared, 'past value')} of the shared state: {some(self.shared)}"
        if self.files:
            what = words.count(self.files, "missing Score file")
            yield f"forgot what was said of {what}: {', '.join(self.files)}"
        if not any(self):
            yield "there was nothing to forget"


def forget(session: Session) -> Forgotten:
    """Drops generated values of resources that are not in the project, from the attic what is not in the
    shared state, and the Score files that were given once and are gone.

    Belongs into the last transaction of a run, since only a run that is complete knows what is in use.
    """
    state, meta = session.state, session.state.meta()
    kept = [row.uid for row in state.rows(KeptRow) if row.uid not in session.resources]
    state.drop(KeptRow, kept)
    rows = sorted(session.resources.values(), key=lambda row: (row.level, row.uid))
    patches = {row.uid: row.patch for row in rows}
    now = Shared([*patches], patches, {}, meta.base).attic()
    state.set_meta(Meta.attic.to(now))
    if state.vault is not None:
        from doit_score.store import apart

        apart.forget(state, state.vault)
    # Whoever calls this stores the Score files that are given; those that are absent are not.
    return Forgotten(tuple(kept), tuple(_lacking(meta.attic, now)), tuple(sorted(session.loaded.absent)))


def _lacking(before: Mapping[str, object], now: Mapping[str, object], above: str = "") -> Iterator[str]:
    """The paths of what ``now`` has no longer."""
    for key, value in before.items():
        path, present = f"{above}{key}", now.get(key)
        if isinstance(value, Mapping) and isinstance(present, Mapping):
            yield from _lacking(value, present, f"{path}.")
        elif key not in now:
            yield path
