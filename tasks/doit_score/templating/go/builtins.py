"""The functions that text/template itself brings; ``and`` and ``or`` are part of the language (calls.py).

Every parameter is ``any``: an absent value arrives as None.
"""

from __future__ import annotations

from collections.abc import Callable

from ..errors import GoError
from ..functions import Function
from ..printf import sprintf
from ..printing import sprint, sprintln
from ..values import Func, Struct, TypedList, Uint8, is_nil, is_time, kind_of, text_of, truth, type_name, utf8
from .arguments import check
from .calls import count_problem, parameter

_INTEGERS = frozenset({"int", "int64", "int32"})
_UNSIGNED = frozenset({"uint8", "uint32", "uint64"})
_HTML = str.maketrans({'"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": "\ufffd"})
_JS = {"\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D"}


def _basic(value: object) -> str:
    """The group of types within which values compare; the empty string for the rest."""
    kind = kind_of(value)
    if kind in _INTEGERS:
        return "int"
    if kind in _UNSIGNED:
        return "uint"
    return kind if kind in ("string", "bool", "float64", "complex128") else ""


def _mismatch(left: object, right: object) -> GoError:
    return GoError(f"cannot compare {_type(left)} with {_type(right)}")


def _type(value: object) -> str:
    return "nil" if value is None else type_name(value)


def equal(first: object, *others: object) -> bool:
    """Whether ``first`` equals one of ``others``; values of different kinds only compare with nil."""
    if not others:
        raise GoError("missing argument for comparison")
    return any(_equal(first, other) for other in others)


def _equal(left: object, right: object) -> bool:
    kind, other = _basic(left), _basic(right)
    if kind != other:
        if {kind, other} == {"int", "uint"}:
            return left == right
        if left is not None and right is not None:
            raise _mismatch(left, right)
        return False
    if kind:
        return left == right
    if is_nil(left) or is_nil(right):
        if left is not None and right is not None and kind_of(left) != kind_of(right):
            raise _mismatch(left, right)
        return is_nil(left) and is_nil(right)
    if is_time(left) and is_time(right):
        return left == right
    if not isinstance(left, Struct) or not isinstance(right, Struct) or kind_of(left) != kind_of(right):
        raise _mismatch(left, right)
    if left.go_type.startswith("*"):
        return left is right
    if any(kind_of(value) in ("map", "slice", "func") for value in right.fields.values()):
        raise _mismatch(left, right)
    return left.go_type == right.go_type and all(
        _equal(left.fields[name], right.fields[name]) for name in left.fields
    )


def not_equal(left: object, right: object) -> bool:
    return not _equal(left, right)


def less(left: object, right: object) -> bool:
    """Whether ``left`` comes before ``right``: numbers of one kind, or strings by their bytes."""
    kind, other = _basic(left), _basic(right)
    if not kind or not other:
        raise GoError(f"cannot order {_type(right if kind else left)}")
    if kind != other and {kind, other} != {"int", "uint"}:
        raise _mismatch(left, right)
    if kind in ("bool", "complex128"):
        raise GoError(f"cannot order {kind}")
    if kind == "string":
        return utf8(left) < utf8(right)  # type: ignore[arg-type]  # the kind says str
    return left < right  # type: ignore[operator,no-any-return]  # the kind says number


def less_or_equal(left: object, right: object) -> bool:
    return less(left, right) or _equal(left, right)


def greater(left: object, right: object) -> bool:
    return not less_or_equal(left, right)


def greater_or_equal(left: object, right: object) -> bool:
    return not less(left, right)


def length(value: object) -> int:
    """Elements of a list or map, bytes of a string."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(utf8(value))
    if isinstance(value, (list, dict)):
        return len(value)
    raise GoError(f"expected a string, list or map, found {_type(value)}")


def index(item: object, *keys: object) -> object:
    """``item[key][key]...``; an absent key gives the zero value of the map's element type."""
    if item is None:
        raise GoError("expected a list, map or string to index, found nil")
    for key in keys:
        if isinstance(item, dict):
            item = _map_item(item, key)
        elif isinstance(item, list):
            item = item[_position(key, len(item), "index")]
        elif isinstance(item, str):
            data = utf8(item)
            item = Uint8(data[_position(key, len(data), "index")])
        else:
            raise GoError(f"expected a list, map or string to index, found {_type(item)}")
    return item


def _map_item(mapping: dict[object, object], key: object) -> object:
    if type(key) is not str:
        wanted = type_name(mapping)[4:].partition("]")[0]
        if wanted == "string":
            raise GoError(f"the keys of this map are strings, found {_type(key)}")
        if kind_of(key) in ("map", "slice", "invalid"):
            return None
    if key in mapping:
        return mapping[key]
    zero = getattr(mapping, "zero", None)
    return zero() if zero is not None else None


def _position(key: object, size: int, what: str) -> int:
    """``key`` as a place among ``size`` elements; to slice, the place behind them is one too."""
    if _basic(key) not in ("int", "uint"):
        raise GoError(f"expected an int as {what}, found {_type(key)}")
    assert isinstance(key, int)
    if not 0 <= key < size + (what == "slice bound"):
        raise GoError(f"{what} {int(key)} is out of range: there are {size} elements")
    return int(key)


def slice_(item: object, *bounds: object) -> object:
    """``item[from:to]`` of a list or of the bytes of a string."""
    if len(bounds) > 3:
        raise GoError(f"expected at most 3 bounds, found {len(bounds)}")
    if isinstance(item, str):
        if len(bounds) == 3:
            raise GoError("a string takes at most 2 bounds, found 3")
        data = utf8(item)
        first, last = _bounds(bounds, len(data))
        return text_of(data[first:last])
    if isinstance(item, list):
        first, last = _bounds(bounds, len(item))
        part = item[first:last]
        return TypedList(item.elem, part) if isinstance(item, TypedList) else part
    raise GoError(f"expected a string or list to slice, found {_type(item)}")


def _bounds(bounds: tuple[object, ...], size: int) -> tuple[int, int]:
    places = [_position(bound, size, "slice bound") for bound in bounds]
    first = places[0] if places else 0
    last = places[1] if len(places) > 1 else size
    if not first <= last <= (places[2] if len(places) > 2 else size):
        raise GoError(f"the bounds of a slice must not fall: {' '.join(map(str, places))}")
    return first, last


def not_(value: object) -> bool:
    return not truth(value)


def call(function: object = None, *arguments: object) -> object:
    """Calls a value that is a function."""
    if not isinstance(function, Func):
        raise GoError(f"expected a function, found {_type(function)}")
    target = function.function
    problem = count_problem(target, len(arguments))
    if problem is not None:
        raise GoError(problem)
    return target.call(*[check(parameter(target, at))(argument) for at, argument in enumerate(arguments)])


def _as_text(arguments: tuple[object, ...]) -> str:
    if len(arguments) == 1 and type(arguments[0]) is str:
        return arguments[0]
    return sprint(["<no value>" if argument is None else argument for argument in arguments])


def html(*arguments: object) -> str:
    return _as_text(arguments).translate(_HTML)


def js(*arguments: object) -> str:
    return "".join([_js(char) for char in _as_text(arguments)])


def _js(char: str) -> str:
    known = _JS.get(char)
    if known is not None:
        return known
    if char >= " " and (char.isascii() or char.isprintable() or "\udc80" <= char <= "\udcff"):
        return char
    return f"\\u{ord(char):04X}"


def urlquery(*arguments: object) -> str:
    from urllib.parse import quote_plus

    return quote_plus(utf8(_as_text(arguments)))


def _function(name: str, function: Callable[..., object], *params: str, variadic: bool = False) -> Function:
    return Function(name, function, params, variadic)


BUILTINS: dict[str, Function] = {
    function.name: function
    for function in (
        _function("and", lambda *values: None, "any", "any", variadic=True),
        _function("or", lambda *values: None, "any", "any", variadic=True),
        _function("not", not_, "any"),
        _function("len", length, "any"),
        _function("index", index, "any", "any", variadic=True),
        _function("slice", slice_, "any", "any", variadic=True),
        _function("print", lambda *arguments: sprint(arguments), "any", variadic=True),
        _function("printf", lambda text, *more: sprintf(text, more), "string", "any", variadic=True),
        _function("println", lambda *arguments: sprintln(arguments), "any", variadic=True),
        _function("html", html, "any", variadic=True),
        _function("js", js, "any", variadic=True),
        _function("urlquery", urlquery, "any", variadic=True),
        _function("call", call, "any", "any", variadic=True),
        _function("eq", equal, "any", "any", variadic=True),
        _function("ne", not_equal, "any", "any"),
        _function("lt", less, "any", "any"),
        _function("le", less_or_equal, "any", "any"),
        _function("gt", greater, "any", "any"),
        _function("ge", greater_or_equal, "any", "any"),
    )
}
