"""The syntax tree of a Go template.

``at`` and ``end`` are offsets into the source (characters from 0); ``source[at:end]`` is the text of
a node, which messages quote.  Nodes are neither compared nor printed: to make the methods for that
would take half of the time of this module's import.
"""

from __future__ import annotations

from doit_score.text.light import TypeAlias, dataclass


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class _Node:
    at: int


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class _Expression(_Node):
    end: int


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Dot(_Expression):
    """``.``"""


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Nil(_Expression):
    """``nil``"""


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Bool(_Expression):
    value: bool


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class String(_Expression):
    value: str


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Number(_Expression):
    """An untyped constant: each field that is not None is a type that it can take."""

    text: str
    integer: int | None = None
    unsigned: int | None = None
    floating: float | None = None
    complex: complex | None = None


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Field(_Expression):
    """``.a.b``"""

    names: list[str]


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Variable(_Expression):
    """``$x.a.b``; ``name`` includes the dollar."""

    name: str
    names: list[str]


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Identifier(_Expression):
    """The name of a function."""

    name: str


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Chain(_Expression):
    """``(...).a.b`` or ``function.a.b``"""

    node: Operand
    names: list[str]


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Command(_Expression):
    operands: list[Operand]


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Pipe(_Expression):
    """Commands joined by ``|``, and the variables that get the result."""

    variables: list[str]
    assigns: bool
    commands: list[Command]


Operand: TypeAlias = Dot | Nil | Bool | String | Number | Field | Variable | Identifier | Chain | Pipe


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Text(_Node):
    text: str


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Action(_Node):
    pipe: Pipe


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Choice(_Node):
    """``if`` (``sets_dot`` False) or ``with``, with its chain of ``else if`` or ``else with``."""

    sets_dot: bool
    branches: list[tuple[Pipe, list[Statement]]]
    otherwise: list[Statement]


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Range(_Node):
    pipe: Pipe
    body: list[Statement]
    otherwise: list[Statement]


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Invocation(_Node):
    """``{{template "name" pipe}}``, and where a ``block`` stands."""

    name: str
    pipe: Pipe | None


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Jump(_Node):
    """``break`` (``leaves`` True) or ``continue``."""

    leaves: bool


Statement: TypeAlias = Text | Action | Choice | Range | Invocation | Jump
