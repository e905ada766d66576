"""Templates: Go's text/template with sprig's functions, and Jinja2 with the same functions.

Nothing heavy is imported before a template is read.
"""

from __future__ import annotations


def check(source: str, *, is_jinja: bool) -> None:
    """Raises TemplateError if ``source`` cannot be read."""
    if is_jinja:
        from .jinja.run import check_jinja

        check_jinja(source)
    else:
        from .go.compile import compile_go

        compile_go(source)
