"""The verbs below `provisioners`: what entries there are, what they do, and what can be said in them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from doit_score.command import flags
from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.inputs.load import Inputs
from doit_score.store.state import exists, open_state
from doit_score.text.light import TYPE_CHECKING

if TYPE_CHECKING:
    from types import SimpleNamespace

    from doit_score.text.messages import Say


def run(chosen: SimpleNamespace, say: Say) -> int:
    """Does what was chosen; returns the exit status."""
    return _VERBS[chosen.command.removeprefix("provisioners ")](chosen, say)


def catalogue(chosen: SimpleNamespace, *, defaults: bool | None = None) -> Catalogue:
    """The provisioners of the project, or of one that is still to be set up."""
    settings = flags.settings(chosen)
    if exists(settings.state_dir):
        with open_state(settings.state_dir) as state:
            meta = state.meta()
            settings = settings.recalled(meta)
            defaults = meta.default_provisioners if defaults is None else defaults
    return Catalogue(settings, Inputs({}), defaults=defaults is not False)


def _list(chosen: SimpleNamespace, say: Say) -> int:
    from doit_score.answers import listing
    from doit_score.provisioning.match import shadows

    known = catalogue(chosen)
    entries = known.entries()
    listed = list(zip(entries, shadows(entries), strict=True))
    # The built-in one comes last, and with the shipped ones only, as score-compose shows none.
    listed = listed if known.has_defaults else listed[:-1]
    sys.stdout.write(listing.provisioners(listed, chosen.format))
    return 0


def _show(chosen: SimpleNamespace, say: Say) -> int:
    from doit_score.command import ejection

    sys.stdout.write(ejection.shown(ejection.of_type(catalogue(chosen).entries(), chosen.type)))
    return 0


def _try(chosen: SimpleNamespace, say: Say) -> int:
    from doit_score.command import trial

    return trial.run(chosen, catalogue(chosen))


def _eject(chosen: SimpleNamespace, say: Say) -> int:
    from doit_score.command import ejection, schemas
    from doit_score.store import files

    # A project that does without the shipped ones may still want one of them.
    entry = ejection.of_type(catalogue(chosen, defaults=True).entries(), chosen.type)[0]
    writer = files.Writer(chosen.state_dir)
    path = ejection.eject(entry, [*catalogue(chosen).images()], chosen.state_dir, writer)
    if exists(chosen.state_dir):
        schemas.write(chosen.state_dir, writer)
    say("info", f"wrote '{path}': it counts from the next run on")
    return 0


def _explain(chosen: SimpleNamespace, say: Say) -> int:
    from doit_score.command import explain

    sys.stdout.write(explain.text(chosen.topics))
    return 0


_VERBS: Mapping[str, Callable[[SimpleNamespace, Say], int]] = {
    "list": _list,
    "show": _show,
    "try": _try,
    "eject": _eject,
    "explain": _explain,
}
