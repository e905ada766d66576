"""Templates rendered in one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from doit_score.templating.go.compile import compile_go
from doit_score.templating.roots import patch_root, provisioner_root
from doit_score.templating.values import Struct

_ROOTS: Mapping[str, Callable[[Mapping[str, object]], Struct]] = {
    "provisioner": partial(provisioner_root, more=("ComposeProjectName", "MountsDirectory")),
    "patch": patch_root,
}


def render_go(source: str, data: object, root: str = "map") -> str:
    """What the Go template ``source`` prints for ``data``, a mapping that is laid out as ``root`` says."""
    return compile_go(source).render(_ROOTS[root](data) if root in _ROOTS else data)  # type: ignore[arg-type]  # a mapping
