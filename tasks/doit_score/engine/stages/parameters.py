"""The params of a resource with their placeholders replaced."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.score.placeholders import Context, Locate, Outputs, nowhere, substitute_value
from doit_score.score.resources import Need
from doit_score.text import canonical
from doit_score.text.errors import ScoreError
from doit_score.text.light import replace


def parameters(
    need: Need,
    metadata: Mapping[str, object],
    outputs: Mapping[str, Outputs],
    locate: Locate = nowhere,
) -> dict[str, object] | None:
    """What the provisioner of ``need`` is given, read in the context of its source workload.

    None where no workload gives params, which a provisioner can tell from empty ones (case
    resources-01-default-identity).

    Raises ScoreError naming the resource and each param whose placeholder finds nothing, with the place
    that ``locate`` tells; it is asked then only.
    """
    if need.params is None:
        return None
    params = canonical.mapping(need.params)
    if "${" not in need.params and "$$" not in need.params:
        return params
    context = Context(metadata=metadata, resources=outputs)
    try:
        substituted = substitute_value(params, context, locate)
    except ScoreError as error:
        where = f"in the params of resource '{need.uid}'"
        raise ScoreError.of(replace(one, context=where) for one in error.problems) from None
    assert isinstance(substituted, dict)
    return substituted
