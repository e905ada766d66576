"""Jinja2 with the function library of the Go templates, in a sandbox.

Every function of the library is there twice under its own name: as a function, called as in Go
(``replace(".", "-", name)``, ``default("y", x)``), and as a filter whose value is the LAST argument, as
with a Go pipe (``name | replace(".", "-")``, ``x | default("y")``).  Where Jinja2 has a filter of the
same name, jinja_library.py says which one is meant.

Undefined names and keys are errors.  A template reaches no attribute that starts with an underscore,
no file and no other template, and it has the same limits as a Go template (``limits.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import TracebackType

from doit_score.text import words
from doit_score.text.light import TYPE_CHECKING

from .. import functions, limits
from ..errors import GoError, TemplateError

if TYPE_CHECKING:
    import jinja2

    from .sandbox import Sandbox

_FILENAME = "<template>"
# How Jinja2 calls what a template must have at its end.
_SIGNS = {"'end of print statement'": "'}}'", "'end of statement block'": "'%}'"}


def render_jinja(source: str, data: Mapping[str, object], *, hermetic: bool = False) -> str:
    """What the Jinja2 template ``source`` prints for ``data``.

    ``hermetic`` refuses functions that read the environment.  Compiled templates are kept by source.
    Raises TemplateError with the line at fault and the column of the first expression in it.
    """
    template = _compiled(source)
    names = {name: data[name] for name in data}
    hermetic_token = functions.HERMETIC.set(hermetic)
    budget_token = limits.BUDGET.set(limits.Budget())
    out: list[str] = []
    room = limits.TEXT
    try:
        for piece in template.generate(names):
            room -= len(piece)
            if room < 0:
                raise GoError(f"the output is larger than {limits.TEXT} characters")
            out.append(piece)
    except Exception as error:
        raise _located(source, error, names) from error
    finally:
        limits.BUDGET.reset(budget_token)
        functions.HERMETIC.reset(hermetic_token)
    return "".join(out)


def check_jinja(source: str) -> None:
    """Raises TemplateError if ``source`` cannot be read."""
    _compiled(source)


@lru_cache(maxsize=1024)
def _compiled(source: str) -> jinja2.Template:
    try:
        template = _environment().from_string(source)
    except Exception as error:
        raise _located(source, error) from error
    # Jinja2 keeps its globals in a ChainMap, and copies it for every render name by name in Python.
    template.globals = dict(template.globals)
    return template


@lru_cache(maxsize=1)
def _environment() -> Sandbox:
    from .library import install
    from .sandbox import Sandbox

    environment = Sandbox()
    install(environment)
    return environment


def _located(source: str, error: Exception, names: Iterable[str] = ()) -> TemplateError:
    """``error`` with the line of the template that it comes from; ``names`` are those that it may use."""
    line = getattr(error, "lineno", None)
    if not isinstance(line, int) or type(error).__name__ == "SyntaxError":
        line = _line(error.__traceback__)
    lines = source.splitlines() or [""]
    line = min(max(line, 1), len(lines))
    text = lines[line - 1]
    starts = [at for at in (text.find("{{"), text.find("{%")) if at >= 0]
    column = min(starts, default=len(text) - len(text.lstrip())) + 1
    message = _message(error) + _meant(error, names)
    return TemplateError(message, line=line, column=column, source_line=text)


def _meant(error: Exception, names: Iterable[str]) -> str:
    unknown = re.fullmatch(r"'(\w+)' is undefined", str(error))
    hint = words.near(unknown[1], names, "") if unknown else ""
    return f"; {hint}" if hint else ""


def _line(traceback: TracebackType | None) -> int:
    """The innermost line of the template in a traceback, whose lines Jinja2 has mapped to the source."""
    line = 1
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == _FILENAME:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _message(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "the template is nested too deeply"
    if isinstance(error, MemoryError):
        return "the template needs too much memory"
    if isinstance(error, ValueError) and "integer string conversion" in str(error):
        return "a number has more digits than can be read or written"
    module = type(error).__module__
    if isinstance(error, GoError) or module.startswith("jinja2"):
        message = str(error) or type(error).__name__
        for name, sign in _SIGNS.items():
            message = message.replace(name, sign)
        return message.removesuffix(".")
    if isinstance(error, (TypeError, ZeroDivisionError)):
        return f"{type(error).__name__}: {error}"
    # What other exceptions say may quote a value, and a value may be a password.
    return f"the template failed ({type(error).__name__})"
