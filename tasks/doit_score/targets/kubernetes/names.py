"""What Kubernetes lets things be called, and how a name that is too long is made shorter."""

from __future__ import annotations

import re
from hashlib import sha256

LABEL = 63
"""The longest label, and name of a Service, in letters."""
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SERVICE = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_DIGITS = 8


def digest(text: str, digits: int = 10) -> str:
    """The first hexadecimal digits of the sha256 of ``text``."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def shortened(name: str, most: int = LABEL) -> str:
    """``name``, or if it has more than ``most`` letters its beginning and a digest of all of it."""
    if len(name) <= most:
        return name
    return f"{name[: most - _DIGITS - 1].rstrip('-.')}-{digest(name, _DIGITS)}"


def part_of(project: str) -> str:
    """The label of what is part of a project."""
    return shortened(project).rstrip("-_")


def is_label(name: str) -> bool:
    """Whether ``name`` can be a label of DNS (RFC 1123), as a namespace and a port have it."""
    return len(name) <= LABEL and _LABEL.fullmatch(name) is not None


def is_service(name: str) -> bool:
    """Whether a Service can be called ``name`` (RFC 1035: it begins with a letter)."""
    return len(name) <= LABEL and _SERVICE.fullmatch(name) is not None


def is_object(name: str) -> bool:
    """Whether most other objects can be called ``name`` (a subdomain of RFC 1123)."""
    return len(name) <= 253 and _SUBDOMAIN.fullmatch(name) is not None


def cleaned(name: str) -> str:
    """``name`` in the letters of a label; empty if nothing is left of it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
