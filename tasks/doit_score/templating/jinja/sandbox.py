"""The environment that Jinja2 templates run in: what they may reach and use up.

Jinja2's own sandbox keeps underscores and mutation away.  Added here: attributes of dicts are never
those of Python classes that we use for data, ``str.format`` is refused (``| format`` stays), and turns of
loops, calls, numbers and texts are counted or bounded, so that a template ends.  What is undefined may
be asked for (``is defined``, ``default``), also within a list; wherever else it would count it is an error.
"""

from __future__ import annotations

import re
from collections.abc import ItemsView, Iterable, Iterator, KeysView, ValuesView
from itertools import chain
from types import BuiltinFunctionType, FunctionType, MethodType

from jinja2 import StrictUndefined, Undefined, nodes, pass_context
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

from doit_score.text import words
from doit_score.text.light import Any

from .. import limits
from ..errors import GoError
from ..functions import Function
from ..go.access import field
from ..limits import BUDGET, Budget, step, step_by_letter, weigh
from ..values import Struct

_NUMBER_BITS = 14_000  # Python writes at most 4,300 digits
_WIDEST_INDENT = 100
_DICT_METHODS = frozenset({"copy", "get", "items", "keys", "values"})
_LIST_METHODS = frozenset({"copy", "count", "index"})
_NAMED = re.compile(r"%\(([^()]*)\)")
_WIDE = re.compile(r"[0-9]{6,}|\*")
_FUNCTIONS = (FunctionType, MethodType, BuiltinFunctionType)
_VIEWS = (tuple, range, KeysView, ValuesView, ItemsView)
_NO_BYTES = frozenset({"encode", "from_bytes", "to_bytes"})
_SIZED_METHODS = frozenset({"center", "expandtabs", "ljust", "rjust", "zfill"})

COMPARED, COUNTED, JOINED, SIZED, WITHIN = "_compared", "_counted", "_joined", "_sized", "_within"
"""Filters that the parser puts around operands, loops, ``~`` and ``{% set %}`` blocks."""


def budget() -> Budget:
    """The budget of the rendering under way."""
    found = BUDGET.get()
    assert found is not None, "nothing is worked out before a template is rendered"
    return found


class Absent(StrictUndefined):
    """What is not defined: an error in whatever uses it, also as part of a list that is printed."""

    __slots__ = ()
    __repr__ = StrictUndefined._fail_with_undefined_error

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        budget().undefined = True

    @property
    def _undefined_message(self) -> str:
        """Of a key that is not there also which are."""
        message, holder, name = super()._undefined_message, self._undefined_obj, self._undefined_name
        if not isinstance(holder, dict) or not isinstance(name, str):
            return message
        return f"{message}; {words.near(name, (key for key in holder if isinstance(key, str)))}"


class Sandbox(ImmutableSandboxedEnvironment):
    """Strict, immutable, without a loader; texts, numbers and loops have limits."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(
            undefined=Absent,
            autoescape=False,
            optimized=False,
            keep_trailing_newline=True,
            loader=None,
            finalize=_printable,
        )
        del self.globals["lipsum"]
        self.filters |= {
            COMPARED: pass_context(lambda context, value: measured(value)),
            COUNTED: counted,
            JOINED: joined,
            SIZED: pass_context(_sized_filter),
            WITHIN: pass_context(_within),
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
        if attribute in _NO_BYTES:
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
        given = budget()
        given.step()
        if given.undefined and not isinstance(__obj, (Macro, type)) and not hasattr(__obj, "takes_undefined"):
            check_whole(args, kwargs)
        args = _bounded_arguments(__obj, args, kwargs)
        result = sized(super().call(__context, __obj, *args, **kwargs))
        weigh(result, *args)
        return result

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
            check_format(left, right)
        result = super().call_binop(context, operator, left, right)
        weigh(result)
        return result


@pass_context
def _printable(context: Context, value: Any) -> Any:
    return value if isinstance(value, str) else measured(value)


def measured(value: Any) -> Any:
    """``value``, which is to be written or compared whole.

    Each element takes a step as often as it is in there, since a structure may share its parts.
    Raises GoError, or the error of what is undefined in it.
    """
    if isinstance(value, str):
        weigh("", value)
    elif isinstance(value, (list, *_VIEWS)):
        step(len(value))
        if not isinstance(value, range):
            for item in value:
                measured(item)
    elif isinstance(value, dict):
        found = _read(value)
        step(len(found))
        for key, item in found:
            measured(key)
            measured(item)
    elif isinstance(value, int):
        if value.bit_length() > _NUMBER_BITS:
            check_bits(value.bit_length())
        step(value.bit_length() >> 10)
    elif isinstance(value, Undefined):
        str(value)  # says what is missing
    elif isinstance(value, _FUNCTIONS):
        raise GoError(f"a function cannot be printed: call it as {value.__name__}(...)")
    elif isinstance(value, (Iterator, Namespace)):
        raise GoError("only values can be printed and compared: put `| list` behind what gives a series")
    return value


def _read(value: dict[Any, Any]) -> ItemsView[Any, Any]:
    """What is in ``value``; of a mapping that is read as it is looked at, what has been read.

    The rest of such a one shares no parts, and has nothing undefined.
    """
    return dict.items(value)


def check_whole(*values: Any) -> None:
    """Raises the error of what is undefined in ``values``, if Jinja2 has come upon something undefined."""
    if budget().undefined:
        pending, seen = list(values), set()
        while pending:
            value = pending.pop()
            if isinstance(value, Undefined):
                str(value)  # says what is missing
            if isinstance(value, (list, tuple, dict)) and id(value) not in seen:
                seen.add(id(value))
                pending += chain.from_iterable(_read(value)) if isinstance(value, dict) else value


def _within(context: Context, value: Any) -> Any:
    """``value``, in which something is looked for."""
    check_whole(value)
    if isinstance(value, str):
        weigh("", value)
    elif isinstance(value, (list, tuple)):
        step_by_letter(len(value))
        for item in value:
            if isinstance(item, (list, tuple, dict)):
                measured(item)
    return value


class _Bounds(NodeTransformer):
    """Puts the counting and sizing filters into a template's tree."""

    def visit_For(self, node: nodes.For) -> nodes.For:
        self.generic_visit(node)
        node.iter = _filtered(node.iter, COUNTED)
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Compare:
        self.generic_visit(node)
        node.expr = _filtered(node.expr, COMPARED)
        for operand in node.ops:
            operand.expr = _filtered(operand.expr, WITHIN if operand.op in ("in", "notin") else COMPARED)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Expr:
        self.generic_visit(node)
        # Jinja2 takes slices by itself, without asking the environment.
        return _filtered(node, SIZED) if isinstance(node.arg, nodes.Slice) else node

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
        self._items = items if hasattr(items, "__len__") else list(stepping(items))

    def __iter__(self) -> Iterator[Any]:
        return stepping(self._items)

    def __len__(self) -> int:
        return len(self._items)  # type: ignore[arg-type]  # made sure of above


