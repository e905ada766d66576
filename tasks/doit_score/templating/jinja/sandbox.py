"""The environment that Jinja2 templates run in: what they may reach and use up.

Jinja2's own sandbox keeps underscores and mutation away.  Added here: attributes of dicts are never
those of Python classes that we use for data, ``str.format`` is refused (``| format`` stays), and turns of
loops, calls, numbers and texts are counted or bounded, so that a template ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from types import BuiltinFunctionType, FunctionType, MethodType

from jinja2 import StrictUndefined, Undefined, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from doit_score.text.light import Any

from .. import limits
from ..errors import GoError
from ..functions import Function
from ..go.access import field
from ..values import Struct

_NUMBER_BITS = 1 << 16
_DICT_METHODS = frozenset({"copy", "get", "items", "keys", "values"})
_LIST_METHODS = frozenset({"copy", "count", "index"})
_WIDE = re.compile(r"[0-9]{6,}|\*")
_FUNCTIONS = (FunctionType, MethodType, BuiltinFunctionType)
_SIZED_METHODS = frozenset({"center", "expandtabs", "ljust", "rjust", "zfill"})

COUNTED, JOINED, SIZED = "_counted", "_joined", "_sized"
"""Filters that the parser puts around loops, ``~`` and ``{% set %}`` blocks."""


class Budget:
    """What one rendering may still do."""

    __slots__ = ("steps",)

    def __init__(self) -> None:
        self.steps = limits.STEPS

    def step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise GoError(f"more than {limits.STEPS} turns of loops and calls")


BUDGET: ContextVar[Budget] = ContextVar("budget")


class Sandbox(ImmutableSandboxedEnvironment):
    """Strict, immutable, without a loader; texts, numbers and loops have limits."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined,
            autoescape=False,
            keep_trailing_newline=True,
            loader=None,
            finalize=_printable,
        )
        del self.globals["lipsum"]
        self.filters |= {
            COUNTED: counted,
            JOINED: joined,
            SIZED: pass_context(_sized_filter),
            "attr": pass_context(_attribute),
        }

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return _Bounds().visit(tree)  # type: ignore[no-any-return]  # a visitor returns what it visited

    # -- reach

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``obj.attribute``: keys of dicts, fields of Go structs, methods that change nothing."""
        if isinstance(obj, dict):
            if attribute in _DICT_METHODS:
                return getattr(obj, attribute)
            return self.getitem(obj, attribute)
        if isinstance(obj, Struct):
            return self._of_struct(obj, attribute)
        if isinstance(obj, list) and attribute not in _LIST_METHODS:
            return self.unsafe_undefined(obj, attribute)
        if isinstance(obj, str) and attribute in ("format", "format_map"):
            return self.unsafe_undefined(obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """``obj[argument]``; unlike in plain Jinja2 an absent key of a dict never means an attribute."""
        if isinstance(obj, dict):
            try:
                return obj[argument]
            except (TypeError, LookupError):
                return self.undefined(f"there is no key {argument!r} here", obj=obj, name=argument)
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        return super().getitem(obj, argument)

    def _of_struct(self, obj: Struct, name: str) -> Any:
        try:
            value = field(obj, name)
        except GoError:
            return self.undefined(f"there is no field {name!r} here", obj=obj, name=name)
        if not isinstance(value, Function):
            return value
        return value.call if value.params else value.call()

    # -- limits

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """A call out of a template, counted; its result may be no larger than a template's output."""
        BUDGET.get().step()
        _check_method(__obj, args)
        return sized(super().call(__context, __obj, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "+":
            if isinstance(left, (str, list, tuple)) and isinstance(right, (str, list, tuple)):
                check_size(len(left) + len(right))
        elif operator == "*":
            _check_product(left, right)
        elif operator == "**":
            if isinstance(left, int) and isinstance(right, int) and right > 0:
                check_bits(left.bit_length() * right)
        elif isinstance(left, str):
            check_format(left)
        return super().call_binop(context, operator, left, right)


def _printable(value: Any) -> Any:
    if isinstance(value, _FUNCTIONS):
        raise GoError(f"a function cannot be printed: call it as {value.__name__}(...)")
    return value


class _Bounds(NodeTransformer):
    """Puts the counting and sizing filters into a template's tree."""

    def visit_For(self, node: nodes.For) -> nodes.For:
        self.generic_visit(node)
        node.iter = _filtered(node.iter, COUNTED)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), JOINED)

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.AssignBlock:
        self.generic_visit(node)
        inner = node.filter
        node.filter = nodes.Filter(inner, SIZED, [], [], None, None, lineno=node.lineno)
        return node


