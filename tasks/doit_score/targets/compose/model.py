"""What a conversion takes and returns."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.targets import ConversionInput, MountFile
from doit_score.text.errors import Problem
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


@dataclass(frozen=True, slots=True)
class Conversion:
    """The services of one workload by name, and the files that they mount.

    ``network_owner`` is the name of the service whose network the others share: its ports are
    the workload's.  ``warnings`` are mistakes that do not stop us; ``notices`` say what a correct
    Score file asks for and Compose cannot do (limits, HTTP probes), which is no mistake even in
    strict mode.
    """

    services: Mapping[str, Mapping[str, object]]
    mounts: tuple[MountFile, ...]
    network_owner: str
    warnings: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
