"""The function library under the names of Jinja2: functions, and filters with the value last.

Names that Jinja2 has filters of, and what the filter means here:

* ``indent``, ``list``, ``round``, ``slice``: Jinja2's, since the library's take their value first or
  mean something else (``indent`` leaves the first line alone; ``nindent`` is the library's).
* ``max``, ``min``: Jinja2's for a list, the library's for a number.
* ``default``: the library's, which also replaces what is empty (``""``, ``0``, ``false``, ``[]``); an
  undefined value is fine; ``default("y", false)`` replaces only undefined and none.
* ``first``, ``int``, ``join``, ``last``, ``lower``, ``replace``, ``reverse``, ``title``, ``trim``,
  ``upper``: the library's, which agrees for the values that it takes; Jinja2's for what only Jinja2
  knows: ``join(attribute=...)``, ``trim("x")``, ``replace("a", "b", 1)``, ``reverse`` of a text,
  ``5 | upper``.

The function form is always the library's, but for ``dict(a=1)``.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, ValuesView
from functools import wraps
from itertools import islice
from types import BuiltinFunctionType, FunctionType, MethodType

from jinja2 import Undefined, pass_context
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Context
from jinja2.utils import Namespace

from doit_score.text.light import Any

from .. import limits
from ..errors import GoError
from ..functions import Function, lookup, names
from ..go.calls import count_problem, parameter
from ..limits import weigh
from ..values import INT64_MAX, INT64_MIN, Int64, NamedString, Uint32, type_name
from .sandbox import (
    Sandbox,
    budget,
    check_format,
    check_indent,
    check_replacement,
    check_size,
    check_whole,
    measured,
    sized,
    stepping,
)

FUNCTION_ONLY = frozenset({"indent", "list", "round", "slice"})
"""What is no filter of the library, as Jinja2 has another of that name."""

_OF_LISTS = frozenset({"max", "min"})
_ACCEPT_UNDEFINED = frozenset({"coalesce", "default", "empty"})
_MOST_ARGUMENTS = {"first": 0, "int": 0, "join": 1, "last": 0, "lower": 0, "replace": 2, "reverse": 0,
                   "title": 0, "trim": 0, "upper": 0}  # fmt: skip
_OF_ANYTHING = frozenset({"lower", "replace", "title", "trim", "upper"})
_GUARDED = frozenset({"batch", "center", "slice", "truncate", "wordwrap"})
# They hand on what they are given, undefined elements as well, or look at one element at a time.
_LAZY = frozenset({"list", "map", "reject", "rejectattr", "select", "selectattr"})
# They do not look into elements.
_SHALLOW = frozenset({"attr", "batch", "count", "items", "length", "random", "slice"})
_ASK = frozenset({"defined", "undefined"})
_FUNCTIONS = (FunctionType, MethodType, BuiltinFunctionType)
_ITERABLES = (Iterator, range, tuple, KeysView, ValuesView, ItemsView)


def install(environment: Sandbox) -> None:
    """Adds the library to ``environment``; no function is imported before a template calls it."""
    filters = environment.filters
    for name, filter in list(filters.items()):
        if not name.startswith("_"):
            filters[name] = _bounded(name, filter)
    tests: Any = environment.tests
    for name, test in list(tests.items()):
        if name not in _ASK:
            tests[name] = _bounded(name, test)
    for name in names():
        function = _function(name)
        jinja = filters.get(name)
        if name == "dict":
            environment.globals[name] = _dict_function(function)
        else:
            environment.globals[name] = function
        if name in FUNCTION_ONLY:
            continue
        if name == "default":
            filters[name] = filters["d"] = _default_filter(function)
        elif jinja is None:
            filters[name] = _filter(function)
        else:
            filters[name] = _shared_filter(name, function, jinja)


def _function(name: str) -> Callable[..., object]:
    """The function ``name`` as a template calls it; looked up at the first call."""

    @pass_context
    def call(context: Context, *arguments: object, **unknown: object) -> object:
        if unknown:
            raise TemplateRuntimeError(f"{name}: there are no named arguments, found {sorted(unknown)[0]}")
        function = lookup(name)
        assert function is not None, "installed for every name of the library"
        return invoke(function, arguments)

    call.__name__ = call.__qualname__ = name
    call.takes_undefined = True  # type: ignore[attr-defined]  # by itself, see adapt
    return call


def invoke(function: Function, arguments: tuple[object, ...]) -> object:
    """Calls ``function`` with values of Python, as far as they fit its Go types."""
    problem = count_problem(function, len(arguments))
    if problem is not None:
        raise TemplateRuntimeError(problem)
    try:
        values = [
            adapt(value, parameter(function, position), function.name)
            for position, value in enumerate(arguments)
        ]
        result = _python(function.call(*values))
    except GoError as error:
        raise TemplateRuntimeError(f"{function.name}: {error}") from error
    weigh(result, *values)
    if result is None and arguments and function.name in ("coalesce", "default"):
        # What should stand in for something that is undefined is undefined itself.
        check_whole(arguments[0 if function.name == "default" else -1])
    return result


def adapt(value: object, wanted: str, name: str) -> object:
    """``value`` as an argument of Go type ``wanted``; numbers are converted where that loses nothing."""
    if isinstance(value, (list, tuple, dict)):
        check_whole(value)
    if wanted == "interface {}" and isinstance(value, (str, int, float, dict, list)):
        return value  # What most calls pass, before the checks that cost more.
    if wanted == "string" and type(value) is str:
        return value
    if isinstance(value, Undefined):
        if name in _ACCEPT_UNDEFINED:
            return None
        str(value)  # a strict undefined says what is missing
    if isinstance(value, _ITERABLES):
        value = list(islice(stepping(value), limits.ITEMS + 1))
        check_whole(value)
    if wanted == "interface {}":
        return value
    if wanted == "string" and isinstance(value, str) and not isinstance(value, NamedString):
        return "".join((value,))
    number = _number(value, wanted)
    if number is not None:
        return number
    if wanted.startswith("[]") and isinstance(value, list):
        return value
    if wanted.startswith("map[") and isinstance(value, dict):
        return value
    if type_name(value) == wanted and not isinstance(value, str):
        return value
    raise GoError(f"expected {wanted}, found {'none' if value is None else type_name(value)}")


def _number(value: object, wanted: str) -> object:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if wanted == "float64":
        return float(value)
    if wanted in ("int", "int64", "int32", "uint32") and (not isinstance(value, float) or value.is_integer()):
        if not INT64_MIN <= value <= INT64_MAX:
            raise GoError(f"{wanted} cannot hold so large a number")
        return {"int": int, "int64": Int64, "uint32": Uint32}.get(wanted, Int64)(value)
    return None


def _python(value: object) -> object:
    """What a function gave, as Python has it: Go's kinds of numbers and strings become int and str."""
    if isinstance(value, Int64):
        return int(value)
    if isinstance(value, NamedString):
        return str.__str__(value)
    return sized(value)


