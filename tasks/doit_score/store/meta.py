"""The single values of the state, each with its type, what it is where nothing is stored, and whether it is
memory: what cannot be made again (see schema.py).

They are stored as texts by their names.  A text is decoded when it is asked for, as a quick look needs few
of them and some are large.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from doit_score.text import canonical
from doit_score.text.errors import Problem
from doit_score.text.light import Any, Generic, NamedTuple, TypeVar, asdict, overload

_T = TypeVar("_T")


class Value(NamedTuple):
    """A value as it is stored."""

    name: str
    text: str


class Field(Generic[_T]):
    """One field of :class:`Meta`; of the class itself, what makes a value of the field to be stored."""

    name: str

    def __init__(
        self,
        default: _T,
        decode: Callable[[str], _T],
        encode: Callable[[_T], str],
        *,
        is_memory: bool = False,
    ) -> None:
        self.is_memory = is_memory
        self._default, self._decode, self._encode = default, decode, encode

    def __set_name__(self, owner: type[Meta], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, meta: None, owner: type[Meta]) -> Field[_T]: ...
    @overload
    def __get__(self, meta: Meta, owner: type[Meta]) -> _T: ...
    def __get__(self, meta: Meta | None, owner: type[Meta]) -> Field[_T] | _T:
        if meta is None:
            return self
        text = meta.texts.get(self.name)
        return self._default if text is None else self._decode(text)

    def to(self, value: _T) -> Value:
        """This field with ``value``, to be stored."""
        return Value(self.name, self._encode(value))


def _text(default: str = "", *, is_memory: bool = False) -> Field[str]:
    return Field(default, str, str, is_memory=is_memory)


def _flag(default: bool, *, is_memory: bool = False) -> Field[bool]:
    return Field(default, "1".__eq__, lambda value: "1" if value else "0", is_memory=is_memory)


def _texts(*, is_memory: bool = False) -> Field[tuple[str, ...]]:
    return Field((), lambda text: tuple(map(str, _items(text))), canonical.encode, is_memory=is_memory)


def _mapping(*, is_memory: bool = False) -> Field[Mapping[str, object]]:
    return Field({}, canonical.mapping, lambda value: canonical.encode(dict(value)), is_memory=is_memory)


def _items(text: str) -> Sequence[Any]:
    return canonical.items(text) if text else ()


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(first), str(second)) for first, second in _items(text))


def _digests(text: str) -> dict[str, str]:
    return {name: str(digest) for name, digest in canonical.mapping(text).items()}


def _two(text: str) -> tuple[int, int]:
    first, second = text.split()
    return int(first), int(second)


def problems_of(text: str) -> tuple[Problem, ...]:
    """The problems of which :func:`text_of_problems` made ``text``."""
    return tuple(Problem(**problem) for problem in _items(text))


def text_of_problems(problems: Iterable[Problem]) -> str:
    """The text of some problems, to be stored."""
    return canonical.encode([asdict(problem) for problem in problems])


class Meta:
    """All single values of one commit, or none yet."""

    __slots__ = ("texts",)

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        """What is stored, by name."""

    def knows(self, field: Field[Any]) -> bool:
        """Whether something is stored for a field."""
        return field.name in self.texts

    def has(self, values: Iterable[Value]) -> bool:
        """Whether all of these are stored already."""
        return all(self.texts.get(name) == text for name, text in values)

    # What the project was told once.
    project = _text(is_memory=True)
    default_provisioners = _flag(True, is_memory=True)
    """Whether the shipped provisioners count."""
    patch_templates: Field[Sequence[tuple[str, str]]] = Field((), _pairs, canonical.encode, is_memory=True)
    """The names of the patch templates that `init` was given, and their texts."""
    publish = _texts(is_memory=True)
    start_order = _text("wait", is_memory=True)
    probes = _text("exec", is_memory=True)
    target = _text("compose", is_memory=True)
    namespace = _text(is_memory=True)
    generate_namespace = _flag(False, is_memory=True)
    format = _text("yaml", is_memory=True)
    secrets = _text("together", is_memory=True)
    context = _text(is_memory=True)
    output = _text("compose.yaml", is_memory=True)
    task = _text(is_memory=True)
    """The task of a dodo.py that has generated the project; empty for the command."""

    config = _text(is_memory=True)
    """The file that says what the project is, for the command."""

    instances: Field[Mapping[str, object]] = _mapping(is_memory=True)
    """What stands behind the names of workloads in the labels by which a cluster finds their pods, where that
    was taken over."""

    raw_names = _flag(False, is_memory=True)
    """Whether there are names of files that are not UTF-8 (connection.py)."""

    # What provisioners made together (engine/shared/contributions.py).
    attic = _mapping(is_memory=True)
    base = _mapping(is_memory=True)

    # What was taken over from score-compose.
    legacy = _text(is_memory=True)
    """The digest of the state file that was taken over, or exported."""
    legacy_resources = _mapping(is_memory=True)
    """The resources that were in no workload, for the way back."""

    vault = _mapping(is_memory=True)
    """Where secrets are kept apart (`how`), under what identity (`id`), for which state directory (`at`),
    their `names`, and those that are looked for nowhere (`alone`); nothing where they are in the state
    itself.  See store/vault.py."""

    memory = _text(is_memory=True)
    """Names the present content of the memory: a backup with the same one is up to date."""

    # What the last run left.
    complete = _text()
    """What the last complete run was asked to do; empty while one is under way."""
    run = _text()
    """Names the last run that provisioned: its later stages go on with what it read."""
    unfinished = _texts()
    """The directories, besides the mounts, in which a killed run can have left temporary files."""
    reasons_open = _flag(False)
    """Whether the reasons are those of a run under way, or of one that did not end."""
    catalogue = _text()
    """The fingerprint of all provisioners."""
    brought = _mapping()
    """What resources bring that workloads are made of, as the target says it (for narrow runs)."""
    counts: Field[tuple[int, int]] = Field((0, 0), _two, lambda counts: " ".join(map(str, counts)))
    """How many workloads and resources the last complete run had."""
    standing = Field(0, int, str)
    """How many warnings and notices stand."""
    has_variables = _flag(False)
    """Whether secrets that are kept in files of their own are in variables too."""
    environment: Field[Mapping[str, str]] = Field({}, _digests, lambda found: canonical.encode(dict(found)))
    """The environment variables that were looked at, with the digest of each value."""
    checked: Field[Sequence[Problem]] = Field((), problems_of, text_of_problems)
    """What there is to warn of in the project as a whole."""
    running = _mapping()
    """What `up` remembers of a good run (running/record.py)."""


MEMORY = frozenset(name for name, field in vars(Meta).items() if isinstance(field, Field) and field.is_memory)
"""The names of the fields that are memory."""
