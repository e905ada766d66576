"""What the state knows of a project that is run by Docker Compose: whose each service is, what `up` left."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from doit_score.engine import secrets
from doit_score.engine.settings import Settings
from doit_score.running import naming
from doit_score.running.look import Mounted
from doit_score.running.record import Record
from doit_score.running.status import TOOL, Owner
from doit_score.store.lock import locked
from doit_score.store.meta import Meta
from doit_score.store.rows import EntryRow, OutputRow
from doit_score.store.state import exists, open_state
from doit_score.targets.compose.project import value_of, wait_entry
from doit_score.text.light import asdict
from doit_score.text.messages import Say
from doit_score.text.secrets import MASK, Masking, secrets_of


class Known:
    """The state of one project; nothing is known where there is none."""

    def __init__(self, settings: Settings, say: Say) -> None:
        self._settings = settings
        self._say = say
        self._mask: Masking | None = None

    def meta(self) -> Meta:
        """What is remembered of the project as a whole."""
        if not exists(self._settings.state_dir):
            return Meta({})
        with open_state(self._settings.state_dir) as state:
            return state.meta()

    def record(self) -> Record:
        """What the last good `up` noted."""
        return Record.stored(self.meta().running)

    def note(self, record: Record) -> None:
        """Has that noted.  Writes nothing where it is known."""
        values = asdict(record)
        if values == self.meta().running:
            return
        settings = self._settings
        with (
            locked(settings.state_dir, settings.lock_timeout, partial(self._say, "warn")),
            open_state(settings.state_dir) as state,
            state.transaction(),
        ):
            state.set_meta(Meta.running.to(values))

    def mounted(self) -> Mounted:
        """The files that were written for mounting."""
        if not exists(self._settings.state_dir):
            return Mounted({})
        with open_state(self._settings.state_dir) as state:
            written = [row for row in state.rows(OutputRow) if row.what == "file"]
        return Mounted({os.path.abspath(row.path): row.ctime_ns / 1e9 for row in written})

    def owners(self) -> dict[str, Owner]:
        """Who brought a service."""
        if not exists(self._settings.state_dir):
            return {}
        with open_state(self._settings.state_dir) as state:
            entries = state.rows(EntryRow, without=("text",))
        found: dict[str, set[str]] = {}
        kinds: dict[str, str] = {}
        for entry in entries:
            if entry.section == "services":
                found.setdefault(entry.name, set()).add(entry.owner)
                kinds[entry.name] = entry.kind
        owned = {name: Owner(kinds[name], tuple(sorted(owners))) for name, owners in found.items()}
        return {**owned, **{entry.name: TOOL for entry in wait_entry(entries)}}

    def who(self, service: str) -> str:
        """A service for messages."""
        owner = self.owners().get(service)
        return f"service '{service}' of {owner}" if owner else f"service '{service}'"

    def services(self, names: Sequence[str], others: Iterable[str] = ()) -> list[str]:
        """The services that are meant, of those that were generated and of ``others``.

        Raises ScoreError for a name that means none.
        """
        parts: dict[str, tuple[str, ...]] = {name: (name,) for name in others}
        parts |= {service: (service, *owner.names) for service, owner in self.owners().items()}
        return naming.meant(names, parts, "a service")

    def masked(self, text: str) -> str:
        """``text`` without the secrets of the project."""
        if self._mask is None:
            known: set[str] = set()
            if exists(self._settings.state_dir):
                with open_state(self._settings.state_dir) as state:
                    entries = [entry for entry in state.rows(EntryRow) if entry.section == "services"]
                    known = secrets.known(state) | secrets_of(*map(_environment, entries))
            self._mask = Masking(dict.fromkeys(known, MASK))
        return self._mask(text)


def _environment(service: EntryRow) -> Mapping[str, object]:
    found = value_of(service).get("environment")
    return found if isinstance(found, Mapping) else {}
