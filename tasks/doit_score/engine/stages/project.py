"""What is decided once for a project: its name, and whether the shipped provisioners count."""

from __future__ import annotations

import os

from doit_score.engine.settings import Settings
from doit_score.store.meta import Meta, Value
from doit_score.text.errors import ScoreError


def check_name(name: str, what: str = "project") -> str:
    """``name``, if Compose takes it as the name of a project; else ScoreError, which calls it ``what``."""
    import re

    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise ScoreError(
            f"invalid value {name!r} for {what}: it must match ^[a-z0-9][a-z0-9_-]*$",
            hint="use lower case letters, digits, '-' and '_', and begin with a letter or digit",
        )
    return name


def name_of_directory(directory: str) -> str:
    """The project name that a directory gives: its own name, cleaned as Compose does.

    Lower case, and without every character that a name must not have (cases commands-34, commands-36).
    A directory that leaves nothing over gives ``project``.
    """
    import re

    cleaned = re.sub(r"[^a-z0-9_-]", "", os.path.basename(os.path.abspath(directory)).lower())
    return cleaned.lstrip("_-") or "project"


def choose(settings: Settings, meta: Meta) -> list[Value]:
    """The project's values: what the caller says, else what is remembered, else what is usual."""
    # A remembered name may be one that score-compose let pass (case commands-93-generate-state-project-name).
    name = check_name(settings.project) if settings.project else meta.project or name_of_directory(".")
    defaults = settings.default_provisioners
    if defaults is None:
        defaults = meta.default_provisioners
    chosen = [
        Meta.project.to(name),
        Meta.default_provisioners.to(defaults),
        Meta.target.to(settings.recalled(meta).target or ""),
    ]
    # Who says what the project is owns it from the start; flags alone take nobody's place here.
    chosen += [Meta.task.to(settings.task)] if settings.task else []
    chosen += [Meta.config.to(settings.config)] if settings.config else []
    if settings.patches is not None:
        chosen.append(Meta.patch_templates.to(settings.patches))
    return chosen
