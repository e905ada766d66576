"""What to say of a function that does not exist: what may have been meant."""

from __future__ import annotations

from doit_score.text import words

from ..errors import REQUIRED_GO
from ..functions import names
from .builtins import BUILTINS

# Helm has these; in provisioners JSON serves, as YAML reads it.
_ELSEWHERE = {"toYaml": "toJson", "mustToYaml": "mustToJson", "fromYaml": "fromJson"}


def unknown_function(name: str, source: str, at: int) -> str:
    """The message for the use of ``name`` at the offset ``at`` of ``source``."""
    message = f"there is no function {name!r}"
    opened = source.rfind("{{", 0, at)
    if "\n" in source[opened:at]:
        return f"{message}; is a '}}}}' missing in a line above?"
    if name in _ELSEWHERE:
        return f"{message} here; {_ELSEWHERE[name]!r} does it, as JSON is YAML"
    if name == "required":
        return f"{message}; {REQUIRED_GO}"
    hint = words.near(name, [*BUILTINS, *names()], "")
    return f"{message}; {hint}" if hint else message
