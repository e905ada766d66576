"""The sections of a Compose file, each with how its entries are checked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from doit_score.targets import Checked, Section

WAIT_SERVICE = "wait-for-resources"
"""The service that waits for those of resources, and the name of its image."""


def _checked(section: str, name: str, value: object) -> Checked:
    from .service import check_entry  # what Compose knows is a lot

    return check_entry(section, name, value)


def _relocated(entry: Mapping[str, object], directory: str) -> Mapping[str, object]:
    from .paths import relocated

    return relocated(entry, directory)


SECTIONS: tuple[Section, ...] = (
    Section("services", partial(_checked, "services"), "services", "compose_services", relocated=_relocated),
    Section("networks", partial(_checked, "networks"), "networks", "compose_networks"),
    Section("volumes", partial(_checked, "volumes"), "volumes", "compose_volumes", relocated=_relocated),
    Section("secrets", partial(_checked, "secrets"), "secrets", "compose_secrets", relocated=_relocated),
    Section("configs", partial(_checked, "configs"), "configs", "compose_configs", relocated=_relocated),
    Section("models", partial(_checked, "models"), "models", "compose_models"),
)
"""In the order in which they are written, as by the reference."""

NAMES = tuple(section.name for section in SECTIONS)
