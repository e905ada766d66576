"""What modules need of `typing`, `dataclasses`, `hashlib` and `uuid`, without importing them.

The first two take longer to import than an unchanged run may take, and each class that `dataclass` makes
costs half a millisecond more.  Type checkers see the real ones.  Here a class gets its ``__init__`` when
the first instance is made, so that one of which none is made costs next to nothing.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False


def uuid4(chance: bytes | None = None) -> str:
    """A random identifier (version 4 of RFC 9562), of 16 random bytes.

    What `uuid` imports costs as much as Python's start.
    """
    drawn = int.from_bytes(os.urandom(16) if chance is None else chance, "big")
    digits = f"{drawn & ~(0xF << 76) & ~(0x3 << 62) | 4 << 76 | 2 << 62:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


if TYPE_CHECKING:
    from dataclasses import asdict as asdict
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
    from hashlib import sha256 as sha256
    from typing import Any as Any
    from typing import ClassVar as ClassVar
    from typing import Final as Final
    from typing import Generic as Generic
    from typing import Literal as Literal
    from typing import NamedTuple as NamedTuple
    from typing import NoReturn as NoReturn
    from typing import Protocol as Protocol
    from typing import TypeAlias as TypeAlias
    from typing import TypeGuard as TypeGuard
    from typing import TypeVar as TypeVar
    from typing import cast as cast
    from typing import overload as overload
else:
    from collections import namedtuple

    # What `hashlib` gives is OpenSSL's, which takes a quarter of the start of Python to load.
    for _module in ("_sha2", "_sha256", "hashlib"):
        try:
            sha256 = __import__(_module).sha256
        except (ImportError, AttributeError):
            continue
        break

    class field:
        """A field whose default is made for each instance, or is the same for all."""

        __slots__ = ("default", "factory")

        def __init__(self, **given):
            self.factory = given.get("default_factory")
            if "default" in given:
                self.default = given["default"]

    def dataclass(*, slots, frozen=False, eq=True, repr=True, match_args=True):
        """As that of `dataclasses`, for classes with slots, whose fields come after those of one base."""

        def made(cls):
            own = dict(cls.__dict__)
            inherited = next((base.__fields__ for base in cls.__mro__ if hasattr(base, "__fields__")), {})
            fields = dict(inherited)
            for name in own.get("__annotations__", ()):
                given = own.pop(name, None) if name in own else field()
                fields[name] = given if isinstance(given, field) else field(default=given)
            for name in ("__dict__", "__weakref__"):
                own.pop(name, None)
            own["__slots__"] = tuple(name for name in fields if name not in inherited)
            own["__fields__"] = fields
            own["__qualname__"] = cls.__qualname__
            own["__init__"] = _first_init
            if match_args:
                own["__match_args__"] = tuple(fields)
            if repr:
                own.setdefault("__repr__", _repr)
            if eq:
                own.setdefault("__eq__", _eq)
                own["__hash__"] = _hash if frozen else None
            if frozen:
                own["__setattr__"] = own["__delattr__"] = _refuse
                own["__getstate__"], own["__setstate__"] = _values, _set_values
            return type(cls)(cls.__name__, cls.__bases__, own)

        return made

    def _first_init(self, *given, **named):
        cls = type(self)
        cls.__init__ = _init(cls)
        cls.__init__(self, *given, **named)

    def _init(cls):
        """The ``__init__`` of a class, made of its fields."""
        scope, head, body = {"_set": object.__setattr__, "_made": object()}, ["self"], []
        frozen = cls.__setattr__ is _refuse
        for name, one in cls.__fields__.items():
            value = name
            if one.factory is not None:
                scope[f"_make_{name}"] = one.factory
                value = f"_make_{name}() if {name} is _made else {name}"
                head.append(f"{name}=_made")
            elif hasattr(one, "default"):
                scope[f"_default_{name}"] = one.default
                head.append(f"{name}=_default_{name}")
            else:
                head.append(name)
            body.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
        exec(f"def __init__({', '.join(head)}):\n " + "\n ".join(body or ["pass"]), scope)
        return scope["__init__"]

    def replace(value, **changes):
        """``value``, of a class made here, with some fields changed."""
        return type(value)(**(asdict(value) | changes))

    def asdict(value):
        """The fields of ``value`` by name; what is in them is not copied."""
        return {name: getattr(value, name) for name in value.__fields__}

    def _values(self):
        return tuple(getattr(self, name) for name in self.__fields__)

    def _set_values(self, values):
        for name, value in zip(self.__fields__, values, strict=True):
            object.__setattr__(self, name, value)

    def _eq(self, other):
        return _values(self) == _values(other) if other.__class__ is self.__class__ else NotImplemented

    def _hash(self):
        return hash(_values(self))

    def _repr(self):
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__fields__)
        return f"{type(self).__qualname__}({fields})"

    def _refuse(self, name, value=None):
        raise AttributeError(f"cannot assign to field {name!r}")

    class _Named(type):
        def __new__(meta, name, bases, own):
            if not bases:
                return super().__new__(meta, name, bases, own)
            fields = tuple(own.get("__annotations__", ()))
            defaults = [own.pop(name) for name in fields if name in own]
            made = namedtuple(name, fields, defaults=defaults, module=own["__module__"])
            for key, value in own.items():
                if key not in ("__module__", "__qualname__", "__slots__", "__dict__", "__weakref__"):
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Named):
        """As that of `typing`; a class of it is a tuple, and none of this one."""

    class Generic:
        """As that of `typing`: what is said in brackets matters to type checkers only."""

        def __class_getitem__(cls, parameters):
            return cls

    class Protocol(Generic):
        """As that of `typing`, for those that nobody asks about while the program runs."""

    # In annotations, which nobody reads while the program runs, and in the definitions of types.
    Any = ClassVar = Final = Literal = NoReturn = TypeAlias = TypeGuard = Generic

    def TypeVar(name, **more):
        """As that of `typing`, for use in annotations."""
        return name

    def cast(kind, value):
        """As that of `typing`."""
        return value

    def overload(function):
        """As that of `typing`."""
        return function
