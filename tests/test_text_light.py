"""The stand-ins for `dataclasses` and `typing` do what the real ones do."""

from __future__ import annotations

import dataclasses
import pickle
import typing
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from doit_score.text import light

REAL = SimpleNamespace(**{name: getattr(dataclasses, name) for name in ("dataclass", "field", "replace")})
BOTH = pytest.mark.parametrize("of", [light, REAL], ids=["light", "real"])


def frozen(of: Any) -> Any:
    @of.dataclass(frozen=True, slots=True)
    class Place:
        """Where it is."""

        path: str
        line: int | None = None
        names: list[str] = of.field(default_factory=list)

        @property
        def shown(self) -> str:
            return f"{self.path}:{self.line}"

    return Place


def changing(of: Any) -> Any:
    @of.dataclass(slots=True)
    class Count:
        number: int
        seen: dict[str, int] = of.field(default_factory=dict)

    return Count


@BOTH
def test_fields_defaults_and_what_a_class_has_beside_them(of: Any) -> None:
    place = frozen(of)
    one, other = place("a"), place(path="a", line=3)
    assert (one.path, one.line, one.names, other.shown) == ("a", None, [], "a:3")
    assert one.names is not other.names
    assert (place.__doc__, place.__name__, place.__match_args__) == (
        "Where it is.",
        "Place",
        ("path", "line", "names"),
    )
    assert not hasattr(one, "__dict__")
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'path'"):
        place()
    with pytest.raises(TypeError, match="unexpected keyword argument 'nope'"):
        place("a", nope=1)


@BOTH
def test_frozen_values_are_compared_hashed_and_not_changed(of: Any) -> None:
    place = frozen(of)
    assert place("a", 1) == place("a", 1) != place("a", 2)
    assert place("a") != ("a", None, [])
    assert hash(place("a", 1, ())) == hash(place("a", 1, ())) == hash(("a", 1, ()))
    one = place("a", 1)
    assert repr(one).endswith("Place(path='a', line=1, names=[])")
    with pytest.raises(AttributeError):
        one.line = 2
    with pytest.raises(AttributeError):
        del one.line
    assert (of.replace(one, line=2), one.line) == (place("a", 2), 1)


@BOTH
def test_values_that_change_have_no_hash(of: Any) -> None:
    count = changing(of)
    one = count(2)
    one.number = 3
    assert (one == count(3), one == of.replace(one), one == count(2)) == (True, True, False)
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    with pytest.raises(TypeError, match="more"):
        count(1, more=2)


@BOTH
def test_fields_come_after_those_of_the_base(of: Any) -> None:
    place = frozen(of)

    @of.dataclass(frozen=True, slots=True)
    class Room(place):  # type: ignore[valid-type, misc]  # the real one and ours
        floor: int = 0

    room = Room("a", 1, [], 3)
    assert (room.path, room.floor, room.shown, room == Room("a", 1, [], 3)) == ("a", 3, "a:1", True)
    assert (Room.__slots__, hasattr(room, "__dict__")) == (("floor",), False)


@light.dataclass(frozen=True, slots=True)
class Sent:
    text: str
    more: tuple[int, ...] = ()


def test_frozen_values_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(Sent("a", (1,)))) == Sent("a", (1,))


def named(base: Any) -> Any:
    class Row(base):  # type: ignore[misc]  # the real one and ours
        """A row."""

        path: str
        size: int = -1

        @classmethod
        def absent(cls, path: str) -> Any:
            return cls(path)

        @property
        def is_absent(self) -> bool:
            return self.size < 0

    return Row


@pytest.mark.parametrize("base", [light.NamedTuple, typing.NamedTuple], ids=["light", "real"])
def test_named_tuples_are_tuples(base: Callable[..., object]) -> None:
    row = named(base)
    assert (row("a", 1), row._make(("a", 1)), row.absent("a").is_absent) == (("a", 1), ("a", 1), True)
    assert (row._fields, row.__doc__, row.__name__, row("a")._replace(size=2)) == (
        ("path", "size"),
        "A row.",
        "Row",
        ("a", 2),
    )
    assert isinstance(row("a"), tuple)
