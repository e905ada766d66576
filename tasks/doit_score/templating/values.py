"""How Go's values are represented, what their types are called, and when they are true.

==================  ==============================================================================
Go                  here
==================  ==============================================================================
nil                 ``None``
string              ``str``; bytes that are no UTF-8 are lone surrogates (``surrogateescape``)
named string type   :class:`NamedString`
bool                ``bool``
int                 ``int`` (above the range of int64: uint64, as YAML gives them)
int64, uint8, ...   :class:`Int64`, :class:`Uint8`, :class:`Int32`, :class:`Uint32`, :class:`Uint64`
float64             ``float``
complex128          ``complex``
[]any               ``list``; of another element type, or nil: :class:`TypedList`
map[string]any      ``dict``; of another element type, or nil: :class:`TypedMap`
struct, pointer     :class:`Struct`
time.Time           ``datetime.datetime`` with a zone; its Go methods are ``functions.dates.METHODS``
                    (name -> Function whose first parameter is the time)
func                :class:`Func`
==================  ==============================================================================

Dicts may be instances of subclasses that record what is read, so they are always read through
their ordinary methods.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping

from doit_score.text.light import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from .functions import Function

INT64_MIN, INT64_MAX, UINT64_MAX = -(1 << 63), (1 << 63) - 1, (1 << 64) - 1


class Int64(int):
    """A Go int64, which most of sprig's arithmetic returns."""

    __slots__ = ()
    go_type: ClassVar[str] = "int64"


class Int32(Int64):
    """A Go int32 (rune)."""

    __slots__ = ()
    go_type: ClassVar[str] = "int32"


class Uint8(Int64):
    """A Go uint8 (byte): what indexing a string gives."""

    __slots__ = ()
    go_type: ClassVar[str] = "uint8"


class Uint32(Int64):
    """A Go uint32."""

    __slots__ = ()
    go_type: ClassVar[str] = "uint32"


class Uint64(Int64):
    """A Go uint64."""

    __slots__ = ()
    go_type: ClassVar[str] = "uint64"


class NamedString(str):
    """A string whose Go type is not ``string``: prints and compares like one, is no argument for one."""

    __slots__ = ("go_type",)
    go_type: str

    def __new__(cls, text: str, go_type: str) -> NamedString:
        self = super().__new__(cls, text)
        self.go_type = go_type
        return self


class TypedList(list[object]):
    """A slice whose elements have the type ``elem`` (Go's text, ``interface {}`` for any), or a nil slice."""

    __slots__ = ("elem", "nil")

    def __init__(self, elem: str, items: Iterable[object] = (), *, nil: bool = False) -> None:
        super().__init__(items)
        self.elem = elem
        self.nil = nil


class TypedMap(dict[str, object]):
    """A map from string to ``elem``, or a nil map.

    ``zero`` makes the value that Go's ``index`` gives for an absent key (None for interfaces).
    """

    __slots__ = ("elem", "nil", "zero")

    def __init__(
        self,
        elem: str,
        items: Mapping[str, object] | Iterable[tuple[str, object]] = (),
        *,
        zero: Callable[[], object] | None = None,
        nil: bool = False,
    ) -> None:
        super().__init__(items)
        self.elem = elem
        self.zero = zero
        self.nil = nil


class Struct:
    """A Go struct, or a pointer to one (``go_type`` starts with ``*``): exported fields in their order.

    ``tags`` are other names of fields in JSON.  Subclasses may offer methods and a text (Go's ``Stringer``).
    """

    __slots__ = ("fields", "go_type", "tags")

    def __init__(self, go_type: str, fields: Mapping[str, object]) -> None:
        self.go_type = go_type
        self.fields = fields
        self.tags: Mapping[str, str] = {}

    def method(self, name: str) -> Function | None:
        """The method ``name`` bound to this value, or None."""
        return None

    def string(self) -> str | None:
        """What Go's ``String()`` gives, or None when the type has no such method."""
        return None

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)


