"""Which service of a workload owns the network that its others share.

The reference takes the first container by name without ``before``.  Where that one waits for a
container that is to share its network, Compose refuses the project, because sharing a network is a
dependency too.  There we take another owner, and where nothing else helps let containers that run
to completion have a network of their own, as those that only run before others have anyway.
"""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.score.cycles import reach
from doit_score.score.workload import Container
from doit_score.text.light import NamedTuple


class Network(NamedTuple):
    """``owner`` is the container whose network the containers in ``sharers`` use."""

    owner: str
    sharers: frozenset[str]


def share_network(containers: Mapping[str, Container]) -> Network:
    """The owner of the network, and who shares it, without a cycle of dependencies.

    ``containers`` is sorted by name and its ``before`` relations have no cycle (the workload was
    checked for that).  Cases containers-09, -12, -13, -15, -18.
    """
    dependencies = _dependencies(containers)
    joining = {name for name, one in containers.items() if not _only_completes(one)}
    first = [name for name, one in containers.items() if not one.before]
    if not joining & dependencies[first[0]]:
        return Network(first[0], frozenset(joining - {first[0]}))
    # A container that runs to completion is no owner: its network would end with it.
    lasting = {name for name in joining if "complete" not in containers[name].before.values()}
    candidates = first + [name for name in containers if name in lasting and name not in first]
    # There always is one: of the lasting containers, which have no cycle, one waits for no other.
    owner = next(name for name in candidates if not lasting & dependencies[name])
    return Network(owner, frozenset(joining - dependencies[owner] - {owner}))


def _only_completes(container: Container) -> bool:
    """Whether all that others want of ``container`` is that it has run."""
    return bool(container.before) and set(container.before.values()) == {"complete"}


def _dependencies(containers: Mapping[str, Container]) -> dict[str, set[str]]:
    """For each container the containers that start before it, directly or not."""
    direct: dict[str, list[str]] = {name: [] for name in containers}
    for name, container in containers.items():
        for later in container.before:
            direct[later].append(name)
    return {name: reach(name, direct) for name in containers}
