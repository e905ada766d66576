"""What is for one environment alone."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from doit_score.engine.settings import Settings


def apart(environments: Mapping[str, Settings]) -> list[str]:
    """What is wrong where two of ``environments`` have one output, state, or project of Compose."""
    wrong = []
    for name, other in combinations(sorted(environments), 2):
        one, two = environments[name], environments[other]
        both = f"{name!r} and {other!r} have"
        for argument in ("output", "state_dir"):
            value = getattr(one, argument)
            if value == getattr(two, argument):
                wrong.append(f"{both} one {argument}, {value!r}: it is for one alone, so give each its own")
        # Of one name in a cluster two may well be, in two of them.
        if one.project is not None and one.project == two.project and {one.target, two.target} == {"compose"}:
            wrong.append(
                f"{both} one project, {one.project!r}: the `up` of one would remove the containers of the "
                "other, so give each its own"
            )
    return wrong
