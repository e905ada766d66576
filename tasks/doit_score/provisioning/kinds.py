"""What values that came from YAML or JSON are called in messages."""

from __future__ import annotations


def kind_of(value: object) -> str:
    """What ``value``, which came from YAML or JSON, is called in a message; the value itself is not told."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else "a timestamp"
