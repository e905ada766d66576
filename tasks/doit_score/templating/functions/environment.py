"""The environment of the process.  Looking up host names is refused: a template must not use the network."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from ..errors import GoError
from . import ENVIRONMENT, HERMETIC

_UNBRACED = r"([*#$@!?0-9-]|[A-Za-z_][A-Za-z0-9_]*)|\{"
_VARIABLE = re.compile(rf"\$(?:\{{([^}}]*)\}}|{_UNBRACED})")
# Where no brace follows, each "${" would look for one.
_BEHIND_BRACES = re.compile(rf"\$(?:{_UNBRACED})")


def _environment() -> Mapping[str, str]:
    if HERMETIC.get():
        raise GoError("the environment must not be read in hermetic mode; pass the value as a param")
    given = ENVIRONMENT.get()
    return os.environ if given is None else given


def env(name: str) -> str:
    return _environment().get(name, "")


def expandenv(text: str) -> str:
    """``text`` with ``$NAME`` and ``${NAME}`` filled in; unset ones are empty, a lone ``$`` stays."""
    environment = _environment()

    def value(match: re.Match[str]) -> str:
        name = match[match.lastindex] if match.lastindex else ""
        return environment.get(name, "") if name else ""

    end = text.rfind("}") + 1
    return _VARIABLE.sub(value, text[:end]) + _BEHIND_BRACES.sub(value, text[end:])


def get_host_by_name(name: str) -> str:
    raise GoError("refused: templates must not use the network; pass the address as a param")
