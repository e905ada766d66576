"""Who looks on while an entry is run: `provisioners try` and the tests of provisioners do."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.text.errors import Problem
from doit_score.text.light import Protocol, dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One run of a command: what it was called with and given, what it printed, how it ended.

    ``directory`` is where it ran; ``status`` what `subprocess` calls the return code, None where the command
    was ended since it took too long.
    """

    arguments: tuple[str, ...]
    directory: str
    stdin: bytes
    stdout: bytes
    stderr: bytes
    status: int | None


class Observer(Protocol):
    """Is told of a run, field by field in the order of evaluation."""

    def sees(self, field: str, data: Mapping[str, object]) -> None:
        """The template of ``field`` is about to be rendered with ``data``: a copy, by the names of its
        syntax."""

    def printed(self, field: str, text: str) -> None:
        """The template of ``field`` has printed ``text``."""

    def ran(self, command: Command) -> None:
        """The command of the entry has ended."""

    def returned(self, field: str, value: object) -> None:
        """What was returned in ``field`` is checked and normalised; there is no error in it."""

    def problem(self, field: str, problem: Problem, *, printed: int | None, is_error: bool) -> None:
        """Something is wrong in the line ``printed`` of what ``field`` printed, as far as that is known.

        ``problem`` has the place in the provisioner file.  A command's field is the key of its JSON, or
        empty where all of it is meant.
        """
