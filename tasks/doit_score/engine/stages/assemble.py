"""The project put together, in memory: what the third stage is to write, and what it is made of."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import partial

from doit_score.engine import secrets
from doit_score.engine.inputs import discover
from doit_score.engine.inputs.environment import Environment, noted, visible
from doit_score.engine.inputs.load import Loaded
from doit_score.engine.settings import Settings
from doit_score.engine.stages import conflicts
from doit_score.engine.stages.contexts import of_contexts
from doit_score.engine.stages.patches import patched, templates
from doit_score.engine.stages.records import mount_rows
from doit_score.engine.stages.rendering import ROLE_SOURCE
from doit_score.engine.stages.repository import of_repository
from doit_score.engine.stages.session import Session
from doit_score.engine.why.origins import joined, part
from doit_score.options import PROVISIONERS, WORKLOADS, sayer
from doit_score.score.resources import merge
from doit_score.store.meta import Meta, Value
from doit_score.store.rows import EntryRow, MountRow, ResourceRow
from doit_score.targets import Whole
from doit_score.text import canonical
from doit_score.text.errors import Problem
from doit_score.text.light import dataclass
from doit_score.version import __version__


@dataclass(frozen=True, slots=True)
class Made:
    """What is to be written: the text of the project, and what is wanted below the mounts directory.

    A narrow run has only those ``mounts`` that it looked at.  The rest is of whole runs: ``variables`` are
    the environment variables that the project refers to, ``parts`` what the text is made of beside the
    entries (see engine/why/origins.py), ``noted`` what is to be remembered in meta.
    """

    text: bytes
    warnings: tuple[Problem, ...]
    mounts: Mapping[str, MountRow]
    variables: frozenset[str] = frozenset()
    parts: str | None = None
    noted: tuple[Value, ...] = ()


def assembled(session: Session) -> Made:
    """The whole project.  Raises ScoreError for what the target would refuse."""
    state, settings, loaded, resources = session.state, session.settings, session.loaded, session.resources
    meta = state.meta()
    options = session.options
    entries, of_entries = conflicts.winners(state.rows(EntryRow), resources)
    whole = Whole(
        facts={name: row.facts for name, row in loaded.workloads.items()},
        outputs={uid: row.outputs for uid, row in resources.items()},
        options=options,
        image=session.catalogue.image,
        secret_files=session.secret_files,
    )
    own = mount_rows("tool", "", session.target.mounts(whole))
    mounts, of_mounts = conflicts.winning_mounts((*state.rows(MountRow), *own), resources)
    text, found = session.target.assemble(entries, whole)
    clashes = [*of_entries, *of_mounts, *conflicts.of_shared(resources.values())]
    environment = Environment(settings.environment)
    unpatched = text
    with visible(environment):
        text, found = patched(session, text, found, entries, meta)
    contexts = session.target.contexts(entries, None if text is unpatched else text)
    needs = merge(loaded.declared) if clashes else {}
    every = [
        *found,
        *conflicts.conflict_warnings(clashes, needs, session.catalogue),
        *_of_globs(settings),
        *of_repository(settings.state_dir, session.inputs),
        *of_contexts(contexts, settings, session.inputs),
        *session.catalogue.unused_images(),
    ]
    warnings = secrets.without(every, partial(secrets.masking, state))
    parts = _parts(session, meta, environment)
    _look_at_unused(session, resources)
    read = _environment(loaded, resources)
    variables = {name for row in loaded.workloads.values() for name in canonical.texts(row.variables)}
    return Made(
        text=text.encode(),
        warnings=warnings,
        mounts=mounts,
        variables=frozenset({*variables, *read}),
        parts=parts,
        noted=(
            Meta.environment.to({**read, **environment.note()}),
            Meta.publish.to(options.publish),
            Meta.start_order.to(options.start_order),
            Meta.probes.to(options.probes),
            Meta.namespace.to(options.namespace),
            Meta.generate_namespace.to(options.generate_namespace),
            Meta.format.to(options.format),
            Meta.secrets.to(options.secrets),
            Meta.output.to(meta.output if settings.output == "-" else settings.output),
            Meta.task.to(settings.task),
            Meta.config.to(settings.config),
            Meta.counts.to((len(loaded.workloads), len({d.uid for d in loaded.declared}))),
            Meta.checked.to(warnings),
        ),
    )


def _of_globs(settings: Settings) -> Iterator[Problem]:
    """Warnings of globs in a dodo.py that match nothing, other than the usual ones."""
    named = {"workloads": settings.workloads or (), "provisioners": settings.provisioner_globs}
    for name, patterns in named.items():
        for pattern in patterns:
            if pattern not in (*WORKLOADS, *PROVISIONERS) and not any(discover.matches([pattern])):
                hint = f"{sayer()} names it: is it misspelt?"
                yield Problem(f"{name}: nothing matches {pattern!r}", hint=hint)


def _parts(session: Session, meta: Meta, read: Environment) -> str:
    settings = session.settings
    found = [
        part("tool", __version__),
        part("project", meta.project),
        part("output", settings.output),
        part("workloads", ", ".join(settings.workloads or ())),
        part("publish", ", ".join(session.options.publish)),
        part("secrets", session.options.secrets),
    ]
    found += [part(f"patch {name}", canonical.digest(text)) for name, text in templates(session, meta)]
    found += [part(f"variable {name}", digest) for name, digest in read.note().items()]
    return joined(found)


def _look_at_unused(session: Session, resources: Mapping[str, ResourceRow]) -> None:
    """Counts among the inputs what went into that which is up to date: sources of files, programs."""
    loaded, inputs = session.loaded, session.inputs
    for row in loaded.workloads.values():
        for source in canonical.texts(row.sources):
            if os.path.isfile(source):
                inputs.digest(source, ROLE_SOURCE)
    if any(row.runs_command for row in resources.values()):
        for need in merge(loaded.declared).values():
            session.catalogue.digest(need)


def _environment(loaded: Loaded, resources: Mapping[str, ResourceRow]) -> dict[str, str]:
    """Every environment variable that workloads and provisioners looked at."""
    found: dict[str, str] = {}
    for row in loaded.workloads.values():
        if row.environment != "{}":
            found.update(noted(row.environment))
    for resource in resources.values():
        if '"environment"' in resource.reads:
            read = canonical.mapping(resource.reads).get("environment", {})
            found.update(read if isinstance(read, dict) else {})
    return found
