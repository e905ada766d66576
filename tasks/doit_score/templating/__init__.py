"""Templates: Go's text/template with sprig's functions, and Jinja2 with the same functions.

Nothing heavy is imported before a template is rendered.
"""

from __future__ import annotations

from doit_score.text.light import TYPE_CHECKING

from .errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .go.compile import GoTemplate
    from .values import Struct

__all__ = ["TemplateError", "compile_go", "patch_root", "provisioner_root", "render_go", "render_jinja"]


def compile_go(source: str) -> GoTemplate:
    """The compiled Go template of ``source``, from a bounded cache; TemplateError when it cannot be read."""
    from .go.compile import compile_go

    return compile_go(source)


def render_go(source: str, data: object, root: str = "map") -> str:
    """What the Go template ``source`` prints for ``data``.

    ``root`` is ``map`` (data as it is), ``provisioner`` or ``patch`` (see :mod:`.roots`).
    Raises TemplateError.
    """
    if root == "provisioner":
        data = provisioner_root(data)  # type: ignore[arg-type]  # a provisioner's data is a mapping
    elif root == "patch":
        data = patch_root(data)  # type: ignore[arg-type]  # a patch's data is a mapping
    return compile_go(source).render(data)


def provisioner_root(data: Mapping[str, object]) -> Struct:
    """The data of a provisioner's templates as the struct that they know; see :mod:`.roots`."""
    from .roots import provisioner_root

    return provisioner_root(data)


def patch_root(data: Mapping[str, object]) -> Struct:
    """The data of a patch template as the struct that it knows; see :mod:`.roots`."""
    from .roots import patch_root

    return patch_root(data)


def render_jinja(source: str, data: Mapping[str, object], *, hermetic: bool = False) -> str:
    """What the Jinja2 template ``source`` prints for ``data``; see :func:`.jinja.run.render_jinja`."""
    from .jinja.run import render_jinja

    return render_jinja(source, data, hermetic=hermetic)
