"""The outputs of provisioned resources, as placeholders see them."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.provisioning.environment import EnvironmentOutputs
from doit_score.score.placeholders import MapOutputs, Outputs
from doit_score.store.rows import ResourceRow
from doit_score.targets import Target
from doit_score.text import canonical

NOT_PROVISIONED = "its resource was not provisioned"


class Unknown:
    """The outputs of a resource that was not provisioned; implements ``placeholders.Outputs``."""

    def lookup(self, keys: tuple[str, ...], *, deferred: bool) -> object:
        """Raises LookupError: what they would be is not known."""
        raise LookupError(NOT_PROVISIONED)


def outputs_of(
    row: ResourceRow | None, environment: Mapping[str, str], target: Target, referred: set[str] | None = None
) -> Outputs:
    """The outputs of one resource; none where it has not been provisioned yet.

    Of an environment resource each name is an output: a variable of ``environment``, or of where its params
    say.  It is added to ``referred``.
    """
    if row is None:
        return MapOutputs({})
    if is_environment(row):
        source = canonical.mapping(row.outputs)
        return EnvironmentOutputs(
            environment, target.deferred, source, set() if referred is None else referred
        )
    return MapOutputs(canonical.mapping(row.outputs))


def is_environment(row: ResourceRow) -> bool:
    """Whether the outputs of a resource are environment variables."""
    return row.kind == "local-env"
