"""Patch templates: the last word on the project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from doit_score.engine.stages.outputs import outputs_of
from doit_score.engine.stages.session import Session
from doit_score.score.placeholders import Context, substitute
from doit_score.store.meta import Meta
from doit_score.store.rows import EntryRow
from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError

ROLE = "patch"


def patched(
    session: Session, text: str, warnings: tuple[Problem, ...], entries: Iterable[EntryRow], meta: Meta
) -> tuple[str, tuple[Problem, ...]]:
    """The text of the project after all patch templates, and warnings; without any, what was given."""
    found = templates(session, meta)
    if not found:
        return text, warnings
    from doit_score.templating.functions import SUBSTITUTE

    parsed = session.workloads.parsed
    documents = {name: dict(parsed(name).workload.document) for name in sorted(session.loaded.workloads)}
    token = SUBSTITUTE.set(lambda workload, text: _substituted(session, workload, text))
    try:
        return session.target.patched(
            text,
            entries,
            found,
            documents,
            options=session.options,
            mounts_directory=session.mounts_directory,
            hermetic=session.settings.hermetic,
        )
    finally:
        SUBSTITUTE.reset(token)


def _substituted(session: Session, workload: str, text: str) -> str:
    """``text`` with its placeholders replaced as in the Score file of ``workload``."""
    loaded = session.loaded
    if workload not in loaded.workloads:
        hint = words.near(workload, loaded.workloads)
        raise ScoreError(f"there is no workload '{workload}': {hint}")
    outputs = {
        one.name: outputs_of(session.resources.get(one.uid), session.settings.environment, session.target)
        for one in loaded.declared
        if one.workload == workload
    }
    metadata = session.workloads.parsed(workload).workload.metadata
    return substitute(text, Context(metadata, outputs), deferred=True)


def has_templates(session: Session, meta: Meta) -> bool:
    """Whether there are any, without a look at them."""
    given = session.settings.patch_templates
    return bool(given if given is not None else meta.patch_templates)


def templates(session: Session, meta: Meta) -> Sequence[tuple[str, str]]:
    """The templates by name: those of the settings are files, those of the state were given to ``init``."""
    given = session.settings.patch_templates
    if given is None:
        return meta.patch_templates
    return [(path, decoded(session.inputs.text(path, ROLE), path)) for path in given]


def decoded(content: bytes, name: str) -> str:
    """The text of the patch template ``name``; ScoreError if it is none."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise ScoreError("patch template: is no text in UTF-8", path=name, hint="save it as UTF-8") from None
