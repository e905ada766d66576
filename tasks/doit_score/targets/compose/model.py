"""What a conversion takes."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.targets import ConversionInput
from doit_score.text.light import dataclass, field

WAIT_SERVICE = "wait-for-resources"
"""The usual name of the service that waits for the services of resources."""


@dataclass(frozen=True, slots=True)
class ServiceInput(ConversionInput):
    """What the seam gives, and what the services of resources say.

    ``builds`` holds Compose ``build`` sections as seen from the output.  ``waits_for`` holds the services
    that every service of the workload waits for, with the condition of each.  ``models`` are the names
    of the models that resources brought for this workload.
    """

    waits_for: Mapping[str, str] = field(default_factory=dict)
    models: tuple[str, ...] = ()
