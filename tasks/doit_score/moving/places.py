"""The tools whose projects are taken over, and where each keeps what is ours to take."""

from __future__ import annotations

from doit_score.options import DIRECTORIES
from doit_score.text.light import NamedTuple


class Tool(NamedTuple):
    """One of them.  Paths are relative to the working directory.

    ``doubles`` is whether it stores the dollars of commands doubled; ``fields`` and ``of_workload`` are the
    keys of its state file, and of each workload there.
    """

    name: str
    target: str
    directory: str
    has_mounts: bool
    doubles: bool
    fields: tuple[str, ...]
    of_workload: tuple[str, ...]

    @property
    def state(self) -> str:
        """Its state file."""
        return f"{self.directory}/state.yaml"

    @property
    def mounts(self) -> str:
        """Its mounts directory, where it has one."""
        return f"{self.directory}/mounts"

    @property
    def defaults(self) -> str:
        """The provisioners that its `init` writes unless it is told not to."""
        return f"{self.directory}/zz-default.provisioners.yaml"


_SHARED = ("workloads", "resources", "shared_state")

COMPOSE = Tool(
    "score-compose",
    "compose",
    DIRECTORIES["compose"],
    has_mounts=True,
    doubles=True,
    fields=(*_SHARED, "compose_project", "mounts_directory", "patching_templates"),
    of_workload=("spec", "file", "build_configs"),
)
KUBERNETES = Tool(
    "score-k8s",
    "kubernetes",
    DIRECTORIES["kubernetes"],
    has_mounts=False,
    doubles=False,
    fields=(*_SHARED, "patching_templates"),
    of_workload=("spec", "file", "instance_suffix"),
)
TOOLS = (COMPOSE, KUBERNETES)


def of_target(target: str) -> Tool:
    """The tool that is for this target."""
    return next(tool for tool in TOOLS if tool.target == target)
