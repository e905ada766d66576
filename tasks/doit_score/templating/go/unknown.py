"""What to say of a function that does not exist: what may have been meant."""

from __future__ import annotations

from difflib import get_close_matches

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
    if name == "encodeSecretRef":
        return f"{message}; it is one of score-k8s, for Kubernetes: print the password itself"
    close = get_close_matches(name, [*BUILTINS, *names()], 1, 0.7)
    return f"{message}; did you mean {close[0]!r}?" if close else message
