"""Keeps generated secrets out of what is told to the user.

A provisioner's ``info_logs`` like to print how to connect, password included, and what is printed
ends in terminals and in the logs of CI.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

MASK = "*****"
_SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)?|secret|token|credential|private|(access|api|signing)_?key", re.I
)
# A value this short would be found in too much that is not it.
_SHORTEST = 4


def masked(text: str, *values: Mapping[str, object]) -> str:
    """``text`` with every secret of ``values`` replaced: what is found under a name that says so."""
    return replaced(text, dict.fromkeys(secrets_of(*values), MASK))


def replaced(text: str, marks: Mapping[str, str]) -> str:
    """``text`` with each of the texts in ``marks`` replaced by its mark, long ones first."""
    for secret in sorted(marks, key=lambda one: (-len(one), one)):
        text = text.replace(secret, marks[secret])
    return text


def is_secret_name(name: str) -> bool:
    """Whether what has this name is a secret."""
    return bool(_SECRET_NAME.search(name))


def secrets_of(*values: Mapping[str, object]) -> set[str]:
    """Every text that is found under a name that says that it is a secret."""
    return {secret for value in values for secret in _secrets(value, secret=False)}


def _secrets(value: object, *, secret: bool) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _secrets(item, secret=secret or is_secret_name(str(name)))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _secrets(item, secret=secret)
    elif secret and isinstance(value, str) and len(value) >= _SHORTEST:
        yield value
