"""What a message of the reference is about: the names in it, which a message of ours must mention too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from conformance.runner import MOUNTS, REFERENCE_MOUNTS

_PATTERNS = (
    r"(?<!\w)'([^'\n]+)'(?!\w)",  # a name in quotes
    r'(?<!\w)"([^"\n]+)"(?!\w)',
    r"(?<![\w-])(--[a-z]+(?:-[a-z]+)*)",  # a flag
    r"^(/\S+)$",  # a JSON pointer, which stands alone
    r"(\$\{[^}]*\})",  # a placeholder
    r"([\w-]+://[^\s:]+)",  # a URI
    r"(?<=to Docker compose: )(\w[\w.-]*(?:\[[^]]*\][\w.]*)?)",  # a field of a Score file
    r"\b(\w+(?: \w+)?)(?= template failed)",  # a field of a provisioner
)
_NAMES = re.compile("|".join(_PATTERNS), re.MULTILINE)
_FIELD = re.compile(r"([\w-]+(?:\.[\w-]+)+)(?:\[([^]]*)\](?:\.(\w+))?)?")


def names_in(texts: Iterable[str]) -> list[str]:
    """The names in ``texts`` that a message must mention, in order, each once."""
    return list(dict.fromkeys(name for text in texts for name in _names(text)))


def is_named(name: str, message: str) -> bool:
    """Whether ``message`` mentions ``name``: as it is, or a field of a Score file as a JSON pointer."""
    if name in message:
        return True
    field = _FIELD.fullmatch(name)
    if field is None:
        return False
    parts = field[1].split(".") + [part for part in field.groups()[1:] if part is not None]
    return "/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts) in message


def _names(text: str) -> Iterator[str]:
    for match in _NAMES.finditer(text):
        yield _ours(next(group for group in match.groups() if group is not None))


def _ours(name: str) -> str:
    """What stands for ``name`` in a message of ours."""
    if re.match(r"[\w.-]+=", name):
        # Of PATH=VALUE we name the path: the value may be a password.
        return name[: name.index("=")]
    if name == "info logs":
        return "info_logs"
    if name == "Kind":
        return "kind"
    return re.sub("score-(compose|k8s)", "doit-score", name.replace(REFERENCE_MOUNTS, MOUNTS))
