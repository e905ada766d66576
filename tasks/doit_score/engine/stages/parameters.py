"""The params of a resource with their placeholders replaced."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.score.placeholders import Context, Outputs, substitute_value
from doit_score.score.resources import Need
from doit_score.text import canonical
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import replace


def parameters(
    need: Need, metadata: Mapping[str, object], outputs: Mapping[str, Outputs]
) -> dict[str, object] | None:
    """What the provisioner of ``need`` is given, read in the context of its source workload.

    None where no workload gives params, which a provisioner can tell from empty ones (case
    resources-01-default-identity).

    Raises ScoreError naming the resource and the param whose placeholder finds nothing.
    """
    if need.params is None:
        return None
    params = canonical.mapping(need.params)
    if "${" not in need.params and "$$" not in need.params:
        return params
    context = Context(metadata=metadata, resources=outputs)
    problems: list[Problem] = []
    substituted: dict[str, object] = {}
    for name, value in params.items():
        try:
            substituted[name] = substitute_value(value, context)
        except ScoreError as error:
            title = f"failed to substitute params for resource '{need.uid}': {name}"
            problems += [replace(one, message=f"{title}: {one.message}") for one in error.problems]
    ScoreError.raise_for(problems)
    return substituted
