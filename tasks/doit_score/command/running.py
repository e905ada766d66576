"""The verbs that act on what runs: `up`, `down`, `status`, `logs`, `exec` and `restart`."""

from __future__ import annotations

from doit_score.command import flags
from doit_score.running import Lines, Wanted, reaching, verbs
from doit_score.text import messages
from doit_score.text.light import TYPE_CHECKING
from doit_score.text.messages import Say

if TYPE_CHECKING:
    from types import SimpleNamespace

    from doit_score.running import Verbs


def run(chosen: SimpleNamespace, say: Say) -> int:
    """Does what was asked for; returns the exit status."""
    if chosen.command == "up":
        _up(chosen, say)
        return 0
    found = project(chosen, say)
    if chosen.command == "exec":
        return found.exec(chosen.name, chosen.words, terminal=not chosen.no_tty)
    if chosen.command == "down":
        found.down(volumes=chosen.volumes, force=chosen.force, timeout=chosen.timeout)
    elif chosen.command == "restart":
        found.restart(chosen.names, timeout=chosen.timeout)
    elif chosen.command == "logs":
        found.logs(chosen.names, Lines(*(getattr(chosen, name) for name in Lines._fields)))
    else:
        found.show_status(chosen.format)
        reaching.tell(chosen.state_dir, say)
    return 0


def _up(chosen: SimpleNamespace, say: Say) -> None:
    from doit_score.engine.run import Engine

    # What is not for the target is told before anything is generated.
    flags.recalled(chosen)
    flags.check_named(chosen)
    Engine(flags.settings(chosen), say).update(is_all=False)
    found = project(chosen, say)
    wanted = Wanted(*(getattr(chosen, name) for name in Wanted._fields))
    if found.is_current(wanted):
        found.describe()
    else:
        found.up(wanted)
    reaching.tell(chosen.state_dir, say)


def project(chosen: SimpleNamespace, say: Say) -> Verbs:
    """The project that is meant, as it can be run."""
    terminal = not chosen.quiet and messages.seen()
    return verbs(flags.recalled(chosen), say, terminal=terminal)
