"""What a conversion takes and returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from doit_score.score.placeholders import Outputs
from doit_score.text.errors import Problem

WAIT_SERVICE = "wait-for-resources"
"""The usual name of the service that waits for the services of resources."""

Place = tuple[str | None, int | None, int | None]
"""File, line and column of something in a Score file; None where not known."""

Locate = Callable[[Sequence[str]], Place]
"""Finds the place of the value at some keys, such as ``("containers", "web", "image")``."""


def nowhere(keys: Sequence[str]) -> Place:
    """The place of something whose text is not at hand."""
    return (None, None, None)


@dataclass(frozen=True, slots=True)
class MountFile:
    """A file to be written below the mounts directory.

    ``path`` is relative to the mounts directory, with ``/``; ``mode`` are the permission bits.
    """

    path: str
    content: bytes
    mode: int


@dataclass(frozen=True, slots=True)
class ConversionInput:
    """Everything beside the workload that decides its services.

    ``resources`` and ``resource_uids`` are keyed by the name of the resource in the workload.
    ``builds`` is keyed by container and holds Compose ``build`` sections, ``image`` replaces an
    image of ``.``.  ``sources`` holds what is in the files named by
    :func:`doit_score.targets.compose.files.needed_sources`, or, as text, why one cannot be read.
    ``mounts_directory`` is the directory as Compose is to see it; None if there is none.
    ``waits_for`` holds the services that every service of the workload waits for, with the
    condition of each.  ``models`` are the names of the models that resources brought for this
    workload.  ``locate`` is called for problems only.
    """

    resources: Mapping[str, Outputs]
    resource_uids: Mapping[str, str]
    builds: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    image: str | None = None
    sources: Mapping[str, bytes | str] = field(default_factory=dict)
    mounts_directory: str | None = None
    waits_for: Mapping[str, str] = field(default_factory=dict)
    models: tuple[str, ...] = ()
    locate: Locate = nowhere


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
