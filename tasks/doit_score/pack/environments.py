"""Several environments of one tree at once."""

from __future__ import annotations

from collections.abc import Mapping

from doit.exceptions import InvalidDodoFile

from doit_score.pack import Score
from doit_score.text.light import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from doit_score.configuring.signature import Arguments


def environments(packs: Mapping[str, Arguments], **every: Unpack[Arguments]) -> dict[str, Score]:
    """A pack for each environment, by its name: ``packs = environments({"dev": {}, "stage": {...}})``.

    ``packs`` has what is said of each beside what is said of ``every``: an argument that both have is that of
    the environment alone, and of the variables in ``env`` those of both count.  Each has an output, a state
    directory and a project name of its own, and tasks that begin with its name.

    Raises doit's InvalidDodoFile with everything that is wrong with the arguments of any.
    """
    given = cast("object", packs)  # nobody checks the types of a dodo.py
    if not isinstance(given, Mapping) or not given:
        raise InvalidDodoFile(
            f"environments(...): expected a dict of arguments by name, found {_kind(given)}"
            '\n  hint: as in environments({"dev": {}, "stage": {"target": "kubernetes"}})'
        )
    found: dict[str, Score] = {}
    wrong: list[str] = []
    for name, arguments in given.items():
        if not isinstance(arguments, Mapping):
            kind = _kind(arguments)
            wrong.append(f"environments(...): expected a dict of arguments for {name!r}, found {kind}")
            continue
        said: dict[str, Any] = {**every, **arguments}
        shared = every.get("env")
        if isinstance(shared, Mapping) and isinstance(said["env"], Mapping):
            said["env"] = {**shared, **said["env"]}
        try:
            found[name] = Score(name, **said)
        except InvalidDodoFile as error:
            wrong.append(str(error))
    if wrong:
        raise InvalidDodoFile("\n".join(wrong))
    return found


def _kind(value: object) -> str:
    return "an empty dict" if isinstance(value, Mapping) else type(value).__name__
