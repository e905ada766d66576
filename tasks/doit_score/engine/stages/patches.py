"""Patch templates: the last word on the Compose project."""

from __future__ import annotations

from collections.abc import Sequence

from doit_score.engine.inputs.load import Inputs, Loaded, Workloads
from doit_score.engine.settings import Settings
from doit_score.store.meta import Meta
from doit_score.text import yaml12
from doit_score.text.errors import Problem, ScoreError

ROLE = "patch"
JINJA_SUFFIX = ".j2"


def patched(
    text: str,
    settings: Settings,
    meta: Meta,
    inputs: Inputs,
    loaded: Loaded,
    workloads: Workloads,
) -> tuple[str, list[Problem]]:
    """The text of the project after all patch templates, and warnings; without any, ``text`` itself.

    A template gets the project as ``Compose`` and the Score documents as ``Workloads``, and prints a
    list of operations.  One whose name ends in ``.j2`` is Jinja2 (``compose``, ``workloads``).
    """
    found = templates(settings, meta, inputs)
    if not found:
        return text, []
    from doit_score.targets.compose.patch import apply_patches
    from doit_score.targets.compose.project import dump_project

    compose = yaml12.load(text)
    assert isinstance(compose, dict)
    documents: dict[str, object] = {
        name: dict(workloads.parsed(name).workload.document) for name in sorted(loaded.workloads)
    }
    warnings: list[Problem] = []
    for name, source in found:
        try:
            printed = _render(name, source, compose, documents, hermetic=settings.hermetic)
            compose, noticed = apply_patches(compose, yaml12.load(printed), name)
        except ScoreError as error:
            raise ScoreError.of(
                Problem(f"patch template: {p.message}", p.path or name, p.line, p.column, p.hint)
                for p in error.problems
            ) from None
        warnings += noticed
    return dump_project(compose), warnings


def templates(settings: Settings, meta: Meta, inputs: Inputs) -> Sequence[tuple[str, str]]:
    """The templates by name: those of the settings are files, those of the state were given to ``init``."""
    if settings.patch_templates is None:
        return meta.patch_templates
    return [(path, inputs.text(path, ROLE).decode("utf-8", "replace")) for path in settings.patch_templates]


def _render(
    name: str, source: str, compose: dict[str, object], documents: dict[str, object], *, hermetic: bool
) -> str:
    if name.endswith(JINJA_SUFFIX):
        from doit_score.templating.jinja.run import render_jinja

        return render_jinja(source, {"compose": compose, "workloads": documents}, hermetic=hermetic)
    from doit_score.templating import render_go

    return render_go(source, {"Compose": compose, "Workloads": documents}, root="patch")
