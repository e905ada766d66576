"""All keys of provisioner files: those that every entry has, and those that are sections of a target."""

from __future__ import annotations

from importlib import import_module

from doit_score import targets
from doit_score.provisioning import reference
from doit_score.provisioning.files import KEYS, TEMPLATE_FIELDS
from doit_score.provisioning.reference import Key


def keys() -> dict[str, Key]:
    """By name, those that say what an entry is before the templates, which are in the order of a run."""
    known = {key.name: key for key in (*reference.ENTRY_KEYS, *reference.fields())}
    for target in targets.names():
        said = import_module(f"doit_score.targets.{target}.reference").SECTIONS
        for section in targets.find(target).sections:
            if section.field:
                shape = "list of objects" if section.is_list else "mapping of names to entries"
                says, checks = said[section.field]
                known[section.field] = Key(section.field, shape, says, checks, section.json)
    return {name: known[name] for name in (*(key.name for key in reference.ENTRY_KEYS), *TEMPLATE_FIELDS)}


def kinds_of(key: str) -> list[str]:
    """The kinds of entries that have the key, as the schemes of their uris."""
    return [f"{kind}://" for kind, names in KEYS.items() if key in names]
