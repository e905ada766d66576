"""What the last run did, and why: printed as a table or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from doit_score.answers import listing
from doit_score.engine.why import answer
from doit_score.store.state import open_state
from doit_score.text import messages
from doit_score.text.messages import Say


def tell(state_dir: str, names: Sequence[str], format_: str, say: Say) -> None:
    """Prints it of what is named, or of all to which something was done.

    ``format_`` is ``table``, ``json`` or ``name``.  Raises ScoreError if there is no state, or nothing of
    such a name.
    """
    with open_state(state_dir) as state, state.snapshot():
        state.check()
        found = answer.look_up(state, names)
    if found.rows or format_ != "table":
        sys.stdout.write(listing.reasons(found.rows, found.warnings, format_))
    for level, text in found.lines:
        say(level, text)
    for one in found.warnings if format_ == "table" else ():
        say("warn", messages.text_of(one.problem))