def _filtered(value: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(value, name, [], [], None, None, lineno=value.lineno)


@pass_context
def counted(context: Context, items: Any) -> Any:
    """``items``, each of which takes a step of the budget."""
    if isinstance(items, Undefined):
        iter(items)  # a strict undefined says what is missing
    return _Counted(items)


class _Counted:
    """An iterable that knows its length, as ``loop.last`` and ``loop.length`` like it."""

    __slots__ = ("_items",)

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = items if hasattr(items, "__len__") else list(_stepping(items))

    def __iter__(self) -> Iterator[Any]:
        return _stepping(self._items)

    def __len__(self) -> int:
        return len(self._items)  # type: ignore[arg-type]  # made sure of above


def _stepping(items: Iterable[Any]) -> Iterator[Any]:
    budget = BUDGET.get()
    for item in items:
        budget.step()
        yield item


@pass_context
def joined(context: Context, parts: list[Any]) -> str:
    """The texts of ``parts`` one after the other: the operator ``~``."""
    texts = [str(part) for part in parts]
    check_size(sum(map(len, texts)))
    return "".join(texts)


def _sized_filter(context: Context, value: Any) -> Any:
    return sized(value)


def _attribute(context: Context, value: Any, name: Any) -> Any:
    return context.environment.getattr(value, str(name))


def sized(value: Any) -> Any:
    """``value``, unless it is a text or list that is too large."""
    if isinstance(value, (str, list, tuple)):
        check_size(len(value))
    return value


def check_size(size: int) -> None:
    """Refuses texts of more than ``limits.TEXT`` characters."""
    if size > limits.TEXT:
        raise GoError(f"the result is larger than {limits.TEXT} characters")


def check_bits(bits: int) -> None:
    """Refuses numbers that would take long to compute or print."""
    if bits > _NUMBER_BITS:
        raise GoError(f"the number has more than {_NUMBER_BITS} bits")


def check_format(template: str) -> None:
    """Refuses widths in a ``%`` format that no text of ours has."""
    if _WIDE.search(template):
        raise GoError("a format may not have widths of six digits, or *")


def _check_product(left: Any, right: Any) -> None:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, int) and isinstance(other, (str, list, tuple)):
            check_size(len(other) * max(one, 0))
    if isinstance(left, int) and isinstance(right, int):
        check_bits(left.bit_length() + right.bit_length())


def _check_method(function: Any, args: tuple[Any, ...]) -> None:
    """Refuses methods of texts whose result would be too large, before they run."""
    owner = getattr(function, "__self__", None)
    name = getattr(function, "__name__", "")
    if not isinstance(owner, str):
        return
    if name in _SIZED_METHODS:
        check_size(sum(abs(arg) for arg in args if isinstance(arg, int)) * (owner.count("\t") or 1))
    elif name == "replace" and len(args) > 1 and isinstance(args[0], str) and isinstance(args[1], str):
        check_size(len(owner) + owner.count(args[0]) * len(args[1]))
    elif name == "join" and args and isinstance(args[0], (list, tuple)):
        check_size(len(owner) * len(args[0]) + sum(len(each) for each in args[0] if isinstance(each, str)))
    elif name == "translate":
        raise GoError("str.translate is not available in templates")
