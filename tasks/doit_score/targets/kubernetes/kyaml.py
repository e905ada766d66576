"""KYAML: the YAML in braces that `kubectl` prints, in which every text is quoted and nothing depends on
indentation."""

from __future__ import annotations

import re
from collections.abc import Mapping

from doit_score.text.yaml12 import double_quoted, dump

# A key that is text in any dialect of YAML, without quotes.
_PLAIN = re.compile(r"[A-Za-z_][-A-Za-z0-9_./]*")
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"])


def dump_kyaml(value: object) -> str:
    """``value`` as KYAML that ends with a line break; mappings are sorted by key."""
    return _text(value, "") + "\n"


def _text(value: object, indent: str) -> str:
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        inner = indent + "  "
        lines = "".join(
            f"{inner}{_key(str(key))}: {_text(value[key], inner)},\n" for key in sorted(value, key=str)
        )
        return f"{{\n{lines}{indent}}}"
    if isinstance(value, (list, tuple)):
        if not value:
            return "[]"
        if all(isinstance(one, Mapping) and one for one in value):
            return f"[{', '.join(_text(one, indent) for one in value)}]"
        inner = indent + "  "
        return "[\n" + "".join(f"{inner}{_text(one, inner)},\n" for one in value) + f"{indent}]"
    if isinstance(value, str):
        return double_quoted(value)
    return dump(value).strip()


def _key(key: str) -> str:
    return key if _PLAIN.fullmatch(key) and key.lower() not in _WORDS else double_quoted(key)
