"""Finding packs where doit does not look: in the dicts, lists and tuples of a dodo.py.

doit asks each value of the dodo.py that has ``create_doit_tasks``, and nothing else.  So a pack leaves an
object beside itself which doit asks too, and which speaks for those that doit does not find.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from types import FrameType, FunctionType, MethodType

from doit.exceptions import InvalidDodoFile

from doit_score.configuring.apart import apart
from doit_score.text.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from doit_score.pack import Score

_NAME = "_doit_score_packs"


class _Made(NamedTuple):
    """A pack, the place of ``Score(...)``, and the modules whose code was running then."""

    pack: Score
    place: str
    modules: tuple[Mapping[str, object], ...]


class Packs:
    """The packs that were made while the code of ``module`` was running."""

    def __init__(self, module: Mapping[str, object]) -> None:
        self._module = module
        self._made: list[_Made] = []

    def add(self, made: _Made) -> None:
        """Notes a pack."""
        self._made.append(made)

    @property
    def create_doit_tasks(self) -> object:
        """What makes the tasks of the packs that are in no variable; there is none if all are in one.

        Raises doit's InvalidDodoFile as :meth:`held` does.
        """
        self._rest = [pack for pack, is_direct in self.held() if not is_direct]
        if not self._rest:
            raise AttributeError("create_doit_tasks")  # with one that makes none doit would have a task
        return self._tasks

    def held(self) -> list[tuple[Score, bool]]:
        """The packs of the module, and whether each is in a variable of it.

        Raises doit's InvalidDodoFile for packs that are nowhere, and for two that would have something in
        common that is for one alone.
        """
        every = {id(made.pack): made.pack for made in self._made}
        direct = {id(value) for value in self._module.values()} & every.keys()
        held = direct
        if direct != every.keys():
            held = {id(one) for one in _within(self._module.values())} & every.keys()
            kept = {id(one) for one in _within(self._all_values(), by_others=True)}
            _tell_lost(made.place for made in self._made if id(made.pack) not in kept)
        _check_apart([every[key] for key in held])
        return [(pack, key in direct) for key, pack in every.items() if key in held]

    def _all_values(self) -> Iterator[object]:
        for modules in {tuple(map(id, made.modules)): made.modules for made in self._made}.values():
            for module in modules:
                yield from module.values()

    def _tasks(self) -> Iterator[dict[str, object]]:
        """Score files to Docker Compose projects."""
        for pack in self._rest:
            yield from pack.create_doit_tasks()


def note(pack: Score) -> Mapping[str, object]:
    """Notes a ``pack``, for its constructor.  Returns what the dodo.py has, or what makes it otherwise.

    Another module may make it for a dodo.py, so all count whose code is running, up to doit.
    """
    caller = sys._getframe(2)
    while str(caller.f_globals.get("__name__")).startswith("doit_score.") and caller.f_back:
        caller = caller.f_back
    frame: FrameType | None = caller
    modules: list[dict[str, object]] = []
    while frame is not None and not str(frame.f_globals.get("__name__")).startswith("doit."):
        if frame.f_code.co_name == "<module>":
            modules.append(frame.f_globals)
        frame = frame.f_back
    place = f"{os.path.relpath(caller.f_code.co_filename)}:{caller.f_lineno}"
    made = _Made(pack, place, tuple(modules))
    for module in modules:
        packs = module.setdefault(_NAME, Packs(module))
        assert isinstance(packs, Packs)
        packs.add(made)
    return modules[-1] if modules else caller.f_globals


def packs_of(module: Mapping[str, object]) -> list[Score]:
    """The packs that doit finds in a module.  Raises InvalidDodoFile as it would."""
    packs = module.get(_NAME)
    return [pack for pack, _ in packs.held()] if isinstance(packs, Packs) else []


def _within(values: Iterable[object], *, by_others: bool = False) -> Iterator[object]:
    """``values`` and what is in them; ``by_others`` also what somebody holds who may ask it for tasks."""
    waiting, seen = list(values), set[int]()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        yield value
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, (list, tuple)):
            waiting += value
        elif by_others:
            waiting += _held_by(value)


def _held_by(value: object) -> Iterable[object]:
    if isinstance(value, MethodType):
        return [value.__self__]
    if isinstance(value, FunctionType):
        return inspect.getclosurevars(value).nonlocals.values()
    if isinstance(value, (type, Packs)) or not hasattr(value, "create_doit_tasks"):
        return ()
    held: dict[str, object] = getattr(value, "__dict__", {})
    return held.values()


def _tell_lost(places: Iterable[str]) -> None:
    lost = sorted(set(places))
    if lost:
        raise InvalidDodoFile(
            f"{', '.join(lost)}: Score(...) is in no variable, and in no dict, list or tuple that is in one, "
            "so doit does not see its tasks\n  hint: give it one, as in `score = Score()`"
        )


def _check_apart(packs: Sequence[Score]) -> None:
    """Raises InvalidDodoFile if two of ``packs`` have one name, or something else that is for one alone."""
    names = sorted(pack.name for pack in packs)
    wrong = [
        f"two packs have the name {name!r}, so their tasks would too: give one of them another, as in "
        'Score("stage")'
        for name in sorted({one for one, other in pairwise(names) if one == other})
    ]
    if wrong := wrong or apart({pack.name: pack.settings for pack in packs}):
        raise InvalidDodoFile("\n".join(wrong))
