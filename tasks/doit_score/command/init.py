"""The verb ``init``: all is looked at before anything is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from doit_score import fetching
from doit_score.command import dockerignore, flags, gitignore, imports, sample, schemas
from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.inputs.load import Inputs
from doit_score.engine.run import Engine
from doit_score.engine.settings import Settings
from doit_score.engine.stages.project import check_name
from doit_score.options import DIRECTORIES, TARGETS
from doit_score.store import files
from doit_score.store.lock import locked
from doit_score.store.state import exists, open_state
from doit_score.text.light import TYPE_CHECKING
from doit_score.text.messages import Say

if TYPE_CHECKING:
    from types import SimpleNamespace

    from doit_score.fetching import Source


def run(chosen: SimpleNamespace, say: Say, take_over: Callable[[Settings], None]) -> None:
    """Makes the state directory, and what was asked for beside it; what another tool left is taken over."""
    if chosen.project is not None:
        check_name(chosen.project, "--project")
    provisioners, templates = _fetched(chosen)
    settings = flags.settings(chosen, patches=templates or None)
    take_over(settings)
    recalls = {} if chosen.configured else {"recalls_output": True}
    settings = flags.recalled(chosen, patches=templates or None, **recalls)
    # Provisioner files that cannot be read are told of now, not at the first generate.
    Catalogue(settings, Inputs({}), defaults=chosen.default_provisioners is not False).entries()
    if not chosen.no_sample:
        sample.check(chosen.file, settings.state_dir)
    if chosen.dockerignore is not None:
        dockerignore.check(chosen.dockerignore, settings)
    private = gitignore.private(settings, flags.remembered(chosen))
    if chosen.gitignore:
        gitignore.check(private)
    with locked(settings.state_dir, settings.lock_timeout, lambda text: say("warn", text)):
        _write_beside(chosen, settings, provisioners, private, say)
    engine = Engine(settings, say)
    if engine.is_initialised():
        say("info", f"found the state directory '{settings.state_dir}'")
    else:
        engine.init()


def _write_beside(
    chosen: SimpleNamespace, settings: Settings, provisioners: Sequence[Source], private: str, say: Say
) -> None:
    """Writes what `init` writes beside the state.  The lock must be held."""
    directory = DIRECTORIES[settings.target or TARGETS[0]]
    if exists(settings.state_dir):
        # One that cannot be used is told of before anything is written.
        with open_state(settings.state_dir, create=True):
            pass
    writer = files.Writer(settings.state_dir)
    # What an init that was killed has left.
    writer.sweep([os.path.dirname(chosen.file), directory])
    if not chosen.no_sample:
        sample.write(chosen.file, settings.state_dir, writer, say)
    schemas.write(settings.state_dir, writer)
    if chosen.dockerignore is not None:
        dockerignore.write(chosen.dockerignore, settings, writer, say)
    if chosen.gitignore:
        gitignore.write(private, settings, writer, say)
    else:
        gitignore.offer(private, say)
    for path in imports.take_in_provisioners(provisioners, directory, writer):
        say("info", f"took in provisioners as '{path}'")


def _fetched(chosen: SimpleNamespace) -> tuple[list[Source], tuple[tuple[str, str], ...]]:
    """The provisioner files, and the names and texts of the patch templates, that are to be taken in."""
    provisioners = fetching.fetch_all("provisioner", chosen.provisioners)
    imports.check_provisioners(provisioners)
    patches = fetching.fetch_all("patch template", chosen.patch_templates)
    return provisioners, tuple(imports.check_patch_template(source) for source in patches)
