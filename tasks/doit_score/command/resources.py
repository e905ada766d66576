"""The verbs below `resources`: what there is of them, as the state has it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from doit_score.answers import listing
from doit_score.command import flags
from doit_score.score.resources import merge
from doit_score.store.rows import ResourceRow
from doit_score.store.state import State, open_state
from doit_score.text import words
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING

if TYPE_CHECKING:
    from types import SimpleNamespace

    from doit_score.score.resources import Declaration
    from doit_score.text.messages import Say


def run(chosen: SimpleNamespace) -> int:
    """Does what was chosen; returns the exit status."""
    sys.stdout.write(_VERBS[chosen.command.removeprefix("resources ")](chosen))
    return 0


def rows(state: State) -> dict[str, ResourceRow]:
    """The resources of the project by uid."""
    return {row.uid: row for row in state.rows(ResourceRow)}


@contextmanager
def opened(chosen: SimpleNamespace) -> Iterator[State]:
    """The state, as one commit left it, if it is not damaged."""
    with open_state(flags.settings(chosen).state_dir) as state, state.snapshot():
        state.check()
        yield state


def _list(chosen: SimpleNamespace) -> str:
    with opened(chosen) as state:
        return listing.resources(rows(state).values(), _users(state.needs()), chosen.format)


def tell_places(chosen: SimpleNamespace, say: Say) -> None:
    """Says which provisioner made each resource, and where that is."""
    from doit_score.command import provisioners

    known = provisioners.catalogue(chosen)
    with opened(chosen) as state:
        needs = merge(state.needs())
        for row in sorted(rows(state).values(), key=lambda row: (row.level, row.uid)):
            entry = known.entry(needs[row.uid]) if row.uid in needs else None
            place = f" ({listing.at(listing.place(entry))})" if entry and entry.uri == row.provisioner else ""
            say("debug", f"resource '{row.uid}' is of provisioner {row.provisioner}{place}")


def _users(declared: list[Declaration]) -> dict[str, list[str]]:
    """The workloads that declare each resource."""
    found: dict[str, set[str]] = {}
    for one in declared:
        found.setdefault(one.uid, set()).add(one.workload)
    return {uid: sorted(workloads) for uid, workloads in found.items()}


def _show(chosen: SimpleNamespace) -> str:
    from doit_score.command import provisioners, showing
    from doit_score.engine.secrets import masking
    from doit_score.text.secrets import Unmasked

    with opened(chosen) as state:
        row = _row(state, chosen.uid)
        found = showing.record(state, row, provisioners.catalogue(chosen))
        mask = Unmasked() if chosen.show_secrets else masking(state)
    return showing.shown(found, mask, chosen.format)


def _get_outputs(chosen: SimpleNamespace) -> str:
    with opened(chosen) as state:
        return listing.outputs(_row(state, chosen.uid), chosen.format)


def _row(state: State, uid: str) -> ResourceRow:
    known = rows(state)
    if uid not in known:
        hint = words.near(uid, known, "`doit-score resources list` shows what there is")
        raise ScoreError(f"no such resource '{uid}'", hint=hint)
    return known[uid]


_VERBS: Mapping[str, Callable[[SimpleNamespace], str]] = {
    "list": _list,
    "show": _show,
    "get-outputs": _get_outputs,
}
