"""The syntax tree of a Go template.

``at`` and ``end`` are offsets into the source (characters from 0); ``source[at:end]`` is the text of
a node, which messages quote.  Nodes are neither compared nor printed: to make the methods for that
would take half of the time of this module's import.
"""

from __future__ import annotations

from doit_score.text.light import TypeAlias, dataclass


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Dot:
    at: int
    end: int


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Nil:
    at: int
    end: int


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Bool:
    at: int
    end: int
    value: bool


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class String:
    at: int
    end: int
    value: str


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Number:
    """An untyped constant: each field that is not None is a type that it can take."""

    at: int
    end: int
    text: str
    integer: int | None = None
    unsigned: int | None = None
    floating: float | None = None
    complex: complex | None = None


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Field:
    """``.a.b``"""

    at: int
    end: int
    names: list[str]


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Variable:
    """``$x.a.b``; ``name`` includes the dollar."""

    at: int
    end: int
    name: str
    names: list[str]


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Identifier:
    """The name of a function."""

    at: int
    end: int
    name: str


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Chain:
    """``(...).a.b`` or ``function.a.b``"""

    at: int
    end: int
    node: Operand
    names: list[str]


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Command:
    at: int
    end: int
    operands: list[Operand]


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Pipe:
    """Commands joined by ``|``, and the variables that get the result."""

    at: int
    end: int
    variables: list[str]
    assigns: bool
    commands: list[Command]


Operand: TypeAlias = Dot | Nil | Bool | String | Number | Field | Variable | Identifier | Chain | Pipe


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Text:
    at: int
    text: str


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Action:
    at: int
    pipe: Pipe


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Choice:
    """``if`` (``sets_dot`` False) or ``with``, with its chain of ``else if`` or ``else with``."""

    at: int
    sets_dot: bool
    branches: list[tuple[Pipe, list[Statement]]]
    otherwise: list[Statement]


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Range:
    at: int
    pipe: Pipe
    body: list[Statement]
    otherwise: list[Statement]


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Invocation:
    """``{{template "name" pipe}}``, and where a ``block`` stands."""

    at: int
    name: str
    pipe: Pipe | None


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Jump:
    """``break`` (``leaves`` True) or ``continue``."""

    at: int
    leaves: bool


Statement: TypeAlias = Text | Action | Choice | Range | Invocation | Jump
