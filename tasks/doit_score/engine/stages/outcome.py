"""What the first stage goes by, and what it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from doit_score.engine.why.origins import Reason
from doit_score.provisioning.model import ProvisionResult
from doit_score.store.rows import KeptRow, ResourceRow
from doit_score.targets import Options, Target
from doit_score.text.errors import Problem
from doit_score.text.light import NamedTuple, dataclass, field


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every resource of a project is told, and what is remembered of earlier runs."""

    target: Target
    options: Options
    mounts_directory: str
    environment: Mapping[str, str]
    hermetic: bool
    force: bool
    attic: Mapping[str, object]
    """Everything that ever was in the shared state: a resource that comes back finds its names."""
    base: Mapping[str, object]
    """What is in the shared state without being contributed: see engine/shared/contributions.py."""
    commands: bool = True
    """Whether ``cmd://`` provisioners may be started; if not, what they returned before is taken."""
    only_commands: bool = False
    """Whether nothing but what commands return can be other than it was."""
    goes_on: bool = False
    """Whether a resource that no provisioner takes, or that awaits a command, stops nothing else."""


class Made(NamedTuple):
    """What one run of a provisioner left.  ``parts`` are those of which ``row.digest`` is the digest."""

    row: ResourceRow
    kept: KeptRow
    result: ProvisionResult
    warnings: tuple[Problem, ...]
    parts: str


class Before(NamedTuple):
    """What the state has of earlier runs, by uid: what was generated, and the parts that it was made of.

    ``is_stored`` tells whether it has all that a provisioner returned; ``reveals`` whether something that
    was made says that what is in entries is a secret, and marks the rows of those whose entries they are;
    ``tried`` are the resources for which their entry was run once more, and ``warned`` others of which
    there are warnings, with all that was found.
    """

    kept: Callable[[str], KeptRow | None]
    parts: Callable[[str], str]
    is_stored: Callable[[Made], bool]
    reveals: Callable[[Mapping[str, Made], dict[str, ResourceRow]], bool]
    tried: Mapping[str, Sequence[Problem]]
    warned: Mapping[str, Sequence[Problem]]


@dataclass(slots=True)
class Provisioned:
    """The outcome of the stage.

    ``made`` holds only what was run, and ``why`` for what reasons; ``same`` are commands that are run each
    time and returned what they did before; ``held`` are those that were not run, as they take a command;
    ``attic`` and ``base`` are what is to be remembered of the shared state.  If ``only_commands``, nothing
    but those of ``same`` could be other than it was.  ``firsts`` are the first resource of each entry,
    ``tried`` what was found when an entry was run once more for it; ``told_anew`` are the warnings of
    those that were not run, where their places are others now (repetition.py).
    """

    order: tuple[str, ...]
    rows: dict[str, ResourceRow]
    made: dict[str, Made] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    attic: dict[str, object] = field(default_factory=dict)
    base: dict[str, object] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    why: Mapping[str, list[Reason]] = field(default_factory=dict)
    held: tuple[str, ...] = ()
    same: dict[str, Made] = field(default_factory=dict)
    only_commands: bool = False
    tried: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    firsts: frozenset[str] = frozenset()
    told_anew: dict[str, tuple[Problem, ...]] = field(default_factory=dict)

    @property
    def warnings(self) -> list[Problem]:
        """All that there is to warn of what was run."""
        return [
            problem
            for problems in (*(made.warnings for made in self.made.values()), *self.tried.values())
            for problem in problems
        ]

    def hide(self, hidden: Callable[[Problem], Problem]) -> None:
        """Has all that is told as ``hidden`` gives it."""
        self.errors = list(map(hidden, self.errors))
        self.made = {
            uid: made._replace(warnings=tuple(map(hidden, made.warnings))) for uid, made in self.made.items()
        }
        for found in (self.tried, self.told_anew):
            found.update((uid, tuple(map(hidden, problems))) for uid, problems in found.items())
