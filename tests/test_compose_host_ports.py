from __future__ import annotations

import pytest

from doit_score.targets.compose.host_ports import clashes, host_ports


def said(**services: tuple[str, ...]) -> list[str]:
    return [problem.message for problem in clashes(services.items())]


def test_the_ports_of_a_service() -> None:
    ports = [
        {"target": 1, "published": "8080"},
        {"target": 2, "published": 8080, "host_ip": "::1", "protocol": "udp"},
        {"target": 2, "published": "8080"},
        {"target": 2, "published": "8080"},
        {"target": 3, "published": "9000-9010"},
        {"target": 4, "published": "${PORT}"},
        {"target": 5},
    ]
    found = ("0.0.0.0:8080/tcp", "0.0.0.0:8080/tcp", "0.0.0.0:9000-9010/tcp", "::1:8080/udp")
    assert host_ports({"ports": ports}) == found
    assert host_ports({"ports": ports, "profiles": ["p"]}) == host_ports({}) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.0.0.0:80/tcp", "0.0.0.0:80/tcp"),
        ("127.0.0.1:80/tcp", "0.0.0.0:80/tcp"),
        ("::1:80/tcp", ":::80/tcp"),
    ],
)
def test_one_port_is_for_one_service(one: str, other: str) -> None:
    assert said(a=(one,), b=(other,)) == ["b takes the port 80/tcp of the host, as a does"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.0.0.0:80/tcp", "0.0.0.0:80/udp"),
        ("127.0.0.1:80/tcp", "127.0.0.2:80/tcp"),
        ("0.0.0.0:80-82/tcp", "0.0.0.0:83/tcp"),
        ("0.0.0.0:80-82/tcp", "0.0.0.0:81/udp"),
        ("127.0.0.1:80-82/tcp", "127.0.0.2:81/tcp"),
        ("0.0.0.0:80-82/tcp", "0.0.0.0:81-83/tcp"),
    ],
)
def test_others_do_not_clash(one: str, other: str) -> None:
    assert said(a=(one,), b=(other,)) == said(b=(other,), a=(one,)) == []


def test_one_port_is_for_one_port_of_a_service() -> None:
    assert said(a=("0.0.0.0:80/tcp", "0.0.0.0:80/tcp", ":::80/tcp")) == [
        "a takes the port 80/tcp of the host for two ports of its own"
    ]


def test_a_port_in_the_range_of_another_service_is_told() -> None:
    expected = ["a may take the port 81/tcp of the host, which is one of 80-82/tcp, but b takes it"]
    assert said(a=("0.0.0.0:80-82/tcp", "0.0.0.0:82/tcp"), b=("127.0.0.1:81/tcp",)) == expected
