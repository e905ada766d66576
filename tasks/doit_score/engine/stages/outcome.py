"""What the first stage goes by, and what it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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

    ``is_stored`` tells whether it has all that a provisioner returned.
    """

    kept: Callable[[str], KeptRow | None]
    parts: Callable[[str], str]
    is_stored: Callable[[Made], bool]


@dataclass(slots=True)
class Provisioned:
    """The outcome of the stage.

    ``made`` holds only what was run, and ``why`` for what reasons; ``same`` are commands that are run each
    time and returned what they did before; ``held`` are those that were not run, as they take a command;
    ``attic`` and ``base`` are what is to be remembered of the shared state.  If ``only_commands``, nothing
    but those of ``same`` could be other than it was.
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
    same: Mapping[str, Made] = field(default_factory=dict)
    only_commands: bool = False
