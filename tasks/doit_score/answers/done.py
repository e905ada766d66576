"""What a run of `generate` has done: printed as JSON or by names, as `why` does."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from doit_score.answers import listing
from doit_score.engine.why.answer import ordered
from doit_score.engine.why.standing import standing
from doit_score.store.rows import ReasonRow
from doit_score.store.state import open_state


def tell(state_dir: str, did: Iterable[ReasonRow], format_: str) -> None:
    """Prints what the run that noted ``did`` has done; ``format_`` is ``json`` or ``name``."""
    with open_state(state_dir) as state:
        sys.stdout.write(listing.reasons(ordered(did), standing(state), format_))
