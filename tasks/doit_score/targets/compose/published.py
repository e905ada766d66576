"""The ports of the host in the text of a Compose project that we have written."""

from __future__ import annotations

import re

from doit_score.text.yaml12 import load

_SERVICES = re.compile(rb"^services:\n((?:(?: .*)?\n)*)", re.MULTILINE)
_SERVICE = re.compile(rb"^  (?=\S)", re.MULTILINE)


def published(text: bytes) -> dict[str, dict[str, str]]:
    """By service and port of the container, as ``{"front-web": {"80/tcp": "127.0.0.1:8080"}}``.

    Only services that have any are read: a large project has few.
    """
    section = _SERVICES.search(text)
    found: dict[str, dict[str, str]] = {}
    for part in _SERVICE.split(section[1])[1:] if section else ():
        if b"published:" not in part:
            continue
        for name, service in _mapping(load(b"  " + part, bounded=False)).items():
            ports = dict(map(_port, filter(_is_published, _list(_mapping(service).get("ports")))))
            if ports:
                found[name] = ports
    return found


def _port(port: object) -> tuple[str, str]:
    told = _mapping(port)
    host = f"{told['host_ip']}:" if told.get("host_ip") else ""
    return f"{told.get('target')}/{told.get('protocol') or 'tcp'}", f"{host}{told['published']}"


def _is_published(port: object) -> bool:
    return bool(_mapping(port).get("published"))


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