class Func:
    """A value of function type, for ``call``; it cannot be printed."""

    __slots__ = ("function",)

    def __init__(self, function: Function) -> None:
        self.function = function


def kind_of(value: object) -> str:
    """Go's ``reflect.Kind`` of ``value`` as text; ``invalid`` for nil."""
    kind = _KINDS.get(type(value))
    if kind is None:
        kind = _kind_of_other(value)
    if kind == "int" and not INT64_MIN <= value <= INT64_MAX:  # type: ignore[operator]  # kind says int
        return "uint64"
    return kind


def _kind_of_other(value: object) -> str:
    for base in type(value).__mro__[1:]:
        if base in _KINDS:
            return _KINDS[base]
    if isinstance(value, Struct):
        return "ptr" if value.go_type.startswith("*") else "struct"
    return "struct"  # datetime, without importing it


_KINDS: dict[type, str] = {
    type(None): "invalid",
    bool: "bool",
    int: "int",
    float: "float64",
    complex: "complex128",
    str: "string",
    list: "slice",
    dict: "map",
    Func: "func",
    **{cls: cls.go_type for cls in (Int64, Int32, Uint8, Uint32, Uint64)},
}


def type_name(value: object) -> str:
    """Go's text for the dynamic type of ``value`` (``%T``): ``int``, ``[]interface {}``, ``<nil>`` ..."""
    if isinstance(value, (NamedString, Int64, Struct)):
        return value.go_type
    kind = kind_of(value)
    if kind == "slice":
        return f"[]{element_type(value)}"
    if kind == "map":
        assert isinstance(value, dict)
        # A subclass may record what is read: looking at the type is no reading.
        key = "string" if all(isinstance(k, str) for k in dict.__iter__(value)) else "interface {}"
        return f"map[{key}]{element_type(value)}"
    if kind == "struct":
        return "time.Time"
    if kind == "func":
        return "func()"
    return "<nil>" if kind == "invalid" else kind


def element_type(value: object) -> str:
    """Go's text for the element type of a list or map."""
    return value.elem if isinstance(value, (TypedList, TypedMap)) else "interface {}"


def is_nil(value: object) -> bool:
    """Whether ``value`` is nil: untyped, or a nil map or slice."""
    return value is None or (isinstance(value, (TypedList, TypedMap)) and value.nil)


def is_time(value: object) -> bool:
    """Whether ``value`` is a ``time.Time``."""
    module = sys.modules.get("datetime")
    return module is not None and isinstance(value, module.datetime)


def truth(value: object) -> bool:
    """Whether ``value`` is true for ``if``, ``and``, ``not``: structs always are, empty and zero are not."""
    if isinstance(value, (Struct, Func)):
        return True
    return bool(value) or is_time(value)


def sorted_keys(mapping: dict[object, object]) -> list[object]:
    """The keys in the order in which Go ranges over and prints a map; keys of several types by kind first."""
    keys = list(mapping)
    try:
        keys.sort()  # a mixture of types raises
    except TypeError:
        keys.sort(key=lambda key: (kind_of(key), str(key)))
    return keys


def time_text(value: object) -> str | None:
    """``Time.String()`` of a ``time.Time``; None for any other value."""
    module = sys.modules.get("datetime")
    if module is None or not isinstance(value, module.datetime):
        return None
    moment = value if value.tzinfo is not None else value.replace(tzinfo=module.timezone.utc)
    fraction = f".{moment.microsecond:06d}".rstrip("0").rstrip(".")
    offset = moment.strftime("%z")[:5]
    name = moment.tzname() or ""
    zone = offset if name.startswith(("UTC+", "UTC-")) or not name else name
    return f"{moment.year:04d}-{moment:%m-%d %H:%M:%S}{fraction} {offset} {zone}"


def utf8(text: str) -> bytes:
    """The bytes of a Go string."""
    return text.encode("utf-8", "surrogateescape")


def text_of(data: bytes) -> str:
    """The Go string of ``data``."""
    return data.decode("utf-8", "surrogateescape")
