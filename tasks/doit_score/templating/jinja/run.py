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
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import TracebackType

from doit_score.text import words
from doit_score.text.light import TYPE_CHECKING

from .. import foreign, functions, limits
from ..errors import REQUIRED_JINJA, GoError, TemplateError, template_error

if TYPE_CHECKING:
    import jinja2

    from .sandbox import Sandbox

_FILENAME = "<template>"
# How Jinja2 calls what a template must have at its end.
_SIGNS = {"'end of print statement'": "'}}'", "'end of statement block'": "'%}'"}
_UNCLOSED = "Unexpected end of template"
_SINGLE = "expected '}}' or '%}', found a single '}'"


def render_jinja(source: str, data: Mapping[str, object], *, hermetic: bool = False) -> str:
    """What the Jinja2 template ``source`` prints for ``data``.

    ``hermetic`` refuses functions that read the environment.  Compiled templates are kept by source.
    Raises TemplateError with the line and column of what is at fault.
    """
    template = _compiled(source)
    names = {name: data[name] for name in data}
    try:
        return _rendered(template, names, hermetic)
    except Exception as error:
        raise _located(
            source, error, lambda text: _rendered(_template(text), names, hermetic), names
        ) from error


def _rendered(template: jinja2.Template, names: dict[str, object], hermetic: bool) -> str:
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
        return _template(source)
    except Exception as error:
        raise _located(source, error, _template) from error


def _template(source: str) -> jinja2.Template:
    template = _environment().from_string(source)
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


def _located(
    source: str, error: Exception, run: Callable[[str], object], names: Iterable[str] = ()
) -> TemplateError:
    """``error`` with its place in the template; ``run`` does with another text what failed.

    ``names`` are those that the template may use.
    """
    at, message = _offset(source, error, run)
    tag = foreign.tag(source, at)
    if foreign.is_go(tag, message):
        return template_error(source, at, foreign.GO, is_foreign=True)
    return template_error(source, at, message + _meant(error, names))


def _offset(source: str, error: Exception, run: Callable[[str], object]) -> tuple[int, str]:
    """Where ``error`` comes from, as an offset in the template, and its message."""
    from .places import Spread

    message, number = _message(error), _line_of(error)
    spread = Spread(_environment(), source)
    if message.startswith(_UNCLOSED):
        found = spread.unclosed()
        if found is not None:
            return found[0].at, f"this {found[0].text} has no {{% {found[1]} %}}"
    elif spread.stopped is not None:
        return spread.stopped, _SINGLE if message == "unexpected '}'" else message
    elif _may_be_done_again(error):
        try:
            run(spread.text)
        except Exception as again:
            token = spread.token(_line_of(again))
            if token is not None and _message(again) == message:
                exact = type(error).__name__ in ("TemplateSyntaxError", "TemplateAssertionError")
                return (token if exact else spread.meant(token, message)).at, message
    lines = source.splitlines(keepends=True) or [""]
    number = min(max(number, 1), len(lines))
    text = lines[number - 1]
    starts = [at for at in (text.find("{{"), text.find("{%")) if at >= 0]
    column = min(starts, default=len(text) - len(text.lstrip()))
    return sum(map(len, lines[: number - 1])) + column, message


def _may_be_done_again(error: Exception) -> bool:
    """Whether it costs no more than a moment: what went beyond a limit took long enough."""
    return type(error).__module__.startswith("jinja2") or isinstance(error, (TypeError, ZeroDivisionError))


def _line_of(error: Exception) -> int:
    line = getattr(error, "lineno", None)
    if not isinstance(line, int) or type(error).__name__ == "SyntaxError":
        line = _line(error.__traceback__)
    return line


def _meant(error: Exception, names: Iterable[str]) -> str:
    """What may have been meant by a name, a filter or a test that there is none of."""
    known: Iterable[str] = ()
    unknown = re.fullmatch(r"(?:No (filter|test) named )?'(\w+)'(?: is undefined)?\.?", str(error))
    if unknown is None:
        return ""
    if unknown[2] == "required":
        return f"; {REQUIRED_JINJA}"
    if unknown[1]:
        known = getattr(_environment(), f"{unknown[1]}s")
    elif names:
        known = (*names, *(one for one in _environment().globals if one != "none"))
    hint = words.near(unknown[2], (one for one in known if not one.startswith("_")), "")
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
        message = str(error)
        for name, sign in _SIGNS.items():
            message = message.replace(name, sign)
        return message.removesuffix(".")
    from .failures import told

    return told(error)
