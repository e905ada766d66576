"""``.field`` of a value: keys of maps, fields and methods of structs."""

from __future__ import annotations

from ..errors import GoError
from ..functions import Function
from ..values import Struct, is_time, type_name
from .run import INVALID


def field(receiver: object, name: str) -> object:
    """``receiver.name``; INVALID for an absent key of a map, a bound :class:`Function` for a method.

    Raises GoError when the receiver is null or its type has no such field.
    """
    if isinstance(receiver, dict):
        return receiver.get(name, INVALID)
    if receiver is INVALID:
        return INVALID
    if isinstance(receiver, Struct):
        if name in receiver.fields:
            return receiver.fields[name]
        method = receiver.method(name)
        if method is not None:
            return method
        known = ", ".join(sorted(receiver.fields))
        raise GoError(f"there is no field {name!r} here: the fields are {known}")
    if is_time(receiver):
        method = _time_method(receiver, name)
        if method is not None:
            return method
    if receiver is None:
        raise GoError(f"cannot read the field {name!r} of a null value")
    raise GoError(f"cannot read the field {name!r} of a value of type {type_name(receiver)}")


def _time_method(receiver: object, name: str) -> Function | None:
    from ..functions import dates

    method = dates.METHODS.get(name)
    if method is None:
        return None
    call = method.call
    return Function(name, lambda *arguments: call(receiver, *arguments), method.params[1:], method.variadic)
