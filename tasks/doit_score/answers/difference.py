"""What `generate`, or `up` in a cluster, would change: printed as a unified diff, as JSON or by names."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from doit_score.answers import unified
from doit_score.engine.difference import Difference, difference
from doit_score.engine.settings import Settings, not_for
from doit_score.text import terminal, words
from doit_score.text.messages import Say
from doit_score.text.tables import answer

_KEYS = ("Kind", "Name", "Would", "Diff")


def tell(
    settings: Settings,
    say: Say,
    *,
    live: Settings | None = None,
    commands: bool = False,
    format_: str = "text",
) -> bool:
    """Prints what a run with ``settings`` would change; whether it would change anything, or cannot tell.

    With ``live``, the settings of a project whose target is known, it is what `up` would change in the
    cluster.  Without ``commands`` none is started.  ``format_`` is ``text``, ``json`` or ``name``.  Raises
    ScoreError where `generate` would.
    """

    def warn(level: str, text: str) -> None:
        if level == "warn":  # the rest tells what was done, and nothing is
            say(level, text)

    if live is not None and live.target != "kubernetes":
        raise not_for("--live", "kubernetes", live.target)
    found = difference(settings, warn, commands=commands)
    told = list(_of_files(found) if live is None else _of_cluster(live, warn, found))
    if format_ == "text":
        text = words.harmless("".join(text for *_, text in told))
        sys.stdout.write(unified.in_colour(text) if terminal.stdout_has_colour() else text)
    else:
        told += (("command", uid, "run", "") for uid in found.held)
        sys.stdout.write(
            answer(
                format_,
                table=str,
                records=lambda: [dict(zip(_KEYS, one, strict=True)) for one in told],
                names=lambda: [name for _, name, *_ in told],
            )
        )
    for uid in found.held:
        say(
            "warn",
            f"`generate` would run the command of resource '{uid}', which diff does not: what is shown is "
            "for what it returned before (--run-commands runs it)",
        )
    return bool(told or found.held)


def _of_files(found: Difference) -> Iterator[tuple[str, str, str, str]]:
    for change, text in zip(found.changes, unified.texts_of(found), strict=True):
        if text:
            yield change.what, change.path, change.would, text


def _of_cluster(live: Settings, say: Say, found: Difference) -> Iterator[tuple[str, str, str, str]]:
    from doit_score.running.cluster.project import ClusterProject

    for one in ClusterProject(live, say, found).live_difference():
        yield "object", one.object, one.would, one.text
