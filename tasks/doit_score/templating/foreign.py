"""Templates in the other syntax: told as that, and not by what their parts happen to mean."""

from __future__ import annotations

import re

from .functions import names

GO = "this is Go template syntax, and Jinja2 is read here"
JINJA = "this is Jinja2 syntax, and a Go template is read here"

# In a tag: a field or variable, a keyword with what follows it.
_GO = re.compile(
    r"(?:^|[\s(|,])(?:\.[A-Za-z_]|\$)|^(?:if|range|with|template|define|block)\s+[^\s(|]|^(?:else|end)$|^/\*"
)
_STRING = re.compile(r'"(?:\\.|[^"\\])*"|`[^`]*`|\'(?:\\.|[^\'\\])*\'')
_STATEMENT = re.compile(r"\{%-?\s*(?:if|for|set|else|end\w+|macro|with)\b")
_CALL = re.compile(r"^([A-Za-z]\w*)\s+[\"`\w(]")
_SEEN = "uid|type|class_|id|params|metadata|init|state|shared|source_workload|workload_services|images"
_OURS = re.compile(
    rf"(?:^|[\s(|])(?:(?:{_SEEN}|compose_project_name|mounts_directory|compose|workloads)(?=[\s.|)\[]|$)"
    r"|\w+\(|not\s+\w)"
)


def tag(source: str, at: int) -> str:
    """What is in the tag ``{{ }}`` at an offset of ``source``, without its signs; empty if there is none."""
    start = source.rfind("{{", 0, at + 2)
    if start < 0 or source.rfind("{%", 0, at + 2) > start:
        return ""
    end = source.find("}}", start)
    return source[start + 2 : end if end >= 0 else len(source)].strip("-").strip()


def is_go(tag: str, message: str) -> bool:
    """Whether a ``tag`` of a Jinja2 template, which fails with ``message``, is one of Go."""
    if _GO.search(_STRING.sub('""', tag)):
        return True
    call = _CALL.match(tag)
    return call is not None and message.startswith("expected token '}}'") and call[1] in names()


def is_jinja(source: str, at: int) -> bool:
    """Whether a Go template, which fails at an offset of ``source``, is one of Jinja2."""
    inside = _STRING.sub('""', tag(source, at))
    return bool(_OURS.search(inside)) or (statement(source) is not None and not _GO.search(inside))


def statement(source: str) -> int | None:
    """The offset of the first statement of Jinja2 in ``source``, None if there is none."""
    found = _STATEMENT.search(source)
    return None if found is None else found.start()