def stepping(items: Iterable[Any]) -> Iterator[Any]:
    """``items``, each of which takes a step."""
    count = budget().step
    for item in items:
        count()
        yield item


@pass_context
def joined(context: Context, parts: list[Any]) -> str:
    """The texts of ``parts`` one after the other: the operator ``~``."""
    texts = [str(measured(part)) for part in parts]
    check_size(sum(map(len, texts)))
    result = "".join(texts)
    weigh(result)
    return result


def _sized_filter(context: Context, value: Any) -> Any:
    weigh(value)
    return sized(value)


def _attribute(context: Context, value: Any, name: Any) -> Any:
    return context.environment.getattr(value, str(name))


def sized(value: Any) -> Any:
    """``value``, unless it is a text, a list or a number that is too large, or bytes."""
    if isinstance(value, (str, list, tuple)):
        check_size(len(value))
    elif isinstance(value, int):
        check_bits(value.bit_length())
    elif isinstance(value, (bytes, bytearray)):
        raise GoError("templates have no bytes")
    return value


def check_size(size: int) -> None:
    """Refuses texts of more than ``limits.TEXT`` characters."""
    if size > limits.TEXT:
        raise GoError(f"the result is larger than {limits.TEXT} characters")


def check_bits(bits: int) -> None:
    """Refuses numbers that would take long to compute or print."""
    if bits > _NUMBER_BITS:
        raise GoError(f"the number has more than {_NUMBER_BITS} bits")


def check_format(template: str, values: Any) -> None:
    """Refuses widths in a ``%`` format that no text of ours has, and values that would make it too large."""
    if _WIDE.search(template):
        raise GoError("a format may not have widths of six digits, or *")
    measured(values)
    if isinstance(values, dict):
        for name in _NAMED.findall(template):
            values.get(name)
        longest = max((len(value) for _, value in _read(values) if isinstance(value, str)), default=0)
        check_size(len(template) + template.count("%(") * longest)


def check_indent(width: Any) -> None:
    """Refuses indentation that would make many lines long."""
    if len(width) > _WIDEST_INDENT if isinstance(width, str) else abs(width) > _WIDEST_INDENT:
        raise GoError(f"expected at most {_WIDEST_INDENT} spaces of indentation")


def _check_product(left: Any, right: Any) -> None:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, int) and isinstance(other, (str, list, tuple)):
            check_size(len(other) * max(one, 0))
    if isinstance(left, int) and isinstance(right, int):
        check_bits(left.bit_length() + right.bit_length())


def _bounded_arguments(function: Any, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """``args``; refuses methods whose result would be too large, or that take long, before they run."""
    owner = getattr(function, "__self__", None)
    name = getattr(function, "__name__", "")
    if isinstance(owner, (list, tuple)) and name in ("count", "index"):
        measured(owner)
    if not isinstance(owner, str):
        return args
    weigh("", owner)
    if name in _SIZED_METHODS:
        width = sum(abs(arg) for arg in (*args, *named.values()) if isinstance(arg, int))
        check_size(len(owner) + width * (owner.count("\t") or 1))
    elif name == "replace" and len(args) > 1 and isinstance(args[0], str) and isinstance(args[1], str):
        check_replacement(owner, args[0], args[1])
    elif name == "join" and len(args) == 1 and isinstance(args[0], Iterable):
        parts = list(stepping(args[0]))
        check_whole(parts)
        check_size(len(owner) * len(parts) + sum(len(each) for each in parts if isinstance(each, str)))
        return (parts,)
    elif name == "translate":
        raise GoError("str.translate is not available in templates")
    return args


def check_replacement(text: str, old: str, new: str) -> None:
    """Refuses a replacement that would make ``text`` too large."""
    check_size(len(text) + text.count(old) * len(new))
