"""The ports of the host in the text of a Compose project."""

from __future__ import annotations

import pytest

from doit_score.targets.compose.project import dump_project
from doit_score.targets.compose.published import published


def test_ports_by_service_with_protocol_and_address() -> None:
    services = {
        "a": {"image": "x"},
        "b-1": {
            "ports": [{"target": 80, "published": "8080"}, {"target": 53, "published": "", "protocol": "udp"}]
        },
        "c": {
            "command": ["echo", "published: 1"],
            "ports": [{"target": 53, "published": "5300-5310", "protocol": "udp", "host_ip": "127.0.0.1"}],
        },
    }
    text = dump_project({"name": "p", "services": services, "volumes": {"d": {"name": "published"}}})
    assert published(text.encode()) == {
        "b-1": {"80/tcp": "8080"},
        "c": {"53/udp": "127.0.0.1:5300-5310"},
    }


@pytest.mark.parametrize(
    "text", [b"", b"name: p\nservices: {}\n", b"name: p\n", b"services:\n  a:\n    command: 'published:'\n"]
)
def test_none(text: bytes) -> None:
    assert published(text) == {}


def test_a_text_of_several_lines_that_looks_like_ports_is_none() -> None:
    said = "one\n\nports:\n- published: 1\n"
    text = dump_project({"services": {"a": {"command": [said], "ports": [{"target": 1, "published": "2"}]}}})
    assert published(text.encode()) == {"a": {"1/tcp": "2"}}
