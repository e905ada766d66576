"""The arguments of ``Score(...)`` as type checkers and editors see them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

from doit_score.text.light import Literal, TypeAlias

Image: TypeAlias = "str | tuple[str, str] | Callable[..., object]"
Path: TypeAlias = "str | os.PathLike[str]"
Texts: TypeAlias = "Path | Sequence[Path]"


class Arguments(TypedDict, total=False):
    """What a type checker knows of the arguments of ``Score(...)``; options.py tells what they mean."""

    workloads: Texts | None
    provisioners: Texts | None
    default_provisioners: bool
    target: Literal["compose", "kubernetes"] | None
    output: Path | None
    state_dir: Path | None
    project: str | None
    builds: Mapping[str, str | Mapping[str, object]] | None
    images: Mapping[str, Image] | None
    overrides: Mapping[str, Path | Mapping[str, object]] | None
    publish: Texts | None
    patch_templates: Texts | None
    env: Mapping[str, str] | None
    strict: bool
    hermetic: bool
    lock_timeout: float
    start_order: Literal["wait", "direct"] | None
    probes: Literal["exec", "http"] | None
    namespace: str | None
    generate_namespace: bool
    context: str | None
    format: Literal["yaml", "kyaml"] | None
    secrets: Literal["together", "separate"] | None
    subtasks: Texts | None
    task_dep: Texts | None
