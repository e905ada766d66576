"""The sections of a Compose file, each with how its entries are checked."""

from __future__ import annotations

from functools import partial

from doit_score.targets import Checked, Section


def _checked(section: str, name: str, value: object) -> Checked:
    from .service import check_entry  # what Compose knows is a lot

    return check_entry(section, name, value)


SECTIONS = (
    *(
        Section(name, partial(_checked, name), name, f"compose_{name}")
        for name in ("services", "networks", "volumes")
    ),
    Section("secrets", partial(_checked, "secrets")),
    Section("configs", partial(_checked, "configs")),
    Section("models", partial(_checked, "models"), "models", "compose_models"),
)
"""In the order in which they are written, as by the reference."""

NAMES = tuple(section.name for section in SECTIONS)
