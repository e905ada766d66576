"""All keys of provisioner files: those that every entry has, and those that are sections of a target."""

from __future__ import annotations

from doit_score.provisioning import reference
from doit_score.provisioning.files import KEYS, TEMPLATE_FIELDS
from doit_score.provisioning.reference import Key
from doit_score.targets import find
from doit_score.targets.compose import reference as compose
from doit_score.targets.kubernetes import reference as kubernetes


def keys() -> dict[str, Key]:
    """By name, those that say what an entry is before the templates, which are in the order of a run."""
    known = {key.name: key for key in (*reference.ENTRY_KEYS, *reference.fields())}
    for target, told in (("compose", compose.SECTIONS), ("kubernetes", kubernetes.SECTIONS)):
        for section in find(target).sections:
            if section.field:
                says, checks = told[section.field]
                shape = "list of objects" if section.is_list else "mapping of names to entries"
                known[section.field] = Key(section.field, shape, says, checks, section.json)
    return {name: known[name] for name in (*(key.name for key in reference.ENTRY_KEYS), *TEMPLATE_FIELDS)}


def kinds_of(key: str) -> list[str]:
    """The kinds of entries that have the key, as the schemes of their uris."""
    return [f"{kind}://" for kind, names in KEYS.items() if key in names]
