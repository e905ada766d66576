"""How to reach what the resources of a project made, as their provisioners told it."""

from __future__ import annotations

import sys

from doit_score.engine import secrets
from doit_score.store.rows import ResourceRow
from doit_score.store.state import exists, open_state
from doit_score.text import canonical
from doit_score.text.messages import Say


def tell(state_dir: str, say: Say) -> None:
    """Says what the last run was told, without secrets: in the order of provisioning, a line at a time."""
    sys.stdout.flush()  # what was shown comes before it
    if not exists(state_dir):
        return
    with open_state(state_dir) as state:
        rows = sorted(state.rows(ResourceRow), key=lambda row: (row.level, row.uid))
        logs = [(row.uid, text) for row in rows for text in canonical.texts(row.logs)]
        mask = secrets.masking(state) if logs else str
    for uid, text in logs:
        for line in mask(text).splitlines():
            say("info", f"{uid}: {line}")
