"""The files that are named, not matched: somebody insists on them."""

from __future__ import annotations

import os
from collections.abc import Iterable

from doit_score.engine.inputs import discover
from doit_score.engine.settings import Settings
from doit_score.options import WORKLOADS, sayer
from doit_score.text.errors import Problem, ScoreError


def named(settings: Settings) -> tuple[str, ...]:
    """Those that are named, sorted; without the score.yaml that nobody asked for."""
    usual = WORKLOADS if settings.workloads == WORKLOADS else ()
    patterns = {*(settings.workloads or ()), *settings.provisioner_globs} - {*usual}
    overrides = {o.overrides_file for o in settings.overrides.values() if o.overrides_file}
    templates = settings.patch_templates or ()
    said = {pattern for pattern in patterns if not discover.is_magic(pattern)}
    return tuple(sorted({*said, *settings.overrides, *overrides, *templates}))


def check(paths: Iterable[str]) -> None:
    """Raises ScoreError for those of ``paths``, which are named, that are not there."""
    message = f"there is no such file, but {sayer()} names it"
    ScoreError.raise_for([Problem(message, path=path) for path in paths if not os.path.exists(path)])
