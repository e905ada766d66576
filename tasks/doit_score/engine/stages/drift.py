"""Why a file is written or removed: what it is made of, and what was done to it by hand."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence

from doit_score.engine.stages.disk import Plan, Wanted
from doit_score.engine.stages.session import Session
from doit_score.engine.why.origins import Reason, of_parts, parsed_parts, some
from doit_score.engine.why.reasons import GONE, NEW, UNFINISHED, UNKNOWN
from doit_score.store import files
from doit_score.store.rows import REMOVALS, MountRow, OutputRow, ReasonRow, who

OUTPUT = "output"
"""The kind of origin that the Compose file has; its owner is empty, whatever its path."""


def by_hand(path: str, row: OutputRow) -> Reason | None:
    """What was done to a file or directory since it was written, None for nothing."""
    if not os.path.lexists(path):
        done = "was removed"
    elif os.path.islink(path):
        done = "was replaced by a symbolic link"
    elif not (os.path.isfile(path) or os.path.isdir(path)):
        done = "was replaced by what is no regular file"
    elif os.path.isdir(path) != (row.what == "directory"):
        done = f"was replaced by a {'directory' if os.path.isdir(path) else 'file'}"
    elif row.what == "file" and files.content_digest(files.read(path)[0]) != row.digest:
        done = "was edited"
    elif (mode := stat.S_IMODE(os.stat(path).st_mode)) != row.mode:
        done = f"was given another mode ({mode:04o}, not {row.mode:04o})"
    else:
        return None
    return Reason("by-hand", f"it {done} by hand")


def of_project(old: str, new: str, done: Sequence[ReasonRow], *, continues: bool) -> Iterator[Reason]:
    """Why the Compose file is another: parts of its own, and what was ``done`` to what is in it."""
    yield from of_parts(parsed_parts(old), parsed_parts(new)) if old else ()
    for kind, did in (
        ("workload", "rendered"),
        ("workload", "removed"),
        ("resource", "provisioned"),
        ("resource", "removed"),
    ):
        names = [row.name for row in done if (row.kind, row.did) == (kind, did)]
        if names:
            several = f"{kind}s" if len(names) > 1 else kind
            yield Reason(did, f"{several} {some(names)} {'was' if len(names) == 1 else 'were'} {did}")
    if continues:
        yield UNFINISHED


def of_mount(
    want: Wanted, row: OutputRow | None, done: Mapping[str, ReasonRow], owner: MountRow
) -> Iterator[Reason]:
    """Why a mount file or directory is written."""
    wanting = who(owner.kind, owner.owner)
    made = done.get(owner.owner)
    if want.what in REMOVALS:
        yield Reason("unwanted", f"{wanting} wants nothing there")
    elif row is None:
        yield Reason("new", f"{wanting} wants it")
    elif row.mode != want.mode and (row.what, row.digest) == (want.what, want.digest):
        yield Reason("mode", f"{wanting} wants it with mode {want.mode:04o}, not {row.mode:04o}")
    elif made is not None and made.kind == owner.kind:
        yield Reason(made.did, f"{wanting} was {made.did}")
    else:
        yield Reason("owner", f"what {wanting} wants there counts now")


def note(
    session: Session,
    plan: Plan,
    recorded: Mapping[str, OutputRow],
    mounts: Mapping[str, MountRow],
    parts: str | None = None,
) -> None:
    """Notes why files are about to be written and removed.

    ``mounts`` has who wants what below the mounts directory, ``parts`` what the Compose file is made of,
    if that may have changed.
    """
    if not (plan.to_write or plan.in_the_way or plan.unwanted):
        return
    state, journal = session.state, session.journal
    done = state.rows(ReasonRow) if state.meta().reasons_open else []
    why = Files(plan, recorded, done, continues=journal.continues)
    for path, want in plan.to_write.items():
        if session.target.has_file(session.settings.output, path):
            origin = state.origin(OUTPUT, "")
            before = origin.parts if origin else ""
            reasons = why.project(path, want, before, before if parts is None else parts)
        else:
            reasons = why.mount(path, want, mounts[path.removeprefix(f"{session.mounts}{os.sep}")])
        did = "restored" if path in plan.restored else "removed" if want.what in REMOVALS else "wrote"
        journal.note("file", path, did, reasons)
    for row in (*plan.in_the_way, *plan.unwanted):
        if row.path not in plan.to_write:
            journal.note("file", row.path, "removed", [GONE])


class Files:
    """The reasons for what a plan is going to do to each path; to be asked before it is done."""

    def __init__(
        self, plan: Plan, recorded: Mapping[str, OutputRow], done: Iterable[ReasonRow], *, continues: bool
    ) -> None:
        self._recorded = recorded
        self._continues = continues
        self._done = list(done)
        self._made = {row.name: row for row in self._done}
        self._by_hand = {}
        for path, want in plan.to_write.items():
            row = recorded.get(path)
            if row is not None and not row.is_intended and (reason := by_hand(want.place(path), row)):
                self._by_hand[path] = reason

    def mount(self, path: str, want: Wanted, owner: MountRow) -> list[Reason]:
        """Why the mount file at ``path`` is written."""
        row = self._recorded.get(path)
        if self._is_as_recorded(row, want):
            return self._hand(path, [UNFINISHED if self._continues else UNKNOWN])
        return [*of_mount(want, row, self._made, owner), *self._hand(path, [])]

    def project(self, path: str, want: Wanted, old: str, new: str) -> list[Reason]:
        """Why the Compose file is written, of which the parts were ``old`` and are ``new``."""
        row = self._recorded.get(path)
        if self._is_as_recorded(row, want):
            return self._hand(path, [UNFINISHED if self._continues else UNKNOWN])
        if not old:
            return [NEW]
        found = list(of_project(old, new, self._done, continues=self._continues))
        if row is None:
            found.insert(0, NEW)
        return [*found, *self._hand(path, [])] or [UNKNOWN]

    def _is_as_recorded(self, row: OutputRow | None, want: Wanted) -> bool:
        return row is not None and (row.what, row.mode, row.digest) == (want.what, want.mode, want.digest)

    def _hand(self, path: str, otherwise: list[Reason]) -> list[Reason]:
        reason = self._by_hand.get(path)
        return otherwise if reason is None else [reason]
