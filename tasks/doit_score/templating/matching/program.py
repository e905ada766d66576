"""A pattern as steps, and a search that goes all ways side by side.

Each way is a step and the places of the groups so far.  They go on in the order of their preference, one
character at a time, and of two that come to the same step only the first goes on: there are never more ways
than steps.
"""

from __future__ import annotations

from collections.abc import Iterator

from doit_score.text.light import TypeAlias, dataclass

from ..limits import LimitError, step
from .classes import Has
from .syntax import Choice, Group, Node, One, Place, Reader, Repeat, Row, UnknownError

SIZE = 20_000
"""Steps that a pattern may have."""

_PER_STEP = 4  # of ours, for one of the budget of a template
_COUNTED = 100_000

_WORD = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")

Way: TypeAlias = tuple[int, tuple[int, ...]]


@dataclass(slots=True)
class Read:
    """A step that reads one character."""

    has: Has


@dataclass(slots=True)
class Keep:
    """A step that keeps the place as a start or an end of a group."""

    slot: int


@dataclass(slots=True)
class Look:
    """A step that looks where it is."""

    kind: str


@dataclass(slots=True)
class Fork:
    """A step that goes two ways, the first one preferred; with one of them it is a leap."""

    ways: tuple[int, ...]


@dataclass(slots=True)
class End:
    """The pattern has matched."""


Step: TypeAlias = Read | Keep | Look | Fork | End


class Match:
    """Where the pattern and its groups were found, in bytes."""

    __slots__ = ("_places",)

    def __init__(self, places: tuple[int, ...]) -> None:
        self._places = places

    def span(self, group: int = 0) -> tuple[int, int]:
        """Start and end; (-1, -1) for a group that has no part in it."""
        start, end = self._places[2 * group : 2 * group + 2]
        return (start, end) if end >= 0 else (-1, -1)


class Pattern:
    """A pattern that is ready to be searched for.

    ``groups`` is how many there are, ``groupindex`` the numbers of those with a name.
    """

    def __init__(self, steps: list[Step], groups: int, names: dict[str, int]) -> None:
        self.groups = groups
        self.groupindex = names
        self._steps = steps
        self._done = 0

    def search(self, data: bytes, place: int = 0) -> Match | None:
        """The first match from ``place`` on; raises LimitError where no steps are left for it."""
        try:
            return self._search(data, place)
        finally:
            self._count(0)

    def _search(self, data: bytes, place: int) -> Match | None:
        found: tuple[int, ...] | None = None
        ways: list[Way] = []
        seen: set[int] = set()
        start = (-1,) * (2 * self.groups + 2)
        while True:
            if found is None:
                self._follow(ways, seen, (0, start), data, place)
            if not ways and found is not None:
                break
            char, width = _char_at(data, place)
            following: list[Way] = []
            seen = set()
            for at, places in ways:
                one = self._steps[at]
                if not isinstance(one, Read):
                    found = places
                    break  # what is left is preferred less
                if char >= 0 and one.has(char):
                    self._follow(following, seen, (at + 1, places), data, place + width)
            self._count(len(ways) + 1)
            if not width:
                break
            ways, place = following, place + width
        return Match(found) if found else None

    def _follow(self, ways: list[Way], seen: set[int], way: Way, data: bytes, place: int) -> None:
        """Adds all steps that read a character, or end, which can be reached from here."""
        left = [way]
        before = len(seen)
        while left:
            at, places = left.pop()
            if at in seen:
                continue
            seen.add(at)
            one = self._steps[at]
            if isinstance(one, Fork):
                left.extend((to, places) for to in reversed(one.ways))
            elif isinstance(one, Keep):
                left.append((at + 1, (*places[: one.slot], place, *places[one.slot + 1 :])))
            elif isinstance(one, Look):
                if _is_at(one.kind, data, place):
                    left.append((at + 1, places))
            else:
                ways.append((at, places))
        self._count(len(seen) - before)

    def _count(self, done: int) -> None:
        """Counts what was done against the budget of the template: now and then, and at the end."""
        self._done += done
        if self._done > _COUNTED or not done:
            due, self._done = self._done // _PER_STEP, 0
            try:
                step(due)
            except LimitError as error:
                raise LimitError(
                    f"{error}; regular expressions take far less with google-re2: "
                    "pip install 'doit-score[re2]'"
                ) from None


def compile_pattern(pattern: str) -> Pattern:
    """The pattern; raises PatternError where it is none, UnknownError where only RE2 may know it."""
    reader = Reader(pattern)
    steps: list[Step] = []
    for one in _steps(Group(0, reader.read()), steps):
        steps.append(one)
        if len(steps) > SIZE:
            raise UnknownError(f"more than {SIZE} steps")
    steps.append(End())
    return Pattern(steps, reader.groups, reader.names)


def _steps(node: Node, before: list[Step]) -> Iterator[Step]:
    """The steps of ``node``; ``before`` has those that were given, each as soon as it is given."""
    if isinstance(node, One):
        yield Read(node.has)
    elif isinstance(node, Place):
        yield Look(node.kind)
    elif isinstance(node, Row):
        for part in node.parts:
            yield from _steps(part, before)
    elif isinstance(node, Group):
        yield Keep(2 * node.number)
        yield from _steps(node.part, before)
        yield Keep(2 * node.number + 1)
    elif isinstance(node, Choice):
        yield from _choice(node, before)
    else:
        yield from _repeat(node, before)


def _choice(node: Choice, before: list[Step]) -> Iterator[Step]:
    leaps = []
    for part in node.parts[:-1]:
        fork = Fork(())
        yield fork
        here = len(before)
        yield from _steps(part, before)
        leaps.append(Fork(()))
        yield leaps[-1]
        fork.ways = (here, len(before))
    yield from _steps(node.parts[-1], before)
    for leap in leaps:
        leap.ways = (len(before),)


def _repeat(node: Repeat, before: list[Step]) -> Iterator[Step]:
    for _ in range(node.least - (node.most is None and node.least > 0)):
        yield from _steps(node.part, before)
    forks = []
    if node.most is None:
        # What may be empty has its first turn apart, or the empty turn would be preferred to none.
        if not node.least:
            forks.append(Fork((len(before) + 1,)))
            yield forks[0]
        here = len(before)
        yield from _steps(node.part, before)
        yield Fork((here, len(before) + 1) if node.greedy else (len(before) + 1, here))
    else:
        for _ in range(node.most - node.least):
            forks.append(Fork((len(before) + 1,)))
            yield forks[-1]
            yield from _steps(node.part, before)
    for fork in forks:
        fork.ways = (*fork.ways, len(before)) if node.greedy else (len(before), *fork.ways)


def _char_at(data: bytes, place: int) -> tuple[int, int]:
    """The character at ``place`` and its width; -1 for a byte that is none, and a width of 0 at the end."""
    if place >= len(data):
        return -1, 0
    first = data[place]
    if first < 0x80:
        return first, 1
    width = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    try:
        return ord(data[place : place + width].decode()), width
    except (UnicodeDecodeError, TypeError):
        return -1, 1


def _is_at(kind: str, data: bytes, place: int) -> bool:
    if kind == "A":
        return place == 0
    if kind == "z":
        return place == len(data)
    if kind == "^":
        return place == 0 or data[place - 1] == 10
    if kind == "$":
        return place == len(data) or data[place] == 10
    is_edge = (place > 0 and data[place - 1] in _WORD) != (place < len(data) and data[place] in _WORD)
    return is_edge == (kind == "b")