# -- filters


def _filter(function: Callable[..., object]) -> Callable[..., object]:
    @pass_context
    def apply(context: Context, value: object, *arguments: object, **unknown: object) -> object:
        budget().step()
        return function(context, *arguments, value, **unknown)

    return apply


def _default_filter(function: Callable[..., object]) -> Callable[..., object]:
    @pass_context
    def apply(context: Context, value: object, default_value: object = "", boolean: object = True) -> object:
        if boolean:
            return function(context, default_value, value)
        return default_value if value is None or isinstance(value, Undefined) else value

    return apply


def _shared_filter(
    name: str, function: Callable[..., object], jinja: Callable[..., Any]
) -> Callable[..., object]:
    """A filter that is the library's, unless value or arguments are such as only Jinja2 knows."""

    @pass_context
    def apply(context: Context, value: Any, *arguments: Any, **named: Any) -> object:
        budget().step()
        if named or len(arguments) > _MOST_ARGUMENTS.get(name, 1) or _only_jinja(name, value):
            return sized(_call_jinja(context, jinja, value, arguments, named))
        if name == "join" and not arguments:
            arguments = ("",)
        return function(context, *arguments, value)

    return apply


def _only_jinja(name: str, value: object) -> bool:
    if name in _OF_LISTS:
        return not isinstance(value, (int, float))
    if name in _OF_ANYTHING:
        return not isinstance(value, (str, Undefined)) and value is not None
    return name in ("first", "last", "reverse") and isinstance(value, (str, dict))


def _call_jinja(
    context: Context, jinja: Callable[..., Any], value: Any, arguments: tuple[Any, ...], named: dict[str, Any]
) -> Any:
    if getattr(jinja, "jinja_pass_arg", None) is None:
        return jinja(value, *arguments, **named)
    kind = jinja.jinja_pass_arg.name  # type: ignore[attr-defined]  # set by Jinja2's decorators
    given = {"context": context, "eval_context": context.eval_ctx, "environment": context.environment}[kind]
    return jinja(given, value, *arguments, **named)


def _bounded(name: str, jinja: Callable[..., Any]) -> Callable[..., Any]:
    """One of Jinja2's filters or tests, whose arguments and result are counted."""

    @wraps(jinja)
    def apply(*arguments: Any, **named: Any) -> Any:
        if name not in _LAZY:
            arguments = tuple([list(stepping(a)) if isinstance(a, Iterator) else a for a in arguments])
        for value in (*arguments, *named.values()):
            if name in _SHALLOW or (name in _LAZY and isinstance(value, dict)):
                check_whole(value)
            elif name not in _LAZY:
                _measured(value)
        _check_result(name, arguments, named)
        result = sized(jinja(*arguments, **named))
        weigh(result)
        return stepping(result) if isinstance(result, Iterator) else result

    return apply


def _measured(value: Any) -> None:
    if not isinstance(value, (Context, Namespace, *_FUNCTIONS)):
        measured(value)


def _check_result(name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Refuses what would make texts or lists much larger than the arguments are."""
    values = (*arguments, *named.values())
    if name in _GUARDED:
        for value in values:
            if isinstance(value, int):
                check_size(abs(value))
    texts = [value for value in values if isinstance(value, str)]
    if name == "wordwrap":
        check_size(len(texts[0]) * (1 + max(map(len, texts[1:]), default=0)) if texts else 0)
    elif name == "replace" and len(texts) > 2:
        check_replacement(*texts[:3])
    elif name == "join":
        sizes = [len(value) for value in values if isinstance(value, (list, tuple))]
        check_size(max(sizes, default=0) * max(map(len, texts), default=0))
    elif name == "format":
        check_format(texts[0] if texts else "", named or arguments[1:])
    elif name in ("indent", "tojson"):
        for value in (*arguments[1:], *named.values()):
            if isinstance(value, int) or (name == "indent" and isinstance(value, str)):
                check_indent(value)
    elif name == "sum" and any(isinstance(value, (list, tuple)) for value in values[2:]):
        raise GoError("sum adds numbers; concat makes one list of several")


def _dict_function(function: Callable[..., object]) -> Callable[..., object]:
    @pass_context
    def call(context: Context, *arguments: object, **named: object) -> object:
        if named and not arguments:
            return dict(named)
        return function(context, *arguments, **named)

    return call
