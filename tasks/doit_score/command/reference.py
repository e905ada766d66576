"""All keys of provisioner files: those that every entry has, and those that are sections of Compose."""

from __future__ import annotations

from doit_score.provisioning import reference
from doit_score.provisioning.files import KEYS, TEMPLATE_FIELDS
from doit_score.provisioning.reference import Key
from doit_score.targets import find
from doit_score.targets.compose import reference as compose


def keys() -> dict[str, Key]:
    """By name, those that say what an entry is before the templates, which are in the order of a run."""
    known = {key.name: key for key in (*reference.ENTRY_KEYS, *reference.fields())}
    for section in find("compose").sections:
        if section.field:
            says, checks = compose.SECTIONS[section.field]
            known[section.field] = Key(
                section.field, "mapping of names to entries", says, checks, section.json
            )
    return {name: known[name] for name in (*(key.name for key in reference.ENTRY_KEYS), *TEMPLATE_FIELDS)}


def kinds_of(key: str) -> list[str]:
    """The kinds of entries that have the key, as the schemes of their uris."""
    return [f"{kind}://" for kind, names in KEYS.items() if key in names]
